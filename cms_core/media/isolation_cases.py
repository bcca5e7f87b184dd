"""Images, files, renditions, tags and uploads for the isolation probe, and the ways to them."""

import io
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Q
from PIL import Image
from wagtail.models import Collection, CollectionViewRestriction, UploadedFile

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Resident,
    Try,
    register_isolation_cases,
)

from .models import ImageRendition, MediaFile, MediaImage, MediaTag
from .public_pictures import public_picture

#: The probe knows a picture of the other tenant by its colour, whatever size it was made.
OWN_COLOUR = (20, 140, 60)
OTHER_COLOUR = (215, 25, 135)


def _picture(resident: Resident, name: str, word: str) -> ContentFile[bytes]:
    body = io.BytesIO()
    colour = OWN_COLOUR if resident.is_own else OTHER_COLOUR
    Image.new("RGB", (64, 48), colour).save(body, "PNG")
    return ContentFile(body.getvalue(), name=f"{name}-{word}.png")


def furnish(resident: Resident) -> None:
    """Two collections, one of them private; three images with renditions, three files, tags, uploads."""
    administrator = resident.people["site_administrator"]
    top = Collection.objects.filter(depth=2).get()
    inner = top.add_child(name=resident.text("collection"))
    closed = top.add_child(name=resident.text("closed collection"))
    CollectionViewRestriction.objects.create(
        collection=closed, restriction_type="password", password=resident.word
    )
    resident.note("collection", inner, closed, top)
    by_group = CollectionViewRestriction.objects.create(
        collection=closed, restriction_type="groups"
    )
    by_group.groups.set(resident.ids["group"][:1])
    restrictions = CollectionViewRestriction.objects.filter(collection=closed).order_by("pk")
    resident.note("collection_restriction", *restrictions)
    for number, collection in enumerate((top, inner, closed)):
        # What lies in an open collection is shown by a live page, and public by address and by API.
        is_closed = collection == closed
        text = resident.text if is_closed else resident.public_text
        word = resident.word if is_closed else resident.public_word
        image = MediaImage.objects.create(
            title=text(f"image {number}"),
            description=text("description"),
            file=_picture(resident, f"image{number}", word),
            collection=collection,
            uploaded_by_user=administrator,
        )
        image.tags.add(text(f"imagetag{number}"))
        file = MediaFile.objects.create(
            title=text(f"file {number}"),
            file=ContentFile(text("content of a file").encode(), name=f"file{number}-{word}.txt"),
            collection=collection,
            uploaded_by_user=administrator,
        )
        file.tags.add(text(f"filetag{number}"))
        resident.note("image", image)
        resident.note("document", file)
        # Made at the first visit of a page that shows it: a try would have changed the tenant's rows.
        public_picture(image)
    image = MediaImage.objects.get(pk=resident.first("image"))
    rendition = image.get_rendition("width-32")
    resident.note("rendition", rendition)
    resident.note("picture_place", rendition.file.name, image.file.name)
    resident.note("tag", *MediaTag.objects.all())
    resident.values["filename"] = MediaFile.objects.get(pk=resident.first("document")).filename
    for model in (MediaImage, MediaFile):
        upload = UploadedFile.objects.create(
            file=_picture(resident, "upload", resident.word),
            uploaded_by_user=administrator,
            for_content_type=ContentType.objects.get_for_model(model),
        )
        resident.note("upload", upload)


def tries(own: Resident, other: Resident) -> list[Try]:
    """Search, filters, choosers, tags and bulk actions with the other tenant's keys."""
    found = [
        Try("tags", "tenant_admin", f"tag-autocomplete/?term={term}", is_own=False)
        for term in (other.needle[:4], "imagetag", "filetag", "")
    ]
    found += [
        Try(
            "tags",
            "tenant_admin",
            f"tag-autocomplete/cms_core_media/mediatag/?term={term}",
            is_own=is_own,
        )
        for term, is_own in (("imagetag", True), ("filetag", True), (other.needle, False))
    ]
    for kind, place in (("image", "images"), ("document", "documents")):
        theirs = other.first(kind)
        collection = other.first("collection")
        tag = other.ids["tag"][0]
        for base in (
            f"{place}/",
            f"{place}/results/",
            f"{place}/chooser/",
            f"{place}/chooser/results/",
        ):
            for query in (
                f"q={other.needle}",
                f"collection_id={collection}",
                f"tag={tag}&ordering=title&p=2",
                f"collection_id={own.first('collection')}",
            ):
                surface = "choosers" if "chooser" in base else place
                found.append(Try(surface, "tenant_admin", f"{base}?{query}"))
        found.append(
            Try("choosers", "tenant_admin", f"{place}/chooser/chosen-multiple/?id={theirs}")
        )
        model = "mediaimage" if kind == "image" else "mediafile"
        for action in ("delete", "add_to_collection", "add_tags"):
            for whose in (theirs, f"{own.first(kind)}&id={theirs}"):
                address = f"bulk/cms_core_media/{model}/{action}/?id={whose}&next=/"
                found.append(Try("bulk actions", "tenant_admin", address))
                data = {"collection": collection, "tags": "stolen"}
                found.append(Try("bulk actions", "tenant_admin", address, data=data))
    found += _downloads(own, other) + _programming_interfaces(own, other)
    return found


