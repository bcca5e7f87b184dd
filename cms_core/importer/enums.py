"""Closed lists of the importer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SectionKind(models.TextChoices):
    """What a column of an old site was."""

    INDEX = "index", _("lists its sub-sections")
    LIST = "list", _("lists its articles")
    SINGLE = "single", _("shows one article")
    LINK = "link", _("leads to another address")
    BODIES = "bodies", _("lists bodies of government")


class AttachmentRole(models.TextChoices):
    """Where an old file was used."""

    COVER = "cover", _("cover picture")
    IMAGE = "image", _("picture in the text")
    FILE = "file", _("file to download")


class AttachmentOrigin(models.TextChoices):
    """Where an old file lies."""

    UPLOAD = "upload", _("upload folder of the old site")
    EXTERNAL = "external", _("another web site")
    LOCAL = "local", _("the author's own computer")


class RecordKind(models.TextChoices):
    """Kinds of record an import keeps account of; the values are the keys of the counts."""

    COLUMN = "columns", _("columns")
    ARTICLE = "articles", _("articles")
    ATTACHMENT = "attachments", _("attachments")
    REDIRECT = "redirects", _("redirects")


class Outcome(models.TextChoices):
    """What became of one row of the source; every row has exactly one outcome."""

    IMPORTED = "imported", _("imported")
    REPAIRED = "repaired", _("repaired")
    SKIPPED = "skipped", _("skipped")
    LOST = "lost", _("lost")


class MissingState(models.TextChoices):
    """What became of a missing file. Only what is still missing is work."""

    OPEN = "open", _("still missing")
    ATTACHED = "attached", _("attached")
    GIVEN_UP = "given_up", _("given up")
    STAYS = "stays", _("note stays on the page")
    REPLACED = "replaced", _("taken out of the text by an editor")


class CheckReason(models.TextChoices):
    """Why a person has to look at a merged article."""

    IDENTITY = "identity", _("identity number")
    BANK_CARD = "bank_card", _("bank card number")
    MOBILE = "mobile", _("mobile number")
    GARBLED = "garbled", _("garbled characters")
    TRIAL = "trial", _("looks like a test entry")
    NO_TEXT = "no_text", _("it has no text")
    LOST_TEXT = "lost_text", _("its text is not in the source")
    NO_DUTIES = "no_duties", _("the duties of the body are missing")


#: Numbers of people. The other reasons hold an article back as a draft.
PERSONAL_REASONS = (CheckReason.IDENTITY, CheckReason.BANK_CARD, CheckReason.MOBILE)


class PersonalData(models.TextChoices):
    """What becomes of articles with identity or bank card numbers that the old site showed."""

    HOLD = "hold", _("Keep them as drafts until somebody has looked")
    PUBLISH = "publish", _("Publish them as the old site did")


class RunStatus(models.TextChoices):
    """State of one import run."""

    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class OrderStatus(models.TextChoices):
    """Where an order to merge old sites stands."""

    LOOKING = "looking", _("Being looked through")
    LOOKED = "looked", _("Looked through, not begun")
    REFUSED = "refused", _("Cannot be merged")
    MERGING = "merging", _("Being merged")
    STOPPED = "stopped", _("Stopped, can go on")
    INTERRUPTED = "interrupted", _("Interrupted, can go on")
    DONE = "done", _("Finished")


class FindingCode(models.TextChoices):
    """What cleaning met in a text; the report counts by these."""

    SCRIPT = "script", _("script removed")
    HANDLER = "handler", _("event handler removed")
    STYLE = "style", _("inline style removed")
    FRAME = "frame", _("frame, form or embedded object removed")
    TRACKER = "tracker", _("tracking picture removed")
    BAD_ADDRESS = "bad_address", _("dangerous or unusable link removed")
    OVER_ENCODED = "over_encoded", _("entities that were encoded more than once")
    MOJIBAKE = "mojibake", _("garbled characters")
    MISSING_FILE = "missing_file", _("file is not in the source")
    EXTERNAL_IMAGE = "external_image", _("picture lies on another site")
    LOCAL_IMAGE = "local_image", _("picture was never uploaded")
    DECORATION = "decoration", _("editor icon removed")
    EMPTY_BODY = "empty_body", _("no text")
    TEST_ROW = "test_row", _("looks like a test entry")
    TEMPLATE_FIELD = "template_field", _("unfilled field of a collecting tool")
    TOO_DEEP = "too_deep", _("markup nested too deep, kept as plain text")
    PERSONAL_DATA = "personal_data", _("identity or bank card number")
