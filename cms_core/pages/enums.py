"""Enumerations of page types."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SectionKind(models.TextChoices):
    """What a section (栏目) holds; the codes are those of the blueprints."""

    SECTION = "section", _("Sections only")
    ARTICLE_LIST = "article_list", _("List of articles")
    DOCUMENT_LIST = "document_list", _("List of official documents")
    SINGLE_PAGE = "single_page", _("One page")
    LEADERS = "leaders", _("Leaders")
    ORGANISATION = "organisation", _("Bodies and duties")
    DISCLOSURE_PART = "disclosure_part", _("Part of the disclosure platform")
    SERVICE_LIST = "service_list", _("List of services")
    MESSAGE_BOX = "message_box", _("Letter box")
    CONSULTATION = "consultation", _("Consultations")
    SURVEY = "survey", _("Surveys")
    INTERVIEW = "interview", _("Interviews")
    DATASET = "dataset", _("Open data")
    EXTERNAL = "external", _("Link to another site")


#: Sections whose articles are listed.
LISTING_KINDS = frozenset(
    {SectionKind.ARTICLE_LIST, SectionKind.DOCUMENT_LIST, SectionKind.SECTION}
)


class BulkActionKind(models.TextChoices):
    """What is done with many pages at once."""

    WITHDRAW = "withdraw", _("Take off the site")
    DELETE = "delete", _("Move into the recycle bin")
    PUBLISH = "publish", _("Publish")
    MOVE = "move", _("Move")


class BulkItemState(models.TextChoices):
    """How far one page of a change is."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Left as it is")
