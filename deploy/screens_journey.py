"""Pictures of one article's life, a new look and the notices on all sites; taken by ``screens.py``.

Everything is done through the screens, by the people who would do it, **by the keyboard alone**
(``screens_keyboard.py``): each person opens the address of the administration, or of the portal, and from
there walks by Tab, Enter, Space, arrows and typing. What should be seen is looked for, and the first thing
that is missing, or a focus that cannot be seen, stops the run.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

from deploy.screens_keyboard import MOST_TABS_OF_A_FORM, Keyboard, holds, words, words_of_label

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
#: Keeps the telephone number: its finding is waived.
FIRST_TEXT = "各乡镇人民政府：秋灌自十月八日开始，请各单位做好准备。电话13800138000。"
SECOND_TEXT = "各乡镇人民政府：秋灌自十月八日开始，到十月二十日结束，请各单位做好准备。"
CORRECTION = "雨天顺延。"
#: As the screen of findings marks it.
MARKED_NUMBER = "138****8000"
#: Seconds until every page shows what two people have switched on.
SHOWN_WITHIN = 5.0
REVIEWERS = ("changde-first", "changde-second", "changde-reviewer")


def seen(page: Page, words_: str) -> None:
    """Stop unless the page shows these words."""
    if words_ not in page.inner_text("body"):
        said = page.locator(".messages").all_inner_texts()
        raise SystemExit(f"{page.url} does not show: {words_}; it says: {said}")


def settle(page: Page) -> None:
    """Until an editing form is built and has kept a draft of its own accord."""
    page.wait_for_load_state()
    page.wait_for_timeout(2_000)


@contextmanager
def staff(
    studio: "Studio", passwords: Mapping[str, str], name: str, screen: str = "desk"
) -> Iterator[Keyboard]:
    """Somebody who signs in by the keyboard and is where staff begin."""
    with studio.visitor(screen) as page:
        page.goto(studio.url("admin", "/sign-in/"))
        keyboard = Keyboard(page)
        keyboard.to("e.name === 'username'")
        keyboard.type(name)
        keyboard.to("e.name === 'password'")
        keyboard.type(passwords[name])
        keyboard.press("Enter", leaves=True)
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        yield keyboard
        longest = max(keyboard.ways, key=lambda way: way[1])
        print(f"{name}, {screen}: {len(keyboard.ways)} ways, the longest {longest[1]} Tabs")


# -- an article ---------------------------------------------------------------------------------------


def write(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """Write and submit; what is wrong is found, explained or corrected; submit again."""
    with staff(studio, passwords, "changde-editor") as keyboard:
        page = keyboard.page
        keyboard.go(words("写稿", "A"))
        keyboard.to("e.name === 'q' && e.id === 'jy-section'")
        keyboard.type("通知")
        studio.shoot(page, "journey-choose-section-desk")
        keyboard.press("Enter")
        keyboard.to(holds(SECTION, "A"))
        keyboard.press("Enter", leaves=True)
        settle(page)
        keyboard.skip()
        keyboard.to("e.name === 'title'")
        keyboard.type(WRONG_TITLE)
        keyboard.to("e.isContentEditable")
        keyboard.type(WITH_PERSONAL_DATA)
        keyboard.to("e.name === 'source_name'")
        keyboard.type("市水利局（示例）")
        settle(page)
        studio.shoot(page, "journey-written-desk")
        submit(keyboard)
        seen(page, "送审前有")
        seen(page, "必须改正，不能说明放行")
        studio.shoot(page, "journey-findings-desk")
        answer_findings(studio, keyboard)


def answer_findings(studio: "Studio", keyboard: Keyboard) -> None:
    """Waive the telephone number, be led to the place of another finding, correct, submit."""
    page = keyboard.page
    keyboard.go(words("去改正或说明", "A"))
    keyboard.skip()
    keyboard.to(
        f"e.type === 'checkbox' && e.closest('.check').innerText.includes('{MARKED_NUMBER}')"
    )
    keyboard.press("Space")
    keyboard.to("e.name === 'reason'")
    keyboard.type("值班电话，可以公开（示例）")
    studio.shoot(page, "journey-waiver-desk")
    keyboard.go(words("放行所选", "BUTTON"))
    keyboard.skip()
    keyboard.go(f"{holds('去改正', 'A')} && e.closest('.check').innerText.includes('身份证')")
    page.wait_for_timeout(5_000)
    if not keyboard.is_at("e.isContentEditable"):
        raise SystemExit(f"{page.url}: the place of the finding has not the focus")
    keyboard.type(FIRST_TEXT, instead=True)
    settle(page)
    keyboard.to("e.name === 'title'", key="Shift+Tab")
    keyboard.type(TITLE, instead=True)
    settle(page)
    submit(keyboard)
    if "/edit/" in page.url:
        raise SystemExit(
            f"{page.url} was not submitted: {page.locator('.messages').all_inner_texts()}"
        )


def submit(keyboard: Keyboard) -> None:
    """From anywhere in the form to the menu below it, and submit."""
    menu(keyboard, "e.name === 'action-submit'")


def menu(keyboard: Keyboard, entry: str) -> None:
    """Open the menu of the editing form and follow an entry."""
    keyboard.to(
        "e.closest('footer') && e.getAttribute('aria-expanded') === 'false'", MOST_TABS_OF_A_FORM
    )
    keyboard.press("Enter")
    keyboard.page.wait_for_timeout(500)
    keyboard.to(entry, 12)
    keyboard.press("Enter", leaves=True)
    settle(keyboard.page)


def header_menu(keyboard: Keyboard, entry: str) -> None:
    """Open the menu in the header of the editing form, leave it by Escape, open it again, follow an entry."""
    settle(keyboard.page)
    keyboard.to(words_of_label("操作"))
    keyboard.press("Enter")
    keyboard.page.wait_for_timeout(500)
    keyboard.to(words(entry, "A"), 12)
    keyboard.press("Escape")
    if not keyboard.is_at(words_of_label("操作")):
        raise SystemExit(
            f"{keyboard.page.url}: Escape does not lead back to the button of the menu"
        )
    keyboard.press("Enter")
    keyboard.page.wait_for_timeout(500)
    keyboard.go(words(entry, "A"), 12)


def correct(keyboard: Keyboard, text: str) -> None:
    """In the editing form: another text; submit, which no finding holds back."""
    page = keyboard.page
    settle(page)
    keyboard.skip()
    keyboard.to("e.isContentEditable")
    keyboard.type(text, instead=True)
    settle(page)
    submit(keyboard)
    if "/edit/" in page.url:
        raise SystemExit(
            f"{page.url} was not submitted: {page.locator('.messages').all_inner_texts()}"
        )


def find(keyboard: Keyboard, title: str = TITLE) -> None:
    """From the desk to a text by its title, through the search of texts."""
    keyboard.skip()
    keyboard.to("e.name === 'q'")
    keyboard.type(title)
    keyboard.press("Enter", leaves=True)
    keyboard.skip()
    keyboard.go(holds(title, "A"))


def to_review(keyboard: Keyboard) -> None:
    """From the desk to the text that waits."""
    keyboard.skip()
    keyboard.go(holds(TITLE, "A"))


def approve(keyboard: Keyboard) -> None:
    keyboard.skip()
    keyboard.go(words("通过", "BUTTON"))
    settle(keyboard.page)
    seen(keyboard.page, "已通过")


def review(studio: "Studio", passwords: Mapping[str, str]) -> str:
    """Returned with a reason, reviewed three times, public. :returns: its public address."""
    with staff(studio, passwords, "changde-first") as keyboard:
        to_review(keyboard)
        studio.shoot(keyboard.page, "journey-first-review-desk")
        approve(keyboard)
    with staff(studio, passwords, "changde-second", "phone") as keyboard:
        studio.shoot(keyboard.page, "journey-second-reviewer-phone")
        to_review(keyboard)
        studio.shoot(keyboard.page, "journey-second-review-phone")
        keyboard.skip()
        keyboard.to("e.tagName === 'TEXTAREA' && e.closest('form').querySelector('[value=return]')")
        keyboard.type("请写明起止日期")
        keyboard.go(words("退回并说明原因", "BUTTON"))
        settle(keyboard.page)
        studio.shoot(keyboard.page, "journey-returned-phone")
    with staff(studio, passwords, "changde-editor") as keyboard:
        seen(keyboard.page, TITLE)
        studio.shoot(keyboard.page, "journey-returned-desk")
        keyboard.skip()
        keyboard.go(holds(TITLE, "A"))
        if "/review/" in keyboard.page.url:
            keyboard.skip()
            keyboard.go(words("打开编辑", "A"))
        correct(keyboard, SECOND_TEXT)
    three_reviews(studio, passwords)
    with staff(studio, passwords, "changde-editor") as keyboard:
        find(keyboard)
        header_menu(keyboard, "审核记录")
        studio.shoot(keyboard.page, "journey-review-record-desk")
    with studio.visitor() as page:
        open_article(studio, Keyboard(page))
        seen(page, SECOND_TEXT)
        return page.url


def open_article(studio: "Studio", keyboard: Keyboard) -> None:
    """A citizen: from the portal's home through the section to the article."""
    keyboard.page.goto(studio.url(""))
    if keyboard.page.locator("summary", has_text="菜单").is_visible():  # on a phone
        keyboard.to(words("菜单", "SUMMARY"))
        keyboard.press("Enter")
    keyboard.go(words("要闻动态", "A"))
    keyboard.skip()
    keyboard.go(words(SECTION, "A"))
    keyboard.skip()
    keyboard.go(holds(TITLE, "A"))


