"""Lists that the operator and the sites keep, and the evidence of checks."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.tenancy.models import Tenant, TenantOwned
from sites.tenancy.visibility import derived, own

from .enums import HOLDING_BACK, CheckCode, Severity, TermKind, TermLevel

#: Longest listed term, in characters: a term is a word or a phrase, not a sentence.
LONGEST_TERM = 60


def _tenant_key() -> models.ForeignKey:
    """Whose list; empty for the platform's, which every site reads and no site writes."""
    return models.ForeignKey(
        Tenant,
        verbose_name=_("site"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )


def _user_key(label: Any) -> models.ForeignKey:
    """The user table may lie elsewhere than the rows that grow; accounts are closed, never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )


class ListEdition(models.Model):
    """One state of a list of terms: every change of a list makes the next number.

    Terms are never changed: a change ends one row and begins another, so the list of any day can be
    read again, and a check says which editions it used.
    """

    tenant = _tenant_key()
    number = models.PositiveIntegerField(_("edition"))
    made_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    made_by = _user_key(_("by"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    removed = models.PositiveIntegerField(_("removed"), default=0)

    tenant_visibility = own(also=Q(tenant__isnull=True))

    class Meta:
        ordering = ["-number", "-pk"]
        verbose_name = _("edition of a list")
        verbose_name_plural = _("editions of lists")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="list_edition_once"),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(tenant__isnull=True),
                name="platform_list_edition_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ListedTermQuerySet(models.QuerySet["ListedTerm"]):
    def current(self) -> "ListedTermQuerySet":
        """Terms of the newest edition."""
        return self.filter(removed_in__isnull=True)


class ListedTerm(models.Model):
    """A term of a list (敏感词、错别字、涉国家主权与领土用语、放行词)."""

    tenant = _tenant_key()
    kind = models.CharField(_("list"), max_length=12, choices=TermKind)
    text = models.CharField(_("term"), max_length=LONGEST_TERM)
    #: The term as it is compared: narrow, lower case.
    folded = models.CharField(max_length=LONGEST_TERM, editable=False)
    level = models.CharField(_("level"), max_length=8, choices=TermLevel, default=TermLevel.CONFIRM)
    suggestion = models.CharField(_("write instead"), max_length=LONGEST_TERM, blank=True)
    only_with = models.CharField(
        _("only near one of"),
        max_length=200,
        blank=True,
        help_text=_("Words parted by spaces. Found only where one of them stands in the sentence."),
    )
    unless_with = models.CharField(
        _("not near any of"),
        max_length=200,
        blank=True,
        help_text=_("Words parted by spaces. Not found where one of them stands in the sentence."),
    )
    reason = models.CharField(
        _("why"), max_length=200, blank=True, help_text=_("Shown to whoever wrote the text.")
    )
    added_in = models.ForeignKey(
        ListEdition, editable=False, on_delete=models.PROTECT, related_name="added_terms"
    )
    removed_in = models.ForeignKey(
        ListEdition,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="removed_terms",
    )

    objects = ListedTermQuerySet.as_manager()
    tenant_visibility = own(also=Q(tenant__isnull=True))

    class Meta:
        ordering = ["kind", "folded", "pk"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "folded"],
                condition=Q(removed_in__isnull=True),
                name="listed_term_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "folded"],
                condition=Q(removed_in__isnull=True, tenant__isnull=True),
                name="platform_term_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Leader(TenantOwned):
    """Who held which post from when until when, and in which order leaders are named (领导名单)."""

    name = models.CharField(_("name"), max_length=30)
    posts = models.CharField(
        _("posts"),
        max_length=200,
        help_text=_("As they are printed, parted by 、: 市委副书记、市长"),
    )
    rank = models.PositiveIntegerField(
        _("place in order"),
        default=100,
        help_text=_("1 is named first. The same number: either may stand first."),
    )
    held_from = models.DateField(_("in office from"))
    held_until = models.DateField(
        _("in office until"), null=True, blank=True, help_text=_("The last day. Empty: still.")
    )

    class Meta:
        ordering = ["rank", "name", "pk"]
        verbose_name = _("leader")
        verbose_name_plural = _("leaders")
        indexes = [models.Index(fields=["tenant", "rank"], name="leader_order")]

    def __str__(self) -> str:
        return self.name


def _object_type() -> models.ForeignKey:
    return models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")


class CheckRun(TenantOwned):
    """One check of one revision with one state of the lists.

    ``lists``: which editions and which data of the program were used. ``outcome``: digest of what was
    found; asked again, a check with the same outcome adds no row.
    """

    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    content_type = _object_type()
    object_id = models.CharField(max_length=64)
    lists = models.CharField(_("editions of the lists"), max_length=80)
    outcome = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("time"), default=timezone.now)
    made_by = _user_key(_("by"))
    characters = models.PositiveIntegerField(_("characters read"), default=0)
    #: Findings past the limit of one check are counted and not kept.
    left_out = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        indexes = [
            models.Index(fields=["tenant", "revision", "-id"], name="checkrun_of_revision"),
            models.Index(
                fields=["tenant", "content_type", "object_id", "-id"], name="checkrun_of_object"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.made_at:%Y-%m-%d %H:%M}"


class Waiver(TenantOwned):
    """Somebody takes responsibility for a finding: this wording stays, for this reason.

    It holds while the same text stands at the same place, in later revisions too. Never changed; taken
    back by ``ended_at``.
    """

    content_type = _object_type()
    object_id = models.CharField(max_length=64)
    key = models.CharField(max_length=64, editable=False)
    check_code = models.CharField(_("check"), max_length=20, choices=CheckCode)
    reason = models.CharField(_("reason"), max_length=300)
    waived_at = models.DateTimeField(_("time"), default=timezone.now)
    waived_by = _user_key(_("waived by"))
    #: The name at that time: evidence reads the same after an account was renamed.
    waived_by_name = models.CharField(_("name"), max_length=150)
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "content_type", "object_id", "key"],
                condition=Q(ended_at__isnull=True),
                name="waiver_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class FindingQuerySet(models.QuerySet["Finding"]):
    def unresolved(self) -> "FindingQuerySet":
        """Not waived, and grave enough to hold the text back.

        What a later draft corrected stands in this one still.
        """
        return self.filter(severity__in=HOLDING_BACK, waiver__isnull=True)


class Finding(models.Model):
    """One thing that a check found, at one place.

    ``key``: keyed digest of check, place and text; the same text at the same place has the same key
    in the next revision. Personal data stands here masked and nowhere in clear. ``problem`` and
    ``params`` say what is wrong, in whatever language it is read.
    """

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="findings")
    check_code = models.CharField(_("check"), max_length=20, choices=CheckCode)
    severity = models.CharField(_("severity"), max_length=12, choices=Severity)
    problem = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    field_name = models.CharField(max_length=60)
    field_label = models.CharField(_("place"), max_length=120)
    block_id = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    before = models.CharField(max_length=60, blank=True)
    text = models.CharField(_("text"), max_length=120, blank=True)
    behind = models.CharField(max_length=60, blank=True)
    suggestion = models.CharField(_("suggestion"), max_length=120, blank=True)
    key = models.CharField(max_length=64)
    waiver = models.ForeignKey(
        Waiver, null=True, blank=True, on_delete=models.SET_NULL, related_name="findings"
    )
    corrected_in = models.ForeignKey(
        CheckRun,
        verbose_name=_("corrected"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="corrected_findings",
    )

    objects = FindingQuerySet.as_manager()
    tenant_visibility = derived("run")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="finding_once_in_run")]

    def __str__(self) -> str:
        return f"{self.check_code}: {self.text}"
