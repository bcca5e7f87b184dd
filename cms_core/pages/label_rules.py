"""Which national page labels (网页标签) a page lacks, and who fills them in where. Pure.

The public page leaves a missing label out; these words are for the desk alone.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from themes import rules
from themes.enums import LabelLevel


class LabelGap(StrEnum):
    """Why a required label is missing; each is mended at one place."""

    SITE_CODE = "site_code"
    SECTION = "section"
    COLUMN_TYPE = "column_type"
    PUBLISH_TIME = "publish_time"
    SOURCE = "source"


_GAPS: Mapping[str, LabelGap] = {
    "SiteName": LabelGap.SITE_CODE,
    "SiteDomain": LabelGap.SITE_CODE,
    "SiteIDCode": LabelGap.SITE_CODE,
    "ColumnName": LabelGap.SECTION,
    "ColumnType": LabelGap.COLUMN_TYPE,
    "PubDate": LabelGap.PUBLISH_TIME,
    "ContentSource": LabelGap.SOURCE,
}
#: What is missing, and where it is filled in.
GAP_WORDS: Mapping[LabelGap, Promise] = {
    LabelGap.SITE_CODE: _(
        "The site has no identification code. The operator of the platform fills it in "
        "among the facts of the site."
    ),
    LabelGap.SECTION: _(
        "The page stands in no section, so its page label has no name of a section. "
        "Move it into a section."
    ),
    LabelGap.COLUMN_TYPE: _(
        "The section does not say what kind of section it is. A site administrator fills in “kind of "
        "section (page label)” at the section, under “Labels and promise”."
    ),
    LabelGap.PUBLISH_TIME: _(
        "The page is public without a publish time. Fill in “publish time” under “Source and labels”."
    ),
    LabelGap.SOURCE: _("No source is given. Fill in “source” under “Source and labels”."),
}


def gaps_of(labels: Mapping[str, str], level: LabelLevel, *, is_live: bool) -> tuple[LabelGap, ...]:
    """The gaps of a page with these labels, each once, in national order.

    A draft has no publish time yet: the platform sets it. Without a section, its type is no gap of
    its own.
    """
    missing = rules.missing_labels(labels.items(), level)
    gaps = dict.fromkeys(_GAPS[name] for name in missing if name in _GAPS)
    if not is_live:
        gaps.pop(LabelGap.PUBLISH_TIME, None)
    if LabelGap.SECTION in gaps:
        gaps.pop(LabelGap.COLUMN_TYPE, None)
    return tuple(gaps)
