"""Two editors whose forms arrive in the same instant, each in a thread; run in a process of its own."""

import threading
from typing import Any


def two_forms(is_public: bool) -> dict[str, Any]:
    """Both read the page before either saves; what each is told, and which texts are there afterwards."""
    from django.db import connections, transaction
    from wagtail.admin.views.pages.edit import EditView
    from wagtail.models import Revision

    from cms_core.pages.models import BasePage
    from cms_core.pages.services import create_article
    from sites.accounts.enums import RoleCode
    from sites.tenancy.scope import tenant_scope
    from tests.cms_core.pages.conftest import article_row
    from tests.cms_core.pages.test_two_editors import form_of
    from tests.sites.accounts.people import house, member, signed_in

    code = "public" if is_public else "drafts"
    with transaction.atomic():
        here = house(code)
        members = [
            member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name=f"{code}-{name}")
            for name in ("one", "two")
        ]
    people = [signed_in(one) for one in members]
    with transaction.atomic(), tenant_scope(here.tenant):
        page = create_article(actor=None, parent=here.section, row=article_row(0, live=is_public))
    path = f"/t/{code}/pages/{page.pk}/edit/"
    forms = [form_of(person.get(path).content.decode()) for person in people]
    both = threading.Barrier(2)
    wagtails = EditView.form_valid
    seen = threading.local()
    answers: list[Any] = []

    def after_both_looked(self: Any, form: Any) -> Any:
        if not getattr(seen, "once", False):
            seen.once = True
            both.wait(timeout=60)
        return wagtails(self, form)

    def send(person: Any, sent: dict[str, str]) -> None:
        try:
            answers.append(person.post(path, sent, follow=True))
        finally:
            connections.close_all()

    more = {"action-publish": "1"} if is_public else {}
    EditView.form_valid = after_both_looked
    threads = [
        threading.Thread(target=send, args=(person, form | {"title": title} | more))
        for person, form, title in zip(people, forms, ("甲的标题", "乙的标题"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    EditView.form_valid = wagtails
    words = [answer.content.decode() for answer in answers]
    with tenant_scope(here.tenant):
        rows = Revision.page_revisions.filter(object_id=str(page.pk)).order_by("pk")
        row = BasePage.objects.get(pk=page.pk)
        return {
            "statuses": [answer.status_code for answer in answers],
            "told": sum("另一个人保存了更新的版本" in text for text in words),
            "versions": [one.content["title"] for one in rows][1:],
            "public": row.title,
            "newest": row.get_latest_revision().content["title"],
        }
