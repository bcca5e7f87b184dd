"""From an office file to a draft article. Each function is one transaction or none."""

from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import UploadedFile

from cms_core.media.checking import CheckedFile, check_upload
from cms_core.media.exceptions import FileRefused
from cms_core.media.file_names import clean_file_name, extension_of, visible
from cms_core.media.models import MediaFile, MediaImage
from cms_core.media.recognition import recognise
from cms_core.pages.models import ArticlePage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import create_article
from sites.audit.services import record_event

from .plan import ImportRefused, OfficeText, Passage, Picture, Table
from .sheets import read_list, read_workbook
from .word import read_word

_OLD_FORMS = {
    "doc": "docx",
    "wps": "docx",
    "dot": "docx",
    "rtf": "docx",
    "xls": "xlsx",
    "et": "xlsx",
}


def read_office_file(upload: Any, name: str) -> OfficeText:
    """The article in a file, which is checked like every upload first.

    :raises ImportRefused: with words that say what to do.
    """
    extension = extension_of(clean_file_name(name))
    shown = visible(name)
    try:
        checked = check_upload(upload, pictures_only=False, name=name)
    except FileRefused as refusal:
        raise ImportRefused(refusal.words) from refusal
    stream: Any = checked.file
    content = recognise(stream)
    if content == "word":
        return read_word(stream, checked.name or shown)
    if content == "excel":
        return read_workbook(stream, checked.name or shown)
    if extension == "csv":
        return read_list(stream, checked.name or shown)
    if content.startswith("old_") and extension in _OLD_FORMS:
        raise ImportRefused(
            _(
                "“%(name)s” is in the old form .%(old)s. Open it in Word, Excel or WPS, choose “Save as” "
                "%(new)s, and upload that."
            )
            % {"name": shown, "old": extension, "new": _OLD_FORMS[extension]}
        )
    raise ImportRefused(
        _(
            "“%(name)s” is no Word file (docx), spreadsheet (xlsx) or list (csv). Publish it as an attachment."
        )
        % {"name": shown}
    )


@transaction.atomic
def keep_for_preview(*, actor: Any, upload: Any, name: str) -> UploadedFile:
    """Set a file aside between its preview and the draft; what its owner left lying is removed."""
    kind = ContentType.objects.get_for_model(ArticlePage)
    mine = UploadedFile.objects.filter(for_content_type=kind, uploaded_by_user=actor)
    for old in mine.order_by("pk"):
        forget(actor=actor, kept=old)
    upload.seek(0)
    return UploadedFile.objects.create(
        for_content_type=kind,
        uploaded_by_user=actor,
        file=ContentFile(upload.read(), name=clean_file_name(name)),
    )


def kept_file(*, actor: Any, pk: int) -> UploadedFile | None:
    """A file that ``actor`` set aside."""
    kind = ContentType.objects.get_for_model(ArticlePage)
    return UploadedFile.objects.filter(pk=pk, for_content_type=kind, uploaded_by_user=actor).first()


@transaction.atomic
def forget(*, actor: Any, kept: UploadedFile) -> None:
    """Remove a file that was set aside."""
    storage, name = kept.file.storage, kept.file.name
    kept.delete()
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def import_office_text(
    *,
    actor: Any,
    parent: Any,
    text: OfficeText,
    title: str,
    collection: Any,
    original: tuple[str, bytes] | None = None,
) -> ArticlePage:
    """A draft below ``parent`` with the text, its tables and its pictures.

    ``collection``: where pictures and the ``original`` (name, bytes) go; ``None`` leaves them out.

    :raises FileRefused: the original is no file that may be offered.
    """
    body: list[tuple[str, Any]] = []
    pictures = 0
    for piece in text.pieces:
        if isinstance(piece, Passage):
            body.append(("paragraph", piece.markup))
        elif isinstance(piece, Table):
            body.append(("table", piece.grid.value()) if piece.grid else ("html", piece.markup))
        elif isinstance(piece, Picture) and piece.body and collection is not None:
            pictures += 1
            image = stored_picture(actor, collection, piece, title, pictures)
            value = {"image": image.pk, "alternative_text": piece.alt, "caption": ""}
            body.append(("image", value))
    if original is not None and collection is not None:
        name, content = original
        file = MediaFile(
            title=PurePath(name).stem[:255], collection=collection, uploaded_by_user=actor
        )
        file.file.save(name, ContentFile(content, name=name), save=False)
        file._set_document_file_metadata()
        file.save()
        body.append(("attachment", {"file": file.pk, "title": ""}))
    day = timezone.localdate().strftime("%Y%m%d")
    article = create_article(
        actor=actor,
        parent=parent,
        row=ArticleRow(
            key="office",
            parent_id=parent.pk,
            title=title[:255],
            slug=f"{day}-{uuid4().hex[:8]}",
            body=body,
            live=False,
        ),
    )
    record_event(
        kind="article_from_office_file",
        subject=article,
        actor=actor,
        data={"blocks": len(body), "pictures": pictures},
    )
    return article


def stored_picture(
    actor: Any, collection: Any, piece: Picture, title: str, number: int
) -> MediaImage:
    """A checked picture as one of the site's, named after the text it came with."""
    image = MediaImage(
        title=_("%(title)s, picture %(number)s") % {"title": title[:200], "number": number},
        description=piece.alt,
        collection=collection,
        uploaded_by_user=actor,
    )
    # Checked and made anew when the file was read: a second time would cost quality.
    image.file.save(piece.name, CheckedFile(piece.body, name=piece.name), save=False)
    image._set_image_file_metadata()
    image.save()
    return image
