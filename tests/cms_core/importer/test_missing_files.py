"""Missing files are found by words and state, and settled together with a reason."""

from contextlib import closing

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms_core.importer import missing as services
from cms_core.importer.enums import MissingState
from cms_core.importer.models import MissingAttachment
from cms_core.importer.services import import_site
from cms_core.importer.sources import open_source
from cms_core.pages.models import ArticlePage, SectionPage
from sites.accounts.enums import RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.sites.accounts.people import house, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """This screen is read in Chinese."""


def merged(tmp_path, name, pages):
    found = house(name)
    dump = SiteDump()
    dump.section(1, "新闻")
    for key in range(10, 10 + pages):
        pictures = "".join(
            f"<img src='<!--#p8_attach#-->/{key}/{n}.jpg' alt='图{key}-{n}'>" for n in (1, 2)
        )
        dump.article(key, 1, f"第{key}篇", f"<p>前{pictures}</p><p>后</p>")
    with tenant_scope(found.tenant), closing(open_source(dump.write(tmp_path))) as source:
        import_site(actor=None, tenant=found.tenant, source=source, source_digest="d")
    cache.clear()
    return found


@pytest.fixture
def here(tmp_path, db):
    cache.clear()
    yield merged(tmp_path, "alpha", 3)
    cache.clear()


@pytest.fixture
def chief(here):
    return signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))


def at(here, query=""):
    return f"/t/{here.tenant.code}/merged/missing/{query}"


def shown(client, here, query=""):
    answer = client.get(at(here, query))
    assert answer.status_code == 200
    return answer.content.decode()


def entries(here, **wanted):
    with tenant_scope(here.tenant):
        return list(MissingAttachment.objects.filter(**wanted).order_by("pk"))


def body(here, key):
    with tenant_scope(here.tenant):
        page = ArticlePage.objects.get(slug=f"a-{key}")
        return page, page.get_latest_revision_as_object().body.raw_data


def test_several_are_given_up_in_one_draft_each_with_the_reason(here, chief):
    ids = [entry.pk for entry in entries(here, page__slug__in=["a-10", "a-11"])]
    said = chief.post(
        at(here), {"entry": ids, "how": "given_up", "remark": "旧服务器已经没有了"}, follow=True
    ).content.decode()

    assert "4 个文件不再补" in said
    page, draft = body(here, 10)
    assert [block["type"] for block in draft] == ["paragraph", "paragraph"]
    assert page.live
    assert page.body.raw_data[1]["type"] == "missing_attachment"
    for entry in entries(here, pk__in=ids):
        assert (entry.state, entry.remark) == (MissingState.GIVEN_UP, "旧服务器已经没有了")
        assert entry.resolved_by_id
    with tenant_scope(here.tenant):
        assert page.revisions.count() == 2
        events = DomainEvent.objects.filter(kind="missing_file_dropped")
        assert sorted(pk for event in events for pk in event.data["missing_attachments"]) == ids
        assert events.count() == 2
    assert "旧服务器已经没有了" in shown(chief, here, "?state=given_up")
    assert "10/1.jpg" not in shown(chief, here)
    assert "12/1.jpg" in shown(chief, here)


def test_notes_are_left_without_a_draft_and_attached_later(here, chief):
    chief.post(at(here, "?q=12/"), {"everything": "1", "how": "stays", "remark": "还在找"})

    page, _draft = body(here, 12)
    assert not page.has_unpublished_changes
    assert {entry.state for entry in entries(here, page__slug="a-12")} == {MissingState.STAYS}
    assert {entry.state for entry in entries(here, page__slug="a-11")} == {MissingState.OPEN}
    html = shown(chief, here, "?state=stays")
    entry = entries(here, page__slug="a-12")[0]
    assert f"missing/{entry.pk}/" in html
    assert chief.get(f"/t/{here.tenant.code}/merged/missing/{entry.pk}/").status_code == 200


