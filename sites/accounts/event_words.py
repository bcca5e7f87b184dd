"""Words for the audit events of staff accounts."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

from .events import AccountEvent

register_event_words(
    "sites_accounts",
    {
        AccountEvent.SIGNED_IN: _("Signed in"),
        AccountEvent.SIGN_IN_FAILED: _("Sign-in failed"),
        AccountEvent.LOCKED_OUT: _("Locked after failed sign-ins"),
        AccountEvent.LOCK_RELEASED: _("Sign-in lock released"),
        AccountEvent.SIGNED_OUT: _("Signed out"),
        AccountEvent.SESSION_ENDED: _("Session ended"),
        AccountEvent.PASSWORD_CHANGED: _("Password changed"),
        AccountEvent.SECOND_FACTOR_ADDED: _("Second factor added"),
        AccountEvent.SECOND_FACTOR_REMOVED: _("Second factor removed"),
        AccountEvent.CERTIFICATE_ADDED: _("Certificate registered"),
        AccountEvent.CERTIFICATE_REVOKED: _("Certificate revoked"),
        AccountEvent.INVITED: _("Invitation sent"),
        AccountEvent.INVITATION_USED: _("Invitation used"),
        AccountEvent.ACCOUNT_CLOSED: _("Account closed"),
        AccountEvent.ROLES_PROVISIONED: _("Roles of a site set up"),
        AccountEvent.MEMBERSHIP_GRANTED: _("Role given"),
        AccountEvent.PRACTICE_JOINED: _("Came into the practice site"),
        AccountEvent.MEMBERSHIP_REVOKED: _("Role taken away"),
        AccountEvent.HANDED_OVER: _("Work handed over"),
        AccountEvent.PLATFORM_ROLE_ASSIGNED: _("Platform role given"),
        AccountEvent.PLATFORM_ROLE_WITHDRAWN: _("Platform role taken away"),
        AccountEvent.ADDRESS_RANGE_CHANGED: _("Allowed addresses changed"),
        AccountEvent.BREAK_GLASS_STARTED: _("Break-glass session started"),
        AccountEvent.BREAK_GLASS_ENDED: _("Break-glass session ended"),
    },
)
