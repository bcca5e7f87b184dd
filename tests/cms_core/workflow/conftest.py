"""A site with three reviews, its people, and a draft of an article."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from cms_core.pages.models import ArticlePage, SectionPage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import create_article
from cms_core.workflow.policy_services import set_site_policy
from sites.accounts.enums import RoleCode
from sites.accounts.models import User
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, tenant_scope
from tests.sites.accounts import people
from tests.tenants import TenantFixture

THREE = ("first", "second", "final")


@dataclass(frozen=True)
class Office:
    """One site and its people."""

    house: TenantFixture
    editor: User
    first: User
    second: User
    final: User
    administrator: User

    @property
    def tenant(self) -> Tenant:
        return self.house.tenant

    @property
    def section(self) -> SectionPage:
        return self.house.section

    def as_(self, user: Any) -> Any:
        """The scope of a request of ``user``: a fresh one, as each request has."""
        return tenant_scope(self.tenant, user)

    def policy(self, stages: Any = THREE, *, is_on: bool = True) -> None:
        with opening_scope(self.tenant):
            set_site_policy(actor=None, stages=stages, is_on=is_on)

    def draft(self, slug: str = "draft", *, author: User | None = None) -> ArticlePage:
        with self.as_(author or self.editor):
            return create_article(
                actor=author or self.editor,
                parent=self.section,
                row=ArticleRow(
                    key=slug,
                    parent_id=self.section.pk,
                    title=f"关于{slug}的通知",
                    slug=slug,
                    body=[("paragraph", "<p>正文。</p>")],
                    source_name="示例办公室",
                    live=False,
                ),
            )


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Refusals are compared in the language that the source is written in."""
    with translation.override("en"):
        yield


def make_office(code: str) -> Office:
    house = people.house(code)

    def member(role: RoleCode) -> User:
        return people.member(house.tenant, role)

    return Office(
        house,
        member(RoleCode.EDITOR),
        member(RoleCode.FIRST_REVIEWER),
        member(RoleCode.SECOND_REVIEWER),
        member(RoleCode.FINAL_REVIEWER),
        member(RoleCode.SITE_ADMINISTRATOR),
    )


@pytest.fixture
def office(db: None) -> Office:
    made = make_office("alpha")
    made.policy()
    return made
