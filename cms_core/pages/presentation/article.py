"""Articles."""

from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import pgettext
from wagtail.rich_text import expand_db_html

from cms_core.media.public_pictures import read_renditions
from cms_core.pages import article_selectors
from cms_core.pages.markup import clean_markup
from cms_core.pages.models import ArticlePage, ContentPage, SinglePage
from cms_core.pages.table_block import shown_table
from themes import contract

from .section import SectionPresenter
from .values import attachment, is_over, local_minute, picture

#: Blocks of a text that may stand on the first screen; pictures below them wait for the reader.
FIRST_SCREEN = 2


class ArticlePresenter(SectionPresenter):
    """An article (稿件), its blocks and its labels."""

    def head(self, page: ContentPage) -> contract.Article:
        """Title, times and source of a page with a text of its own."""
        return contract.Article(
            title=page.title,
            published_at=page.published_at,
            source_name=page.source_name,
            author_name=page.author_name,
            publisher_name=page.publisher_name or self.sponsor_name,
            valid_until=page.valid_until,
            is_expired=is_over(page.valid_until),
            editor=page.editor_name,
        )

    def article(self, page: ArticlePage) -> contract.ArticleContent:
        around = article_selectors.surroundings(page)
        newer, older = around.newer, around.older
        article = replace(
            self.head(page),
            related=self.entries(around.related),
            blocks=tuple(self.article_blocks(page)),
            attachments=tuple(
                attachment(a.file, a.title) for a in article_selectors.attachments_of(page)
            ),
            previous=contract.Link(newer.title, self.url(newer.url_path)) if newer else None,
            next=contract.Link(older.title, self.url(older.url_path)) if older else None,
        )
        return contract.ArticleContent(article=article)

    def single_page(self, page: SinglePage) -> contract.ArticleContent:
        return contract.ArticleContent(
            article=replace(self.head(page), blocks=tuple(self.article_blocks(page)))
        )

    def article_blocks(self, page: ArticlePage | SinglePage) -> list[contract.ArticleBlock]:
        shown: list[contract.ArticleBlock] = []
        read_renditions(block.value["image"] for block in page.body if block.block_type == "image")
        for block in page.body:
            value: Any = block.value
            if block.block_type == "paragraph":
                shown.append(
                    contract.HtmlBlock(SafeString(clean_markup(expand_db_html(value.source))))
                )
            elif block.block_type == "html":
                shown.append(contract.HtmlBlock(SafeString(clean_markup(value))))
            elif block.block_type == "table":
                table = shown_table(value)
                if table is not None:
                    shown.append(table)
            elif block.block_type == "image" and value["image"] is not None:
                shown.append(
                    contract.ImageBlock(picture(value, is_lazy=len(shown) >= FIRST_SCREEN))
                )
            elif block.block_type == "attachment" and value["file"] is not None:
                shown.append(contract.AttachmentBlock(attachment(value["file"], value["title"])))
            elif block.block_type == "missing_attachment":
                reason = pgettext("public", "The former website did not hand over this file")
                shown.append(contract.TombstoneBlock(value["title"], reason))
        return shown

    def article_labels(self, page: ContentPage) -> dict[str, str]:
        at = page.published_at
        above = reversed(self.frame_pages.above)
        nearest = next((page for page in above if page.column_type is not None), None)
        return self.section_labels(nearest) | {
            "ArticleTitle": page.title,
            "PubDate": f"{local_minute(at)}" if at else "",
            "ContentSource": page.source_name,
            "Keywords": page.keywords or page.title,
            "Author": page.author_name,
            "Description": page.search_description or page.summary or page.title,
            "Url": self.canonical_url(),
        }
