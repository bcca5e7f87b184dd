"""Policy, evidence and urgent releases of review; Wagtail's engine is extended in ``engine``."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.tenancy.models import TenantOwned
from sites.tenancy.visibility import derived

from .engine import ReviewFlow, ReviewRun, ReviewTask  # noqa: F401  (Django finds models here)
from .enums import Decision, ReviewStage
from .rules import Stages, parse_stages

#: Longest list of stage codes: "first,second,final".
STAGES_LENGTH = 40
#: Letters of a reason: two or three sentences, and it stands in a table.
REASON_LENGTH = 500


class ReviewPolicy(TenantOwned):
    """Which reviews a site or one of its sections asks for; a section without a row asks for those above it.

    ``is_on`` of the site's own row is the switch of the whole site: off, nothing is reviewed and the
    sections keep what they asked for.
    """

    section = models.ForeignKey(
        settings.WAGTAIL_PAGE_MODEL,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    stages = models.CharField(_("reviews"), max_length=STAGES_LENGTH, blank=True)
    is_on = models.BooleanField(_("switched on"), default=True)

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "section"], name="reviewpolicy_once"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(section=None), name="reviewpolicy_site_once"
            ),
        ]

    @property
    def review_stages(self) -> Stages:
        return parse_stages(self.stages)


class StageWorkflow(TenantOwned):
    """The one workflow of a site for one combination of stages; made by service, edited by nobody."""

    stages = models.CharField(max_length=STAGES_LENGTH)
    workflow = models.OneToOneField(
        "wagtailcore.Workflow", on_delete=models.CASCADE, related_name="review_stages"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("review workflow")
        verbose_name_plural = _("review workflows")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stages"], name="stageworkflow_once"),
        ]


class UrgentRelease(TenantOwned):
    """A text that a second person published before its reviews (紧急发布); they are owed until made up."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=255)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    stages = models.CharField(_("reviews left out"), max_length=STAGES_LENGTH)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released at"))
    revision_id = models.BigIntegerField()
    revision_digest = models.CharField(max_length=64)
    #: As of a submission: whoever wrote a later revision is an author.
    baseline_revision_id = models.BigIntegerField(default=0)
    closed_at = models.DateTimeField(_("made up at"), null=True, blank=True)
    #: How it was closed: made up by review, or because the text is gone.
    outcome = models.CharField(max_length=20, choices=Decision, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("urgent release")
        verbose_name_plural = _("urgent releases")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "content_type", "object_id"],
                condition=Q(closed_at=None),
                name="urgentrelease_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "closed_at", "-released_at"], name="urgentrelease_recent"
            ),
        ]

    @property
    def missing_stages(self) -> Stages:
        return parse_stages(self.stages)


class Submission(models.Model):
    """One run of review: what Wagtail's ``WorkflowState`` does not say of it.

    ``baseline_revision_id``: the newest revision that an earlier review (or the time before there was
    one) covers; whoever wrote a later one is an author of this run. ``urgent_release``: the run makes
    up the reviews that this release left out.
    """

    workflow_state = models.OneToOneField(
        "wagtailcore.WorkflowState",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="submission",
    )
    baseline_revision_id = models.BigIntegerField(default=0)
    urgent_release = models.ForeignKey(
        UrgentRelease, null=True, on_delete=models.PROTECT, related_name="submissions"
    )
    submitted_digest = models.CharField(max_length=64)

    tenant_visibility = derived("workflow_state")
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")


class ReviewEntry(TenantOwned):
    """One line of the review record: who decided what, when, why, on which text. Never changed.

    Holds no foreign key to the text: the record outlives it.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=255)
    run_id = models.BigIntegerField(null=True)
    stage = models.CharField(_("review"), max_length=10, choices=ReviewStage, blank=True)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("time"))
    reason = models.CharField(_("reason or note"), max_length=REASON_LENGTH, blank=True)
    revision_id = models.BigIntegerField(null=True)
    revision_digest = models.CharField(_("digest of the text"), max_length=64, blank=True)
    is_urgent = models.BooleanField(_("urgent release"), default=False)
    #: One person approved two reviews, because nobody else was there.
    is_alone = models.BooleanField(_("by the same person"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("review entry")
        verbose_name_plural = _("review entries")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["tenant", "content_type", "object_id", "id"], name="reviewentry_of"
            ),
            models.Index(fields=["tenant", "at"], name="reviewentry_period"),
            models.Index(fields=["tenant", "run_id"], name="reviewentry_run"),
        ]
