"""Cells that a spreadsheet program reads and never computes."""

import pytest

from cms_core.media.spreadsheets import FileKind, as_file, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@x", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["标题=1", "", "1-2", 7, -7])
def test_other_cells_stay(cell):
    assert harmless(cell) == cell


def test_headings_are_guarded_too():
    assert as_file(FileKind.CSV, ["=a"], [["=b"]]).decode() == "\ufeff'=a\r\n'=b\r\n"
