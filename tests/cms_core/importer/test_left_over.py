"""What a merge left to do is told on the desk to those whose work it is, and goes when it is done."""

from contextlib import closing

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms_core.importer.enums import CheckReason
from cms_core.importer.leading import lead_links
from cms_core.importer.models import MissingAttachment, TextToCheck
from cms_core.importer.services import import_site
from cms_core.importer.sources import open_source
from cms_core.pages.models import ArticlePage, SectionPage
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.cms_core.importer.order_steps import brought, many, worked
from tests.sites.accounts.people import house, member, platform_person, signed_in

pytestmark = pytest.mark.django_db

FILES = "2 个附件没有随旧站搬来"
DRAFTS = "2 篇旧文章留作草稿，等您核对"
LINKS = "旧文章里有 1 个链接已失效"
PERSONAL = "1 篇公开的旧文章可能有个人信息"


@pytest.fixture(autouse=True)
def english():
    """These screens are read in Chinese."""


def merged(tmp_path, name="alpha", *, more=0):
    found = house(name)
    dump = SiteDump()
    dump.section(1, "新闻")
    dump.section(2, "公告")
    dump.article(
        10, 1, "缺图", "<p>前<img src='<!--#p8_attach#-->/a/b.jpg' alt='图'></p><p>后</p>",
        frame="<!--#p8_attach#-->/a/cover.jpg",
    )  # fmt: skip
    dump.article(11, 1, "死链", '<p><a href="/s.php/gov1/item-view-id-99.shtml">没了</a></p>')
    dump.article(12, 2, "电话", "<p>联系电话13800138000</p>")
    dump.article(13, 2, "乱码的", "<p>锟斤拷</p>")
    dump.article(14, 2, "失文的", None, summary="只有摘要")
    dump.article(15, 2, "旧站的草稿", "<p>还没写完</p>", verified="0")
    for key in range(100, 100 + more):
        dump.article(key, 2, f"第{key}篇乱码", f"<p>锟斤拷{key}，电话1380013{key:04}</p>")
    with tenant_scope(found.tenant), closing(open_source(dump.write(tmp_path))) as source:
        import_site(actor=None, tenant=found.tenant, source=source, source_digest="d")
        lead_links(actor=None, tenant=found.tenant)
    cache.clear()
    return found


@pytest.fixture
def here(tmp_path, db):
    cache.clear()
    yield merged(tmp_path)
    cache.clear()


