"""The script that keeps what is being written, on every screen of the administration."""

import json

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def kept_text_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms_core_pages/kept_text.css"))


@hooks.register("insert_global_admin_js")
def kept_text_script() -> SafeString:
    words = {
        "over": _(
            "You are signed out, so nothing is saved any more. What you wrote is kept on this computer "
            "for a day, readable by you alone. Sign in again: it is offered to you here."
        ),
        "other": _(
            "Somebody else is signed in now in this browser, so your text was not sent. It is kept on "
            "this computer for a day, readable by you alone. Sign in again as yourself."
        ),
        "away": _(
            "The server does not answer, so nothing was sent. What you wrote is kept on this computer. "
            "Leave this page open and save again in a minute."
        ),
        "signIn": _("Sign in again"),
        "offer": _("A text of yours was not saved and is kept here, of {at}:"),
        "put": _("Save it as a draft"),
        "drop": _("Throw it away"),
    }
    return format_html(
        '<script defer src="{}" data-keys="{}" data-words="{}"></script>',
        static("cms_core_pages/kept_text.js"),
        reverse("lifecycle:kept_text_keys"),
        json.dumps(words, ensure_ascii=False),
    )
