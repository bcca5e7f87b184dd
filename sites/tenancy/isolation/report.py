"""What the probe did and found."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

#: Fewer addresses a role, or tries in all, prove nothing (they would mean an emptied administration).
LEAST_URLS_A_ROLE = 600
LEAST_TRIES = 2_000
#: Own pages that each signed-in role must get with its own data on them.
LEAST_OWN_PAGES = {"editor": 250, "final_reviewer": 200, "site_administrator": 300}


@dataclass(frozen=True, slots=True)
class Leak:
    """Something of the other tenant was shown, or changed."""

    role: str
    surface: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"[{self.role or 'anonymous'}] {self.surface}: {self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class ServerError:
    """An address that answered with a server error."""

    role: str
    where: str
    error: str

    def __str__(self) -> str:
        return f"[{self.role or 'anonymous'}] {self.where}: {self.error}"


@dataclass
class Report:
    """Counts and findings of one run."""

    urls: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    own_pages: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tries: Counter[tuple[str, str]] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)
    errors: list[ServerError] = field(default_factory=list)
    excused: list[ServerError] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    surfaces: set[str] = field(default_factory=set)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    database: str = ""

    def count(self, role: str, surface: str) -> None:
        self.tries[role, surface] += 1

    def leak(self, role: str, surface: str, where: str, what: str) -> None:
        self.leaks.append(Leak(role, surface, where, what))

    @property
    def tried(self) -> int:
        return sum(self.tries.values())

    def by_surface(self) -> dict[str, int]:
        found: Counter[str] = Counter(dict.fromkeys(self.surfaces, 0))
        for (_role, surface), number in self.tries.items():
            found[surface] += number
        return dict(sorted(found.items()))

    def by_role(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (role, _surface), number in self.tries.items():
            found[role or "anonymous"] += number
        return dict(found)

    def shortfalls(self, roles: tuple[str, ...]) -> list[str]:
        """Why the run says too little, in sentences; empty where it says enough."""
        found = [
            f"no row of {label} was furnished: nothing was looked for" for label in self.missing
        ]
        found += [
            f"surface {name!r} was not tried" for name, n in self.by_surface().items() if not n
        ]
        for role in roles:
            asked = len(self.urls[role])
            if asked < LEAST_URLS_A_ROLE:
                found.append(
                    f"{role or 'anonymous'} asked {asked} addresses of {LEAST_URLS_A_ROLE}"
                )
            least = LEAST_OWN_PAGES.get(role, 0)
            if len(self.own_pages[role]) < least:
                found.append(
                    f"{role} got {len(self.own_pages[role])} pages of own data, not {least}"
                )
        if self.tried < LEAST_TRIES:
            found.append(f"{self.tried} tries in all, not {LEAST_TRIES}")
        return found

    def as_json(self, roles: tuple[str, ...]) -> dict[str, Any]:
        """The object that the command prints last."""
        return {
            "tried": self.tried,
            "leaks": len(self.leaks),
            "urls_per_role": {role or "anonymous": len(self.urls[role]) for role in roles},
            "by_role": self.by_role(),
            "by_surface": self.by_surface(),
            "own_pages": {role: len(pages) for role, pages in self.own_pages.items() if role},
            "leak_list": [str(leak) for leak in self.leaks],
            "server_errors": [str(error) for error in self.errors],
            "errors_also_with_garbage": [str(error) for error in self.excused],
            "shortfalls": self.shortfalls(roles),
            "database": self.database,
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(self.cpu_seconds, 1),
        }
