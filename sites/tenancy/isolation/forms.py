"""Forms of a page as a browser sees them: where they lead and what they would send."""

from dataclasses import dataclass, field

from lxml import html


@dataclass
class PageForm:
    """One form. ``fields``: what a browser sends unchanged; ``selects``: name → offered values."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    selects: dict[str, list[str]] = field(default_factory=dict)


def post_forms(page: str) -> list[PageForm]:
    """Every form of ``page`` that is sent by POST."""
    if "<form" not in page:
        return []
    try:
        document = html.fromstring(page)
    except (html.etree.ParserError, ValueError):
        return []
    return [
        _read(form) for form in document.iter("form") if form.get("method", "").lower() == "post"
    ]


def _read(form: html.HtmlElement) -> PageForm:
    found = PageForm(action=form.get("action") or "")
    for block in form.xpath(".//*[@data-block][@id]"):
        # The blocks of a StreamField are drawn by script: without it a browser would send none.
        found.fields[f"{block.get('id')}-count"] = ["0"]
    for element in form.iter("input", "select", "textarea"):
        name = element.get("name")
        if not name:
            continue
        if element.tag == "select":
            options = list(element.iter("option"))
            found.selects[name] = [option.get("value", option.text or "") for option in options]
            chosen = [
                o.get("value", o.text or "") for o in options if o.get("selected") is not None
            ]
            if not chosen and options and element.get("multiple") is None:
                chosen = [options[0].get("value", options[0].text or "")]
            found.fields.setdefault(name, []).extend(chosen)
        elif element.tag == "textarea":
            found.fields.setdefault(name, []).append(element.text or "")
        elif element.get("type") in {"checkbox", "radio"}:
            if element.get("checked") is not None:
                found.fields.setdefault(name, []).append(element.get("value", "on"))
        elif element.get("type") not in {"submit", "button", "image", "file", "reset"}:
            found.fields.setdefault(name, []).append(element.get("value") or "")
    return found
