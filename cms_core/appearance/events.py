"""Names of the audit events of this app. Events hold ids and codes; texts and reasons stay in the rows."""

from enum import StrEnum


class AppearanceEvent(StrEnum):
    DRAFT_SAVED = "look.draft_saved"
    DRAFT_DISCARDED = "look.draft_discarded"
    PUT_LIVE = "look.put_live"
    WENT_BACK = "look.went_back"
    NOTICE_PROPOSED = "notice.proposed"
    NOTICE_CONFIRMED = "notice.confirmed"
    NOTICE_LIFTED = "notice.lifted"
