"""Which file a template name of a look leads to."""

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template

import themes.loaders
from themes.manifest import THEMES


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A template folder of its own, with the cached templates out of the way."""
    monkeypatch.setattr(themes.loaders, "_FOLDER", tmp_path)
    for name, text in {
        "every_look/page.html": '[{% include "themes/every_look/parts/a.html" %}'
        "{% block main %}shared{% endblock %}]",
        "every_look/parts/a.html": '(shared a {% include "themes/every_look/parts/b.html" %})',
        "every_look/parts/b.html": "shared b",
        "department/parts/b.html": "own b",
        "township/page.html": '{% extends "themes/every_look/page.html" %}'
        "{% block main %}own{% endblock %}",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def forget():
        for loader in engines["django"].engine.template_loaders:
            loader.reset()

    forget()
    yield tmp_path
    forget()


@pytest.mark.parametrize(
    ("look", "printed"),
    [
        ("portal", "[(shared a shared b)shared]"),
        ("department", "[(shared a own b)shared]"),
        ("township", "[(shared a shared b)own]"),
    ],
)
def test_a_look_gets_its_own_part_in_a_shared_page(folder, look, printed):
    assert get_template(f"themes/{look}/page.html").render({}) == printed


def test_nothing_is_read_while_a_page_is_printed(folder):
    name = "themes/department/page.html"
    first = get_template(name).render({})
    for path in folder.rglob("*.html"):
        path.write_text("changed")
    assert get_template(name).render({}) == first


@pytest.mark.parametrize("name", ["themes/nobody/page.html", "themes/portal/../page.html"])
def test_an_unknown_look_has_no_template(folder, name):
    with pytest.raises(TemplateDoesNotExist):
        get_template(name)


@pytest.mark.parametrize("look", THEMES)
def test_every_template_name_in_the_shared_files_is_one_of_every_look(look):
    """A name with a look in it would take that look's part into all others."""
    shared = (themes.loaders._FOLDER / "every_look").rglob("*.html")
    assert [path.name for path in shared if f'"themes/{look}/' in path.read_text()] == []
