"""Sample pages of an invented city (示例), in the terms of ``themes.contract``.

云澧市 does not exist; every body, person, number and code is made up. The texts are as long
and as uneven as real ones: titles without punctuation, missing fields, lost attachments.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from themes import rules
from themes.contract import (
    Announcement,
    Article,
    ArticleContent,
    Attachment,
    AttachmentBlock,
    Breadcrumb,
    ClosedContent,
    ClosedNotice,
    EmergencyContent,
    Entry,
    Frame,
    HomeBlock,
    HomeContent,
    HtmlBlock,
    Identity,
    ImageBlock,
    Label,
    Lead,
    LifeEvent,
    Link,
    MovedSection,
    NavigationItem,
    PageLink,
    Pagination,
    Picture,
    Section,
    SectionContent,
    SiteGroup,
    Subsection,
    TombstoneBlock,
)
from themes.enums import LabelLevel

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """Return ``2026-11-23 18:40`` as an aware time of Shanghai."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


IDENTITY = Identity(
    site_name="云澧市人民政府",
    short_name="云澧市",
    host="www.yunli.example",
    home_url="/",
    seal_text="云澧",
    group_name="云澧市网站群",
    identification_code="4399000001",
    icp_license_number="×ICP备00000000号-1",
    police_record_number="×公网安备 43990002000001号",
    conac_id="0123456789ABCDEF0123456789ABCDEF",
    sponsor_name="云澧市人民政府办公室",
    operator_name="云澧市政务公开与网站管理中心",
    contact_phone="0000-0000000（示例）",
    address="云澧市示例大道 1 号",
    error_report_url=rules.error_report_url("4399000001", "http://www.yunli.example/"),
    is_demo=True,
)

PORTAL_OWNER: dict[str, object] = {}
"""What the frame of a site says otherwise than the sample portal's."""

DEPARTMENT_OWNER: dict[str, object] = {
    "identity": replace(
        IDENTITY,
        site_name="云澧市人力资源和社会保障局",
        short_name="市人社局",
        host="rsj.yunli.example",
        address="示例大道 1 号政务中心 2 楼",
    ),
    "up": Link("云澧市人民政府", "http://www.yunli.example/"),
}
TOWNSHIP_OWNER: dict[str, object] = {
    "identity": replace(
        IDENTITY, site_name="桃溪县柳林镇人民政府", short_name="柳林镇", host="liulin.yunli.example"
    ),
    "up": Link("桃溪县人民政府", "http://www.taoxi.example/"),
}

NAVIGATION = ("首页", "要闻动态", "政务公开", "政务服务", "互动交流", "数据发布", "走进云澧")

SITE_GROUP = (
    SiteGroup(
        "市级部门",
        tuple(
            Link(f"{name}（示例）", f"http://{code}.yunli.example/")
            for name, code in (
                ("市教育局", "jyj"),
                ("市公安局", "gaj"),
                ("市民政局", "mzj"),
                ("市人社局", "rsj"),
                ("市水利局", "slj"),
                ("市卫健委", "wjw"),
            )
        ),
    ),
    SiteGroup(
        "区县",
        tuple(
            Link(name, f"http://{code}.yunli.example/")
            for name, code in (
                ("临江区", "lj"),
                ("城东区", "cd"),
                ("桃溪县", "tx"),
                ("白石县", "bs"),
            )
        ),
    ),
    SiteGroup("乡镇街道", (Link("柳林镇", "/liulin/"), Link("石门街道", "/shimen/"))),
)


