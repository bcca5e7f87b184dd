"""The sample pages by name, rendered through the templates of the portal theme."""

from django.template.loader import render_to_string

from tests.themes import samples
from themes.contract import Breadcrumb, Frame, PageContent, template_context
from themes.enums import LabelLevel, PageTemplate
from themes.manifest import PORTAL

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


def render(template: PageTemplate, frame: Frame, content: PageContent | None = None) -> str:
    """Render one page of the portal theme."""
    return render_to_string(PORTAL.template(template), template_context(frame, content))


def render_sample(name: str) -> str:
    """Render the sample page called ``name``."""
    return render(*PAGES[name])
