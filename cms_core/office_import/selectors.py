"""Where an article may be made, and where its pictures go."""

from typing import Any

from wagtail.models import Collection
from wagtail.permissions import policy_registry

from cms_core.media.models import MediaImage
from cms_core.pages.models import SectionPage


def sections_to_write_in(user: Any) -> list[SectionPage]:
    """Sections of the open tenant below which ``user`` may add pages, in the order of the tree."""
    sections = SectionPage.objects.filter(external_url="").order_by("path", "pk")
    return [section for section in sections if section.permissions_for_user(user).can_add_subpage()]


def collection_for(user: Any) -> Collection | None:
    """The first collection into which ``user`` may put pictures; ``None`` where there is none."""
    policy = policy_registry.get_by_type(MediaImage)
    found: Collection | None = (
        policy.collections_user_has_permission_for(user, "add").order_by("path").first()
    )
    return found
