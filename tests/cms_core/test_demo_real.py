"""``manage.py demo_real``: what it merges from a folder in the shape of the real one, and what it says without."""

from io import StringIO

import pytest
from django.core.management import call_command

from cms_core.importer.models import ImportRun
from cms_core.pages.models import ArticlePage, OrganizationPage
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.cms_core.importer.jspxcms_dumps import JspxcmsDump
from tests.cms_core.importer.test_county import write_county

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path):
    """A folder laid out like the real one, with invented rows."""
    group = tmp_path / "legacy_site_group"
    group.mkdir()
    main = SiteDump()
    main.section(1, "要闻")
    main.article(10, 1, "门户稿", "<p>甲</p>")
    (group / "gov8_main.sql").write_text(main.text().replace("p8_sites_", "p8_cms_"))
    subs = SiteDump("gov1")
    subs.section(1, "通知")
    linked = '<p><a href="/s.php/gov2/item-list-category-2.shtml">乙</a></p>'
    subs.article(10, 1, "子站稿", linked)
    subs.site = "gov2"
    subs.section(2, "通知")
    (group / "gov8_sites.sql").write_text(subs.text())
    (tmp_path / "legacy_jspxcms").mkdir()
    jspxcms = JspxcmsDump()
    jspxcms.node(10, 1, "新闻", "0000-0001")
    jspxcms.info(100, 10, "另一系统的稿", "<p>丙</p>")
    jspxcms.write(tmp_path / "legacy_jspxcms").rename(
        tmp_path / "legacy_jspxcms" / "jspxcms_demo.sql"
    )
    write_county(tmp_path / "county_portal")
    return tmp_path


def run(folder, settings):
    out = StringIO()
    call_command(
        "demo_real", "--seed-only", "--data", str(folder), "--port", str(settings.PORT), stdout=out
    )
    return out.getvalue()


def test_without_data_it_says_so_and_changes_nothing(tmp_path, settings):
    before = Tenant.objects.count()

    assert "no data of real old sites" in run(tmp_path / "nowhere", settings)
    assert Tenant.objects.count() == before


def test_everything_is_merged_once(data, settings, client):
    first = run(data, settings)
    second = run(data, settings)

    assert "5 sites together" in first
    assert "articles     imported 3, repaired 3, skipped 1, lost 0" in first
    assert "2 sites, 2 of them done before" in second
    assert "1 led to their new places on 1 pages with links" in first
    assert "0 led to their new places on 1 pages with links" in second
    codes = {"menhu", "gov1", "gov2", "jspxcms", "quxian"}
    tenants = {tenant.code: tenant for tenant in Tenant.objects.filter(code__in=codes)}
    assert tenants.keys() == codes
    assert tenants["gov2"].parent == tenants["menhu"]
    for code, slug in (("menhu", "a-10"), ("gov1", "a-10"), ("jspxcms", "a-100")):
        with tenant_scope(tenants[code]):
            assert ArticlePage.objects.filter(slug=slug).count() == 1
    with tenant_scope(tenants["quxian"]):
        assert OrganizationPage.objects.count() == 3
    with system_scope("count the runs"):
        assert ImportRun.objects.count() == 5
    page = client.get("/s.php/gov1/item-view-id-10.shtml", headers={"host": "gov1.localhost"})
    assert page.status_code == 301


def test_what_is_not_there_is_left_out(data, settings):
    (data / "legacy_site_group" / "gov8_main.sql").unlink()
    (data / "legacy_site_group" / "gov8_sites.sql").unlink()

    printed = run(data, settings)
    assert "gov8_main.sql: not there, left out" in printed
    assert "2 sites together" in printed
