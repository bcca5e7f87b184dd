"""Section pages."""

from cms_core.pages import selectors
from cms_core.pages.models import SectionPage
from cms_core.pages.selectors import FramePage
from themes import contract

from .lists import ListPresenter


class SectionPresenter(ListPresenter):
    """A section (栏目) and its labels."""

    def section(self, page: SectionPage, page_number: int) -> contract.SectionContent:
        articles, total = selectors.articles_of(page, page_number)
        children = selectors.child_sections(page) if page_number == 1 else []
        newest = selectors.newest_by_section(children, each=5) if not total else {}
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
        )

    def section_labels(self, section: SectionPage | FramePage | None) -> dict[str, str]:
        if section is None:
            return {}
        return {
            "ColumnName": section.title,
            "ColumnDescription": section.description or section.title,
            "ColumnKeywords": section.keywords or section.title,
            "ColumnType": section.column_type or "",
        }