def frame(
    level: LabelLevel,
    page_title: str = "",
    path: str = "/",
    current: str = "首页",
    breadcrumbs: tuple[Breadcrumb, ...] = (),
    labels: dict[str, str] | None = None,
    **changes: object,
) -> Frame:
    """Return the frame of a page of the sample portal."""
    values = {
        "SiteName": IDENTITY.site_name,
        "SiteDomain": IDENTITY.host,
        "SiteIDCode": IDENTITY.identification_code,
        **(labels or {}),
    }
    settings: dict[str, object] = {
        "identity": IDENTITY,
        "labels": tuple(Label(*pair) for pair in rules.ordered_labels(values, level)),
        "page_title": page_title,
        "canonical_url": f"http://www.yunli.example{path}",
        "path": path,
        "navigation": tuple(
            NavigationItem(title, f"/n{index}/" if index else "/", title == current)
            for index, title in enumerate(NAVIGATION)
        ),
        "site_group": SITE_GROUP,
        "breadcrumbs": breadcrumbs,
        "footer_links": tuple(
            Link(title, f"/about/{index}/")
            for index, title in enumerate(
                ("网站地图", "关于本站", "隐私与安全", "无障碍声明", "联系我们", "年度报表")
            )
        ),
        "search_url": "/search/",
        "emergency_url": "/emergency/",
        "stylesheets": ("/static/themes/portal/portal.css",),
        "scripts": ("/static/themes/every_look/display.js",),
        "icon_url": "/static/themes/portal/icon.svg",
    }
    return Frame(**{**settings, **changes})  # type: ignore[arg-type]


def entries(*rows: tuple[str, str, str], prefix: str = "/a") -> tuple[Entry, ...]:
    """Return entries from ``(title, time, source)``."""
    return tuple(
        Entry(title, f"{prefix}/{index}/", at(time), source)
        for index, (title, time, source) in enumerate(rows, start=1)
    )


NEWS = entries(
    ("全市 96 个乡镇便民服务站年内全部接入“一网通办”", "2026-11-23 17:05", "市行政审批局"),
    ("桃溪县第三水厂通水，惠及沿线 4.2 万人", "2026-11-22 10:00", "桃溪县人民政府"),
    ("老旧小区改造明年计划公开征求意见", "2026-11-21 09:30", "市住建局"),
    ("冬修水利开工 216 处，已完成土方 180 万立方米", "2026-11-20 16:12", "市水利局"),
    ("云澧港新增一条直达航线", "2026-11-19 08:45", "市交通局"),
)

NOTICES = entries(
    ("关于 2027 年城乡居民医疗保险集中缴费的通知", "2026-11-23 15:40", "市医保局"),
    ("云澧市 2026 年下半年市直事业单位公开招聘工作人员面试公告", "2026-11-20 09:00", "市人社局"),
    ("关于元旦期间部分政务服务窗口调整办公时间的公告", "2026-11-18 10:20", "市行政审批局"),
    (
        "关于《云澧市城市公共停车管理办法（征求意见稿）》公开征求意见的公告",
        "2026-11-17 11:00",
        "市住建局",
    ),
    ("云澧河枯水期船舶限载通告", "2026-11-13 14:30", "市交通局"),
    ("2026 年第三批拟认定高新技术企业名单公示", "2026-11-12 09:10", ""),
    ("关于开展电动自行车充电设施安全检查的通告", "2026-11-09 16:00", "市消防救援支队"),
    ("文昌路（示例）雨污管网改造分段施工及绕行公告", "2026-11-06 08:30", "市城管局"),
)

POLICIES = entries(
    ("云澧市高龄津贴发放办法", "2026-11-16 09:30", "市政府办公室"),
    ("关于支持个体工商户发展的若干措施", "2026-11-12 10:00", "市政府办公室"),
    ("云澧市气象灾害应急预案（2026 年修订）", "2026-11-05 15:00", "市应急局"),
    ("云澧市老旧小区改造三年计划（2027—2029）", "2026-10-29 09:00", "市住建局"),
)

