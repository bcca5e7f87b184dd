"""The sample pages by name, rendered through the templates of a theme."""

from dataclasses import replace

from django.template.loader import render_to_string

from tests.themes import samples, samples_of_types
from themes.contract import Breadcrumb, Frame, PageContent, template_context
from themes.enums import LabelLevel, PageTemplate
from themes.manifest import DEPARTMENT, PORTAL, TOWNSHIP, Theme

_SECTION_FRAME = samples.frame(
    LabelLevel.SECTION,
    "通知公告",
    "/zwgk/tzgg/",
    "政务公开",
    (*samples.PATH_TO_SECTION, Breadcrumb("通知公告")),
    samples.SECTION_LABELS,
)
_ARTICLE_FRAME = samples.frame(
    LabelLevel.ARTICLE,
    samples.ARTICLE.article.title,
    "/zwgk/zcwj/318/",
    "政务公开",
    (*samples.PATH_TO_SECTION, Breadcrumb("市政府办公室文件", "/zcwj/"), Breadcrumb("正文")),
    samples.ARTICLE_LABELS,
)

PAGES: dict[str, tuple[PageTemplate, Frame, PageContent | None]] = {
    "home": (PageTemplate.HOME, samples.frame(LabelLevel.SITE), samples.HOME),
    "plain_home": (
        PageTemplate.HOME,
        samples.frame(
            LabelLevel.SITE, identity=samples.PLAIN_IDENTITY, search_url="", site_group=()
        ),
        samples.PLAIN_HOME,
    ),
    "section": (PageTemplate.SECTION, _SECTION_FRAME, samples.SECTION),
    "channel": (PageTemplate.SECTION, _SECTION_FRAME, samples.CHANNEL),
    "empty": (PageTemplate.SECTION, _SECTION_FRAME, samples.EMPTY_SECTION),
    "article": (PageTemplate.ARTICLE, _ARTICLE_FRAME, samples.ARTICLE),
    "bare": (PageTemplate.ARTICLE, _ARTICLE_FRAME, samples.BARE_ARTICLE),
    "closed": (
        PageTemplate.CLOSED,
        samples.frame(LabelLevel.SITE, "网站已关停", "", ""),
        samples.CLOSED,
    ),
    "emergency": (
        PageTemplate.EMERGENCY,
        samples.frame(LabelLevel.SITE, "紧急通知", "/emergency/", ""),
        samples.EMERGENCY,
    ),
    "people": (PageTemplate.SECTION, _SECTION_FRAME, samples_of_types.PEOPLE),
    "single": (PageTemplate.ARTICLE, _ARTICLE_FRAME, samples_of_types.SINGLE),
    "topic": (PageTemplate.TOPIC, _ARTICLE_FRAME, samples_of_types.TOPIC),
    "leader": (PageTemplate.LEADER, _ARTICLE_FRAME, samples_of_types.LEADER),
    "organization": (PageTemplate.ORGANIZATION, _ARTICLE_FRAME, samples_of_types.ORGANIZATION),
    "gallery": (PageTemplate.GALLERY, _ARTICLE_FRAME, samples_of_types.GALLERY),
    "video": (PageTemplate.VIDEO, _ARTICLE_FRAME, samples_of_types.VIDEO),
    "leaving": (PageTemplate.LEAVING, _ARTICLE_FRAME, samples_of_types.LEAVING),
    "withdrawn": (
        PageTemplate.WITHDRAWN,
        samples.frame(LabelLevel.SITE, "已经撤下的内容", "", ""),
        samples_of_types.WITHDRAWN,
    ),
    "forbidden": (
        PageTemplate.FORBIDDEN,
        samples.frame(LabelLevel.SITE, path="", current=""),
        None,
    ),
    "not_found": (
        PageTemplate.NOT_FOUND,
        samples.frame(LabelLevel.SITE, path="", current=""),
        None,
    ),
    "server_error": (
        PageTemplate.SERVER_ERROR,
        samples.frame(LabelLevel.SITE, path="", current=""),
        None,
    ),
}


_OWNERS = {
    PORTAL.code: samples.PORTAL_OWNER,
    DEPARTMENT.code: samples.DEPARTMENT_OWNER,
    TOWNSHIP.code: samples.TOWNSHIP_OWNER,
}


def render(
    template: PageTemplate,
    frame: Frame,
    content: PageContent | None = None,
    theme: Theme = PORTAL,
) -> str:
    """Render one page in a theme."""
    dressed = replace(
        frame,
        stylesheets=(f"/static/{theme.stylesheet}",),
        scripts=(f"/static/{theme.script}", f"/static/{theme.reader_script}"),
        icon_url=f"/static/{theme.icon}",
    )
    return render_to_string(theme.template(template), template_context(dressed, content))


def render_sample(name: str, theme: Theme = PORTAL) -> str:
    """Render the sample page called ``name`` as a site that wears ``theme`` would show it."""
    template, frame, content = PAGES[name]
    if frame.identity == samples.IDENTITY:
        frame = replace(frame, **_OWNERS[theme.code])
    return render(template, frame, content, theme)
