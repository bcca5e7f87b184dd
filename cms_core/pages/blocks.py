"""StreamField blocks of articles."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError, StreamValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .lost_pictures import note_lost_pictures
from .markup import clean_markup, embedded_pictures, is_blank
from .table_block import ArticleTableBlock

#: What an editor may do inside running text. Tables are a block of their own.
PARAGRAPH_FEATURES = ["h2", "h3", "h4", "bold", "italic", "ol", "ul", "hr", "link", "document-link"]


class MarkupBlock(blocks.TextBlock):
    """Markup kept from an old page (tables above all): cleaned whenever it is stored or shown."""

    def clean(self, value: str) -> str:
        given = super().clean(value)
        note_lost_pictures(embedded_pictures(given))
        return clean_markup(given)

    def get_prep_value(self, value: str) -> str:
        return clean_markup(super().get_prep_value(value))

    def get_comparison_class(self) -> Any:
        from .comparisons import MarkupComparison

        return MarkupComparison

    def to_safe(self, value: str) -> SafeString:
        """``value`` as markup that may be printed as it is."""
        return SafeString(clean_markup(value))

    class Meta:
        icon = "code"
        label = _("Kept markup")


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("picture"))
    alternative_text = blocks.CharBlock(
        label=_("description for people who cannot see it"), max_length=200, required=False
    )
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")


class AttachmentBlock(blocks.StructBlock):
    file = DocumentChooserBlock(label=_("file"))
    title = blocks.CharBlock(label=_("title"), max_length=200, required=False)

    class Meta:
        icon = "doc-full"
        label = _("Attachment")


class MissingAttachmentBlock(blocks.StructBlock):
    """A file that the old site named and did not hand over. Editors replace it by an attachment."""

    title = blocks.CharBlock(label=_("title"), max_length=200)
    source_reference = blocks.CharBlock(label=_("old reference"), max_length=300, required=False)

    class Meta:
        icon = "warning"
        label = _("Missing attachment")


class ArticleBody(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(label=_("Text"), features=PARAGRAPH_FEATURES)
    table = ArticleTableBlock()
    html = MarkupBlock()
    image = PictureBlock()
    attachment = AttachmentBlock()
    missing_attachment = MissingAttachmentBlock()

    def to_write_in(self) -> StreamValue:
        """One empty text block: what the editor of a new page opens with."""
        return StreamValue(self, [("paragraph", self.child_blocks["paragraph"].get_default())])

    def clean(self, value: StreamValue) -> StreamValue:
        """As Wagtail's, without the text blocks that nobody wrote in: neither stored nor an error."""
        kept = [place for place, child in enumerate(value) if not _is_unwritten(child)]
        if len(kept) < len(value):
            children = [value[place] for place in kept]
            value = StreamValue(self, [(c.block.name, c.value, c.id) for c in children])
        try:
            return super().clean(value)
        except StreamBlockValidationError as problem:
            # The form shows all blocks: each problem stands at its own.
            raise StreamBlockValidationError(
                block_errors={kept[n]: error for n, error in problem.block_errors.items()},
                non_block_errors=problem.non_block_errors,
            ) from problem


def _is_unwritten(child: Any) -> bool:
    return child.block_type == "paragraph" and is_blank(child.value.source if child.value else "")


class HomeBlocks(blocks.StreamBlock):
    """What a home page shows under its search box, in the order chosen by the site administrator."""

    section = blocks.StructBlock(
        [
            (
                "section",
                blocks.PageChooserBlock(label=_("section"), page_type="cms_core_pages.SectionPage"),
            ),
            (
                "count",
                blocks.IntegerBlock(label=_("how many"), min_value=1, max_value=20, default=6),
            ),
        ],
        label=_("Newest of a section"),
        icon="list-ul",
    )
    gathered = blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("heading"), max_length=40)),
            (
                "count",
                blocks.IntegerBlock(label=_("how many"), min_value=1, max_value=20, default=8),
            ),
        ],
        label=_("Newest of the sub-sites"),
        icon="site",
    )


class TopicBlocks(blocks.StreamBlock):
    """What a topical event shows under its introduction."""

    text = blocks.RichTextBlock(
        label=_("Text"), features=["h3", "bold", "ol", "ul", "link", "document-link"]
    )
    section = blocks.StructBlock(
        [
            (
                "section",
                blocks.PageChooserBlock(label=_("section"), page_type="cms_core_pages.SectionPage"),
            ),
            (
                "count",
                blocks.IntegerBlock(label=_("how many"), min_value=1, max_value=20, default=6),
            ),
        ],
        label=_("Newest of a section"),
        icon="list-ul",
    )
    pages = blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("heading"), max_length=40)),
            ("pages", blocks.ListBlock(blocks.PageChooserBlock(label=_("page")), min_num=1)),
        ],
        label=_("Chosen pages"),
        icon="doc-full",
    )
