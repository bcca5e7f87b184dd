"""Screens of the explanations: a page, a picture, a file, oneself, another person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms_core.pages import lifecycle_rights
from cms_core.pages.models import SectionPage
from sites.accounts.permissions import may_manage_people

from .page_answers import page_lines
from .page_facts import PageFacts, facts_of
from .people import Person, asking, people_here
from .site_answers import media_lines, section_line, site_lines

#: Sections on the screen of a person: a site of the largest kind has about two hundred.
MOST_SECTIONS = 300


class ExplainView(WagtailAdminTemplateMixin, TemplateView):
    """Base: who asks, or for whom a site administrator asks."""

    header_icon = "help"
    page_title = gettext_lazy("Who may do what here")
    template_name = "cms_core_explainer/explanation.html"

    @cached_property
    def people(self) -> list[Person]:
        return people_here()

    @cached_property
    def asker(self) -> Person:
        """Oneself; for whoever manages people, the person of the address's query."""
        wanted = self.request.GET.get("person", "")
        if wanted and may_manage_people(self.request.user):
            for person in self.people:
                if str(person.user.pk) == wanted:
                    return person
            raise Http404("no such person here")
        return asking(self.request.user, self.people)

    @property
    def site_name(self) -> str:
        return str(self.request.tenant.name)  # type: ignore[attr-defined]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_oneself = self.asker.user.pk == self.request.user.pk
        return super().get_context_data(**kwargs) | {
            "asker": self.asker,
            "is_oneself": is_oneself,
            "choices": self.people if may_manage_people(self.request.user) else [],
        }


class PageView(ExplainView):
    """One page: each action, for who asks and for everybody."""

    @cached_property
    def facts(self) -> PageFacts:
        found = facts_of(self.kwargs["page_id"])
        if found is None:
            raise Http404("no such page here")
        return found

    @property
    def names_it(self) -> bool:
        """A draft's title is told to those who work on it; what is public, to everybody."""
        page, user = self.facts.page, self.request.user
        if self.facts.entry is not None:
            return lifecycle_rights.may_see_deleted(self.facts.entry, user)
        return bool(page.live or lifecycle_rights.may_see(page, user))

    def get_page_subtitle(self) -> str:
        return self.facts.page.get_admin_display_title() if self.names_it else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = page_lines(self.facts, self.asker, self.people)
        can_edit = next((row.answer.allowed for row in rows if row.code == "edit"), False)
        page = self.facts.page
        return super().get_context_data(**kwargs) | {
            "facts": self.facts,
            "title": self.get_page_subtitle(),
            "rows": rows,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]) if can_edit else "",
            "is_bin": self.facts.is_recycled,
        }


class OfMedia(ExplainView):
    """Base of the screens of a picture and of a file."""

    kind = ""
    argument = ""

    @cached_property
    def thing(self) -> Any:
        model: Any = get_image_model() if self.kind == "image" else get_document_model()
        rows = model.objects.select_related("collection", "uploaded_by_user")
        return get_object_or_404(rows, pk=self.kwargs[self.argument])

    def get_page_subtitle(self) -> str:
        return str(self.thing.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = media_lines(self.thing, self.kind, self.asker, self.people)
        return super().get_context_data(**kwargs) | {"title": self.thing.title, "rows": rows}


class PictureView(OfMedia):
    kind = "image"
    argument = "image_id"


class FileView(OfMedia):
    kind = "document"
    argument = "document_id"


class MineView(ExplainView):
    """What one may do on the whole site, by which role."""

    template_name = "cms_core_explainer/person.html"
    page_title = gettext_lazy("What may I do here?")

    @cached_property
    def whose(self) -> Person:
        return self.asker

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sections = SectionPage.objects.order_by("path", "pk")[: MOST_SECTIONS + 1]
        lines = [section_line(section, self.whose.user) for section in sections]
        return super().get_context_data(**kwargs) | {
            "whose": self.whose,
            "rows": site_lines(self.whose, self.people, self.site_name),
            "sections": [
                line
                for line in lines[:MOST_SECTIONS]
                if line.writes or line.edits or line.withdraws or line.reviews
            ],
            "has_more": len(lines) > MOST_SECTIONS,
        }


class PersonView(MineView):
    """The same for another person, for whoever manages the people of the site."""

    @cached_property
    def whose(self) -> Person:
        for person in self.people:
            if person.user.pk == self.kwargs["pk"]:
                return person
        raise Http404("no such person here")

    @cached_property
    def asker(self) -> Person:
        if not may_manage_people(self.request.user):
            raise PermissionDenied(_("You do not manage the people of this site."))
        return self.whose

    def get_page_title(self) -> str:
        return _("What may %(name)s do here?") % {"name": self.whose.name}
