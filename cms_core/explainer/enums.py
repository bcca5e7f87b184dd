"""What is explained, and the reasons."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What people do with a page. Approving has one line for each stage, after its code."""

    SEE = "see", _("See it in the page list")
    EDIT = "edit", _("Edit the text")
    ADD_BELOW = "add_below", _("Write something below it")
    SUBMIT = "submit", _("Submit for review")
    APPROVE = "approve", _("Approve this text")
    PUBLISH = "publish", _("Put online directly")
    WITHDRAW = "withdraw", _("Take off with a notice")
    MOVE = "move", _("Move elsewhere")
    DELETE = "delete", _("Move into the recycle bin")
    LOCK = "lock", _("Lock for oneself")
    UNLOCK = "unlock", _("Take the editing lock away")
    RESTORE = "restore", _("Restore from the recycle bin")
    PURGE = "purge", _("Delete for good")


class MediaAction(models.TextChoices):
    """What people do with a picture or a file."""

    CHOOSE = "choose", _("Use it in a text")
    CHANGE = "change", _("Change it")
    DELETE = "delete", _("Delete it")


class Reason(StrEnum):
    """Why somebody may not do something now. The words stand in ``wording``."""

    NONE = "none"
    NO_ROLE = "no_role"
    OTHER_SECTION = "other_section"
    LOCKED = "locked"
    IN_REVIEW = "in_review"
    PLANNED = "planned"
    REVIEW_FIRST = "review_first"
    AUTHOR = "author"
    REVIEWED_BEFORE = "reviewed_before"
    NOT_ITS_TURN = "not_its_turn"
    NOTHING_TO_SUBMIT = "nothing_to_submit"
    NOT_PUBLIC = "not_public"
    IS_PUBLIC = "is_public"
    PAGES_BELOW = "pages_below"
    NOT_YOURS = "not_yours"
    HOME = "home"
    DELETED = "deleted"
    TYPE = "type"
    ELSEWHERE = "elsewhere"


#: Reasons that pass: the person holds the role and could do it at another time.
FOR_NOW = frozenset(
    {
        Reason.LOCKED,
        Reason.IN_REVIEW,
        Reason.PLANNED,
        Reason.REVIEW_FIRST,
        Reason.AUTHOR,
        Reason.REVIEWED_BEFORE,
        Reason.NOT_ITS_TURN,
        Reason.NOTHING_TO_SUBMIT,
        Reason.NOT_PUBLIC,
        Reason.IS_PUBLIC,
        Reason.PAGES_BELOW,
        Reason.DELETED,
    }
)
