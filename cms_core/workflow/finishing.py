"""Named by ``WAGTAIL_FINISH_WORKFLOW_ACTION``; Wagtail reads it while its own models load."""

from typing import Any


def finish_run(workflow_state: Any, user: Any = None) -> None:
    """Publish what passed all its reviews (see ``services.finish_run``)."""
    from . import services

    services.finish_run(workflow_state, user=user)
