"""The registry class: named capabilities that apps offer and a lower room finds.

An app offers a capability in a module of a fixed name (``outbox_consumers.py``,
``published_resources.py``); the room that uses it calls :meth:`Registry.discover` once, when the
apps are ready. Neither imports the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from django.utils.module_loading import autodiscover_modules

Item = TypeVar("Item")


class DuplicateRegistration(ValueError):
    """Two capabilities of one kind want the same name."""


class UnknownCapability(LookupError):
    """Nothing is registered under the name."""


class Registry(Generic[Item]):
    """Capabilities of one kind by name, in the order of their names.

    ``title``: what is registered, for error messages. ``module``: the name of the module that apps
    write to offer one.
    """

    def __init__(self, title: str, *, module: str) -> None:
        self.title = title
        self.module = module
        self._items: dict[str, Item] = {}

    def register(self, name: str, item: Item) -> Item:
        """Add ``item`` under ``name``.

        :raises DuplicateRegistration: the name is taken, by the same item too: a module imported
            under two names would otherwise go unnoticed.
        :raises ValueError: the name is empty or not a plain code.
        """
        if not name or not name.replace("_", "").replace(".", "").replace("-", "").isalnum():
            raise ValueError(f"{self.title}: {name!r} is not a name of letters, digits, . _ and -")
        if name in self._items:
            raise DuplicateRegistration(f"{self.title}: {name!r} is registered twice")
        self._items[name] = item
        return item

    def get(self, name: str) -> Item:
        """The item of that name.

        :raises UnknownCapability: there is none.
        """
        try:
            return self._items[name]
        except KeyError:
            raise UnknownCapability(f"{self.title}: nobody registered {name!r}") from None

    def find(self, name: str) -> Item | None:
        """The item of that name, or ``None``."""
        return self._items.get(name)

    def discover(self) -> None:
        """Import the capability module of every installed app. Harmless when repeated."""
        autodiscover_modules(self.module)

    @contextmanager
    def replaced_by(self, **items: Item) -> Iterator[None]:
        """Hold only ``items`` inside the block: for tests."""
        before, self._items = self._items, dict(items)
        try:
            yield
        finally:
            self._items = before

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._items))

    def __iter__(self) -> Iterator[Item]:
        return iter([self._items[name] for name in self.names()])

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items
