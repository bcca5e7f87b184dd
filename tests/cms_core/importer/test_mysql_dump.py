# ruff: noqa: S608 - the statements are input for a parser and reach no database
"""The reader of dump text: what it understands, and what it says when it does not."""

import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.importer.exceptions import DumpError
from cms_core.importer.sources.mysql_dump import MysqlDump
from tests.cms_core.importer.dumps import quoted

CREATE = "CREATE TABLE `t` (\n  `a` int,\n  `b` text,\n  PRIMARY KEY (`a`)\n) ENGINE=MyISAM;\n"


#: A dump's first bytes are read at once, whatever the window.
FIRST_BYTES = f"#{'-' * 4096}\n"


@pytest.fixture
def read(tmp_path):
    """Writes text or bytes as a dump and reads all rows of it."""

    def reader(text, **options):
        path = tmp_path / "dump.sql"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(MysqlDump(path, **options).rows())

    return reader


def values(rows):
    return [list(row.values.values()) for row in rows]


def test_column_names_come_from_the_definition(read):
    rows = read(
        "CREATE TABLE IF NOT EXISTS `news` (`id` int NOT NULL DEFAULT '0' COMMENT 'a, b (c)',\n"
        "`state` enum('x','y,z') DEFAULT 'x', plain decimal(10,2),\n"
        "UNIQUE KEY `name` (`id`,`state`), CONSTRAINT c FOREIGN KEY (`id`) REFERENCES o (`i`))\n"
        "ENGINE=InnoDB COMMENT='end; of (it)';\nINSERT INTO news VALUES (1,'x',2.50);"
    )

    assert rows[0].values == {"id": 1, "state": "x", "plain": Decimal("2.50")}


def test_named_columns_win_over_the_definition(read):
    assert read(CREATE + "INSERT INTO `t` (`b`,`a`) VALUES ('x',1);")[0].values == {
        "b": "x",
        "a": 1,
    }


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("NULL", None),
        ("null", None),
        ("-12", -12),
        ("1.5e3", Decimal("1.5e3")),
        ("TRUE", 1),
        ("0x414200", b"AB\0"),
        ("x'4142'", b"AB"),
        ("b'101'", 5),
        ("_utf8mb4 'é'", "é"),
        ("_binary 'ab'", b"ab"),
        (r"'a\'b\"c\\d'", "a'b\"c\\d"),
        ("'it''s'", "it's"),
        ('"say ""it"""', 'say "it"'),
        (r"'\0\b\n\r\t\Z'", "\0\b\n\r\t\x1a"),
        (r"'50\% \_x \q'", r"50\% \_x q"),
        ("'a;b),(c -- d /* e */ # f'", "a;b),(c -- d /* e */ # f"),
        ("''", ""),
    ],
)
def test_literals(read, literal, value):
    assert read(CREATE + f"INSERT INTO t VALUES (1,{literal});")[0].values["b"] == value


def test_comments_and_other_statements_are_passed_over(read):
    rows = read(
        "-- MySQL something\n--\n# hash; comment\n/*!40101 SET NAMES utf8 */;\n"
        "SET FOREIGN_KEY_CHECKS=0; LOCK TABLES `t` WRITE;\n" + CREATE + "/* a ; b */ REPLACE "
        "DELAYED INTO `db`.`t` VALUES (1,'x') /* between */ , -- rest\n (2,'y');\n"
        "DELIMITER ;;\nCREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a='it''s;'; END ;;\n"
        "DELIMITER ;\nINSERT INTO t VALUES (3,'z') ON DUPLICATE KEY UPDATE b='q;';\nUNLOCK TABLES;"
    )

    assert values(rows) == [[1, "x"], [2, "y"], [3, "z"]]


def test_rows_know_their_line_and_number(read):
    rows = read(CREATE + "INSERT INTO t VALUES (1,'two\nlines'),\n(2,'y');")

    assert [(row.line, row.number) for row in rows] == [(6, 1), (8, 2)]


def test_unwanted_tables_are_checked_all_the_same(tmp_path):
    path = tmp_path / "dump.sql"
    path.write_text(CREATE + "INSERT INTO t VALUES (1,'x');INSERT INTO t VALUES (2);")

    with pytest.raises(DumpError, match="row 2"):
        list(MysqlDump(path).rows(tables={"other"}))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO `t` VALUES (1,'x');",
        "REPLACE LOW_PRIORITY INTO `db`.`t` (`a`, `b`) VALUES (1,'x') ON DUPLICATE KEY UPDATE a = 1;",
        "INSERT IGNORE db.t VALUES (1,_utf8'x');",
    ],
)
def test_a_window_may_end_anywhere_in_a_statement(read, statement):
    """Found by half a gigabyte of dump: behind ``INSERT`` the window ended, and INTO was the table."""
    for cut in range(len(statement)):
        filling = "#" + "-" * (4096 - len(CREATE) - 2 - cut) + "\n"
        rows = read(f"{CREATE}{filling}{statement}\n" + statement, chunk_bytes=64)
        assert [row.table for row in rows] == ["t", "t"], cut
        assert values(rows) == [[1, "x"], [1, "x"]], cut


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-(2**63), 2**63)),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, chunk=st.integers(1, 40), gap=st.sampled_from(["", "\n", " /* c */ ", " -- c\n"]))
def test_what_is_written_is_read(tmp_path_factory, rows, chunk, gap):
    path = tmp_path_factory.mktemp("dump") / "dump.sql"
    written = f"{gap},{gap}".join(f"({quoted(a)},{quoted(b)})" for a, b in rows)
    path.write_bytes(
        (FIRST_BYTES + CREATE + f"INSERT INTO `t` VALUES{gap}{written}{gap};").encode()
    )

    # The smallest windows put every boundary everywhere.
    assert values(MysqlDump(path, chunk_bytes=chunk).rows()) == [[a, b] for a, b in rows]


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, 400), junk=st.text(max_size=5))
def test_a_damaged_dump_fails_with_a_line_or_reads(tmp_path_factory, cut, junk):
    whole = CREATE + "INSERT INTO `t` VALUES (1,'one'),(2,'it''s'),(3,'x\\'y');\n" * 4
    path = tmp_path_factory.mktemp("dump") / "dump.sql"
    path.write_bytes((whole[:cut] + junk + whole[cut:]).encode())

    failure = None
    try:
        list(MysqlDump(path, chunk_bytes=16).rows())
    except DumpError as error:
        failure = error

    assert failure is None or (failure.line >= 1 and str(failure))