def desk(client, here):
    answer = client.get(f"/t/{here.tenant.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def texts(here, query=""):
    return f"/t/{here.tenant.code}/merged/texts/{query}"


def page(here, title):
    with tenant_scope(here.tenant):
        return ArticlePage.objects.get(draft_title=title)


def test_the_desk_tells_what_is_left_with_numbers_and_ways(here):
    html = desk(signed_in(member(here.tenant, RoleCode.EDITOR)), here)

    for line, way in (
        (FILES, "merged/missing/"),
        (DRAFTS, "merged/texts/"),
        (LINKS, "merged/dead-links/"),
        (PERSONAL, "merged/texts/?which=personal"),
    ):
        assert f'href="/t/{here.tenant.code}/{way}">{line}</a>' in html


def test_only_those_are_told_whose_work_it_is(here):
    with tenant_scope(here.tenant):
        own = SectionPage.objects.get(title="公告")
    limited = desk(signed_in(member(here.tenant, RoleCode.EDITOR, sections=[own])), here)
    assert DRAFTS in limited
    assert PERSONAL in limited
    assert "没有随旧站搬来" not in limited
    assert "链接已失效" not in limited
    reader = signed_in(member(here.tenant, RoleCode.LETTER_HANDLER))
    assert "搬来" not in desk(reader, here)
    other = house("beta")
    assert "搬来" not in desk(signed_in(member(other.tenant, RoleCode.SITE_ADMINISTRATOR)), other)


def test_lines_go_when_the_work_is_done(here):
    chief = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    held, phone = page(here, "乱码的"), page(here, "电话")
    assert "乱码的" in chief.get(texts(here)).content.decode()
    assert "旧站的草稿" not in chief.get(texts(here)).content.decode()

    said = chief.post(texts(here), {"page": [held.pk], "remark": ""}).content.decode()
    assert "请写明原因" in said
    assert f'value="{held.pk}" checked' in said
    said = chief.post(texts(here), {"page": ["x", "", "9" * 30], "remark": "好"}).content.decode()
    assert "请至少选一篇" in said
    assert DRAFTS in desk(chief, here)

    chief.post(texts(here), {"page": [held.pk], "remark": "没有用了"})
    chief.post(
        texts(here, "?which=personal"), {"page": [phone.pk], "remark": "值班电话，本来就公开"}
    )

    html = desk(chief, here)
    assert "1 篇旧文章留作草稿" in html
    assert "可能有个人信息" not in html
    with tenant_scope(here.tenant):
        row = TextToCheck.objects.get(page_id=phone.pk)
        assert (row.remark, row.settled_by.username != "") == ("值班电话，本来就公开", True)
        assert DomainEvent.objects.filter(kind="old_text_checked").count() == 2
        MissingAttachment.objects.update(state="attached", resolved_at=row.settled_at)
    assert "没有随旧站搬来" not in desk(chief, here)


def test_an_identity_number_is_urgent_and_may_never_stay(here):
    chief = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    phone = page(here, "电话")
    with tenant_scope(here.tenant):
        TextToCheck.objects.filter(page_id=phone.pk).update(reason=CheckReason.IDENTITY)
    assert "其中 1 篇有身份证号" in desk(chief, here)
    assert 'jy-late">急' in desk(chief, here)

    place = texts(here, "?which=personal")
    assert "请马上遮掉或撤下" in chief.get(place).content.decode()
    said = chief.post(place, {"page": [phone.pk], "remark": "领导说可以"}, follow=True)

    assert "里面有身份证号" in said.content.decode()
    assert "其中 1 篇有身份证号" in desk(chief, here)


def test_what_a_person_publishes_is_looked_at_and_what_the_platform_does_is_not(here):
    editor = member(here.tenant, RoleCode.EDITOR)
    found = page(here, "乱码的")
    with tenant_scope(here.tenant):
        lead_links(actor=None, tenant=here.tenant)
        assert TextToCheck.objects.filter(settled_at=None).count() == 3
    with tenant_scope(here.tenant, editor):
        found.body = found.body.stream_block.to_python(
            [{"type": "paragraph", "value": "<p>好了</p>"}]
        )
        found.save_revision(user=editor).publish(user=editor)
        row = TextToCheck.objects.get(page_id=found.pk)
        assert row.settled_at is not None
        assert row.settled_by == editor


def test_lists_are_filtered_and_take_any_input(here):
    chief = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))

    def shown(query):
        answer = chief.get(texts(here, query))
        assert answer.status_code == 200
        return answer.content.decode()

    assert "失文的" not in shown("?q=乱码")
    assert "乱码的" in shown("?q=乱码")
    assert "乱码的" not in shown("?reason=lost_text")
    assert "没有符合条件" in shown("?q=%3Cscript%3E&reason=mobile")
    assert "<script>x" not in shown("?q=%3Cscript%3Ex")
    assert "乱码的" in shown("?which=nonsense&reason=nonsense&p=nonsense")


def test_another_sites_people_settle_nothing_here(here, tmp_path):
    other = house("beta")
    stranger = signed_in(member(other.tenant, RoleCode.SITE_ADMINISTRATOR))
    held = page(here, "乱码的")
    assert "乱码的" not in stranger.get("/t/beta/merged/texts/").content.decode()
    stranger.post("/t/beta/merged/texts/", {"page": [held.pk], "remark": "别人的"})
    with tenant_scope(here.tenant):
        own = SectionPage.objects.get(title="新闻")
    colleague = signed_in(member(here.tenant, RoleCode.EDITOR, sections=[own]))
    colleague.post(texts(here), {"page": [held.pk], "remark": "不是我的栏目"})

    with tenant_scope(here.tenant):
        assert TextToCheck.objects.get(page_id=held.pk).settled_at is None


def test_the_desk_asks_one_query_more_however_much_is_left(here, tmp_path):
    def queries(place):
        client = signed_in(member(place.tenant, RoleCode.SITE_ADMINISTRATOR))
        desk(client, place)
        with CaptureQueriesContext(connection) as captured:
            desk(client, place)
        return len(captured)

    few = queries(here)
    assert queries(house("beta")) == few - 1
    assert queries(merged(tmp_path, "gamma", more=40)) == few


def test_the_operators_first_screen_tells_what_waits(own_folders, tmp_path):
    operator = signed_in(platform_person(PlatformRoleCode.OPERATOR))
    assert "等您决定" not in operator.get("/").content.decode()
    dump = many(3)
    brought(operator, "old.sql", dump.write(tmp_path).read_bytes())
    worked()
    assert "1 个旧网站等您决定" in operator.get("/").content.decode()

    places = [merged(tmp_path, name) for name in ("alpha", "beta")]
    with system_scope("test"):
        assert len(places) == 2
    assert "篇待处理" in operator.get("/").content.decode()
