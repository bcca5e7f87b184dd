"""What both sides of a comparison print: one bureau's site, as plain values.

The platform and the plain Wagtail project build their pages from these, so that neither has more to
print than the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=8))
HOST = "bureau.localhost"
SITE = {
    "name": "示例市教育局",
    "short_name": "教育局",
    "sponsor": "示例市教育局",
    "operator": "示例市教育信息中心",
    "identification_code": "4307000042",
    "icp_license_number": "湘ICP备00000000号-1",
    "police_record_number": "湘公网安备 43070002000001号",
    "conac_id": "0123456789ABCDEF0123456789ABCDEF",
    "contact_phone": "0736-0000000",
    "contact_address": "示例市人民路1号",
}
#: Top sections, and what stands below each of them.
SECTIONS = {
    "政务公开": ("政策文件", "政策解读", "财政资金", "人事信息"),
    "新闻中心": ("教育要闻", "基层动态", "媒体报道", "通知公告"),
    "办事服务": ("学生资助", "教师资格", "学历认证"),
    "互动交流": ("在线访谈", "调查征集", "回应关切"),
    "机构职能": ("领导信息", "内设机构", "直属单位"),
    "专题专栏": ("义务教育", "职业教育", "校园安全"),
    "党建工作": ("党建动态", "清廉机关"),
    "数据发布": ("统计公报", "数据解读"),
}
ARTICLES = 300
_SUBJECTS = (
    "关于做好{year}年义务教育阶段招生入学工作的通知",
    "示例市{year}年学生资助政策问答第{number}期",
    "关于公布第{number}批普惠性民办幼儿园名单的公告",
    "全市校园安全工作会议召开，部署第{number}项专项行动",
    "{year}年中小学教师资格认定公告（第{number}号）",
)
_SENTENCES = (
    "各区县教育局，市直各学校：为贯彻落实上级有关要求，切实维护人民群众的合法权益，现将有关事项通知如下。",
    "坚持免试就近入学原则，合理划定招生范围，适龄儿童少年由监护人在规定时间内登录报名平台提交信息。",
    "各学校不得以任何形式组织选拔性考试，不得提前招生，不得收取与入学挂钩的费用。",
    "对家庭经济困难学生，按照应助尽助的要求落实资助政策，申请材料可以在线提交，不需要重复提供。",
    "工作中遇到的问题，请及时与局办公室联系；咨询电话在工作日上午八时至下午五时三十分开放。",
)


@dataclass(frozen=True, slots=True)
class SectionContent:
    """One section. ``parent``: slug of the section above it, ``""`` for the home page."""

    slug: str
    title: str
    parent: str


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """One article in the section with the slug ``section``. ``table``: markup of a table, or ``""``."""

    slug: str
    section: str
    title: str
    summary: str
    source: str
    author: str
    editor: str
    paragraphs: str
    table: str
    published_at: datetime

    @property
    def path(self) -> str:
        """Path on the site's host."""
        return f"/{self.section.partition('-')[0]}/{self.section}/{self.slug}/"


def sections() -> Iterator[SectionContent]:
    """All sections, parents before children."""
    for number, (title, below) in enumerate(SECTIONS.items(), start=1):
        yield SectionContent(f"s{number}", title, "")
        for place, child in enumerate(below, start=1):
            yield SectionContent(f"s{number}-{place}", child, f"s{number}")


def articles(count: int = ARTICLES) -> Iterator[ArticleContent]:
    """``count`` articles, spread over the lower sections; every third carries a table."""
    leaves = [section.slug for section in sections() if section.parent]
    newest = datetime(2024, 6, 28, 9, 30, tzinfo=ZONE)
    for number in range(1, count + 1):
        title = _SUBJECTS[number % len(_SUBJECTS)].format(year=2015 + number % 9, number=number)
        sentences = [_SENTENCES[(number + place) % len(_SENTENCES)] for place in range(12)]
        yield ArticleContent(
            slug=f"a{number}",
            section=leaves[number % len(leaves)],
            title=title,
            summary=sentences[0],
            source="局办公室" if number % 2 else "基础教育科",
            author="张示例" if number % 4 == 0 else "",
            editor="李示例",
            paragraphs="".join(
                f"<p>{sentences[place]}{sentences[place + 1]}</p>" for place in range(0, 12, 2)
            ),
            table=_table(number) if number % 3 == 0 else "",
            published_at=newest - timedelta(hours=7 * number, minutes=13 * number % 60),
        )


def _table(number: int) -> str:
    rows = "".join(
        f"<tr><td>{row}</td><td>示例学校{number}-{row}</td><td>{40 + row}</td></tr>"
        for row in range(1, 9)
    )
    return (
        "<table><thead><tr><th>序号</th><th>学校</th><th>招生计划</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def measured_articles() -> list[ArticleContent]:
    """The articles that are asked for: ten with a table, twenty without."""
    return list(articles())[120:150]
