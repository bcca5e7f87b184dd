"""Names of the audit events of this app."""

from enum import StrEnum


class ReviewEvent(StrEnum):
    SUBMITTED = "review.submitted"
    RESUBMITTED = "review.resubmitted"
    APPROVED = "review.approved"
    RETURNED = "review.returned"
    RETURNED_TO_PREVIOUS = "review.returned_to_previous"
    WITHDRAWN = "review.withdrawn"
    PUBLISHED = "review.published"
    RELEASED = "review.released"
    MADE_UP = "review.made_up"
    CLOSED = "review.closed"
    POLICY_CHANGED = "review.policy_changed"
    EXPORTED = "review.exported"
