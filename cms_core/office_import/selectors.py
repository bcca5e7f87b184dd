"""Where the pictures of an article go."""

from typing import Any

from wagtail.models import Collection
from wagtail.permissions import policy_registry

from cms_core.media.models import MediaImage


def collection_for(user: Any) -> Collection | None:
    """The first collection into which ``user`` may put pictures; ``None`` where there is none."""
    policy = policy_registry.get_by_type(MediaImage)
    found: Collection | None = (
        policy.collections_user_has_permission_for(user, "add").order_by("path").first()
    )
    return found
