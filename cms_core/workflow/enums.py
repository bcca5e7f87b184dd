"""Stages of review (审级), decisions, and where a text is returned to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sites.accounts.enums import RoleCode


class ReviewStage(models.TextChoices):
    """The three reviews, in their order."""

    FIRST = "first", _("First review")
    SECOND = "second", _("Second review")
    FINAL = "final", _("Final review")


#: Who reviews at a stage: the holders of this role, for the sections of their membership.
ROLE_OF_STAGE = {
    ReviewStage.FIRST: RoleCode.FIRST_REVIEWER,
    ReviewStage.SECOND: RoleCode.SECOND_REVIEWER,
    ReviewStage.FINAL: RoleCode.FINAL_REVIEWER,
}


class Decision(models.TextChoices):
    """What somebody did in a review: the kinds of entries of the review record."""

    SUBMITTED = "submitted", _("Submitted")
    RESUBMITTED = "resubmitted", _("Submitted again")
    APPROVED = "approved", _("Approved it")
    RETURNED = "returned", _("Returned to the author")
    RETURNED_TO_PREVIOUS = "returned_to_previous", _("Returned to the review before")
    WITHDRAWN = "withdrawn", _("Taken back")
    PUBLISHED = "published", _("Review finished")
    RELEASED = "released", _("Urgent release")
    MADE_UP = "made_up", _("Review made up")
    CLOSED = "closed", _("Closed without review")


class ReturnTo(models.TextChoices):
    AUTHOR = "author", _("The author")
    PREVIOUS = "previous", _("The review before")
