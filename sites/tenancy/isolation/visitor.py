"""One person of the probe: asks addresses, undoes what came of it, and notices what was written."""

import copy
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client

from sites.registry.isolation import Mount, Resident, Try
from sites.tenancy.scope import tenant_scope, without_scope

from .traces import Received, receive

#: SQLite writes its treatment of conflicts into the verb: ``INSERT OR IGNORE INTO``.
_WRITE = re.compile(
    r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+OR\s+\w+)?|REPLACE\s+INTO|DELETE\s+FROM)\s+"?(?P<table>\w+)"?',
    re.IGNORECASE,
)


#: Far below the shortest idle time that a sign-in policy would set.
_AWAKE_SECONDS = 60
_ROOMS = frozenset({"sites", "cms_core", "disclosure", "interaction", "search", "themes"})
#: Walls around every view: they stand in each traceback and are not what failed.
_WALLS = frozenset(
    {"middleware.py", "admin_host.py", "guard.py", "visitor.py", "laboratory.py", "probe.py"}
)


def _is_ours(filename: str) -> bool:
    """Whether a frame of a traceback is code of a view of ours."""
    path = Path(filename)
    if not path.is_relative_to(settings.BASE_DIR) or path.name in _WALLS:
        return False
    return path.relative_to(settings.BASE_DIR).parts[0] in _ROOMS


class _Undo(Exception):
    """Leaves an atomic block so that everything in it is rolled back."""


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever the block writes."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


@contextmanager
def written_tables() -> Iterator[set[str]]:
    """Names of the tables that statements inside the block write to."""
    found: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        match = _WRITE.match(sql)
        if match:
            found.add(match["table"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


class Visitor:
    """A browser of one role. ``role`` is empty for a visitor who is not signed in."""

    def __init__(
        self,
        role: str,
        own: Resident,
        other: Resident,
        mounts: dict[str, Mount],
        sign_in: Callable[[Any, Any], None],
    ) -> None:
        self.role = role
        self._sign_in = sign_in
        self._signed_in_at: float | None = None
        self.own = own
        self.other = other
        self.mounts = mounts
        self.client = Client(raise_request_exception=False)

    def start_afresh(self) -> None:
        """Sign in again before the next try: a former session may have been rolled back."""
        self._signed_in_at = None

    def stay_signed_in(self) -> None:
        """Sign in, and again after a while: what keeps a session awake is undone with every try.

        Called outside of any try, for the session to last.
        """
        now = time.monotonic()
        if not self.role or (
            self._signed_in_at is not None and now - self._signed_in_at < _AWAKE_SECONDS
        ):
            return
        self._signed_in_at = now
        self.client = Client(raise_request_exception=False)
        with tenant_scope(self.own.tenant, self.own.people[self.role]):
            self._sign_in(self.client, self.own.people[self.role])

    def address(self, attempt: Try) -> tuple[str, str]:
        """Host and path of a try."""
        mount = self.mounts[attempt.place]
        resident = self.own if attempt.whose == "own" else self.other
        host = settings.ADMIN_HOST if mount.host == "admin" else resident.host
        return host, mount.prefix.format(code=resident.tenant.code) + "/" + attempt.path

    @contextmanager
    def asking(self, attempt: Try) -> Iterator[Received]:
        """Ask, hold the answer inside the block with everything that was written, then undo it all."""
        host, path = self.address(attempt)
        if "Host" in attempt.headers:
            host = attempt.headers["Host"]
        cookies = copy.deepcopy(self.client.cookies)
        errors: list[str] = []
        is_ours: list[bool] = []

        def note_error(sender: Any, **kwargs: Any) -> None:
            raised = sys.exc_info()[2]
            errors.append(traceback.format_exc(limit=-4))
            is_ours.append(any(_is_ours(f.filename) for f in traceback.extract_tb(raised)))

        got_request_exception.connect(note_error)
        try:
            with undone(), written_tables() as tables:
                received = self._ask(host, path, attempt)
                # A block of the view failed without a savepoint of its own; what it wrote is looked
                # at all the same.
                transaction.set_rollback(False)
                yield replace(
                    received,
                    error="\n".join(errors),
                    is_stock_error=bool(errors) and not any(is_ours),
                    written=frozenset(tables),
                )
        finally:
            got_request_exception.disconnect(note_error)
            # Also the session's row went back: a sign-out by this try did not happen.
            self.client.cookies = cookies

    def _ask(self, host: str, path: str, attempt: Try) -> Received:
        headers = {k: v for k, v in attempt.headers.items() if k != "Host"}
        extra: dict[str, Any] = {
            "headers": {"Host": host, **headers},
            "secure": settings.SECURE_SSL_REDIRECT,
        }
        with without_scope():
            if attempt.data is None and not attempt.method:
                response = self.client.get(path, **extra)
            else:
                if attempt.content_type:
                    extra["content_type"] = attempt.content_type
                send = getattr(self.client, (attempt.method or "POST").lower())
                response = send(path, attempt.data if attempt.data is not None else {}, **extra)
            # A body that is produced while it is read is produced outside the request's scope.
            return receive(response)
