"""Words for the audit events of review."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

from .events import ReviewEvent

register_event_words(
    "cms_core_workflow",
    {
        ReviewEvent.SUBMITTED: _("Submitted for review"),
        ReviewEvent.RESUBMITTED: _("Submitted again for review"),
        ReviewEvent.APPROVED: _("Review approved"),
        ReviewEvent.RETURNED: _("Returned to its author"),
        ReviewEvent.RETURNED_TO_PREVIOUS: _("Returned to an earlier review"),
        ReviewEvent.WITHDRAWN: _("Taken back from the review"),
        ReviewEvent.PUBLISHED: _("Published after review"),
        ReviewEvent.RELEASED: _("Released urgently"),
        ReviewEvent.MADE_UP: _("Reviews of an urgent release made up"),
        ReviewEvent.CLOSED: _("Review closed"),
        ReviewEvent.POLICY_CHANGED: _("Review settings changed"),
        ReviewEvent.EXPORTED: _("Review record exported"),
    },
)
