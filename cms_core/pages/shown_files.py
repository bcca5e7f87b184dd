"""Files and pictures are public while something public shows them, and not a moment longer.

Nothing is stored: the answer is found when a file is asked for, so a withdrawal closes it in its own
transaction and a publication opens it again. The reference index says where to look; whether the
public text really shows the file is read from the text itself.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import models
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.documents.models import AbstractDocument
from wagtail.models import DraftStateMixin, ReferenceIndex

from sites.tenancy.references import references_of

from .models import ArticlePage, BasePage
from .selectors import private_paths

#: Seconds for which "nobody shows it" may be repeated: somebody who keeps asking for a closed file
#: must not have every text searched each time.
_CLOSED_SECONDS = 10
#: Holders looked at: a picture in more public pages than this is public by any of them.
_MOST_HOLDERS = 50


def is_shown(thing: models.Model, request: HttpRequest) -> bool:
    """Whether something that this reader may read shows the file or picture."""
    return _by_index(thing, request) or _by_text(thing)


def _by_index(thing: models.Model, request: HttpRequest) -> bool:
    rows = (
        ReferenceIndex.objects.filter(
            to_content_type=ContentType.objects.get_for_model(thing), to_object_id=str(thing.pk)
        )
        .order_by()
        .values_list("base_content_type", "object_id")
        .distinct()
    )
    holders: dict[int, list[str]] = {}
    for base_type, key in rows:
        holders.setdefault(base_type, []).append(key)
    for base_type, keys in holders.items():
        model: Any = ContentType.objects.get_for_id(base_type).model_class()
        if model is None:
            continue
        if issubclass(model, BasePage):
            if _in_public_page(thing, keys, request):
                return True
        elif issubclass(model, DraftStateMixin):
            if model._default_manager.filter(pk__in=keys, live=True).exists():
                return True
        # Any other holder opens nothing: the versions of a look hold logos, of which the live one
        # is served by itself.
    return False


def _in_public_page(thing: models.Model, keys: list[str], request: HttpRequest) -> bool:
    pages = BasePage.objects.filter(pk__in=keys, live=True).order_by("pk")[:_MOST_HOLDERS]
    return any(_shows(page, thing) and _lets_in(page, request) for page in pages.specific())


def _shows(page: BasePage, thing: models.Model) -> bool:
    """Whether the public text itself refers to the file, whatever the index says."""
    wanted = (ContentType.objects.get_for_model(thing).pk, str(thing.pk))
    return any((found.type_id, str(found.object_id)) == wanted for found in references_of(page))


def _lets_in(page: BasePage, request: HttpRequest) -> bool:
    """Whether a page that asks who reads it (Wagtail's privacy) lets this reader in."""
    if not page.path.startswith(private_paths()):
        return True
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def _by_text(thing: models.Model) -> bool:
    """A public article whose kept markup links the file by its address: no index knows of that."""
    if not isinstance(thing, AbstractDocument):
        return False
    key = f"closed_file:{thing.pk}"
    if cache.get(key):
        return False
    hidden = private_paths()
    pages = (
        ArticlePage.objects.filter(live=True)
        .annotate(text=Cast("body", models.TextField()))
        .filter(text__contains=f"/documents/{thing.pk}/")
        .order_by("pk")
    )
    paths = pages.values_list("path", flat=True)[:_MOST_HOLDERS]
    shown = any(not path.startswith(hidden) for path in paths)
    if not shown:
        cache.set(key, True, _CLOSED_SECONDS)
    return shown
