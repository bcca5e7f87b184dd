"""A page of every type, and what hangs on them, for the isolation probe."""

from typing import Any

from sites.registry.isolation import Resident

from .models import (
    ArticlePage,
    ArticlePlacement,
    ArticleRelation,
    BasePage,
    ContentPage,
    GalleryPage,
    GalleryPicture,
    LeaderPage,
    LinkPage,
    OrganizationPage,
    OrganizationUnit,
    SinglePage,
    TopicalEventPage,
    VideoPage,
)


def furnish_page_types(
    resident: Resident, *, public: BasePage, private: BasePage, live: ArticlePage
) -> None:
    """Drafts of all types in the public section, with pictures, files and links of the tenant.

    Drafts, because their texts are canaries that only the tenant may read.
    """
    image, document = resident.first("image"), resident.first("document")
    text = f"<p>{resident.text('rich text')}</p>"
    blocks = TopicalEventPage._meta.get_field("blocks").stream_block.to_python(
        [
            {"type": "section", "value": {"section": public.pk, "count": 3}},
            {"type": "pages", "value": {"title": resident.text("chosen")[:40], "pages": [live.pk]}},
            {"type": "text", "value": text},
        ]
    )
    topic = TopicalEventPage(
        picture_id=image, picture_description=resident.text("picture"), blocks=blocks
    )
    leader = LeaderPage(post=resident.text("post"), division_of_work=text, portrait_id=image)
    body = OrganizationPage(duties=text, phone=resident.text("phone")[:60])
    gallery = GalleryPage()
    video = VideoPage(file_id=document, captions_id=document, poster_id=image, transcript=text)
    single = SinglePage()
    link = LinkPage(external_url=f"https://example.org/{resident.word}")
    kinds = {
        "topic": topic,
        "leader": leader,
        "body": body,
        "gallery": gallery,
        "video": video,
        "single": single,
        "link": link,
    }
    for name, page in kinds.items():
        _add(resident, public, name, page)
    OrganizationUnit.objects.create(page=body, name=resident.text("unit"))
    GalleryPicture.objects.create(
        page=gallery, image_id=image, description=resident.text("description")
    )
    for page in (body, gallery):
        page.refresh_from_db()
        page.save_revision(user=resident.people["editor"])
    ArticlePlacement.objects.create(page=live, section=private)
    ArticleRelation.objects.create(page=live, target=public)
    resident.note("page", *kinds.values())


def _add(resident: Resident, section: BasePage, name: str, page: ContentPage) -> Any:
    page.title = resident.text(name)
    page.slug = f"{name}-{resident.word}"
    page.summary = resident.text("summary")
    page.live = False
    page.locale_id = section.locale_id
    page.owner = resident.people["editor"]
    section.add_child(instance=page)
    return page.save_revision(user=resident.people["editor"])
