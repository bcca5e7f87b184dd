"""Names of the audit events of this app."""

from enum import StrEnum


class CheckEvent(StrEnum):
    CHECKED = "content.checked"
    WAIVED = "content.finding_waived"
    WAIVER_ENDED = "content.waiver_ended"
    LIST_CHANGED = "content.list_changed"
    LEADER_CHANGED = "content.leader_changed"
