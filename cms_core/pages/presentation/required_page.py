"""The pages that every site has, with the site's own facts."""

from cms_core.pages.required_pages import (
    RequiredPage,
    filled_parts,
    parts_markup,
    revision_markup,
)
from themes import contract

from .base import Presenter


class RequiredPagePresenter(Presenter):
    """About, help, privacy, accessibility."""

    def required_page(self, page: RequiredPage) -> contract.ArticleContent:
        tenant = self.tenant
        sponsor, operator = tenant.sponsor_organization, tenant.operator_organization
        facts = {
            "site_name": tenant.name,
            "sponsor_name": sponsor.name if sponsor else "",
            "operator_name": operator.name if operator else "",
            "identification_code": tenant.site_identification_code,
            "icp_license_number": tenant.icp_license_number,
            "police_record_number": tenant.police_record_number,
            "contact_phone": tenant.contact_phone,
            "contact_address": tenant.contact_address,
            "home_url": f"{self.address.root_url}{self.address.prefix}/",
        }
        markup = parts_markup(filled_parts(page, facts)), revision_markup(page)
        return contract.ArticleContent(
            contract.Article(
                title=page.title, blocks=tuple(contract.HtmlBlock(part) for part in markup)
            )
        )
