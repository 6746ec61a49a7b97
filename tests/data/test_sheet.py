"""A table of numbers is read cell by cell, and every mistake is found by line and column."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mnemonist.data.sheet import read_sheet
from mnemonist.errors import UnreadableFile


def sheet(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return read_sheet(path)


@given(
    arrays(
        np.float64,
        array_shapes(min_dims=2, max_dims=2, max_side=5),
        elements={"allow_infinity": False},
    ),
    st.booleans(),
)
def test_rows_and_headings_come_back_exactly(rows, headed):
    heading = ",".join(f"c {column}" for column in range(rows.shape[1]))
    lines = [heading] * headed + [",".join(["0"] * rows.shape[1])] * len(rows)
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "in.csv"), Path(folder, "out.csv")
        path.write_text("\n".join(lines))
        read_sheet(path).write(rows, out)
        back = read_sheet(out)
        first = out.read_text().splitlines()[0]
    np.testing.assert_array_equal(back.rows, rows)
    assert (first == heading) == headed


def test_missing_cells_are_written_as_they_were_and_new_ones_empty(tmp_path):
    table = sheet(tmp_path, "a,b,c,d\n1,,nan,NA\n NaN ,2.50, ?,null\n")
    np.testing.assert_array_equal(table.rows, [[1, *[np.nan] * 3], [np.nan, 2.5, np.nan, np.nan]])
    table.rows[0, 0] = np.nan
    table.write(table.rows, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text() == "a,b,c,d\n,,nan,NA\n NaN ,2.50, ?,null\n"


def test_a_number_is_spelt_as_it_was_where_it_is_the_same(tmp_path):
    table = sheet(tmp_path, "127.0,1e2,007\n+5,.5,-0\n")
    table.write(table.rows + np.array([[0, 0, 1], [1, 0, 0]]), tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text() == "127.0,1e2,8\n6,.5,-0\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_parts_cells_and_lines_is_found_and_written_back(tmp_path, separator, newline):
    text = f"a{separator}b{newline}1.0{separator}NA{newline}"
    table = sheet(tmp_path, text)
    np.testing.assert_array_equal(table.rows, [[1, np.nan]])
    table.write(table.rows, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes() == text.encode()


def test_a_heading_may_name_sodium(tmp_path):
    assert sheet(tmp_path, "Na,Mg\n1,2\n").form.heading == ("Na", "Mg")


def test_rows_are_named_after_their_lines(tmp_path):
    assert sheet(tmp_path, "a,b\n\n1,2\n3,4\n").names == ("line 3", "line 4")


def test_one_column_may_have_holes(tmp_path):
    table = sheet(tmp_path, 'a\n1\n""\n3\n')
    np.testing.assert_array_equal(table.rows, [[1], [np.nan], [3]])
    table.write(table.rows, tmp_path / "b.csv")
    np.testing.assert_array_equal(read_sheet(tmp_path / "b.csv").rows, table.rows)


@pytest.mark.parametrize("text", ["1,2\r\n3,4\r\n", "\ufeff1,2\n3,4", '"1",2\n3,"4"\n', "1,2\n3,4\n\n\n"])
def test_spreadsheets_may_end_lines_and_quote_as_they_like(tmp_path, text):
    np.testing.assert_array_equal(sheet(tmp_path, text).rows, [[1, 2], [3, 4]])


def test_headings_are_written_back_with_their_commas_and_quotes(tmp_path):
    table = sheet(tmp_path, '"width, cm","the ""best""",größe\n1,2,3\n')
    table.write(table.rows, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,2\n3,x\n", "line 2, column 2: .*got 'x'"),
        ("a,b\n1,2\n3,4 cm\n", "line 3, column 2: .*got '4 cm'"),
        ("a,b\n1,inf\n", "line 2, column 2: .*finite.*got 'inf'"),
        ("a,b\n1_0,2\n1,2\n", "line 2, column 1: .*got '1_0'"),
        ("a,b\n1,2,3\n", "line 2: must have 2 cells.*has 3"),
        ("", "at least one row"),
        ("\n\n", "at least one row"),
        ("a,b\n", "a heading alone"),
        ('1,"2\n', "a quote is opened in line 1 and never closed"),
        ("1,\x002\n", "bytes that are no text"),
    ],
)
def test_what_is_not_a_number_is_named_by_line_and_column(tmp_path, text, reason):
    with pytest.raises(UnreadableFile, match=rf"a\.csv.*({reason})") as caught:
        sheet(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_only_the_exact_value_is_equal(tmp_path):
    table = sheet(tmp_path, "0.1,0.10000000000000002,\n")
    assert table.form.equal(table.rows, 0.1).tolist() == [[True, False, False]]
