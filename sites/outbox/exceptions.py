"""Errors of the outbox."""


class OutsideTransaction(RuntimeError):
    """An event was emitted outside the transaction of the change it tells of.

    A programming error: the change could be committed and the event lost.
    """


class NotACode(ValueError):
    """A payload holds something other than ids, codes, numbers, dates and digests."""


class LeaseLost(RuntimeError):
    """The lease of a job or delivery expired, and another worker took it over."""
