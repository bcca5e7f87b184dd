"""Import from Word and spreadsheets: choose a file, see what becomes of it, make the draft."""

import base64
import io
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from PIL import Image
from wagtail.admin import messages

from cms_core.media.exceptions import FileRefused
from cms_core.pages.markup import clean_markup
from cms_core.pages.models import SectionPage
from cms_core.pages.table_block import shown_table
from cms_core.pages.writing import may_write, sections_to_write_in
from themes import contract

from . import services
from .forms import DraftForm, OfficeFileForm
from .pasting import take_in
from .plan import ImportRefused, OfficeText, Passage, Picture, Piece, Table
from .selectors import collection_for

#: Pixels of a picture in the preview.
PREVIEW_SIDE = 480


def choose_file(request: HttpRequest) -> HttpResponseBase:
    """The first step: a section and a file."""
    if not sections_to_write_in(request.user):
        raise PermissionDenied
    form = OfficeFileForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"section": request.GET.get("section", "")},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = services.keep_for_preview(actor=request.user, upload=file, name=file.name)
        address = reverse("office_import:preview", args=[kept.pk])
        return HttpResponseRedirect(f"{address}?section={form.cleaned_data['section']}")
    return TemplateResponse(
        request,
        "cms_core_office_import/choose.html",
        {"form": form, "page_title": _("Import from Word and spreadsheets")},
    )


def preview(request: HttpRequest, upload_id: int) -> HttpResponseBase:
    """The second step: what the article will be, what is left out, and the draft."""
    user: Any = request.user
    kept = services.kept_file(actor=user, pk=upload_id)
    if kept is None:
        raise Http404
    section = _section(request, user)
    name = kept.file.name.rpartition("/")[2]
    if request.method == "POST" and "cancel" in request.POST:
        services.forget(actor=user, kept=kept)
        return HttpResponseRedirect(reverse("office_import:choose"))
    try:
        with kept.file.open("rb") as stream:
            body = stream.read()
        text = services.read_office_file(io.BytesIO(body), name)
    except (ImportRefused, FileNotFoundError) as error:
        messages.error(request, getattr(error, "words", _("The file is gone. Upload it again.")))
        return HttpResponseRedirect(reverse("office_import:choose"))
    collection = collection_for(user)
    form = DraftForm(request.POST or None, initial={"title": text.title})
    if request.method == "POST" and form.is_valid():
        try:
            article = services.import_office_text(
                actor=user,
                parent=section,
                text=text,
                title=form.cleaned_data["title"],
                collection=collection,
                original=(name, body) if form.cleaned_data["with_original"] else None,
            )
        except FileRefused as refusal:
            form.add_error("with_original", refusal.words)
        else:
            services.forget(actor=user, kept=kept)
            messages.success(request, _("The draft is made. Read it through, then submit it."))
            return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    return TemplateResponse(
        request,
        "cms_core_office_import/preview.html",
        {
            "form": form,
            "page_title": _("Look through the import"),
            "section": section,
            "file_name": name,
            "counts": text.counts,
            "dropped": _dropped(text, collection),
            "blocks": [block for piece in text.pieces for block in _shown(piece)],
        },
    )


@require_POST
def pasted(request: HttpRequest) -> HttpResponse:
    """What the editor's script sends before it puts pasted text in: mended, with what is to be told."""
    if not may_write(request.user):
        raise PermissionDenied
    mended = take_in(actor=request.user, markup=request.POST.get("markup", ""))
    return JsonResponse({"markup": mended.markup, "words": mended.words})


def _section(request: HttpRequest, user: Any) -> SectionPage:
    given = request.GET.get("section", "")
    sections = {str(section.pk): section for section in sections_to_write_in(user)}
    if given not in sections:
        raise Http404
    return sections[given]


def _dropped(text: OfficeText, collection: Any) -> list[str]:
    lines = list(text.dropped)
    if collection is None and text.counts["pictures"]:
        lines.insert(0, _("All pictures: you may not add pictures. Ask your site administrator."))
    return lines


def _shown(piece: Piece) -> list[Any]:
    """A piece as the page will print it."""
    if isinstance(piece, Passage):
        return [contract.HtmlBlock(SafeString(clean_markup(piece.markup)))]
    if isinstance(piece, Table):
        if piece.grid is None:
            return [contract.HtmlBlock(SafeString(clean_markup(piece.markup)))]
        table = shown_table(piece.grid.value())
        return [table] if table is not None else []
    return [_picture(piece)] if isinstance(piece, Picture) and piece.body else []


def _picture(piece: Picture) -> contract.ImageBlock:
    """A small copy inside the screen: the picture itself is stored with the draft only."""
    with Image.open(io.BytesIO(piece.body)) as opened:
        opened.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        small = io.BytesIO()
        opened.convert("RGB").save(small, "JPEG", quality=70)
        size = opened.size
    data = base64.b64encode(small.getvalue()).decode()
    return contract.ImageBlock(contract.Picture(f"data:image/jpeg;base64,{data}", piece.alt, *size))
