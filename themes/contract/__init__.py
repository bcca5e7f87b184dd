"""The values a public page is rendered from: the only thing templates may use.

Selectors of the upper apps build these frozen values; templates read their fields by
name. No value is a model, a query or a request, so that a page depends on nothing but
what it shows. Conventions:

* an unknown text is ``""``, an unknown date or address ``None``: the template leaves it
  out and never prints a blank;
* every time is an aware ``datetime`` and is printed in the time zone of the settings as
  ``YYYY-MM-DD HH:MM``;
* every text is plain and is escaped by the template, except ``HtmlBlock.html``;
* every sequence is a tuple already in its final order (the query ends with the primary key);
* every address is ready to print: a path of the same host or an absolute URL.

``template_context(frame, content)`` flattens a frame and a content into the context.
"""

from themes.contract.article import (
    Article,
    ArticleBlock,
    ArticleContent,
    Attachment,
    AttachmentBlock,
    HtmlBlock,
    ImageBlock,
    TableBlock,
    TableCell,
    TableRow,
    TombstoneBlock,
)
from themes.contract.context import PageContent, template_context
from themes.contract.frame import (
    Breadcrumb,
    Edition,
    Feed,
    Frame,
    Identity,
    Label,
    Link,
    Logo,
    NavigationItem,
    SiteGroup,
)
from themes.contract.lists import (
    BodyCard,
    Entry,
    HomeBlock,
    HomeContent,
    HomeGroup,
    Lead,
    LeaderCard,
    LifeEvent,
    PageLink,
    Pagination,
    Picture,
    PictureSource,
    Section,
    SectionContent,
    Subsection,
    group_blocks,
)
from themes.contract.notices import (
    Announcement,
    ClosedContent,
    ClosedNotice,
    EmergencyContent,
    MovedSection,
    WithdrawnContent,
    WithdrawnNotice,
)
from themes.contract.page_types import (
    Body,
    BodyContent,
    GalleryContent,
    Leader,
    LeaderContent,
    LeavingContent,
    TopicBlock,
    TopicContent,
    Unit,
    Video,
    VideoContent,
)

__all__ = [
    "Announcement",
    "Article",
    "ArticleBlock",
    "ArticleContent",
    "Attachment",
    "AttachmentBlock",
    "Body",
    "BodyCard",
    "BodyContent",
    "Breadcrumb",
    "ClosedContent",
    "ClosedNotice",
    "Edition",
    "EmergencyContent",
    "Entry",
    "Feed",
    "Frame",
    "GalleryContent",
    "HomeBlock",
    "HomeContent",
    "HomeGroup",
    "HtmlBlock",
    "Identity",
    "ImageBlock",
    "Label",
    "Lead",
    "Leader",
    "LeaderCard",
    "LeaderContent",
    "LeavingContent",
    "LifeEvent",
    "Link",
    "Logo",
    "MovedSection",
    "NavigationItem",
    "PageContent",
    "PageLink",
    "Pagination",
    "Picture",
    "PictureSource",
    "Section",
    "SectionContent",
    "SiteGroup",
    "Subsection",
    "TableBlock",
    "TableCell",
    "TableRow",
    "TombstoneBlock",
    "TopicBlock",
    "TopicContent",
    "Unit",
    "Video",
    "VideoContent",
    "WithdrawnContent",
    "WithdrawnNotice",
    "group_blocks",
    "template_context",
]
