"""Pictures of one article's life, a new look and the notices on all sites; taken by ``screens.py``.

Everything is done through the screens, by the people who would do it; what should be seen is looked for,
and the first thing that is missing stops the run. Writing and submitting is done by the keyboard alone.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

if TYPE_CHECKING:
    from deploy.screens import Studio

SITE = "/t/changde"
SECTION = "通知公告"
TITLE = "（示例）关于第三轮秋灌用水安排的通知"
WRONG_TITLE = TITLE.replace("安排", "按排")
#: Made up, with a right check digit: the checks have to find it.
WITH_PERSONAL_DATA = (
    "各乡镇人民政府：秋灌自十月八日开始。联系人身份证号码11010519491231002X，电话13800138000。"
)
FIRST_TEXT = "各乡镇人民政府：秋灌自十月八日开始，请各单位做好准备。"
SECOND_TEXT = "各乡镇人民政府：秋灌自十月八日开始，到十月二十日结束，请各单位做好准备。"
MOST_TABS = 250
#: Seconds until every page shows what two people have switched on.
SHOWN_WITHIN = 5.0


def seen(page: Page, words: str) -> None:
    """Stop unless the page shows ``words``."""
    if words not in page.inner_text("body"):
        said = page.locator(".messages").all_inner_texts()
        raise SystemExit(f"{page.url} does not show: {words}; it says: {said}")


@contextmanager
def staff(
    studio: "Studio", passwords: Mapping[str, str], name: str, screen: str = "desk"
) -> Iterator[Page]:
    """A page of somebody who has signed in."""
    with studio.visitor(screen) as page:
        page.goto(studio.url("admin", "/sign-in/"))
        page.fill("[name=username]", name)
        page.fill("[name=password]", passwords[name])
        page.locator("main form button").last.click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        yield page


def tab_to(page: Page, test: str) -> None:
    """Press Tab until the focused element ``e`` passes ``test`` (JavaScript), and never touch the mouse."""
    for _step in range(MOST_TABS):
        if page.evaluate(f"(e => Boolean(e && ({test})))(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise SystemExit(f"{page.url}: {MOST_TABS} times Tab do not reach {test}")


def with_words(words: str, tag: str = "") -> str:
    """Test for :func:`tab_to`: an element of ``tag`` with exactly these words."""
    kind = f"e.tagName === '{tag}' && " if tag else ""
    return f"{kind}e.innerText !== undefined && e.innerText.trim() === '{words}'"


def settle(page: Page) -> None:
    page.wait_for_load_state()
    page.wait_for_timeout(2_000)


def write(studio: "Studio", passwords: Mapping[str, str]) -> int:
    """Sign in, write and submit by the keyboard alone; what is wrong is found. :returns: the page's number."""
    with studio.visitor() as page:
        page.goto(studio.url("admin", "/sign-in/"))
        tab_to(page, "e.name === 'username'")
        page.keyboard.type("changde-editor")
        tab_to(page, "e.name === 'password'")
        page.keyboard.type(passwords["changde-editor"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{SITE}/")
        tab_to(page, with_words("写稿", "A"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/write/")
        tab_to(page, with_words(SECTION, "A"))
        studio.shoot(page, "journey-keyboard-choose-section-desk")
        page.keyboard.press("Enter")
        page.wait_for_selector("[name=title]")
        settle(page)
        tab_to(page, "e.name === 'title'")
        page.keyboard.type(WRONG_TITLE)
        tab_to(page, "e.isContentEditable")
        page.keyboard.type(WITH_PERSONAL_DATA)
        tab_to(page, "e.name === 'source_name'")
        page.keyboard.type("市水利局（示例）")
        settle(page)
        studio.shoot(page, "journey-keyboard-written-desk")
        tab_to(page, "e.closest('footer') && e.getAttribute('aria-expanded') === 'false'")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        tab_to(page, "e.name === 'action-submit'")
        page.keyboard.press("Enter")
        settle(page)
        seen(page, "送审前有")
        seen(page, "必须改正，不能说明放行")
        studio.shoot(page, "journey-findings-desk")
        number = re.search(r"/pages/(\d+)/", page.url)
        if number is None:
            raise SystemExit(f"{page.url} is not the page that was written")
        return int(number[1])


def change(page: Page, edit: str, text: str, title: str = TITLE) -> None:
    """Put another text into the page and submit it."""
    page.goto(edit)
    page.wait_for_selector("[name=title]")
    settle(page)
    page.fill("[name=title]", title)
    page.locator(".public-DraftEditor-content").last.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    settle(page)
    page.evaluate("document.querySelector('[name=action-submit]').click()")
    settle(page)
    if "/edit/" in page.url:
        said = page.locator(".messages").all_inner_texts()
        raise SystemExit(f"{page.url} was not submitted; it says: {said}")


def decide(page: Page, record: str, action: str, why: str = "") -> None:
    page.goto(record)
    form = page.locator(f"form:has(input[name=action][value={action}])")
    if why:
        form.locator("textarea").fill(why)
    form.locator("button").last.click()
    settle(page)


def review(studio: "Studio", passwords: Mapping[str, str], number: int) -> str:
    """Corrected, returned with a reason, reviewed three times, public. :returns: its public address."""
    edit = studio.url("admin", f"{SITE}/pages/{number}/edit/")
    record = studio.url("admin", f"{SITE}/review/1/{number}/")
    with staff(studio, passwords, "changde-editor") as page:
        change(page, edit, FIRST_TEXT)
    with staff(studio, passwords, "changde-first") as page:
        page.goto(record)
        studio.shoot(page, "journey-first-review-desk")
        decide(page, record, "approve")
    with staff(studio, passwords, "changde-second", "phone") as page:
        studio.shoot(page, "journey-second-reviewer-phone")
        page.goto(record)
        studio.shoot(page, "journey-second-review-phone")
        decide(page, record, "return", "请写明起止日期")
    with staff(studio, passwords, "changde-editor") as page:
        page.goto(studio.url("admin", f"{SITE}/"))
        seen(page, TITLE)
        studio.shoot(page, "journey-returned-desk")
        change(page, edit, SECOND_TEXT)
    three_reviews(studio, passwords, record)
    with staff(studio, passwords, "changde-editor") as page:
        page.goto(record)
        studio.shoot(page, "journey-review-record-desk")
    with studio.visitor() as page:
        page.goto(studio.url("", "/ywdt/tzgg/"))
        page.locator("main a", has_text=TITLE).first.click()
        page.wait_for_load_state()
        seen(page, SECOND_TEXT)
        return page.url


def three_reviews(studio: "Studio", passwords: Mapping[str, str], record: str) -> None:
    for name in ("changde-first", "changde-second", "changde-reviewer"):
        with staff(studio, passwords, name) as page:
            decide(page, record, "approve")
            seen(page, "已通过")


def correct_and_withdraw(
    studio: "Studio", passwords: Mapping[str, str], number: int, address: str
) -> None:
    """A correction waits for its reviews while the old text stays; then the page is withdrawn."""
    record = studio.url("admin", f"{SITE}/review/1/{number}/")
    with staff(studio, passwords, "changde-editor") as page:
        change(
            page, studio.url("admin", f"{SITE}/pages/{number}/edit/"), SECOND_TEXT + "雨天顺延。"
        )
    with studio.visitor() as page:
        page.goto(address)
        if "雨天顺延" in page.inner_text("body"):
            raise SystemExit("a correction was public before it was reviewed")
        three_reviews(studio, passwords, record)
        page.goto(address)
        seen(page, "雨天顺延")
    for screen in ("desk", "phone"):
        with studio.visitor(screen) as page:
            page.goto(address)
            studio.shoot(page, f"journey-corrected-{screen}")
    with staff(studio, passwords, "changde-reviewer") as page:
        page.goto(studio.url("admin", f"{SITE}/pages/{number}/unpublish/"))
        page.locator("[name=reason]").nth(3).check()
        page.fill("[name=explanation]", "起止日期有误，核对后再发布。")
        studio.shoot(page, "journey-withdraw-desk")
        page.locator("main form button[type=submit]").last.click()
        settle(page)
    for screen in ("desk", "phone"):
        with studio.visitor(screen) as page:
            answer = page.goto(address)
            if answer is None or answer.status != 410:
                raise SystemExit(f"{address} is not answered as gone")
            studio.shoot(page, f"journey-withdrawn-{screen}")


def new_look(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """Colours that cannot be read are refused; others are seen first, put live, and taken back."""
    look = studio.url("admin", f"{SITE}/look/")
    with staff(studio, passwords, "changde-admin") as page:
        page.goto(look)
        page.fill("[name=brand]", "#aabbcc")
        page.locator("button[value=save]").click()
        settle(page)
        seen(page, "至少要 4.5")
        studio.shoot(page, "journey-look-refused-desk")
        page.locator("[name=theme][value=department]").check()
        page.fill("[name=brand]", "#8c1d18")
        page.locator("button[value=preview]").click()
        settle(page)
        studio.shoot(page, "journey-look-preview-desk")
        page.goto(look)
        page.locator("form:has(input[value=live]) button").click()
        settle(page)
        for screen in ("desk", "phone"):
            with studio.visitor(screen) as citizen:
                citizen.goto(studio.url(""))
                studio.shoot(citizen, f"journey-new-look-{screen}")
        page.locator("form:has(input[value=back]) button").last.click()
        settle(page)
        seen(page, "已恢复")


#: What tells that a notice is shown: the bar, or a page whose ground has lost its colour.
SIGNS = {
    "emergency": "getComputedStyle(document.querySelector('.alarm')).display !== 'none'",
    "mourning": "new Set(getComputedStyle(document.body).backgroundColor.match(/\\d+/g)).size === 1",
}


def wait_for(page: Page, url: str, kind: str) -> None:
    """Load ``url`` until it shows the notice, a few seconds at most."""
    begun = time.monotonic()
    while time.monotonic() - begun < SHOWN_WITHIN:
        page.goto(url)
        if page.evaluate(SIGNS[kind]):
            return
    raise SystemExit(f"{url} does not show {kind}")


def notices(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """The emergency bar, then mourning, on all sites: one operator proposes, another confirms."""
    screen_of = studio.url("admin", "/platform/notices/")
    ends = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    with (
        staff(studio, passwords, "operator") as first,
        staff(studio, passwords, "operator-2") as second,
    ):
        for kind, headline in (
            ("emergency", "（示例）暴雨红色预警：低洼处居民请立即转移"),
            ("mourning", ""),
        ):
            first.goto(screen_of)
            first.locator(f"[name=kind][value={kind}]").check()
            first.locator("[name=where]").first.check()
            if headline:
                first.fill("[name=headline]", headline)
                first.fill("[name=text]", "转移地点和电话见市应急管理局网站（示例）。")
            first.fill("[name=ends_at]", ends)
            first.fill("[name=reason]", "演练（示例）")
            first.locator("section[aria-labelledby=propose] button").click()
            settle(first)
            seen(first, "另一位运营员确认后开始显示")
            second.goto(screen_of)
            if kind == "emergency":
                studio.shoot(second, "journey-notice-to-confirm-desk")
            second.locator("form:has(input[value=confirm]) button").first.click()
            second.wait_for_load_state()
            for host, path in (("", "/"), ("jyj.changde", "/"), ("", "/bm/gjj/")):
                with studio.visitor() as page:
                    wait_for(page, studio.url(host, path), kind)
            for screen in ("desk", "phone"):
                with studio.visitor(screen) as page:
                    page.goto(studio.url("jyj.changde" if screen == "phone" else ""))
                    studio.shoot(page, f"journey-{kind}-{screen}")
            second.goto(screen_of)
            lift = second.locator("form:has(input[value=lift])").first
            lift.locator("[name=reason]").fill("演练结束（示例）")
            lift.locator("button").click()
            settle(second)


def photograph_journey(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """All of it, in order."""
    number = write(studio, passwords)
    address = review(studio, passwords, number)
    correct_and_withdraw(studio, passwords, number, address)
    new_look(studio, passwords)
    notices(studio, passwords)