GATHERED = tuple(
    Entry(title, f"http://{code}.yunli.example/a/", at(time), name, site_name=name)
    for name, code, title, time in (
        ("市教育局", "jyj", "中小学课后服务今冬增设 120 个班", "2026-11-23 16:20"),
        ("市人社局", "rsj", "“技能云澧”冬季培训开始报名", "2026-11-23 11:00"),
        ("临江区", "lj", "滨江步道二期本月开放", "2026-11-22 18:00"),
        ("白石县", "bs", "蜜橘外运专线开通首日发车 38 车", "2026-11-22 09:40"),
        ("市水利局", "slj", "冬修水利工程质量抽查结果通报", "2026-11-20 10:05"),
        ("柳林镇", "liulin", "便民服务站周末延时两小时", "2026-11-19 08:00"),
    )
)

LIFE_EVENTS = tuple(
    LifeEvent(title, f"/service/{index}/", hint, mark)
    for index, (mark, title, hint) in enumerate(
        (
            ("育", "生育与落户", "出生证、上户口、疫苗"),
            ("学", "入学与教育", "学区、转学、助学金"),
            ("业", "就业与创业", "招聘、失业金、贷款"),
            ("保", "社保与医保", "参保、报销、异地就医"),
            ("居", "住房", "公租房、不动产、公积金"),
            ("婚", "婚姻登记", "预约、补领证件"),
            ("老", "养老与优待", "高龄津贴、退休认证"),
            ("企", "开办企业", "设立、变更、注销"),
        )
    )
)

PICTURE = Picture(
    "/media/bridge.svg", "大桥主塔立在江中，桥面已经合龙", 960, 540, "示例配图：云澧大桥"
)

LEAD = Lead(
    "市政府常务会议研究今冬明春民生保障，部署供暖供气和困难群众过冬工作",
    "/a/lead/",
    at("2026-11-23 18:40"),
    "市政府办公室（示例）",
    "会议要求，12 月 5 日前完成高龄、低保、特困家庭走访，对符合条件的家庭主动发放，不等申请。",
    PICTURE,
)

HOME = HomeContent(
    lead=LEAD,
    blocks=(
        HomeBlock("云澧要闻", "/ywdt/", NEWS, group="要闻"),
        HomeBlock("部门动态", "/bmdt/", NEWS[1:], group="要闻"),
        HomeBlock("通知公告", "/tzgg/", NOTICES[:4], group="要闻", is_notice=True),
        HomeBlock("政策文件", "/zcwj/", POLICIES, group="公开"),
        HomeBlock("政策解读", "/zcjd/", POLICIES[1:], group="公开"),
        HomeBlock("政府会议", "/zfhy/", NEWS[:4]),
    ),
    gathered=GATHERED,
    gathered_url="/qxdt/",
    life_events=LIFE_EVENTS,
    hot_searches=(Link("高龄津贴", "/search/?q=1"), Link("社保卡补办", "/search/?q=2")),
)

PLAIN_HOME = HomeContent(
    lead=replace(LEAD, image=None),
    blocks=(
        HomeBlock("工作动态", "/gzdt/", NEWS[1:]),
        HomeBlock("通知公告", "/tzgg/", NOTICES[:7]),
        HomeBlock("政府信息公开", "/xxgk/", POLICIES[:3]),
        HomeBlock("人事", "/rs/", ()),
    ),
)
"""A home page nobody has arranged: sections as they come, no picture, no search."""

PLAIN_IDENTITY = Identity(
    "云澧市人力资源和社会保障局（示例）", "rsj.yunli.example", seal_text="人社", is_demo=True
)

SIBLINGS = tuple(
    NavigationItem(title, f"/zwgk/{index}/", title == "通知公告")
    for index, title in enumerate(
        ("通知公告", "公示", "人事信息", "规划计划", "财政预决算", "应急管理", "政府采购")
    )
)

