"""What a reader gets of an HTML page: its visible text and where it leads."""

from html.parser import HTMLParser

_UNSEEN = {"script", "style", "template", "noscript"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _UNSEEN:
            self._unseen += 1
        target = values.get("href" if tag == "a" else "action") if tag in {"a", "form"} else None
        if target:
            self.links.append(target)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        text = "".join(data.split())
        if text and not self._unseen:
            self.text.append(text)


def visible_text(html: str) -> str:
    """The title and every text a reader sees, without white space (Chinese text has none to lose)."""
    return "".join(_read(html).text)


def links(html: str) -> list[str]:
    """Targets of links and forms, in order."""
    return _read(html).links


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
