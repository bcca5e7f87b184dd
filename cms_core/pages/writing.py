"""Where somebody may write: for all screens on which a text begins."""

from typing import Any

from sites.accounts.rights import rights_of

from .models import SectionPage


def may_write(user: Any) -> bool:
    """Whether ``user`` may add pages anywhere in the open tenant. No query beyond the request's rights."""
    return any(grant.permission.codename == "add_basepage" for grant in rights_of(user).pages)


def sections_to_write_in(user: Any) -> list[SectionPage]:
    """Sections of the open tenant below which ``user`` may add pages, in the order of the tree."""
    sections = SectionPage.objects.filter(external_url="").order_by("path", "pk")
    return [section for section in sections if section.permissions_for_user(user).can_add_subpage()]
