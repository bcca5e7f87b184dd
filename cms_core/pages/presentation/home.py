"""The home page: its blocks, or what stands in their place."""

from dataclasses import replace

from cms_core.pages import home_blocks, list_selectors
from cms_core.pages.models import HomePage, SectionPage
from cms_core.pages.selectors import FramePage
from cms_core.resources import selectors as resources
from cms_core.resources.enums import ResourceKind
from themes import contract

from .lists import ListPresenter


class HomePresenter(ListPresenter):
    """A home page."""

    def home(self, page: HomePage) -> contract.HomeContent:
        wanted, gathered_count = self._home_choice(page)
        sections = [section for section, _count in wanted]
        newest = list_selectors.newest_by_section(
            sections, each=max([count for _s, count in wanted], default=0), news=not page.blocks
        )
        blocks = tuple(
            contract.HomeBlock(
                section.title,
                self.url(section.url_path),
                self.entries(newest.get(section.pk, [])[:count]),
                is_notice=bool(section.is_notice),
            )
            for section, count in wanted
            if newest.get(section.pk)
        )
        lead = None
        if blocks:
            first = blocks[0].entries[0]
            lead = contract.Lead(
                first.title, first.url, first.published_at, first.source_name, first.summary
            )
            blocks = (replace(blocks[0], entries=blocks[0].entries[1:]), *blocks[1:])
        gathered = (
            ()
            if not gathered_count
            else tuple(
                contract.Entry(
                    item.title,
                    item.url,
                    item.published_at,
                    item.source_name,
                    item.summary,
                    item.tenant_name,
                )
                for item in resources.gathered(kinds=[ResourceKind.ARTICLE], limit=gathered_count)
            )
        )
        return contract.HomeContent(lead=lead, blocks=blocks, gathered=gathered)

    def _home_choice(self, page: HomePage) -> tuple[list[tuple[SectionPage | FramePage, int]], int]:
        """Chosen sections with their counts, and how many entries to gather from sub-sites."""
        if not page.blocks:
            kind = self.tenant.kind
            shown = home_blocks.sections_by_default(self.frame_pages, self.filled, kind)
            return list(shown), home_blocks.gathered_by_default(kind)
        chosen, gathered = [], 0
        for block in page.blocks:
            if block.block_type == "gathered":
                gathered = max(gathered, block.value["count"])
            elif block.value["section"] is not None and block.value["section"].live:
                chosen.append((block.value["section"], block.value["count"]))
        return chosen, gathered