def test_words_and_states_narrow_the_list_whatever_is_asked(here, chief):
    assert "10/1.jpg" in shown(chief, here, "?q=第10篇 1.jpg")
    assert "10/2.jpg" not in shown(chief, here, "?q=第10篇 1.jpg")
    assert "图11-2" in shown(chief, here, "?q=图11-2")
    assert "没有符合条件的文件" in shown(chief, here, "?state=attached")
    assert "10/1.jpg" in shown(chief, here, "?state=all")
    assert "10/1.jpg" in shown(chief, here, "?state=nonsense&p=-3")
    assert "没有符合条件的文件" in shown(chief, here, "?q=%27%22%3E%3Cb%3E")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"how": "given_up", "remark": "x"}, "请至少选一个文件"),
        ({"entry": ["x", "9" * 30, "-1"], "how": "given_up", "remark": "x"}, "请至少选一个文件"),
        ({"entry": "own", "how": "given_up", "remark": " "}, "请写明原因"),
        ({"entry": "own", "how": "attached", "remark": "x"}, "请选择怎么处理"),
        ({"entry": "own", "how": "nonsense", "remark": "x"}, "请选择怎么处理"),
        ({"entry": "own", "remark": "x"}, "请选择怎么处理"),
        ({"entry": [str(n) for n in range(1, 102)], "how": "stays", "remark": "x"}, "一次最多"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changed(here, chief, given, said):
    if given.get("entry") == "own":
        given = {**given, "entry": [entry.pk for entry in entries(here)]}
    html = chief.post(at(here), given).content.decode()

    assert said in html
    assert {entry.state for entry in entries(here)} == {MissingState.OPEN}


def test_a_locked_page_is_named_and_keeps_none_of_the_others(here, chief):
    writer = member(here.tenant, RoleCode.EDITOR)
    with tenant_scope(here.tenant, writer):
        page = ArticlePage.objects.get(slug="a-11")
        page.locked, page.locked_by = True, writer
        page.save(update_fields=["locked", "locked_by"])
    ids = [entry.pk for entry in entries(here)]
    said = chief.post(
        at(here), {"entry": ids, "how": "given_up", "remark": "x"}, follow=True
    ).content.decode()

    assert "4 个文件不再补" in said
    assert "第11篇" in said
    assert {entry.state for entry in entries(here, page__slug="a-11")} == {MissingState.OPEN}


def test_neither_another_sites_nor_another_sections_people_settle_anything(here):
    ids = [entry.pk for entry in entries(here)]
    other = house("beta")
    stranger = signed_in(member(other.tenant, RoleCode.SITE_ADMINISTRATOR))
    with tenant_scope(here.tenant):
        elsewhere = SectionPage.objects.exclude(title="新闻").first()
    colleague = signed_in(member(here.tenant, RoleCode.EDITOR, sections=[elsewhere]))
    for client, code in ((stranger, "beta"), (colleague, here.tenant.code)):
        place = f"/t/{code}/merged/missing/"
        assert "10/1.jpg" not in client.get(place).content.decode()
        client.post(place, {"entry": ids, "how": "given_up", "remark": "x"})
        client.post(place, {"everything": "1", "how": "stays", "remark": "x"})
    assert {entry.state for entry in entries(here)} == {MissingState.OPEN}


def test_a_text_saved_by_the_platform_settles_a_place_that_went(here):
    with system_scope("test: a text is saved"):
        page = ArticlePage.objects.get(slug="a-10", tenant=here.tenant)
        page.body = page.body.stream_block.to_python([page.body.raw_data[0]])
        page.save_revision()
    assert {entry.state for entry in entries(here, page__slug="a-10")} == {MissingState.REPLACED}
    assert {entry.state for entry in entries(here, page__slug="a-11")} == {MissingState.OPEN}


def test_of_many_the_first_are_settled_and_the_list_asks_no_more(
    here, chief, tmp_path, monkeypatch
):
    def queries(place, client):
        shown(client, place)
        with CaptureQueriesContext(connection) as captured:
            shown(client, place)
        return len(captured)

    few = queries(here, chief)
    many = merged(tmp_path, "gamma", 30)
    client = signed_in(member(many.tenant, RoleCode.SITE_ADMINISTRATOR))
    assert queries(many, client) == few
    monkeypatch.setattr(services, "MOST_AT_ONCE", 7)
    assert "60 个里的前 7 个" in shown(client, many)
    client.post(at(many), {"everything": "1", "how": "stays", "remark": "x"})
    assert len(entries(many, state=MissingState.STAYS)) == 7