def _downloads(own: Resident, other: Resident) -> list[Try]:
    name = other.values["filename"]
    return (
        [
            Try("files", place, f"documents/{key}/{name}")
            for place in ("public", "tenant_admin")
            for key in other.ids["document"]
        ]
        + [
            Try("files", place, f"media/{path}")
            for place in ("public", "tenant_admin")
            for path in other.ids["picture_place"]
        ]
        + [
            Try("files", "public", f"media/{own.first('picture_place')}"),
            Try(
                "files",
                "public",
                f"documents/authenticate_with_password/{other.first('collection_restriction')}/",
                data={"password": other.word, "return_url": "/"},
            ),
            Try(
                "files",
                "public",
                f"documents/{own.first('document')}/{own.values['filename']}",
                is_own=True,
            ),
        ]
    )


def _programming_interfaces(own: Resident, other: Resident) -> list[Try]:
    """On a public host one by one; for staff lists too, which take filters."""
    found = []
    base, surface = "api/main", "administration's API"
    for kind, name in (("images", "image"), ("documents", "document")):
        found.append(
            Try("API v2", "public", f"api/v2/{kind}/{own.first(name)}/?fields=*", is_own=True)
        )
        found += [
            Try("API v2", "public", f"api/v2/{kind}/{key}/?fields=*") for key in other.ids[name]
        ]
        found += [
            Try("API v2", "public", f"api/v2/{kind}/{query}")
            for query in ("?fields=*", f"?search={other.needle}", f"find/?id={other.first(name)}")
        ]
        found += [
            Try(surface, "tenant_admin", f"{base}/{kind}/?{query}")
            for query in (
                f"search={other.needle}",
                "limit=20&offset=0",
                "fields=*",
                f"id={other.first(name)}",
                f"tags={other.needle}",
                f"collection_id={other.first('collection')}",
                "order=random",
            )
        ]
        found.append(Try(surface, "tenant_admin", f"{base}/{kind}/find/?id={other.first(name)}"))
    return found


def check_files(laboratory: Laboratory) -> None:
    """Images, files, renditions and tags of the other tenant through the models."""
    own, other = laboratory.own, laboratory.other
    surface = "media in code"
    theirs = other.first("image")
    with laboratory.inside(own, "site_administrator"):
        models: tuple[Any, ...] = (MediaImage, MediaFile, MediaTag, ImageRendition, UploadedFile)
        for model in models:
            laboratory.expect_clean(surface, list(model.objects.values()), model.__name__)
        laboratory.expect(
            surface,
            not MediaImage._base_manager.filter(Q(pk=theirs)).exists(),
            "an image by its key",
        )
        laboratory.expect_refusal(
            surface,
            lambda: ImageRendition.objects.create(
                image_id=theirs, filter_spec="width-9", file="x.png", width=1, height=1
            ),
            "a rendition row on a foreign image",
        )
        laboratory.expect_refusal(
            surface,
            lambda: MediaFile.objects.create(
                title="x", file="x.txt", collection_id=other.first("collection")
            ),
            "a file in a foreign collection",
        )


def _kinds(*kinds: str) -> dict[str, Any]:
    return {"kinds": kinds}


register_isolation_cases(
    "cms_core_media",
    IsolationCases(
        furnish=furnish,
        tries=tries,
        checks={"media in code": check_files},
        arguments=(
            Argument(
                r"documents/multiple/(create_from|delete_upload)", "uploaded_file_id", ("upload",)
            ),
            Argument(
                r"images/multiple/(create_from|delete_upload)", "uploaded_file_id", ("upload",)
            ),
            Argument(r"images/.*", "filter_spec", values=("width-20",)),
            Argument(r"images", "image_id|pk", ("image",)),
            Argument(r"documents/\^", "_0", ("document",)),
            Argument(r"documents/\^", "_1", values=("file.txt",)),
            Argument(r"documents/auth", "restriction_id", ("collection_restriction",)),
            Argument(r"documents", "document_id|doc_id|pk", ("document",)),
            Argument(r"^media/", "path", ("picture_place",)),
            Argument(r"^collections/", "pk|collection_id", ("collection",)),
        ),
        fields={
            r"(^|-)(collection|parent)$": "collection",
            r"(^|-)image(-value)?$": "image",
            r"(^|-)(file|document)(-value)?$": "document",
            r"(^|-)tags$": "tag",
        },
    ),
)
