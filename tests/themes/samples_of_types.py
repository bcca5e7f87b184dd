"""Sample pages of the further page types, of the same invented city (示例)."""

from dataclasses import replace
from datetime import date

from django.utils.safestring import SafeString

from tests.themes import samples
from themes.contract import (
    Article,
    ArticleContent,
    Body,
    BodyCard,
    BodyContent,
    GalleryContent,
    HtmlBlock,
    Leader,
    LeaderCard,
    LeaderContent,
    LeavingContent,
    Link,
    NavigationItem,
    Section,
    SectionContent,
    TopicBlock,
    TopicContent,
    Unit,
    Video,
    VideoContent,
    WithdrawnContent,
    WithdrawnNotice,
)

_TEXT = HtmlBlock(
    SafeString(
        "<p>负责全市就业、社会保险、人才工作（示例）。</p><p>分管就业促进科、养老保险科。</p>"
    )
)
_AT = samples.at("2026-11-12 09:30")


def _head(title: str) -> Article:
    return Article(title=title, published_at=_AT, source_name="市政府办公室", editor="示例编辑")


TOPIC = TopicContent(
    article=_head("坚决打赢今冬明春森林防火和安全生产攻坚战"),
    introduction="集中发布防火政策、值守电话和各县区的做法（示例）。",
    picture=samples.PICTURE,
    topic_blocks=(
        TopicBlock(text=_TEXT),
        TopicBlock("政策文件", "/zcwj/", entries=samples.POLICIES),
        TopicBlock("各地动态", "", entries=samples.NEWS),
    ),
    entries=samples.NOTICES[:3],
    ended_on=date(2026, 11, 1),
    is_over=True,
)
LEADER = LeaderContent(
    article=_head("李示例"),
    leader=Leader("李示例", "市政府党组成员、副市长", _TEXT, _TEXT, samples.PICTURE),
    colleagues=tuple(
        NavigationItem(name, f"/ld/{index}/", name == "李示例")
        for index, name in enumerate(("王示例", "李示例", "欧阳示例"))
    ),
)
ORGANIZATION = BodyContent(
    article=_head("市人力资源和社会保障局"),
    body=Body(
        "市人力资源和社会保障局",
        "云澧市人力资源和社会保障局",
        _TEXT,
        "李示例",
        "示例大道 1 号政务中心 2 楼",
        "0000-0000017（示例）",
        "周一至周五 9:00–12:00，13:00–17:00",
        (
            Unit("办公室", "文电、会务、信息公开。", "赵示例", "0000-0000018"),
            Unit("就业促进和失业保险科", "", "", "0000-0000019"),
        ),
    ),
)
GALLERY = GalleryContent(
    article=_head("云澧大桥合龙"),
    introduction="11 月 20 日，云澧大桥主桥合龙（示例）。",
    pictures=(samples.PICTURE, samples.PICTURE),
)
VIDEO = VideoContent(
    article=_head("一分钟看懂高龄津贴怎么申请"),
    video=Video("/media/v.webm", "video/webm", "/media/v.vtt", "zh-CN", "", "12.4 MB", _TEXT),
    introduction="从准备材料到到账，一共三步（示例）。",
)
LEAVING = LeavingContent(
    article=_head("示例银行网点查询"),
    target_url="https://bank.example/branches?city=yunli",
    target_host="bank.example",
    back_url="/zwfw/",
    explanation="办理失业金银行卡时要用到。",
)
WITHDRAWN = WithdrawnContent(
    WithdrawnNotice(
        title="关于调整云澧市城区公共汽车票价有关事项的公告",
        withdrawn_at=_AT,
        reason="内容已经过时。",
        explanation="票价从 2026 年 12 月起另行公布。\n请以新公告为准。",
        unit_name="市发展和改革委员会",
        published_at=samples.at("2025-03-12 09:30"),
        replacement=Link("云澧市城区公共汽车票价（2026 年）", "/a/9/"),
        contact="0000-0000020（示例）",
    )
)
PEOPLE = SectionContent(
    section=Section("领导信息", "市政府领导的职务、分工和简历（示例）。"),
    siblings=samples.SIBLINGS[:3],
    text=(_TEXT,),
    leaders=(
        LeaderCard("李示例", "市政府党组成员、副市长", "/ld/1/", samples.PICTURE),
        LeaderCard("欧阳示例", "市政府秘书长，市政府办公室党组书记、主任", "/ld/2/"),
    ),
    bodies=(
        BodyCard(
            "就业促进科", "/jg/1/", "云澧大道 1 号 302 室", "0000-0000021", "工作日 9:00—17:00"
        ),
        BodyCard("养老保险科", "/jg/2/"),
    ),
)
SINGLE = ArticleContent(
    replace(
        _head("失业保险金申领指南"),
        subtitle="申领前请先看这一页",
        blocks=(_TEXT,),
        valid_until=date(2026, 6, 30),
        is_expired=True,
    )
)
