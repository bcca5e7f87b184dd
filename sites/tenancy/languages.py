"""The language in which a site speaks to its readers: its own, whatever the staff's or the browser's is."""

from contextlib import AbstractContextManager

from django.utils import translation
from django.utils.translation import get_supported_language_variant

from .models import Tenant

#: Spoken where the fixed words of the pages are not there in a site's language yet: readers of a
#: foreign-language edition rather know English than Chinese.
FOREIGN_FALLBACK = "en"


def wording_language(code: str) -> str:
    """The language of the fixed words for a site in the language ``code``.

    ``code`` itself where it is one of ``LANGUAGES``, a variant of it (``zh-hant`` → ``zh-hans``), else
    English.
    """
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return FOREIGN_FALLBACK


def speaking_for(tenant: Tenant) -> AbstractContextManager[None]:
    """Say everything inside the block in the language of ``tenant``; then as before."""
    return translation.override(wording_language(tenant.language_code))