def test_missing_file(tmp_path):
    with pytest.raises(DumpError, match="cannot be opened"):
        list(MysqlDump(tmp_path / "none.sql").rows())


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "empty"),
        (CREATE + "INSERT INTO t VALUES (1,'x'),(2,'y", 6, "truncated"),
        (CREATE + "INSERT INTO t VALUES (1,'x'),", 6, "truncated"),
        (CREATE + "INSERT INTO t VALUES (1", 6, "truncated"),
        ("CREATE TABLE `t` (\n `a` int,\n", 1, "truncated"),
        ("SELECT 1;\n/* never closed", 2, "never closed"),
        (CREATE + "INSERT INTO t VALUES\n(1,'x'),\n(2,'y'z');", 8, "unbalanced"),
        (CREATE + "INSERT INTO t VALUES\n(1,'a),\n(2,'b');", 7, "unbalanced"),
        (CREATE + "INSERT INTO t VALUES (1,now());", 6, "unbalanced"),
        (CREATE + "INSERT INTO t VALUES (1,'x','y');", 6, "3 values for 2 columns"),
        ("INSERT INTO unknown VALUES (1);", 1, "CREATE TABLE"),
        (CREATE + "INSERT INTO t SELECT * FROM u;", 6, "without VALUES"),
        ("-- MySQL dump 10.13  Distrib 5.7\n" + CREATE, 7, "Dump completed"),
    ],
)
def test_errors_name_the_line_and_the_way_out(read, text, line, message):
    with pytest.raises(DumpError, match=message) as caught:
        read(text)

    assert caught.value.line == line


def test_a_complete_mysqldump_file_is_accepted(read):
    text = "-- MySQL dump 10.13\n" + CREATE + "-- Dump completed on 2024-01-01\n"

    assert read(text) == []


CHINESE = "市政府门户网站信息公开办事指南"


@pytest.mark.parametrize("filler", [0, 300_000], ids=["at the start", "behind the first window"])
@pytest.mark.parametrize(
    ("encoding", "name"), [("gbk", "GBK"), ("big5", "Big5"), ("latin-1", "no encoding known")]
)
def test_wrong_encoding_is_guessed(read, encoding, name, filler):
    text = {"latin-1": "caf\u00e9 na\u00efve", "big5": "政府門戶網站資訊公開辦事指南服務"}.get(
        encoding, CHINESE
    )
    head = CREATE + "-- filler\n" * (filler // 10)
    row = f"INSERT INTO t VALUES (1,'{text * 5}');"

    with pytest.raises(DumpError, match=name) as caught:
        read(head.encode() + row.encode(encoding))

    assert caught.value.line == head.count("\n") + 1


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"PK\x03\x04rest", "zip"),
        (CREATE.encode("utf-16"), "UTF-16"),
        (CREATE.encode("utf-16-le"), "UTF-16"),
        (b"ab\0cd", "binary"),
    ],
)
def test_containers_are_named(read, data, name):
    with pytest.raises(DumpError, match=name):
        read(data)


def test_a_byte_order_mark_is_ignored(read):
    assert values(read(b"\xef\xbb\xbf" + (CREATE + "INSERT INTO t VALUES (1,'x');").encode()))


def test_memory_stays_flat(tmp_path):
    """Ten times the rows need no more memory: the reader keeps one window."""
    peaks = []
    for rows in (2_000, 20_000):
        path = tmp_path / f"{rows}.sql"
        with path.open("w") as stream:
            stream.write(CREATE + "INSERT INTO t VALUES (0,'x')")
            for number in range(rows):
                stream.write(f",({number},'{'text ' * 40}')")
            stream.write(";")
        tracemalloc.start()
        assert sum(1 for _row in MysqlDump(path).rows()) == rows + 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5


def test_a_definition_without_semicolon_ends_where_the_next_statement_begins(tmp_path):
    path = tmp_path / "loose.sql"
    path.write_text(
        "create table one\n(\n  a int not null comment 'x',\n  primary key (a)\n)\n"
        "create table two (b int, INSERT_METHOD int)\n"
        "INSERT INTO two (b) VALUES (1);\nINSERT INTO one VALUES (2);\n"
    )
    dump = MysqlDump(path)

    assert [(row.table, row.values) for row in dump.rows()] == [
        ("two", {"b": 1}),
        ("one", {"a": 2}),
    ]
    assert dump.columns == {"one": ("a",), "two": ("b", "INSERT_METHOD")}