def three_reviews(studio: "Studio", passwords: Mapping[str, str]) -> None:
    for name in REVIEWERS:
        with staff(studio, passwords, name) as keyboard:
            to_review(keyboard)
            approve(keyboard)


def correct_in_public(studio: "Studio", passwords: Mapping[str, str], address: str) -> None:
    """A correction waits for its reviews while the old text stays."""
    with staff(studio, passwords, "changde-editor") as keyboard:
        find(keyboard)
        correct(keyboard, SECOND_TEXT + CORRECTION)
    with studio.visitor() as page:
        page.goto(address)
        if CORRECTION in page.inner_text("body"):
            raise SystemExit("a correction was public before it was reviewed")
        three_reviews(studio, passwords)
        page.goto(address)
        seen(page, CORRECTION)
    for screen in ("desk", "phone"):
        with studio.visitor(screen) as page:
            open_article(studio, Keyboard(page))
            seen(page, CORRECTION)
            studio.shoot(page, f"journey-corrected-{screen}")


def withdraw(studio: "Studio", passwords: Mapping[str, str], address: str) -> None:
    """Taken off with a reason; the address says so."""
    with staff(studio, passwords, "changde-reviewer", "phone") as keyboard:
        find(keyboard)
        header_menu(keyboard, "撤稿")
        keyboard.skip()
        keyboard.to("e.name === 'reason'")
        keyboard.choose("e.labels[0].innerText.includes('有错误')")
        keyboard.to("e.name === 'explanation'")
        keyboard.type("起止日期有误，核对后再发布。")
        studio.shoot(keyboard.page, "journey-withdraw-phone")
        keyboard.go("e.type === 'submit' && e.matches('.serious')")
        settle(keyboard.page)
    for screen in ("desk", "phone"):
        with studio.visitor(screen) as page:
            answer = page.goto(address)
            if answer is None or answer.status != 410:
                raise SystemExit(f"{address} is not answered as gone")
            studio.shoot(page, f"journey-withdrawn-{screen}")


