#!/usr/bin/env python3
"""Photograph the running demo: every picture of docs/screens, from a citizen's, an editor's and an operator's side.

    make demo PORT=8010 DATA_DIR=var/screens      (fresh, in another terminal)
    PORT=8010 DATA_DIR=var/screens .venv/bin/python deploy/screens.py

On the way it does the platform's main job for real: an old site, whose dump it writes itself with
invented texts, is merged into a new site; people are let in; an article is changed and published; the
picture of the portal's list shows it. Another article is written, checked, reviewed three times,
corrected and withdrawn; the portal gets a new look; all sites mourn and warn (``screens_journey.py``).
It stops at the first thing that does not work.

Needs Chromium (CHROMIUM_BIN, or chromium in PATH) and a demo that it has not run against before.
Exit status 0: every picture was taken, none above 300 kB, 6 MB in all.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from deploy.screens_journey import photograph_journey  # noqa: E402
from tests.cms_core.importer.dumps import SiteDump  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
MOST_BYTES = 300_000
MOST_BYTES_IN_ALL = 6_000_000
#: Width, height and density of the two screens; a picture is at most twice as high as its screen.
SCREENS = {"desk": (1280, 900, 1), "phone": (375, 812, 2)}
#: The merged site and the one that is closed; both are made here.
MERGED, CLOSED = "cd-qzysg", "cd-jwg"
#: Who sponsors both, a body of the sample city.
SPONSOR = "org-029"
PASSWORD = "Screens-2-Show!"  # noqa: S105  (of accounts that live as long as the demo's folder)
CHANGED_TITLE = "（示例）夏季夜场演出六月起改到江边广场"


@dataclass
class Studio:
    """The demo, the browser, and the pictures taken so far (name → bytes)."""

    port: int
    data_dir: Path
    browser: Browser
    taken: dict[str, int] = field(default_factory=dict)

    def url(self, host: str, path: str = "/") -> str:
        return (
            f"http://{host}.localhost:{self.port}{path}"
            if host
            else f"http://localhost:{self.port}{path}"
        )

    def manage(self, *arguments: str) -> str:
        """Run a management command on the demo's data; its output."""
        environment = {
            **os.environ, "JIYUE_ENV": "demo", "PORT": str(self.port), "DATA_DIR": str(self.data_dir),
        }  # fmt: skip
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(  # noqa: S603  (our own command line)
            command, cwd=ROOT, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def shoot(self, page: Page, name: str) -> None:
        """Keep what ``page`` shows as docs/screens/<name>.webp."""
        page.wait_for_load_state("networkidle")
        size = page.viewport_size or {"width": 1280, "height": 900}
        whole = page.evaluate("document.documentElement.scrollHeight")
        clip = {
            "x": 0, "y": 0, "width": size["width"],
            "height": max(size["height"], min(whole, 2 * size["height"])),
        }  # fmt: skip
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))  # type: ignore[arg-type]
        for quality in (76, 64, 50, 40):
            out = io.BytesIO()
            picture.convert("RGB").save(out, "WEBP", quality=quality, method=6)
            if len(out.getvalue()) <= MOST_BYTES:
                break
        else:
            raise SystemExit(f"{name} does not fit into {MOST_BYTES} bytes")
        (FOLDER / f"{name}.webp").write_bytes(out.getvalue())
        self.taken[name] = len(out.getvalue())
        print(f"{name}: {self.taken[name] // 1000} kB")

    @contextmanager
    def visitor(self, screen: str = "desk", **options: object) -> Iterator[Page]:
        """A page of a visitor of their own."""
        width, height, density = SCREENS[screen]
        context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=density, locale="zh-CN",
            timezone_id="Asia/Shanghai", **options,
        )  # fmt: skip
        try:
            yield context.new_page()
        finally:
            context.close()


