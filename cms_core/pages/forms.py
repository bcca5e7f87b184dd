"""Forms of the page editor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from sites.tenancy.rules import RESERVED_SEGMENTS

#: The root is 1, a home 2: what lies directly below a home has an address of one segment.
_DEPTH_OF_HOME = 2
#: Characters of an address before its number: 255 in all, with room for four digits and a hyphen.
_SLUG_STEM = 250


class PageForm(WagtailAdminPageForm):
    """Refuses an address at which the platform itself answers on every site; settles one that is taken."""

    def clean_slug(self) -> Any:
        slug = self.cleaned_data["slug"]
        parent = self.parent_page
        if parent is not None and parent.depth == _DEPTH_OF_HOME and slug in RESERVED_SEGMENTS:
            raise ValidationError(
                _(
                    "Every site has a page of its own at %(slug)s/. Choose another last part of the "
                    "address, for instance %(slug)s-1."
                )
                % {"slug": slug}
            )
        if parent is not None and slug == slugify(self.data.get("title", ""), allow_unicode=True):
            return self._free_slug(slug, parent)
        return slug

    def _free_slug(self, slug: str, parent: Any) -> str:
        """``slug``, or ``slug-2`` … where another page has it.

        Only for an address that followed from the title: whoever gives a second notice the title of
        the first typed no address and should not have to mend one. A chosen address is refused.
        """
        siblings = parent.get_children().filter(slug__startswith=slug[:_SLUG_STEM])
        taken = set(siblings.exclude(pk=self.instance.pk).values_list("slug", flat=True))
        number = 2
        free = slug
        while free in taken:
            free = f"{slug[:_SLUG_STEM]}-{number}"
            number += 1
        return free


class ContentForm(PageForm):
    """Says at the fields what is missing before the public may see the page; a draft may lack it."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation:
            return
        try:
            self.instance.check_ready()
        except ValidationError as problem:
            for name, messages in problem.message_dict.items():
                # What the form itself found at a field is not said twice.
                if name in self.fields and not self.has_error(name):
                    self.add_error(name, messages)


class TextForm(ContentForm):
    """A new page opens with an empty block of text, ready to write in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None and not self.is_bound
        if is_new and "body" in self.fields and not self.instance.body:
            # In the form alone: a page that is made by a service or an import has the body it was given.
            self.initial["body"] = self.instance.body.stream_block.to_write_in()


#: Characters of a title and of an address: those of Wagtail's columns.
_LONGEST = 255


class LimitedCopyForm(CopyForm):
    """Wagtail's, with the lengths that a page has: without them a long title is an error of the server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("new_title", "new_slug"):
            field: Any = self.fields[name]
            field.max_length = _LONGEST
            field.validators.append(MaxLengthValidator(_LONGEST))
            field.widget.attrs["maxlength"] = str(_LONGEST)


class HomeForm(WagtailAdminPageForm):
    """Opens with what the home page shows by itself, so that who adds a block keeps the others.

    Left as they are, the blocks are not stored: the page goes on showing what there is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from .home_blocks import blocks_by_default  # which reads pages; this module loads with them

        super().__init__(*args, **kwargs)
        if not self.is_bound and "blocks" in self.fields and not self.instance.blocks:
            self.initial["blocks"] = blocks_by_default(self.instance)

    def clean_blocks(self) -> Any:
        from .home_blocks import are_the_same, blocks_by_default

        chosen = self.cleaned_data["blocks"]
        if not self.instance.blocks and are_the_same(chosen, blocks_by_default(self.instance)):
            return self.instance.blocks
        return chosen