# -- the look -----------------------------------------------------------------------------------------


def open_look(keyboard: Keyboard) -> None:
    """Through the menu of the administration."""
    keyboard.to(words("设置", "BUTTON"))
    keyboard.press("Enter")
    keyboard.page.wait_for_timeout(500)
    keyboard.go(holds("网站外观", "A"))


def new_look(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """Colours that cannot be read are refused; others are seen first, put live, and taken back."""
    with staff(studio, passwords, "changde-admin") as keyboard:
        page = keyboard.page
        open_look(keyboard)
        keyboard.skip()
        keyboard.to("e.name === 'brand'")
        keyboard.type("#aabbcc", instead=True)
        keyboard.go("e.value === 'save'", MOST_TABS_OF_A_FORM)
        settle(page)
        seen(page, "至少要 4.5")
        studio.shoot(page, "journey-look-refused-desk")
        keyboard.skip()
        keyboard.to("e.name === 'theme'")
        keyboard.choose("e.value === 'department'")
        keyboard.to("e.name === 'brand'")
        keyboard.type("#8c1d18", instead=True)
        keyboard.go("e.value === 'save'", MOST_TABS_OF_A_FORM)
        keyboard.skip()
        keyboard.go(words("预览草稿", "A"))
        settle(page)
        studio.shoot(page, "journey-look-preview-desk")
        keyboard.skip()
        keyboard.go(holds("外观", "A"))
        keyboard.skip()
        keyboard.go(words("草稿上线", "BUTTON"))
        for screen in ("desk", "phone"):
            with studio.visitor(screen) as citizen:
                citizen.goto(studio.url(""))
                studio.shoot(citizen, f"journey-new-look-{screen}")
        keyboard.skip()
        keyboard.go(holds("恢复这一版", "BUTTON"), MOST_TABS_OF_A_FORM)
        seen(page, "已恢复")


# -- notices ------------------------------------------------------------------------------------------

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


def propose(keyboard: Keyboard, kind: str, headline: str) -> None:
    """One operator proposes for all sites, for an hour."""
    ends = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=1)
    keyboard.go(words("哀悼与紧急通知", "A"))
    keyboard.skip()
    keyboard.to("e.name === 'kind'", MOST_TABS_OF_A_FORM)
    keyboard.choose(f"e.value === '{kind}'")
    keyboard.to("e.name === 'where'")
    keyboard.choose("e.value === 'all'")
    if headline:
        keyboard.to("e.name === 'headline'")
        keyboard.type(headline)
        keyboard.to("e.name === 'text'")
        keyboard.type("转移地点和电话见市应急管理局网站（示例）。")
    propose_button = words("提出", "BUTTON")
    keyboard.to("e.name === 'reason' && e.closest('[aria-labelledby=propose]')")
    keyboard.type("演练（示例）")
    keyboard.go(propose_button)
    # The end was forgotten: the focus stands at what is said of it, which leads to the field.
    keyboard.to(words("结束", "A"))
    keyboard.press("Enter")
    keyboard.to("e.name === 'ends_at'", 2)
    keyboard.type_time(ends)
    keyboard.go(propose_button)
    seen(keyboard.page, "另一位运营员确认后开始显示")


