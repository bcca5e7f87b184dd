"""What the platform answers where no room of its own is asked."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_MEGABYTE = 1024 * 1024


def unreadable_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a form that is too large, arrived in part, or was made by something that is no browser."""
    if isinstance(exception, RequestDataTooBig):
        message = _(
            "The text of this form is larger than %(limit)s MB. Mostly that is a picture pasted as "
            "text: take it out and upload it as a picture, or part the text over several pages."
        ) % {"limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // _MEGABYTE}
    elif isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        message = _(
            "This form has more parts than can be read at once. Part the text over several pages."
        )
    else:
        message = _("This form arrived damaged and cannot be read. Try again.")
    return HttpResponse(
        render_to_string("sites_tenancy/refused.html", {"message": message}), status=400
    )
