"""What is left to do after a merge, in the administration."""

from contextlib import closing

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from wagtail.models import Collection

from cms_core.importer.enums import MissingState
from cms_core.importer.leading import lead_links
from cms_core.importer.models import DeadLink, ImportedRecord, ImportRun, MissingAttachment
from cms_core.importer.services import import_site
from cms_core.importer.sources import open_source
from cms_core.media.models import MediaFile
from cms_core.pages.models import ArticlePage
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.sites.accounts.people import house, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(tmp_path):
    """A site with a merged article that lacks two pictures and one with a dead link."""
    cache.clear()
    found = house("alpha")
    dump = SiteDump()
    dump.section(1, "新闻")
    dump.article(
        10, 1, "缺图", "<p>前<img src='<!--#p8_attach#-->/a/b.jpg' alt='图'></p><p>后</p>",
        frame="<!--#p8_attach#-->/a/cover.jpg",
    )  # fmt: skip
    dump.article(11, 1, "死链", '<p><a href="/s.php/gov1/item-view-id-99.shtml">没了</a></p>')
    dump.article(12, 1, "电话", "<p>联系电话13800138000</p>")
    with tenant_scope(found.tenant), closing(open_source(dump.write(tmp_path))) as source:
        import_site(actor=None, tenant=found.tenant, source=source, source_digest="d")
        lead_links(actor=None, tenant=found.tenant)
    yield found
    cache.clear()


@pytest.fixture
def chief(here):
    return signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))


def at(here, path):
    return f"/t/{here.tenant.code}/merged/{path}"


def words(answer):
    return answer.content.decode()


def page(key):
    return ArticlePage.objects.get(slug=f"a-{key}")


def make_file(here):
    with tenant_scope(here.tenant):
        file = MediaFile(
            title="找到的文件", collection=Collection.objects.get(pk=here.collection.pk)
        )
        file.file.save("found.txt", ContentFile("字".encode(), name="found.txt"), save=False)
        file._set_document_file_metadata()
        file.save()
        return file


def missing(here, **wanted):
    with tenant_scope(here.tenant):
        return MissingAttachment.objects.get(**wanted)


def test_a_file_that_was_found_stands_in_the_draft(here, chief):
    entry, file = missing(here, reference="a/b.jpg"), make_file(here)
    assert "a/b.jpg" in words(chief.get(at(here, "missing/")))

    form = at(here, f"missing/{entry.pk}/")
    assert "缺图" in words(chief.get(form))
    assert "只选一样" in words(chief.post(form, {"file": "", "picture": ""}))
    answer = chief.post(form, {"file": file.pk, "picture": ""}, follow=True)

    assert "a/b.jpg" not in words(answer)
    assert "a/cover.jpg" in words(answer)
    with tenant_scope(here.tenant):
        draft = page(10).get_latest_revision_as_object().body.raw_data
        assert [block["type"] for block in draft] == ["paragraph", "attachment", "paragraph"]
        assert draft[1]["value"] == {"file": file.pk, "title": "图"}
        assert draft[1]["id"] == entry.block_id
        assert page(10).body.raw_data[1]["type"] == "missing_attachment"
    assert chief.get(form).status_code == 404  # settled


def test_what_is_not_to_be_found_is_given_up(here, chief):
    for reference in ("a/b.jpg", "a/cover.jpg"):
        entry = missing(here, reference=reference)
        chief.post(at(here, f"missing/{entry.pk}/"), {"give-up": "1"})

    assert "a/b.jpg" not in words(chief.get(at(here, "missing/")))
    with tenant_scope(here.tenant):
        draft = page(10).get_latest_revision_as_object().body.raw_data
        assert [block["type"] for block in draft] == ["paragraph", "paragraph"]
        assert not MissingAttachment.objects.filter(resolved_at=None).exists()


def test_a_place_that_an_editor_took_out_is_not_asked_for_again(here, chief):
    writer = member(here.tenant, RoleCode.EDITOR)
    entry = missing(here, reference="a/b.jpg")
    with tenant_scope(here.tenant):
        draft = page(10)
        draft.body = draft.body.stream_block.to_python([draft.body.raw_data[0]])
        draft.save_revision(user=writer)
        entry.refresh_from_db()
        assert (entry.state, entry.resolved_by) == (MissingState.REPLACED, writer)
    assert "a/b.jpg" not in words(chief.get(at(here, "missing/")))
    answer = chief.post(at(here, f"missing/{entry.pk}/"), {"give-up": "1"})

    assert answer.status_code == 404


def test_dead_links_reports_and_old_addresses_are_shown(here, chief):
    with tenant_scope(here.tenant):
        run = ImportRun.objects.get()
        assert DeadLink.objects.count() == 1
    assert "item-view-id-99.shtml" in words(chief.get(at(here, "dead-links/")))
    assert "国微站群数据库，站点 gov1" in words(chief.get(at(here, "imports/")))
    report = at(here, f"imports/{run.pk}/")
    assert "a/cover.jpg" in words(chief.get(f"{report}?list=lost"))
    personal = words(chief.get(f"{report}?list=personal_data"))
    assert "电话" in personal
    assert "手机号码" in personal
    assert "mobile_number" not in personal
    assert "/s.php/gov1/item-view-id-10" in words(chief.get(at(here, "old-addresses/")))
    assert "没有这样的地址" in words(chief.get(at(here, "old-addresses/?quiet=1")))


def test_what_was_changed_here_too_is_named_with_its_page(here, chief):
    with tenant_scope(here.tenant):
        run = ImportRun.objects.get()
        page = ImportedRecord.objects.filter(kind="articles", page__isnull=False).first()
        run.report["differences"] = [
            {
                "kind": "articles",
                "source_key": page.source_key,
                "title": "改过的稿件",
                "reason": "两边都改过",
                "difference": ["title", "body"],
            },
            {"kind": "columns", "source_key": "0", "title": "没有页面", "reason": "两边都改过"},
        ]
        run.save()

    shown = words(chief.get(at(here, f"imports/{run.pk}/?list=differences")))

    assert "本站不同之处： 标题, 正文" in shown
    assert f'/pages/{page.page_id}/edit/">改过的稿件</a>' in shown
    assert "没有页面</td>" in shown


def test_reports_are_for_administrators_and_nothing_for_other_sites(here, chief):
    with tenant_scope(here.tenant):
        run, entry = ImportRun.objects.get(), MissingAttachment.objects.first()
    writer = signed_in(member(here.tenant, RoleCode.EDITOR))
    assert writer.get(at(here, "missing/")).status_code == 200
    assert writer.get(at(here, "imports/")).status_code in {302, 403}
    other = house("beta")
    stranger = signed_in(member(other.tenant, RoleCode.SITE_ADMINISTRATOR))
    for path in (f"missing/{entry.pk}/", f"imports/{run.pk}/"):
        assert stranger.get(f"/t/beta/merged/{path}").status_code == 404
    assert "a/b.jpg" not in words(stranger.get("/t/beta/merged/missing/"))
