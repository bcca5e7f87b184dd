"""The administration's search: the rows themselves, newest first (ADR 0005).

The package's backend sorts whole rows to drop doubles that its own conditions cannot make, and leaves
the order open, so that two pages of hits may overlap.
"""

from typing import Any

from wagtail.search.backends.database.fallback import (
    MATCH_ALL,
    MATCH_NONE,
    DatabaseSearchBackend,
    DatabaseSearchResults,
)


def _makes_doubles(query: Any) -> bool:
    """Whether a join of ``query`` may meet more than one row."""
    joins = (getattr(table, "join_field", None) for table in query.alias_map.values())
    return any(
        join is not None and not (join.concrete and (join.many_to_one or join.one_to_one))
        for join in joins
    )


class RowResults(DatabaseSearchResults):
    """Hits of a search."""

    def get_queryset(self) -> Any:
        compiler = self.query_compiler
        rows = compiler.queryset
        wanted = compiler.build_database_filter(compiler.query)
        if wanted == MATCH_NONE:
            rows = rows.none()
        elif wanted != MATCH_ALL:
            rows = rows.filter(wanted)
        if not rows.query.order_by:
            rows = rows.order_by("-pk")
        if _makes_doubles(rows.query):
            rows = rows.distinct()
        return rows[self.start : self.stop]


class SearchBackend(DatabaseSearchBackend):
    """Named by ``WAGTAILSEARCH_BACKENDS``."""

    results_class = RowResults
