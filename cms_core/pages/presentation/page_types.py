"""Topical events, leaders, bodies, galleries, videos, links."""

from urllib.parse import urlsplit

from cms_core.pages import list_selectors, page_type_selectors, selectors
from cms_core.pages.models import (
    GalleryPage,
    LeaderPage,
    LinkPage,
    OrganizationPage,
    SectionPage,
    TopicalEventPage,
    VideoPage,
)
from cms_core.pages.page_type_selectors import PORTRAIT_SIZE
from themes import contract, rules

from .article import ArticlePresenter
from .section import portrait_words
from .values import has_come, picture_of, text


class PageTypesPresenter(ArticlePresenter):
    """The page types besides home, section and article."""

    def topic(self, page: TopicalEventPage) -> contract.TopicContent:
        blocks = []
        sections = [
            (block.value["section"], block.value["count"])
            for block in page.blocks
            if block.block_type == "section" and block.value["section"] is not None
        ]
        newest = list_selectors.newest_by_section(
            [section for section, _count in sections],
            each=max((count for _section, count in sections), default=0),
        )
        chosen = selectors.listed_by_id(
            chosen.pk
            for block in page.blocks
            if block.block_type == "pages"
            for chosen in block.value["pages"]
            if chosen is not None
        )
        for block in page.blocks:
            if block.block_type == "text":
                blocks.append(contract.TopicBlock(text=text(block.value.source)))
            elif block.block_type == "section" and block.value["section"] is not None:
                section, count = block.value["section"], block.value["count"]
                blocks.append(
                    contract.TopicBlock(
                        title=section.title,
                        url=self.url(section.url_path),
                        entries=self.entries(newest.get(section.pk, [])[:count]),
                    )
                )
            elif block.block_type == "pages":
                pages = [chosen[p.pk] for p in block.value["pages"] if p and p.pk in chosen]
                blocks.append(
                    contract.TopicBlock(title=block.value["title"], entries=self.entries(pages))
                )
        own = list_selectors.newest_directly_below(page)
        return contract.TopicContent(
            article=self.head(page),
            introduction=page.summary,
            picture=picture_of(page.picture, page.picture_description, is_lazy=False)
            if page.picture
            else None,
            topic_blocks=tuple(block for block in blocks if block.entries or block.text),
            entries=self.entries(own),
            ended_on=page.ended_on,
            is_over=has_come(page.ended_on),
        )

    def leader(self, page: LeaderPage) -> contract.LeaderContent:
        portrait = page.portrait
        return contract.LeaderContent(
            article=self.head(page),
            leader=contract.Leader(
                name=page.title,
                post=page.post,
                division=text(page.division_of_work),
                resume=text(page.resume),
                portrait=picture_of(
                    portrait, portrait_words(page), wanted=PORTRAIT_SIZE, is_lazy=False
                )
                if portrait
                else None,
            ),
            colleagues=tuple(
                contract.NavigationItem(name, self.url(url_path), pk == page.pk)
                for pk, name, url_path in page_type_selectors.colleagues_of(page)
            ),
        )

    def body(self, page: OrganizationPage) -> contract.BodyContent:
        directory_name = page.organization.name if page.organization else ""
        return contract.BodyContent(
            article=self.head(page),
            body=contract.Body(
                name=page.title,
                full_name=directory_name if directory_name != page.title else "",
                duties=text(page.duties),
                head_name=page.head_name,
                office_address=page.office_address,
                phone=page.phone,
                office_hours=page.office_hours,
                units=tuple(
                    contract.Unit(unit.name, unit.duties, unit.head_name, unit.phone)
                    for unit in page.units.all()
                ),
            ),
        )

    def gallery(self, page: GalleryPage) -> contract.GalleryContent:
        return contract.GalleryContent(
            article=self.head(page),
            introduction=page.summary,
            pictures=tuple(
                picture_of(picture.image, picture.description, picture.caption, is_lazy=place > 0)
                for place, picture in enumerate(page_type_selectors.pictures_of(page))
            ),
        )

    def video(self, page: VideoPage) -> contract.VideoContent:
        file, captions = page.file, page.captions
        url = file.url if file else page.video_path
        return contract.VideoContent(
            article=self.head(page),
            video=contract.Video(
                url=url,
                media_type="video/webm" if url.lower().endswith(".webm") else "video/mp4",
                captions_url=captions.url if captions else "",
                poster_url=picture_of(page.poster, "").url if page.poster else "",
                size_text=rules.size_text(file.file_size or 0) if file else "",
                transcript=text(page.transcript),
            ),
            introduction=page.summary,
        )

    def leaving(self, page: LinkPage | SectionPage) -> contract.LeavingContent:
        """The page that a reader sees before a site that is not of government."""
        is_link = isinstance(page, LinkPage)
        above = self.frame_pages.above
        head = self.head(page) if isinstance(page, LinkPage) else contract.Article(page.title)
        return contract.LeavingContent(
            article=head,
            target_url=page.external_url,
            target_host=urlsplit(page.external_url).hostname or page.external_url,
            back_url=self.url(above[-1].url_path) if above else f"{self.address.prefix}/",
            explanation=page.summary if is_link else page.description,
        )
