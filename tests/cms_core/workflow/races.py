"""Two people at the same instant, on a database of their own. Run as a process; prints what happened.

``python -m tests.cms_core.workflow.races`` with the environment of ``database_copy``.
"""

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import django

TIMES = 2
#: What a person reads as words on the screen; anything else would be a server error.
SAID = ("ReviewRefused", "ReviewRequired", "ValidationError")


def race(*calls: Callable[[], Any]) -> list[str]:
    """Let all begin at once, each on a connection of its own; sorted: "done" or why not."""
    from django.db import connections

    start = threading.Barrier(len(calls))
    outcomes: list[str] = []

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            call()
            outcomes.append("done")
        except Exception as error:  # noqa: BLE001 - each outcome is told
            name = type(error).__name__
            outcomes.append("refused" if name in SAID else f"{name}: {error}"[:300])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def main() -> dict[str, list[Any]]:
    from django.db import transaction

    from cms_core.content_checks.models import Waiver
    from cms_core.content_checks.services import check_revision, waive_findings
    from cms_core.pages.models import BasePage, Tombstone
    from cms_core.pages.services import publish_page
    from cms_core.pages.withdrawal import withdraw_pages
    from cms_core.pages.withdrawal_rules import WithdrawalNotice
    from cms_core.workflow import selectors, services
    from cms_core.workflow.enums import Decision
    from cms_core.workflow.models import ReviewEntry, StageWorkflow
    from cms_core.workflow.urgent import release_urgently
    from sites.accounts.enums import RoleCode
    from tests.cms_core.pages.save_race import two_forms
    from tests.cms_core.workflow.conftest import make_office
    from tests.sites.accounts.people import member

    def opened(code: str) -> Any:
        with transaction.atomic():
            made = make_office(code)
            made.policy()
        return made

    def draft(slug: str, at: Any = None) -> Any:
        with transaction.atomic():
            return (at or office).draft(slug)

    office = opened("alpha")
    another = member(office.tenant, RoleCode.FINAL_REVIEWER, name="another-final")
    told: dict[str, list[Any]] = {}

    def scoped(user: Any, call: Callable[[], Any], at: Any = None) -> Callable[[], Any]:
        def act() -> None:
            with (at or office).as_(user):
                call()

        return act

    def submit(page: Any, at: Any = None) -> Callable[[], Any]:
        actor = (at or office).editor
        return scoped(actor, lambda: services.submit_for_review(actor=actor, obj=page), at)

    def waiting(page: Any) -> Any:
        return selectors.current_task_state(selectors.run_of(page))

    def approve(user: Any, page: Any) -> Callable[[], Any]:
        with office.as_(user):
            state = waiting(page)
        return scoped(user, lambda: services.approve(actor=user, task_state=state))

    def at_final(slug: str) -> Any:
        page = draft(slug)
        submit(page)()
        for user in (office.first, office.second):
            approve(user, page)()
        return page

    def published(page: Any) -> list[Any]:
        with office.as_(office.editor):
            entries = ReviewEntry.objects.filter(object_id=str(page.pk))
            return [
                BasePage.objects.get(pk=page.pk).live,
                entries.filter(decision=Decision.PUBLISHED).count(),
            ]

    def note(name: str, *result: Any) -> None:
        told.setdefault(name, []).append(list(result))

    for n in range(TIMES):
        page = at_final(f"two-final-{n}")
        note(
            "two approve",
            race(approve(office.final, page), approve(another, page)),
            published(page),
        )

        page = at_final(f"return-{n}")
        with office.as_(another):
            state = waiting(page)
        back = scoped(
            another,
            lambda state=state: services.return_for_changes(
                actor=another, task_state=state, reason="请核对数字"
            ),
        )
        outcome = race(approve(office.final, page), back)
        note("approve and return", outcome, *published(page))

        page = draft(f"submit-{n}")
        outcome = race(submit(page), submit(page))
        with office.as_(office.editor):
            note(
                "submit twice", outcome, ReviewEntry.objects.filter(object_id=str(page.pk)).count()
            )

        page = at_final(f"take-back-{n}")
        with office.as_(office.editor):
            run = selectors.run_of(page)
        take_back = scoped(
            office.editor, lambda run=run: services.withdraw(actor=office.editor, run=run)
        )
        note("take back", race(approve(office.final, page), take_back), *published(page))

        page = at_final(f"urgent-{n}")
        urgent = scoped(
            office.administrator,
            lambda page=page: release_urgently(
                actor=office.administrator, obj=page, reason="台风来了"
            ),
        )
        note("urgent", race(approve(office.final, page), urgent), published(page)[0])

        fresh = opened(f"fresh{n}")
        with fresh.as_(fresh.editor):
            StageWorkflow.objects.all().delete()
        drafts = [draft(f"first-{n}-{m}", fresh) for m in range(2)]

        outcome = race(*(submit(page, at=fresh) for page in drafts))
        with fresh.as_(fresh.editor):
            note("first submissions", outcome, StageWorkflow.objects.count())

    office.policy(is_on=False)
    chief = office.administrator
    for n in range(TIMES):
        page = draft(f"public-{n}")
        with office.as_(chief):
            publish_page(actor=chief, page=page)
        away = scoped(
            chief,
            lambda page=page: withdraw_pages(
                actor=chief, pages=[page], notice=WithdrawalNotice("outdated")
            ),
        )
        again = scoped(
            chief,
            lambda page=page: publish_page(
                actor=chief, page=page, changes={"title": "更正后的标题"}
            ),
        )
        outcome = race(away, again)
        with office.as_(chief):
            live = BasePage.objects.get(pk=page.pk).live
            stones = Tombstone.objects.in_force().filter(page_id=page.pk).count()
        note("withdraw and publish", outcome, live, stones)

        with office.as_(chief):
            page.title = "工作布署的通知"
            revision = page.save_revision(user=chief)
            findings = list(check_revision(actor=chief, revision=revision).findings.all())
            waivable = [one for one in findings if one.severity != "must_correct"][:1]
        outcome = race(
            *(
                scoped(
                    chief,
                    lambda found=waivable: waive_findings(
                        actor=chief, findings=found, reason="引文原文如此"
                    ),
                )
                for _ in range(2)
            )
        )
        with office.as_(chief):
            note("waive", outcome, Waiver.objects.filter(object_id=str(page.pk)).count())
    told["two forms"] = [two_forms(is_public) for is_public in (True, False)]
    return told


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main()))
