"""Links inside the site, and pictures: what only the database knows. A fixed number of questions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.models import Q
from swapper import load_model
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from sites.registry.checked_content import CheckedLink, CheckedPicture
from sites.tenancy.models import Address
from sites.tenancy.rules import ASIDE_SIGN, HOME_DEPTH
from sites.tenancy.scope import current_tenant_id

from .enums import CheckCode, Severity
from .found import Found

#: Paths that are no pages: files, pictures and the platform's own views. They are checked elsewhere.
_NOT_PAGES = (
    "documents/",
    "media/",
    "static/",
    "modes",
    "sitemap.xml",
    "zhanqun/",
    "wzdt/",
    "api/",
)
#: Links looked up for one text. A page with more is a directory, and the site's own check reads it.
_MOST_LINKS = 500


def link_findings(links: Sequence[CheckedLink]) -> Iterator[Found]:
    """Dead links to pages, files and addresses of the open site."""
    links = links[:_MOST_LINKS]
    if not links:
        return
    pages = _pages(link.page_id for link in links if link.page_id)
    files = set(
        get_document_model()
        .objects.filter(pk__in={link.document_id for link in links if link.document_id})
        .order_by()
        .values_list("pk", flat=True)
    )
    paths = _Paths([link.url for link in links if link.url])
    for link in links:
        problem, severity = "", Severity.MUST_RESOLVE
        if link.page_id:
            is_live = pages.get(link.page_id)
            problem = "page_gone" if is_live is None else ("" if is_live else "page_not_published")
        elif link.document_id:
            problem = "" if link.document_id in files else "file_gone"
        else:
            problem, severity = paths.problem(link.url)
        if problem:
            target = str(link.page_id or link.document_id or link.url)
            yield Found(
                CheckCode.LINK,
                severity,
                problem,
                link.place,
                suggestion=paths.newer(link.url) if problem == "address_redirects" else "",
                params={"text": link.text[:80], "target": target[:200]},
            )


def _pages(ids: Iterable[int]) -> dict[int, bool]:
    """Page → is it public. Pages of other sites and those in the recycle bin are not there."""
    wanted = set(ids)
    page_model = load_model("wagtailcore", "Page")
    rows = page_model.objects.filter(pk__in=wanted, depth__gt=1).order_by()
    rows = rows.exclude(url_path__startswith=f"/{ASIDE_SIGN}")
    return dict(rows.values_list("pk", "live")) if wanted else {}


class _Paths:
    """Addresses written out, and whether they lead to a page of the open site.

    Addresses of other hosts are not looked at: the site's own check asks them from outside.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._hosts = self._own_hosts() if urls else set()
        self._wanted = {url: path for url in urls if (path := self._path(url)) is not None}
        self._live = self._live_states() if self._wanted else {}
        self._redirects = self._known_redirects() if self._wanted else {}

    @staticmethod
    def _own_hosts() -> set[tuple[str, str]]:
        own = Address.objects.filter(tenant_id=current_tenant_id())
        return set(own.values_list("host", "prefix"))

    def _path(self, url: str) -> str | None:
        """Path below the site's home without slashes at its ends; ``None`` where it is no page of ours."""
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        if parts.scheme not in ("", "http", "https") or (
            not host and not parts.path.startswith("/")
        ):
            return None
        path = unquote(parts.path)
        prefixes = sorted(
            (prefix for own, prefix in self._hosts if not host or own == host),
            key=len,
            reverse=True,
        )
        for prefix in prefixes:
            if path == prefix or path.startswith(prefix + "/"):
                rest = path[len(prefix) :].strip("/")
                return None if rest.startswith(_NOT_PAGES) or rest.endswith(".html") else rest
        return None

    def _live_states(self) -> dict[str, bool]:
        page_model = load_model("wagtailcore", "Page")
        home = (
            page_model.objects.filter(depth=HOME_DEPTH)
            .exclude(slug__startswith=ASIDE_SIGN)
            .order_by("path")
            .values_list("url_path", flat=True)
        )
        start = home.first() or "/"
        wanted = {start + (f"{path}/" if path else "") for path in self._wanted.values()}
        rows = page_model.objects.filter(url_path__in=wanted).order_by()
        return {
            url[len(start) :].strip("/"): live for url, live in rows.values_list("url_path", "live")
        }

    def _known_redirects(self) -> dict[str, Any]:
        missing = {path for path in self._wanted.values() if not self._live.get(path)}
        if not missing:
            return {}
        old = Q(old_path__in={Redirect.normalise_path("/" + path) for path in missing})
        rows = Redirect.objects.filter(old).select_related("redirect_page").order_by("pk")
        return {row.old_path: row for row in rows}

    def problem(self, url: str) -> tuple[str, Severity]:
        path = self._wanted.get(url)
        if path is None or self._live.get(path):
            return "", Severity.REMIND
        if self._redirect(path) is not None:
            return "address_redirects", Severity.REMIND
        if path in self._live:
            return "page_not_published", Severity.MUST_RESOLVE
        return "address_unknown", Severity.MUST_RESOLVE

    def _redirect(self, path: str) -> Any:
        return self._redirects.get(Redirect.normalise_path("/" + path))

    def newer(self, url: str) -> str:
        redirect = self._redirect(self._wanted.get(url, ""))
        if redirect is None:
            return ""
        # The row's own ``link`` asks for the page's type, once for each redirect.
        target = redirect.redirect_page.url if redirect.redirect_page else redirect.redirect_link
        return str(target or "")[:120]


def picture_findings(pictures: Sequence[CheckedPicture]) -> Iterator[Found]:
    """Pictures that nobody described, neither here nor at the picture itself. One query."""
    silent = [p for p in pictures if not p.description.strip()]
    described = set(
        get_image_model()
        .objects.filter(pk__in={p.image_id for p in silent if p.image_id})
        .exclude(description="")
        .order_by()
        .values_list("pk", flat=True)
        if silent
        else ()
    )
    for picture in silent:
        if picture.image_id not in described:
            yield Found(
                CheckCode.PICTURE,
                Severity.MUST_RESOLVE,
                "picture_not_described",
                picture.place,
                params={"text": picture.title[:80]},
            )
