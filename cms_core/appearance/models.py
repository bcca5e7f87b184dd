"""Versions of a site's look, and what is announced on the pages of one, some or all sites."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from sites.tenancy.models import Tenant, TenantOwned
from sites.tenancy.visibility import derived, directory, own

from .enums import LookState, NoticeKind

HEX_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour like #17476b."))


class LookVersion(TenantOwned):
    """One numbered version of a site's look. At most one is the draft, at most one is live.

    A version that was live is never changed again: going back copies it to a new number, so the list
    of versions says what visitors saw when.
    """

    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=LookState, default=LookState.DRAFT)
    #: Code of a theme (``themes.manifest.THEMES``); a code that is gone shows the usual theme.
    theme = models.CharField(_("look"), max_length=40)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: Empty: the theme's own colour.
    brand = models.CharField(_("main colour"), max_length=7, blank=True, validators=[HEX_COLOUR])
    deep = models.CharField(_("dark colour"), max_length=7, blank=True, validators=[HEX_COLOUR])
    seal = models.CharField(_("accent colour"), max_length=7, blank=True, validators=[HEX_COLOUR])
    copied_from = models.PositiveIntegerField(_("copy of"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    live_from = models.DateTimeField(_("live since"), null=True, blank=True)
    live_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    tenant_visibility = own()

    class Meta:
        ordering = ["-number", "-pk"]
        verbose_name = _("look of the site")
        verbose_name_plural = _("looks of the site")
        # One right covers drafting, putting live and going back.
        default_permissions = ("change",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="look_number_in_tenant"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(state=LookState.DRAFT), name="look_one_draft"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(state=LookState.LIVE), name="look_one_live"
            ),
        ]


class NavigationEntry(models.Model):
    """One entry of a version's main navigation: a section of one's own, or a link elsewhere."""

    look = models.ForeignKey(LookVersion, on_delete=models.CASCADE, related_name="entries")
    sort_order = models.PositiveIntegerField()
    title = models.CharField(_("wording"), max_length=20, blank=True)
    section = models.ForeignKey(
        settings.WAGTAIL_PAGE_MODEL,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    url = models.URLField(_("address elsewhere"), max_length=300, blank=True)

    tenant_visibility = derived("look")

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("navigation entry")
        verbose_name_plural = _("navigation entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=True) ^ Q(url=""), name="navigation_one_target"
            ),
        ]


class NoticeQuerySet(models.QuerySet[Any]):
    """Conditions on the times of notices."""

    def may_show(self, now: Any) -> "NoticeQuerySet":
        """Confirmed, not lifted, not over: in force now or later."""
        return self.filter(confirmed_at__isnull=False, lifted_at__isnull=True, ends_at__gt=now)

    def waiting(self, now: Any) -> "NoticeQuerySet":
        """Proposed, and a second person may still confirm it."""
        return self.filter(confirmed_at__isnull=True, lifted_at__isnull=True, ends_at__gt=now)


class Notice(models.Model):
    """Mourning or an emergency bar: proposed by one person, confirmed by another, ended by the clock.

    What was proposed is never edited, so the second person confirms what the first one wrote.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    headline = models.CharField(_("headline"), max_length=60, blank=True)
    text = models.TextField(_("full text"), max_length=2000, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    starts_at = models.DateTimeField(_("begins at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()
    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="%(class)s_two_persons",
            ),
        ]


class SiteNotice(TenantOwned, Notice):
    """A notice of one site, switched by two of its administrators."""

    tenant_visibility = own()

    class Meta(Notice.Meta):
        verbose_name = _("notice of the site")
        verbose_name_plural = _("notices of the site")
        default_permissions = ("add",)


class PlatformNotice(Notice):
    """A notice of the platform on all sites or on some, switched by two operators.

    In the directory: every site reads what is in force on it, only the platform writes.
    """

    is_for_all = models.BooleanField(_("on all sites"), default=False)
    tenants = models.ManyToManyField(Tenant, through="PlatformNoticeTarget", related_name="+")

    tenant_visibility = directory()

    class Meta(Notice.Meta):
        verbose_name = _("notice of the platform")
        verbose_name_plural = _("notices of the platform")
        default_permissions = ()


class PlatformNoticeTarget(models.Model):
    """One site on which a notice of the platform is shown."""

    notice = models.ForeignKey(PlatformNotice, on_delete=models.CASCADE, related_name="targets")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")

    tenant_visibility = directory()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "tenant"], name="notice_target_once")
        ]