SECTION = SectionContent(
    section=Section(
        "通知公告",
        "市政府及各部门面向公众发布的通知、公告、公示（示例）。",
        "告",
    ),
    siblings=SIBLINGS,
    entries=NOTICES,
    pagination=Pagination(
        page=3,
        page_count=61,
        total=1206,
        previous_url="/tzgg/2/",
        next_url="/tzgg/4/",
        page_links=tuple(
            PageLink(number, "" if number is None else f"/tzgg/{number}/", number == 3)
            for number in rules.page_numbers(3, 61)
        ),
    ),
)

CHANNEL = SectionContent(
    section=Section("政务公开", "政府机构、政策文件、规划计划和财政信息。", "公"),
    subsections=(
        Subsection("通知公告", "/tzgg/", NOTICES[:3]),
        Subsection("政策文件", "/zcwj/", POLICIES),
        Subsection("人事信息", "/rsxx/"),
        Subsection("政府会议", "/zfhy/", NEWS[:2]),
    ),
)

EMPTY_SECTION = SectionContent(section=Section("政府采购"), siblings=SIBLINGS)

BODY = SafeString(
    "<p>　　各区县人民政府，市政府各部门，各有关单位：</p>"
    "<p>《云澧市高龄津贴发放办法》（示例）已经市政府同意，现印发给你们，请认真组织实施。</p>"
    '<p class="sign">云澧市人民政府办公室<br>2026年3月10日</p>'
    "<h2>第一章　总则</h2>"
    "<p>第一条　为健全老年人福利制度，做好高龄津贴发放工作，根据有关法律法规，结合本市实际，制定本办法。</p>"
    "<p>第二条　本办法所称高龄津贴，是指由财政安排，按月发给本市户籍高龄老年人的生活补贴。</p>"
    "<h2>第二章　对象和标准</h2>"
    "<p>第三条　具有本市户籍、年满 80 周岁的老年人，可以申请高龄津贴。居住在市外的，不影响领取。</p>"
    "<ul><li>本人申请的，带身份证。</li><li>代办的，另带代办人身份证。</li></ul>"
    "<table><tbody>"
    "<tr><th>年龄</th><th>原标准（元）</th><th>新标准（元）</th><th>发放方式</th><th>执行日期</th><th>备注</th></tr>"
    "<tr><td>80–89 周岁</td><td>50</td><td>100</td><td>按月打卡发放</td><td>2026年4月1日</td><td>示例金额</td></tr>"
    "<tr><td>90–99 周岁</td><td>100</td><td>200</td><td>按月打卡发放</td><td>2026年4月1日</td><td>示例金额</td></tr>"
    "<tr><td>100 周岁及以上</td><td>300</td><td>500</td><td>按月发放</td><td>2026年4月1日</td><td>示例金额</td></tr>"
    "</tbody></table>"
)

TAIL = SafeString(
    "<h2>第三章　申请和发放</h2>"
    "<p>第四条　受理机构应当自受理之日起 5 个工作日内作出决定。符合条件的，自满龄当月起计发。"
    '详见<a href="http://www.yunli.example/service/elder-allowance-application-guide-2026-revised/">'
    "http://www.yunli.example/service/elder-allowance-application-guide-2026-revised/</a>。</p>"
    "<blockquote><p>问：住在外地女儿家还能领吗？答：能。</p></blockquote>"
)

FORM = Attachment("附件 1：高龄津贴申请表", "/media/form.pdf", "PDF", "86 KB")
FULL_TEXT = Attachment("附件 2：办法全文（版式文件）", "/media/full.ofd", "OFD", "240 KB")