def old_site() -> SiteDump:
    """A small old site of a mass art centre (群众艺术馆): everything in it is invented, its news are of this month."""
    dump = SiteDump("gov9")
    now = int(time.time())
    dump.section(1, "本馆概况", type="4", display_order=4)
    dump.section(2, "演出讲座", type="1", display_order=3)
    dump.section(3, "演出预告", parent=2)
    dump.section(4, "公益讲座", parent=2)
    dump.section(5, "本馆通知", display_order=2)
    dump.section(6, "场馆开放", display_order=1)
    dump.article(
        10,
        1,
        "（示例）本馆简介",
        "<p>本馆是一座虚构的群众艺术馆，有一个小剧场、两间排练厅和一间书画教室。</p>",
    )
    shows = [
        "社区合唱团汇报演出",
        "皮影戏周末专场",
        "少儿舞蹈班结业展演",
        "民乐队进社区",
        "老年书画展开幕",
    ]
    for number, name in enumerate(shows):
        dump.article(
            20 + number, 3, f"（示例）{name}",
            f'<p style="text-indent:2em"><font color="red">演出时间：</font>周六晚七点半。</p><p>{name}'
            "在一楼小剧场举行，免费入场，提前一天在服务台领票。</p>",
            timestamp=now - 86400 * (number + 1), source="市群众艺术馆（示例）",
            summary=f"{name}，免费入场，提前一天领票。",
        )  # fmt: skip
    dump.article(
        30, 3, "（示例）夏季夜场演出安排",
        '<p onclick="x()">六月到八月，夜场演出安排如下。&nbsp;遇雨改在小剧场。</p><script>alert(1)</script>'
        "<table border=1><tr><td>日期</td><td>节目</td><td>地点</td></tr>"
        "<tr><td>6月8日</td><td>合唱与朗诵</td><td>江边广场</td></tr>"
        "<tr><td>6月15日</td><td>皮影戏</td><td>小剧场</td></tr>"
        "<tr><td>6月22日</td><td>民乐小合奏</td><td>江边广场</td></tr></table>"
        "<p>节目单：<img src='<!--#p8_attach#-->/2024/06/program.jpg' alt='六月节目单'></p>"
        "<p>联系人：馆办公室（示例），电话 0000-0000000。</p>",
        timestamp=now - 3600, source="市群众艺术馆（示例）", summary="六月到八月每周六晚上演出，遇雨改在室内。",
    )  # fmt: skip
    for number, name in enumerate(("节气里的民间美术", "怎样听懂一段花鼓戏", "手机拍好一张全家福")):
        dump.article(
            40 + number, 4, f"（示例）公益讲座：{name}", f"<p>讲座“{name}”免费，限八十人，先到先坐。</p>",
            timestamp=now - 86400 * 3 * (number + 2), source="市群众艺术馆（示例）",
        )  # fmt: skip
    for number, name in enumerate(
        ("关于调整闭馆日的通知", "关于征集老照片的公告", "关于书画教室报名的通知")
    ):
        dump.article(
            50 + number, 5, f"（示例）{name}", f"<p>{name}（示例）。</p><p>如有疑问，请到服务台咨询。</p>",
            timestamp=now - 86400 * 2 * (number + 2), source="市群众艺术馆（示例）",
        )  # fmt: skip
    dump.article(
        60,
        6,
        "（示例）开放时间",
        "<p>周二至周日九点到十七点，周一闭馆。</p>",
        timestamp=now - 86400 * 30,
    )
    return dump


def prepare(studio: Studio) -> None:
    """Open two more sites; merge the old one into the first, close the second."""
    for code, name, short, unit, mark in (
        (MERGED, "常德市群众艺术馆网站（示例）", "群众艺术馆", "qzysg", "4307009061"),
        (CLOSED, "常德市旧物展览馆网站（示例）", "旧物展览馆", "jwg", "4307009062"),
    ):
        studio.manage(
            "open_tenant", code, "--name", name, "--short-name", short, "--blueprint", "department",
            "--host", f"{unit}.changde.localhost", "--portal", "changde", "--division", "430700",
            "--sponsor", SPONSOR, "--identification-code", mark,
            "--var", f"unit_name={short}", "--var", f"unit={unit}", "--var", "head=馆长",
        )  # fmt: skip
    studio.manage("tenant_address", MERGED, "--also", "localhost", "--prefix", "/bm/qzysg")
    dump = old_site().write(studio.data_dir)
    report = json.loads(
        studio.manage("import_site", str(dump), "--tenant", MERGED, "--json").splitlines()[-1]
    )
    print("merged:", report["counts"])
    studio.manage(
        "close_tenant",
        CLOSED,
        "--notice",
        "本站内容已并入市群众艺术馆网站（示例）。",
        "--successor",
        MERGED,
    )


def link_with(page: Page, words: str) -> str:
    """Address of the first link in the text of ``page`` that holds ``words``."""
    return str(page.locator("main a", has_text=words).first.evaluate("a => a.href"))


