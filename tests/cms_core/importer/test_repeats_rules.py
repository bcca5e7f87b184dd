"""Who should own a text that several sites published. No database."""

from datetime import UTC, datetime

import pytest

from cms_core.importer.repeats_rules import Copy, OwnerReason, propose_owner


def copy(code, day=None, source="", names=()):
    at = datetime(2020, 1, day, tzinfo=UTC) if day else None
    return Copy(code, 1, "题", "", at, source, (code, *names))


@pytest.mark.parametrize(
    ("copies", "owner", "reason"),
    [
        ([copy("a", 2), copy("b", 1)], "b", OwnerReason.FIRST),
        ([copy("a", 1), copy("b", 2, source="b")], "b", OwnerReason.NAMED),
        (
            [copy("a", 1, source="市教育局"), copy("b", 2, names=["市教育局"])],
            "b",
            OwnerReason.NAMED,
        ),
        # Part of a name is no name.
        ([copy("a", 1, source="教育局"), copy("b", 2, names=["市教育局"])], "a", OwnerReason.FIRST),
        # Two names decide nothing.
        ([copy("a", 2, source="b"), copy("b", 1, source="a")], "b", OwnerReason.FIRST),
        ([copy("b"), copy("a", 3)], "a", OwnerReason.ONLY_DATED),
        ([copy("b"), copy("a")], "a", OwnerReason.NONE),
        ([copy("b", 1), copy("a", 1)], "a", OwnerReason.NONE),
    ],
)
def test_the_proposal_says_why(copies, owner, reason):
    found = propose_owner(copies)
    assert (found.owner.tenant_code, found.reason) == (owner, reason)
