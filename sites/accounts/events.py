"""Names of the audit events of this app. Events hold ids and codes, never a name or an address book."""

from enum import StrEnum


class AccountEvent(StrEnum):
    SIGNED_IN = "account.signed_in"
    SIGN_IN_FAILED = "account.sign_in_failed"
    LOCKED_OUT = "account.locked_out"
    LOCK_RELEASED = "account.lock_released"
    SIGNED_OUT = "account.signed_out"
    SESSION_ENDED = "account.session_ended"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - the name of an event
    SECOND_FACTOR_ADDED = "account.second_factor_added"
    SECOND_FACTOR_REMOVED = "account.second_factor_removed"
    CERTIFICATE_ADDED = "account.certificate_added"
    CERTIFICATE_REVOKED = "account.certificate_revoked"
    INVITED = "account.invited"
    INVITATION_USED = "account.invitation_used"
    ACCOUNT_CLOSED = "account.closed"
    ROLES_PROVISIONED = "membership.roles_provisioned"
    MEMBERSHIP_GRANTED = "membership.granted"
    PRACTICE_JOINED = "account.practice_joined"
    MEMBERSHIP_REVOKED = "membership.revoked"
    HANDED_OVER = "membership.handed_over"
    PLATFORM_ROLE_ASSIGNED = "platform.role_assigned"
    PLATFORM_ROLE_WITHDRAWN = "platform.role_withdrawn"
    ADDRESS_RANGE_CHANGED = "platform.address_range_changed"
    BREAK_GLASS_STARTED = "break_glass.started"
    BREAK_GLASS_ENDED = "break_glass.ended"
