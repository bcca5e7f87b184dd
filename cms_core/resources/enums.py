"""Enumerations of the resource library."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    """What a published resource (信息资源) is the public face of."""

    HOME = "home", _("Home page")
    SECTION = "section", _("Section")
    ARTICLE = "article", _("Article")
    TOPICAL_EVENT = "topical_event", _("Topical event")
    LEADER = "leader", _("Leader")
    ORGANIZATION = "organization", _("Body and duties")
    GALLERY = "gallery", _("Gallery")
    VIDEO = "video", _("Video")
    SINGLE_PAGE = "single_page", _("Single page")


RESOURCE_PUBLISHED = "resource.published"
RESOURCE_WITHDRAWN = "resource.withdrawn"
#: Events of the outbox by which consumers hear of the library.
RESOURCE_EVENTS = frozenset({RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN})