def notices(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """The emergency bar, then mourning, on all sites: one operator proposes, another confirms."""
    with (
        staff(studio, passwords, "operator") as first,
        staff(studio, passwords, "operator-2", "phone") as second,
    ):
        for kind, headline in (
            ("emergency", "（示例）暴雨红色预警：低洼处居民请立即转移"),
            ("mourning", ""),
        ):
            propose(first, kind, headline)
            # On a phone the menu is folded.
            second.to("e.tagName === 'SUMMARY' && e.closest('.menu')")
            second.press("Enter")
            second.go(words("哀悼与紧急通知", "A"))
            if kind == "emergency":
                studio.shoot(second.page, "journey-notice-to-confirm-phone")
            second.skip()
            second.go(words("确认并显示", "BUTTON"))
            for host, path in (("", "/"), ("jyj.changde", "/"), ("", "/bm/gjj/")):
                with studio.visitor() as page:
                    wait_for(page, studio.url(host, path), kind)
            for screen in ("desk", "phone"):
                with studio.visitor(screen) as page:
                    page.goto(studio.url("jyj.changde" if screen == "phone" else ""))
                    studio.shoot(page, f"journey-{kind}-{screen}")
            second.skip()
            second.to("e.name === 'reason' && e.closest('form').querySelector('[value=lift]')")
            second.type("演练结束（示例）")
            second.press("Enter", leaves=True)
            seen(second.page, "已解除")


def photograph_journey(studio: "Studio", passwords: Mapping[str, str]) -> None:
    """All of it, in order."""
    write(studio, passwords)
    address = review(studio, passwords)
    correct_in_public(studio, passwords, address)
    withdraw(studio, passwords, address)
    new_look(studio, passwords)
    notices(studio, passwords)
