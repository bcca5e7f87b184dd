"""Section pages."""

from django.utils.translation import pgettext

from cms_core.pages import list_selectors, page_type_selectors, selectors
from cms_core.pages.enums import SectionKind
from cms_core.pages.models import ArticlePage, LeaderPage, SectionPage, SinglePage
from cms_core.pages.page_type_selectors import PORTRAIT_SIZE
from cms_core.pages.selectors import FramePage
from themes import contract

from .lists import ListPresenter
from .values import picture_of, text


def portrait_words(leader: LeaderPage) -> str:
    """What a reader who cannot see hears of a portrait."""
    return pgettext("public", "Photograph of %(name)s") % {"name": leader.title}


class SectionPresenter(ListPresenter):
    """A section (栏目) and its labels."""

    def section(self, page: SectionPage, page_number: int) -> contract.SectionContent:
        articles, total = list_selectors.articles_of(page, page_number)
        children = selectors.child_sections(page) if page_number == 1 else []
        newest = list_selectors.newest_by_section(children, each=5) if not total else {}
        is_first = page_number == 1
        kind = page.section_kind
        people = (
            page_type_selectors.leaders_of(page) if is_first and kind == SectionKind.LEADERS else []
        )
        bodies = (
            page_type_selectors.bodies_of(page)
            if is_first and kind == SectionKind.ORGANISATION
            else []
        )
        blocks: list[contract.ArticleBlock | None] = [text(page.introduction)] if is_first else []
        if kind == SectionKind.SINGLE_PAGE and total == 1:
            # The section is its one page: readers find the text here and not one step further.
            single = page_type_selectors.single_text_of(page)
            if single is not None:
                blocks += self.article_blocks(single)
                articles, total = [], 0
        subsections = tuple(
            contract.Subsection(
                child.title, self.url(child.url_path), self.entries(newest.get(child.pk, []))
            )
            for child in children
            if self.is_shown(child)
        )
        return contract.SectionContent(
            section=contract.Section(page.title, page.description),
            subsections=subsections,
            entries=self.entries(articles),
            pagination=self.pagination(page, page_number, total),
            leaders=tuple(self.leader_card(row) for row in people),
            bodies=tuple(
                contract.BodyCard(
                    body.title,
                    self.url(body.url_path),
                    body.office_address,
                    body.phone,
                    body.office_hours,
                )
                for body in bodies
            ),
            text=tuple(block for block in blocks if block is not None),
        )

    def leader_card(self, leader: LeaderPage) -> contract.LeaderCard:
        portrait = leader.portrait
        return contract.LeaderCard(
            name=leader.title,
            post=leader.post,
            url=self.url(leader.url_path),
            portrait=picture_of(portrait, portrait_words(leader), wanted=PORTRAIT_SIZE)
            if portrait
            else None,
        )

    def article_blocks(self, page: ArticlePage | SinglePage) -> list[contract.ArticleBlock]:
        """The text of a page, block by block."""
        raise NotImplementedError  # ArticlePresenter's, which builds on this class

    def section_labels(self, section: SectionPage | FramePage | None) -> dict[str, str]:
        if section is None:
            return {}
        return {
            "ColumnName": section.title,
            "ColumnDescription": section.description or section.title,
            "ColumnKeywords": section.keywords or section.title,
            "ColumnType": section.column_type or "",
        }
