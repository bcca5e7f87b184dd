"""How mail leaves: as Django sends it, but for the practice site, which has no effect outside itself."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from .scope import current_scope

log = logging.getLogger("jiyue.mail")


class SiteMailBackend(EmailBackend):
    """Sends by SMTP; what the practice site would send is dropped."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        scope = current_scope()
        if scope is not None and scope.is_practice:
            log.info("%d mails of the practice site were not sent", len(email_messages))
            return 0
        return super().send_messages(email_messages) or 0
