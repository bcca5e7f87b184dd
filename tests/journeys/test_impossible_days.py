"""Days that cannot be meant: told at the field or above the list, on every screen that asks for a day."""

import html
from itertools import cycle

import django_filters
import pytest
from django import forms
from django.urls import URLPattern, get_resolver

from cms_core.pages.models import BasePage
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.test_two_editors import form_of
from tests.sites.accounts.people import house, member, signed_in

#: Screens of a site with date filters, and the name of one; {article} and {section} are pages.
FILTERS = {
    "reports/site-history/": "timestamp_from",
    "reports/aging-pages/": "last_published_at",
    "reports/locked/": "locked_at_from",
    "reports/workflow/": "created_at_from",
    "reports/workflow_tasks/": "started_at_from",
    "pages/{article}/history/": "timestamp_to",
    "pages/{section}/": "latest_revision_created_at_from",
}
#: Fields of filters that hold a day.
DAYS = (django_filters.fields.DateRangeField, forms.DateField, forms.DateTimeField)
FORMS = {
    "review/export/": ("start", "end"),
    "desk/figures/": ("first", "last"),
}


@pytest.fixture
def desk(db):
    here = house("alpha")
    browser = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    places = {"article": here.articles[0].pk, "section": here.section.pk}
    return here, browser, lambda path: f"/t/alpha/{path.format(**places)}"


def test_lists_say_what_is_wrong_and_show_everything(desk):
    _here, browser, at = desk
    days = cycle(["0001-01-01", "9999-12-31", "0226-11-28"])
    for (path, name), day in zip(FILTERS.items(), days, strict=False):
        answer = browser.get(at(path), {name: day})
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 200, path
        assert "不可能是您要的" in said, path
        assert 'role="alert"' in said, path


def test_forms_say_what_is_wrong(desk):
    _here, browser, at = desk
    for path, names in FORMS.items():
        for name in names:
            answer = browser.get(at(path), {name: "0001-01-01"})
            assert answer.status_code in (200, 400), (path, name)


def test_a_page_planned_for_no_possible_time_is_not_saved(desk):
    here, browser, at = desk
    path = at("pages/{article}/edit/")
    sent = form_of(browser.get(path).content.decode())
    for name in ("go_live_at", "published_at"):
        answer = browser.post(path, sent | {name: "9999-12-31 23:59", "title": "留下"})
        assert answer.status_code == 200, name
        assert "不可能是您要的" in html.unescape(answer.content.decode()), name
    with tenant_scope(here.tenant):
        assert (
            BasePage.objects.get(pk=here.articles[0].pk).latest_revision.content["title"] != "留下"
        )


def test_no_date_filter_of_the_administration_was_forgotten():
    """A new one is looked at and put into the list above."""
    found = set()

    def walk(patterns):
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns)
                continue
            view = getattr(pattern.callback, "view_class", None)
            kind = getattr(view, "filterset_class", None)
            for one in getattr(kind, "base_filters", {}).values():
                if issubclass(one.field_class, DAYS):
                    found.add(view.__name__)

    walk(get_resolver("cms_core.urls.tenant_admin").url_patterns)
    # Histories, the list of a workflow's pages and the others: all make their fields from the same classes.
    assert found == {
        "AgingPagesView", "HistoryView", "LockedPagesView", "LogEntriesView", "WorkflowTasksView",
        "WorkflowUsageView", "WorkflowView",
    }  # fmt: skip
