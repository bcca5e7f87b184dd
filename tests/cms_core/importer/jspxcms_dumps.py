# ruff: noqa: S608 - the statements are input for a parser and reach no database
"""Small dumps of the Jspxcms shape, made by code: no text of a real site is kept in the repository."""

from pathlib import Path

from tests.cms_core.importer.dumps import quoted


class JspxcmsDump:
    """Collects rows and writes them as the exporter does: no semicolon after a definition."""

    def __init__(self) -> None:
        self.lines = [
            "create table cms_node\n(\n   f_node_id int not null,\n   primary key (f_node_id)\n)\n"
        ]
        self.insert("cms_site", f_site_id=1, f_name="示例局", f_number="1")
        self.insert("cms_model", f_model_id=1, f_type="node_home", f_name="首页")
        self.insert("cms_model", f_model_id=2, f_type="node", f_name="新闻")
        self.node(1, None, "首页", "0000", model=1)

    def insert(self, table: str, **values: object) -> None:
        """One row with named columns."""
        cells = ",".join(quoted(value) for value in values.values())
        self.lines.append(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({cells});\n")

    def node(self, key: int, parent: int | None, name: str, tree: str, **more: object) -> None:
        """A column with its detail row; `link` and `text` as a column may have them."""
        self.insert(
            "cms_node", f_node_id=key, f_site_id=1, f_parent_id=parent, f_name=name,
            f_node_model_id=more.get("model", 2), f_info_model_id=7, f_tree_number=tree,
            f_creation_date="2013-02-21 20:59:27",
        )  # fmt: skip
        self.insert("cms_node_detail", f_node_id=key, f_link=more.get("link"))
        if "text" in more:
            self.insert("cms_node_clob", f_node_id=key, f_key="text", f_value=more["text"])

    def info(self, key: int, node: int, title: str, text: str | None, **more: object) -> None:
        """An article with its detail and text rows."""
        self.insert(
            "cms_info", f_info_id=key, f_site_id=1, f_node_id=node,
            f_publish_date="2014-12-17 11:09:02", f_status=more.pop("status", "A"),
        )  # fmt: skip
        self.insert("cms_info_detail", f_info_id=key, f_title=title, **more)
        self.insert("cms_info_node", f_info_id=key, f_node_id=node, f_node_index=0)
        if text is not None:
            self.insert("cms_info_clob", f_info_id=key, f_key="text", f_value=text)

    def write(self, folder: Path) -> Path:
        """The dump as a file."""
        path = folder / "jspxcms.sql"
        path.write_text("-- made for a test\n" + "".join(self.lines), encoding="utf-8")
        return path
