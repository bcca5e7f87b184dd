"""A dump of an old site group in the gov8 shape, invented and as dirty as real ones. Streams: any size.

The text is put together from invented sentences; no real site's text is kept here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SITE = "gov1"
SECTIONS = 40
#: 2012-05-04 in Shanghai; articles follow each other by some hours.
_FIRST_STAMP = 1_336_096_800
_HOURS = 7 * 3600
_ITEM = ("id", "model", "title", "site", "cid", "frame", "author", "summary", "timestamp",
         "create_time", "update_time", "verified")  # fmt: skip
_TABLES = {
    "p8_sites_category": ("id", "parent", "name", "site", "model", "url", "type", "display_order",
                          "seo_keywords", "seo_description"),
    "p8_sites_item": _ITEM,
    "p8_sites_item_article_": (*_ITEM, "source", "keywords"),
    "p8_sites_item_article_addon": ("id", "iid", "page", "content", "site"),
    "p8_sites_attachment": ("id", "module", "item_id", "filename", "type", "path"),
}  # fmt: skip
_SENTENCES = (
    "各区县有关单位要高度重视，结合实际抓好落实，重要情况及时报告。",
    "会议听取了上半年工作情况的汇报，研究部署了下一阶段的重点任务。",
    "申请人可以在工作日上午八时至十一时三十分到窗口提交材料，也可以在线办理。",
    "项目总投资约三千二百万元，预计明年六月底前完成主体工程建设。",
    "工作人员走进社区，向居民发放宣传手册，现场解答大家关心的问题。",
    "对不符合条件的，应当在五个工作日内一次性告知需要补正的全部内容。",
    "农业技术人员深入田间地头，指导农户做好春耕备耕和病虫害防治工作。",
    "截至目前，全市累计完成植树造林四万余亩，森林覆盖率稳步提高。",
    "下一步，将继续优化流程、减少环节，让群众少跑腿、好办事。",
    "防汛抗旱指挥部发出通知，要求各地加强值班值守和巡查排险。",
)
_TOPICS = ("招生工作", "防汛准备", "项目建设", "惠民政策", "安全生产", "环境整治", "技能培训")


@dataclass(frozen=True, slots=True)
class OldArticle:
    """One article as the old site kept it. ``plain``: the same text without dirt."""

    number: int
    section: int
    title: str
    summary: str
    markup: str
    plain: str
    stamp: int
    cover: str


def old_articles(first: int, count: int) -> Iterator[OldArticle]:
    """``count`` articles from number ``first`` on: every one with markup of a word processor, every
    third with a table or a picture that is missing, some with scripts, surplus encoding or a repeat.
    """
    for number in range(first, first + count):
        topic = _TOPICS[number % len(_TOPICS)]
        title = f"关于做好第{number}号{topic}的通知"
        some = [_SENTENCES[(number * 3 + place) % len(_SENTENCES)] for place in range(12)]
        paragraphs = [
            f"{some[place]}{some[place + 1]}（{number}·{place}）" for place in range(0, 12, 2)
        ]
        yield OldArticle(
            number,
            number % SECTIONS + 1,
            title,
            some[0],
            _dirty(number, paragraphs),
            "".join(f"<p>{text}</p>" for text in paragraphs),
            _FIRST_STAMP + number * _HOURS % 300_000_000,
            "<!--#p8_attach#-->/article/cover.jpg" if number % 29 == 0 else "",
        )


def _dirty(number: int, paragraphs: list[str]) -> str:
    """The paragraphs as an old editor left them."""
    parts = [
        f'<p style="TEXT-INDENT: 24pt; LINE-HEIGHT: 150%" class="MsoNormal"><span style="font-size:'
        f'14pt;font-family:仿宋_GB2312"><font face="宋体">　　{text}</font></span>&nbsp;</p>'
        for text in paragraphs
    ]
    if number % 7 == 0:
        cells = "".join(
            f"<tr><td>{row}</td><td>示例村{row}</td><td>{row * 37}</td></tr>" for row in range(1, 6)
        )
        parts.insert(3, f'<table border="1" style="width:90%"><tbody>{cells}</tbody></table>')
    if number % 5 == 0:
        parts.insert(
            2,
            '<div align="center"><img alt="" src="<!--#p8_attach#-->/cms/item/'
            f'{number}.jpg" onload="fit(this)" /></div>',
        )
    if number % 11 == 0:
        near = max(1, number - 3)
        parts.append(f'<p>见<a href="/s.php/{SITE}/item-view-id-{near}.shtml">前文</a></p>')
    if number % 17 == 0:
        parts.append("<p>他说&amp;ldquo;好&amp;rdquo;</p><script>count(1)</script>")
    return "\r\n".join(parts)


def write_dump(path: Path, is_enough: Callable[[int, int], bool]) -> int:
    """Writes a dump until ``is_enough(articles, bytes)``; returns the number of articles."""
    number = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write("-- generated for a benchmark\n")
        for table, columns in _TABLES.items():
            lines = "".join(f"  `{name}` varchar(255) NOT NULL DEFAULT '',\n" for name in columns)
            stream.write(f"CREATE TABLE `{table}` (\n{lines}  PRIMARY KEY (`id`)\n);\n")
        for section in range(1, SECTIONS + 1):
            parent = 0 if section <= 8 else section % 8 + 1
            values: dict[str, object] = {
                "id": section,
                "parent": parent,
                "name": f"栏目{section}",
                "site": SITE,
                "type": "2",
            }
            stream.write(_insert("p8_sites_category", values))
        while not is_enough(number, stream.tell() if number % 100 == 0 else 0):
            number += 1
            for article in old_articles(number, 1):
                _write_article(stream.write, article)
    return number


def _write_article(write: Callable[[str], object], article: OldArticle) -> None:
    stamp = article.stamp
    row = {
        "id": article.number, "model": "article", "title": article.title, "site": SITE,
        "cid": article.section, "frame": article.cover, "summary": article.summary,
        "timestamp": stamp, "create_time": stamp, "update_time": stamp, "verified": 1,
        "source": "示例局", "keywords": "示例",
    }  # fmt: skip
    write(_insert("p8_sites_item", row))
    write(_insert("p8_sites_item_article_", row))
    page = {
        "id": article.number, "iid": article.number, "page": 1, "content": article.markup, "site": SITE,
    }  # fmt: skip
    write(_insert("p8_sites_item_article_addon", page))


def _insert(table: str, row: dict[str, object]) -> str:
    values = ",".join(_quoted(row.get(name, "")) for name in _TABLES[table])
    return f"REPLACE INTO `{table}` VALUES ({values});\n"


def _quoted(value: object) -> str:
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return "'" + text.replace("\n", "\\n").replace("\r", "\\r") + "'"