def photograph_public(studio: Studio, screen: str) -> None:
    """What a citizen sees."""
    with studio.visitor(screen) as page:
        for name, host, path in (
            ("portal-home", "", "/"),
            ("portal-section", "", "/ywdt/bsyw/"),
            ("portal-article", "", "/ywdt/tzgg/sample-4/"),
            ("site-map", "", "/wzdt/"),
            ("all-sites", "", "/zhanqun/"),
            ("not-found", "", "/ywdt/no-such-page/"),
            ("department-home", "jyj.changde", "/"),
            ("channel-home", "", "/bm/gjj/"),
            ("closed-site", "jwg.changde", "/"),
            ("merged-home", "qzysg.changde", "/"),
            ("accessibility-statement", "", "/wuzhangai/"),
        ):
            page.goto(studio.url(host, path))
            studio.shoot(page, f"citizen-{name}-{screen}")
        page.goto(studio.url("qzysg.changde", "/wzdt/"))
        page.goto(link_with(page, "演出预告"))
        studio.shoot(page, f"citizen-merged-section-{screen}")
        page.goto(link_with(page, "夏季夜场演出"))
        studio.shoot(page, f"citizen-merged-article-{screen}")


def photograph_modes(studio: Studio) -> None:
    """Large text and high contrast on a telephone."""
    with studio.visitor("phone") as page:
        page.context.add_cookies(
            [{"name": "jiyue_modes", "value": "text.contrast", "url": studio.url("")}]
        )
        page.goto(studio.url("", "/ywdt/tzgg/sample-4/"))
        studio.shoot(page, "citizen-large-text-high-contrast-phone")


def sign_in(studio: Studio, page: Page, name: str, password: str) -> None:
    page.goto(studio.url("admin", "/sign-in/"))
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def accept(studio: Studio, page: Page, link: str) -> None:
    """Use a one-time link: set the first password, which signs in."""
    page.goto(link)
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda url: "/invitations/" not in url)


def one_time_link(page: Page) -> str:
    found = re.search(r"http://admin\.localhost:\d+/invitations/[\w-]+/", page.inner_text("main"))
    if found is None:
        raise SystemExit(f"{page.url} shows no one-time link")
    return found[0]


def photograph_platform(studio: Studio, accounts: Mapping[str, str]) -> str:
    """The platform's three roles. :returns: the link for the merged site's first administrator."""
    with studio.visitor() as page:
        page.goto(studio.url("admin"))
        studio.shoot(page, "editor-sign-in-desk")
        sign_in(studio, page, "operator", accounts["operator"])
        page.goto(studio.url("admin", "/platform/sites/"))
        studio.shoot(page, "operator-sites-desk")
        page.goto(studio.url("admin", f"/platform/sites/{MERGED}/enter/"))
        page.fill("[name=reason]", "应市群众艺术馆（示例）请求，核对并入后的栏目")
        studio.shoot(page, "operator-break-glass-desk")
        page.locator("main form button").last.click()
        page.wait_for_url(f"**/t/{MERGED}/**")
        studio.shoot(page, "operator-inside-a-site-desk")
        page.goto(studio.url("admin", "/platform/break-glass/"))
        studio.shoot(page, "operator-break-glass-list-desk")
    with studio.visitor("phone") as page:
        page.goto(studio.url("admin"))
        studio.shoot(page, "editor-sign-in-phone")
        sign_in(studio, page, "operator", accounts["operator"])
        page.goto(studio.url("admin", "/platform/sites/"))
        studio.shoot(page, "operator-sites-phone")
        page.goto(studio.url("admin", f"/platform/sites/{MERGED}/enter/"))
        studio.shoot(page, "operator-break-glass-phone")
    with studio.visitor() as page:
        sign_in(studio, page, "auditor", accounts["auditor"])
        page.goto(studio.url("admin", "/platform/events/"))
        studio.shoot(page, "auditor-events-desk")
    with studio.visitor() as page:
        sign_in(studio, page, "security", accounts["security"])
        page.goto(studio.url("admin", "/platform/people/"))
        studio.shoot(page, "security-people-desk")
        page.goto(studio.url("admin", f"/platform/sites/{MERGED}/administrator/"))
        page.fill("[name=username]", "qzysg-admin")
        page.fill("[name=display_name]", "示例馆长")
        studio.shoot(page, "security-first-administrator-desk")
        page.locator("main form button").last.click()
        page.wait_for_load_state()
        return one_time_link(page)


def photograph_site_administrator(studio: Studio, link: str) -> str:
    """The merged site's administrator. :returns: the link for its editor."""
    with studio.visitor() as page:
        page.goto(link)
        studio.shoot(page, "editor-invitation-desk")
        accept(studio, page, link)
        page.goto(studio.url("admin", f"/t/{MERGED}/users/new/"))
        page.fill("[name=username]", "qzysg-editor")
        page.fill("[name=display_name]", "示例编辑")
        page.select_option("[name=role]", "editor")
        studio.shoot(page, "administrator-invite-desk")
        page.locator("main form button.button").last.click()
        page.wait_for_load_state()
        found = one_time_link(page)
        page.goto(studio.url("admin", f"/t/{MERGED}/users/"))
        studio.shoot(page, "administrator-people-desk")
    return found