ARTICLE = ArticleContent(
    Article(
        title="云澧市人民政府办公室关于印发《云澧市高龄津贴发放办法》的通知",
        published_at=at("2026-03-12 09:30"),
        source_name="市政府办公室",
        author_name="示例作者",
        publisher_name="云澧市人民政府办公室",
        editor="示例编辑",
        summary_points=(
            "本市户籍满 80 周岁的老人都能领，不看收入。",
            "80–89 岁每月 100 元，90–99 岁每月 200 元，100 岁起每月 500 元（示例金额）。",
            "可以在网上申请，也可以由子女代办。",
        ),
        blocks=(
            HtmlBlock(BODY),
            ImageBlock(PICTURE),
            AttachmentBlock(FORM),
            TombstoneBlock("附件 3：旧标准对照表.doc", "原网站没有保存这个文件，合并时未能找回。"),
            HtmlBlock(TAIL),
        ),
        attachments=(FORM, FULL_TEXT, Attachment("没有大小和格式的附件", "/media/x")),
        previous=Link("关于支持个体工商户发展的若干措施", "/a/2/"),
        next=Link("云澧市气象灾害应急预案（2026 年修订）", "/a/3/"),
        related=(
            Entry("一图读懂高龄津贴新标准", "/a/4/", at("2026-03-12 10:00"), "图解"),
            Entry("市民政局：为什么不再要求居住证明", "/a/5/", at("2026-03-12 11:00"), "部门解读"),
            Entry("办事：高龄津贴申领", "/a/6/"),
        ),
    )
)

BARE_ARTICLE = ArticleContent(
    Article(
        title="云澧市2026年下半年市直事业单位公开招聘工作人员面试公告",
        blocks=(HtmlBlock(SafeString("<p>面试时间另行通知（示例）。</p>")),),
    )
)

CLOSED = ClosedContent(
    ClosedNotice(
        former_name="云澧市库区移民管理局",
        headline="原市库区移民管理局网站，已并入市政府门户网站",
        reason="机构改革后，相关职能由云澧市水利局承担。网站 2026年11月10日停止更新，"
        "内容已全部迁移，没有删除（示例）。",
        successor=Link("新网站：www.yunli.example/slj/", "http://www.yunli.example/slj/"),
        closed_on=date(2026, 11, 10),
        notice_until=date(2026, 12, 10),
        item_count=4862,
        attachment_count=1207,
        moved_sections=(
            MovedSection("政策文件", Link("市水利局 › 政府信息公开 › 移民政策", "/slj/zc/"), 318),
            MovedSection("后期扶持资金", Link("市水利局 › 资金公开", "/slj/zj/"), 1046),
            MovedSection("工作动态", Link("网站档案（只读）", "/archive/")),
        ),
        lookup_url="/moved/",
        former_identification_code="4399000033",
        former_sponsor_name="云澧市库区移民管理局",
        contact="市水利局 0000-0000008（示例）",
    )
)

SECTION_LABELS = {
    "ColumnName": "通知公告",
    "ColumnDescription": "市政府及各部门面向公众发布的通知、公告、公示（示例）",
    "ColumnKeywords": "通知,公告,公示",
    "ColumnType": "公告通知",
}
ARTICLE_LABELS = {
    **SECTION_LABELS,
    "ColumnName": "市政府办公室文件",
    "ColumnType": "政策文件",
    "ArticleTitle": "云澧市人民政府办公室关于印发《云澧市高龄津贴发放办法》的通知",
    "PubDate": "2026-03-12 09:30",
    "ContentSource": "市政府办公室",
    "Keywords": "高龄津贴,老年人",
    "Author": "示例作者",
    "Description": "本市户籍满 80 周岁的老人都能领。",
    "Url": "http://www.yunli.example/zcwj/318/",
}

PATH_TO_SECTION = (Breadcrumb("首页", "/"), Breadcrumb("政务公开", "/zwgk/"))

EMERGENCY = EmergencyContent(
    (
        Announcement(
            headline="暴雨红色预警：全市中小学停课，请勿外出",
            paragraphs=("今天 18 时起全市停课停运。", "有险情请打 12345。"),
            issuer="云澧市人民政府",
            begins_at=datetime(2026, 11, 28, 10, 0, tzinfo=UTC),
            ends_at=datetime(2026, 11, 29, 10, 0, tzinfo=UTC),
        ),
    )
)
