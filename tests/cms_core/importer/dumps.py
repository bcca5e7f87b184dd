# ruff: noqa: S608 - the statements are input for a parser and reach no database
"""Small dumps of the gov8 shape, made by code: no text of a real site is kept in the repository."""

from collections.abc import Iterable, Mapping
from pathlib import Path

CATEGORY = ("id", "parent", "name", "site", "model", "url", "type", "display_order",
            "seo_keywords", "seo_description")  # fmt: skip
ITEM = ("id", "model", "title", "site", "cid", "frame", "author", "summary", "timestamp",
        "create_time", "update_time", "verified")  # fmt: skip
ARTICLE = (*ITEM, "source", "keywords")
ADDON = ("id", "iid", "page", "content", "site")
ATTACHMENT = ("id", "module", "item_id", "filename", "type", "path")
TABLES = {
    "p8_sites_category": CATEGORY,
    "p8_sites_item": ITEM,
    "p8_sites_item_article_": ARTICLE,
    "p8_sites_item_article_addon": ADDON,
    "p8_sites_attachment": ATTACHMENT,
}
#: 2015-06-10 07:34:19 in Shanghai.
STAMP = 1433892859


def quoted(value: object) -> str:
    """A value as MySQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return "'" + text.replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0") + "'"


def create(table: str, columns: Iterable[str]) -> str:
    """A table definition with the decorations of a real one."""
    lines = [f"  `{name}` varchar(255) NOT NULL DEFAULT ''," for name in columns]
    return (
        f"DROP TABLE IF EXISTS `{table}`;\nCREATE TABLE `{table}` (\n"
        + "\n".join(lines)
        + "\n  PRIMARY KEY (`id`),\n  KEY `place` (`id`,`site`)\n) ENGINE=MyISAM DEFAULT CHARSET=utf8;\n"
    )


class SiteDump:
    """Collects rows and writes them as a dump. Every adding method returns the key."""

    def __init__(self, site: str = "gov1") -> None:
        self.site = site
        self.rows: list[tuple[str, Mapping[str, object]]] = []
        self._next_page = 1

    def section(self, key: int, name: str, parent: int = 0, **values: object) -> int:
        """A column; `type` 1 lists sections, 2 articles, 3 is a link, 4 one page."""
        row = {"id": key, "parent": parent, "name": name, "site": self.site, "type": "2",
               "model": "article", **values}  # fmt: skip
        self.rows.append(("p8_sites_category", row))
        return key

    def article(
        self, key: int, section: int, title: str, body: str | Iterable[str] | None, **values: object
    ) -> int:
        """An article with its copy in the model table and one row for each page of its text."""
        row = {"id": key, "cid": section, "title": title, "site": self.site, "model": "article",
               "verified": "1", "timestamp": STAMP, "create_time": STAMP, "update_time": STAMP,
               **values}  # fmt: skip
        self.rows.append(("p8_sites_item", {name: row.get(name, "") for name in ITEM}))
        self.rows.append(("p8_sites_item_article_", row))
        for number, page in enumerate(pages_of(body), start=1):
            self.page(key, number, page)
        return key

    def page(self, article: int, number: int, content: str) -> None:
        """One page of an article's text."""
        row = {"id": self._next_page, "iid": article, "page": number, "content": content,
               "site": self.site}  # fmt: skip
        self._next_page += 1
        self.rows.append(("p8_sites_item_article_addon", row))

    def upload(self, key: int, article: int, path: str, name: str, kind: str) -> None:
        """A row of the upload table."""
        row = {"id": key, "module": "item", "item_id": article, "filename": name, "type": kind,
               "path": path}  # fmt: skip
        self.rows.append(("p8_sites_attachment", row))

    def text(self) -> str:
        """The dump."""
        parts = ["-- generated for a test\n"]
        parts += [create(table, columns) for table, columns in TABLES.items()]
        for table, row in self.rows:
            values = ",".join(quoted(row.get(name, "")) for name in TABLES[table])
            parts.append(f"REPLACE INTO `{table}` VALUES ({values});\n")
        return "".join(parts)

    def write(self, folder: Path, encoding: str = "utf-8") -> Path:
        """The dump as a file."""
        path = folder / "old_site.sql"
        path.write_bytes(self.text().encode(encoding))
        return path


def pages_of(body: str | Iterable[str] | None) -> list[str]:
    """No page, one page or several."""
    if body is None:
        return []
    return [body] if isinstance(body, str) else list(body)
