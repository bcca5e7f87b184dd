"""Images, their renditions, files and tags: each belongs to one tenant."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    get_rendition_storage,
)
from wagtail.images.models import Image as WagtailImage

from sites.tenancy.models import TenantOwned
from sites.tenancy.visibility import derived, own

from .fields import CheckedFileField, CheckedPictureField
from .storage import file_place, picture_place, rendition_place


class MediaTag(TenantOwned, TagBase):
    """A tag. Names are unique within a tenant: another tenant's tags are invisible, not taken."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=100, allow_unicode=True)

    tenant_visibility = own()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="media_tag_name_in_tenant"),
            models.UniqueConstraint(fields=["tenant", "slug"], name="media_tag_slug_in_tenant"),
        ]


class MediaImage(TenantOwned, AbstractImage):
    """An image of one tenant."""

    file = CheckedPictureField(
        verbose_name=_("file"), upload_to=picture_place, width_field="width", height_field="height"
    )
    tags = TaggableManager(
        verbose_name=_("tags"), help_text=None, blank=True, through="cms_core_media.TaggedImage"
    )
    admin_form_fields = WagtailImage.admin_form_fields
    tenant_visibility = own()

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_mediaimage", "Can choose image")]


class ImageRendition(AbstractRendition):
    """A resized copy of an image."""

    image = models.ForeignKey(MediaImage, related_name="renditions", on_delete=models.CASCADE)
    # Indexed: a picture is asked for by its place.
    file = WagtailImageField(
        upload_to=rendition_place,
        storage=get_rendition_storage,
        width_field="width",
        height_field="height",
        db_index=True,
    )
    tenant_visibility = derived("image")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="rendition_once"
            )
        ]


class TaggedImage(ItemBase):
    content_object = models.ForeignKey(
        MediaImage, on_delete=models.CASCADE, related_name="tagged_items"
    )
    tag = models.ForeignKey(MediaTag, on_delete=models.CASCADE, related_name="tagged_images")
    tenant_visibility = derived("content_object")


class MediaFile(TenantOwned, AbstractDocument):
    """A downloadable file of one tenant (附件). Not a 公文: that is ``OfficialDocument``."""

    file = CheckedFileField(upload_to=file_place, verbose_name=_("file"))
    tags = TaggableManager(
        verbose_name=_("tags"), help_text=None, blank=True, through="cms_core_media.TaggedFile"
    )
    admin_form_fields = WagtailDocument.admin_form_fields
    tenant_visibility = own()

    def clean(self) -> None:
        """Wagtail's check of the extension, which says of a refused file that it has none."""
        if self.file:
            super().clean()

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        permissions = [("choose_mediafile", "Can choose file")]


class TaggedFile(ItemBase):
    content_object = models.ForeignKey(
        MediaFile, on_delete=models.CASCADE, related_name="tagged_items"
    )
    tag = models.ForeignKey(MediaTag, on_delete=models.CASCADE, related_name="tagged_files")
    tenant_visibility = derived("content_object")