def photograph_editor(studio: Studio, link: str) -> None:
    """The editor changes an imported article and publishes; everybody sees it."""
    base = f"/t/{MERGED}"
    with studio.visitor() as page:
        accept(studio, page, link)
        page.goto(studio.url("admin", f"{base}/"))
        studio.shoot(page, "editor-home-desk")
        page.goto(studio.url("admin", f"{base}/pages/search/?q=夏季夜场"))
        studio.shoot(page, "editor-search-desk")
        number = re.search(rf"{base}/pages/(\d+)/edit/", page.content())
        if number is None:
            raise SystemExit("the administration's search does not find the imported article")
        edit = studio.url("admin", f"{base}/pages/{number[1]}/edit/")
        section = page.locator("a[href*='/pages/'][href$='/']", has_text="演出预告").first
        if section.count():
            page.goto(str(section.evaluate("a => a.href")))
            studio.shoot(page, "editor-explorer-desk")
        page.goto(edit)
        page.wait_for_selector("[name=title]")
        page.fill("[name=title]", CHANGED_TITLE)
        page.wait_for_timeout(1500)
        studio.shoot(page, "editor-article-desk")
        page.evaluate("document.querySelector('[name=action-publish]').click()")
        page.wait_for_selector(".messages")
        if "/checks/" in page.url:
            # The old site named no source: the checks hold the text back until somebody does.
            studio.shoot(page, "editor-held-back-desk")
            page.locator("main a", has_text="去改正").first.click()
            page.wait_for_selector("[name=source_name]")
            page.fill("[name=source_name]", "（示例）市群众艺术馆")
            page.evaluate("document.querySelector('[name=action-publish]').click()")
        page.wait_for_selector(".messages .success")
        studio.shoot(page, "editor-published-desk")
    for name, host, path in (
        ("host", "qzysg.changde", "/"), ("channel", "", "/bm/qzysg/"), ("portal", "", "/"),
    ):  # fmt: skip
        with studio.visitor() as page:
            page.goto(studio.url(host, path))
            if CHANGED_TITLE not in page.content():
                raise SystemExit(f"{page.url} does not show the changed article")
            studio.shoot(page, f"published-on-{name}-desk")
    with studio.visitor("phone") as page:
        sign_in(studio, page, "qzysg-editor", PASSWORD)
        page.goto(edit)
        page.wait_for_selector("[name=title]")
        page.wait_for_timeout(1500)
        studio.shoot(page, "editor-article-phone")


def photograph_desk(studio: Studio, passwords: Mapping[str, str]) -> None:
    """The portal's own staff: what is to be done, reviews, the look, what was deleted, figures."""
    for name, screen, places in (
        ("changde-first", "desk", {"reviewer-desk": "/", "reviewer-queue": "/review/"}),
        ("changde-first", "phone", {"reviewer-desk": "/"}),
        (
            "changde-admin",
            "desk",
            {
                "administrator-look": "/look/",
                "administrator-review-settings": "/review/settings/",
                "administrator-notices": "/notices/",
                "administrator-figures": "/desk/figures/",
            },
        ),
    ):
        with studio.visitor(screen) as page:
            sign_in(studio, page, name, passwords[name])
            for picture, path in places.items():
                page.goto(studio.url("admin", f"/t/changde{path}"))
                studio.shoot(page, f"{picture}-{screen}")


def main() -> int:
    """Take all pictures."""
    port, data_dir = (
        int(os.environ.get("PORT", "8000")),
        Path(os.environ.get("DATA_DIR", "var")).resolve(),
    )
    accounts = json.loads((data_dir / "sample_accounts.json").read_text())
    chromium = os.environ.get("CHROMIUM_BIN") or shutil.which("chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP *.localhost 127.0.0.1",
            ],
        )
        studio = Studio(port, data_dir, browser)
        prepare(studio)
        for screen in SCREENS:
            photograph_public(studio, screen)
        photograph_modes(studio)
        administrator = photograph_platform(studio, accounts)
        editor = photograph_site_administrator(studio, administrator)
        photograph_editor(studio, editor)
        photograph_desk(studio, accounts)
        photograph_journey(studio, accounts)
        browser.close()
    total = sum(studio.taken.values())
    print(f"{len(studio.taken)} pictures, {total // 1000} kB")
    if total > MOST_BYTES_IN_ALL:
        print(f"more than {MOST_BYTES_IN_ALL // 1000} kB in all", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
