"""What apps offer to the isolation probe: rows for its two tenants, and tries of their own.

The probe opens two tenants, lets every app furnish them, and then behaves as people of the first
who want something of the second. An app with models writes ``isolation_cases.py`` (a system check
asks for it) and registers one :class:`IsolationCases`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .registry import Registry


@dataclass
class Resident:
    """One of the two tenants of the probe and what was put into it.

    ``word``: stands in every private text, name, file and mail address of the tenant and nowhere
    else, so that whoever reads it elsewhere found a leak. ``public_word``: the same for what is
    public by design (live pages, published resources, the tenant's name). ``needle``: a word that
    the texts of both tenants share, to search with. ``is_own``: whether the people of the probe
    belong to this one. ``ids``: kind → primary keys. ``people``: role → staff user. ``values``:
    what an app keeps for its own tries.
    """

    tenant: Any
    host: str
    word: str
    public_word: str
    needle: str
    is_own: bool
    ids: dict[str, list[Any]] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def note(self, kind: str, *rows: Any) -> None:
        """Remember rows (or bare keys) of ``kind`` for addresses and forms; the first stands first."""
        self.ids.setdefault(kind, []).extend(getattr(row, "pk", row) for row in rows)

    def first(self, kind: str) -> Any:
        """The first key of ``kind``.

        :raises LookupError: nothing of that kind was furnished.
        """
        try:
            return self.ids[kind][0]
        except (KeyError, IndexError):
            raise LookupError(f"the probe's tenant {self.tenant.code} holds no {kind}") from None

    def text(self, what: str) -> str:
        """A private text: ``what``, the shared needle and the private word."""
        return f"{what} {self.needle} {self.word}"

    def public_text(self, what: str) -> str:
        """A text that is public by design."""
        return f"{what} {self.needle} {self.public_word}"


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a URL configuration answers, for the probe to walk all of it.

    ``host``: ``"admin"`` or ``"public"``. ``prefix``: script prefix with ``{code}`` for the tenant's
    code. ``gathers``: regular expression over paths that show other tenants' published titles by
    design; empty where none does.
    """

    name: str
    urlconf: str
    host: str
    prefix: str = ""
    gathers: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """How the probe fills an argument of an address.

    ``route``, ``name``: regular expressions over the whole route (``pages/<int:page_id>/edit/``) and
    the argument's name. ``kinds``: kinds of :attr:`Resident.ids`. ``values``: fixed texts.
    ``most``: keys used of each kind.
    """

    route: str
    name: str
    kinds: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    most: int = 3


@dataclass(frozen=True, slots=True)
class Try:
    """One request of the probe.

    ``place``: name of a :class:`Mount`. ``path``: below it, with query. ``whose``: the tenant whose
    mount is asked: ``"own"`` or ``"other"``. ``data``: fields of a form, or a JSON value where
    ``content_type`` says so; ``None`` asks by GET. ``method``: where it is neither GET nor POST.
    ``is_own``: the page shows own data, and must.
    """

    surface: str
    place: str
    path: str
    whose: str = "own"
    data: Any = None
    content_type: str = ""
    method: str = ""
    is_own: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Answer(Protocol):
    """What a check sees of an answered try."""

    @property
    def status(self) -> int: ...

    @property
    def text(self) -> str: ...

    @property
    def location(self) -> str: ...


class Laboratory(Protocol):
    """What the probe lends to a check: both tenants, and ways to act as somebody.

    Every action counts as a try of the check's surface; what it gives away is found and reported by
    the laboratory itself.
    """

    own: Resident
    other: Resident

    def ask(self, role: str, attempt: Try) -> Answer:
        """Send a request as ``role`` (``""``: nobody)."""

    def form(self, role: str, attempt: Try) -> dict[str, Any]:
        """Ask for a page as ``role`` and give the fields of its largest form; empty without one."""

    def inside(self, resident: Resident, role: str = "") -> Any:
        """Context manager: the scope of that tenant, as one of its people."""

    def expect(self, surface: str, holds: bool, what: str) -> None:
        """Count a try of ``surface``; where it does not hold, ``what`` is reported as a leak."""

    def expect_refusal(self, surface: str, action: Callable[[], Any], what: str) -> None:
        """Count a try; a leak unless ``action`` is refused by the tenancy layer or finds nothing."""

    def expect_clean(self, surface: str, value: Any, what: str) -> None:
        """Count a try; a leak where the printed form of ``value`` holds the other's private word."""


@dataclass(frozen=True, slots=True)
class IsolationCases:
    """What one app offers to the probe.

    ``furnish``: puts rows of every model of the app into a tenant and notes their keys; runs in the
    tenant's scope as its site administrator (``furnishes_as_platform``: in an opening scope, before
    the others). ``arguments``, ``mounts``, ``fields``: addresses (``fields``: regular expression over
    a form field's name → kind of the key it takes). ``tries``: further requests, made by
    every role; ``checks``: surface → a check of code, run once. ``unfurnished``: label of a model
    without rows in the probe → why. ``open_tenant``: ``(code, name, host, parent) -> tenant``;
    ``sign_in``: ``(client, user)``, signs a test client in on the administration's host.
    """

    furnish: Callable[[Resident], None] | None = None
    furnishes_as_platform: bool = False
    mounts: tuple[Mount, ...] = ()
    arguments: tuple[Argument, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    tries: Callable[[Resident, Resident], Iterable[Try]] | None = None
    checks: Mapping[str, Callable[[Laboratory], None]] = field(default_factory=dict)
    unfurnished: Mapping[str, str] = field(default_factory=dict)
    open_tenant: Callable[[str, str, str, Any], Any] | None = None
    sign_in: Callable[[Any, Any], None] | None = None


#: App label → its cases.
isolation_cases: Registry[IsolationCases] = Registry("isolation cases", module="isolation_cases")


def register_isolation_cases(app_label: str, cases: IsolationCases) -> IsolationCases:
    """Offer an app's cases; called in its ``isolation_cases.py``."""
    return isolation_cases.register(app_label, cases)
