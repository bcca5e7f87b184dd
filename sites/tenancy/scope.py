"""The tenant scope: one context variable says whose rows the current code may see.

Opening a scope is always a ``with`` block, and the variable is put back by its token, so nesting is
safe and nothing stays open behind an exception. Threads start without a scope on purpose. The same
block drives django-multitenant's own context: there is one truth.

Never ``yield`` inside one of these blocks: a generator shares its caller's context, so the scope
would stay open in the caller. Take each chunk with :func:`in_scope_of` instead.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django_multitenant.utils import get_current_tenant, set_current_tenant

from .exceptions import TenantScopeMissing

if TYPE_CHECKING:
    from .models import Tenant

security_log = logging.getLogger("jiyue.security")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be seen.

    ``tenant_id``/``site_id``: the tenant and its wagtail Site (``None`` in a pure system scope).
    ``user_id``: the signed-in member of staff, who may always see their own account. ``memo``: what was
    looked up once for this scope (its public address), gone with it.
    ``all``: the platform's own work, no filter. ``why``: its reason, for the log.
    ``is_practice``: whether the tenant is the one to train in, which has no effect outside itself.
    """

    tenant_id: int | None = None
    site_id: int | None = None
    user_id: int | None = None
    all: bool = False
    why: str = ""
    is_practice: bool = False
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class _TenantStandIn:
    """What django-multitenant needs of a tenant: opening a scope costs no query."""

    id: int

    @property
    def tenant_value(self) -> int:
        return self.id


_scope: ContextVar[Scope | None] = ContextVar("jiyue_tenant_scope", default=None)


def current_scope() -> Scope | None:
    """The open scope, or ``None``."""
    return _scope.get()


def require_scope() -> Scope:
    """The open scope.

    :raises TenantScopeMissing: none is open.
    """
    scope = _scope.get()
    if scope is None:
        raise TenantScopeMissing("no tenant scope is open")
    return scope


def current_tenant_id() -> int:
    """The id of the tenant whose scope is open.

    :raises TenantScopeMissing: none is open, or the open one belongs to no tenant.
    """
    scope = require_scope()
    if not scope.tenant_id:  # 0 is nobody's
        raise TenantScopeMissing(f"the open scope belongs to no tenant ({scope.why})")
    return scope.tenant_id


@contextmanager
def _use(scope: Scope | None) -> Iterator[Scope | None]:
    token = _scope.set(scope)
    before = get_current_tenant()
    stand_in = scope is not None and not scope.all and scope.tenant_id is not None
    set_current_tenant(_TenantStandIn(scope.tenant_id) if stand_in else None)  # type: ignore[union-attr, arg-type]
    try:
        yield scope
    finally:
        set_current_tenant(before)
        _scope.reset(token)


def tenant_scope(tenant: "Tenant", user: Any = None) -> Any:
    """See and write the rows of ``tenant`` only, as ``user`` (a staff user, their id, or nobody)."""
    user_id = getattr(user, "pk", user)
    return _use(
        Scope(
            tenant_id=tenant.pk,
            site_id=tenant.site_id,
            user_id=user_id,
            is_practice=tenant.is_practice,
        )
    )


def nobody_scope(user: Any = None) -> Any:
    """A scope that belongs to no tenant: nothing of any tenant is visible.

    For pages of the admin host before a tenant was chosen.
    """
    return _use(Scope(tenant_id=0, site_id=0, user_id=getattr(user, "pk", user)))


def system_scope(why: str) -> Any:
    """See every row. Each use stands in a reviewed allow-list (``sites.tenancy.system_scopes``)."""
    if not why:
        raise ValueError("a system scope needs its reason")
    security_log.debug("system scope opened: %s", why)
    return _use(Scope(all=True, why=why))


def opening_scope(tenant: "Tenant", why: str = "opening a tenant") -> Any:
    """See every row, and own what is made for ``tenant``: for operators who open a tenant."""
    return _use(
        Scope(
            tenant_id=tenant.pk,
            site_id=tenant.site_id,
            all=True,
            why=why,
            is_practice=tenant.is_practice,
        )
    )


def without_scope() -> Any:
    """Close the scope for a block: what runs inside must open its own."""
    return _use(None)


def enter_scope(scope: Scope | None) -> None:
    """Set the scope of a copied context that this call runs in; never of the caller's own context."""
    _scope.set(scope)


def in_scope_of(scope: Scope, chunks: Iterable[T]) -> Iterator[T]:
    """Draw each item of ``chunks`` inside ``scope`` without leaving it open between two items."""
    context = copy_context()
    context.run(enter_scope, scope)
    iterator = context.run(iter, chunks)
    try:
        while True:
            try:
                yield context.run(next, iterator)
            except StopIteration:
                return
    finally:
        close: Callable[[], None] | None = getattr(iterator, "close", None)
        if close is not None:
            context.run(close)
