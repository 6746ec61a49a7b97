"""A table of text is read whatever it was written by, and comes back to the byte where nothing changes."""

import gzip

import pytest

from mnemonist.data.dialect import is_heading
from mnemonist.data.record_file import read_records
from mnemonist.errors import InvalidArgument, UnreadableFile


def table(tmp_path, text, encoding="utf-8", name="a.csv"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_records(tmp_path / name)


DIALECTS = {
    "comma": "a,b\n1,\n2,x\n",
    "semicolon": "a;b\r\n1,5;\r\n2,5;x\r\n",
    "tab": "a\tb\n1\t\n2\tx\n",
    "pipe": "a|b\n1|\n2|x\n",
    "mark": "\ufeffa,b\n1,\n2,x\n",
    "quotes": '"a","b"\n"1",""\n"2","x"\n',
    "blanks": 'a, b\n1, \n2, "x, y"\n',
    "no end": "a,b\n1,\n2,x",
    "titles": "Of 2020\n# a comment\n\na,b\n1,\n2,x\n\nSource: me\n",
    "as Excel says": "sep=;\na;b\n1;\n2;x\n",
    "lines in cells": 'a,b\n1,\n2,"x\ny"\n',
}


@pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "latin-1"])
def test_what_is_not_changed_comes_back_to_the_byte(tmp_path, text, encoding):
    if encoding == "latin-1":
        text = text.replace("\ufeff", "").replace("x", "ß")
    elif encoding == "utf-16-le" and not text.startswith("\ufeff"):
        text = "\ufeff" + text
    file = table(tmp_path, text, encoding)
    assert list(file.frame) == ["a", "b"]
    assert [cell.replace(",", ".") for cell in file.frame["a"][:2]] in (["1", "2"], ["1.5", "2.5"])
    assert file.bytes_of({}) == text.encode(encoding)
    changed = file.bytes_of({"b": {0: "new"}}).decode(encoding)
    assert changed.count("new") == 1
    assert len(changed) - len(text) == 3  # within quotes that were there, or behind a blank
    (tmp_path / "b.csv").write_bytes(changed.encode(encoding))
    again = read_records(tmp_path / "b.csv")
    assert again.frame["a"] == file.frame["a"]
    assert again.frame["b"] == ["new", *file.frame["b"][1:]]


def test_a_packed_table_comes_back_packed(tmp_path):
    file = table(tmp_path, gzip.compress(b"a,b\n1,\n"), name="a.csv.gz")
    assert gzip.decompress(file.bytes_of({"b": {0: "2"}})) == b"a,b\n1,2\n"


def test_a_cell_that_holds_a_separator_is_put_in_quotes(tmp_path):
    assert table(tmp_path, "a,b\n1,\n2,x\n").bytes_of({"b": {0: 'y, "z"'}}) == b'a,b\n1,"y, ""z"""\n2,x\n'


def test_a_short_line_is_as_long_as_it_must_be_once_filled(tmp_path):
    file = table(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8\n")
    assert file.frame["c"] == ["3", "", "8"]
    assert file.bytes_of({"c": {1: "9"}}) == b"a,b,c\n1,2,3\n4,5,9\n6,7,8\n"
    assert any("fewer than 3 cells" in note for note in file.notes)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (",0,1,2\n0,5,6,7\n1,5,6,8\n", ["column 1", "0", "1", "2"]),  # case 8: the heading of a data frame
        ("2010,2011\n5,6\n7,8\n", ["2010", "2011"]),
        ("country,2010,2011\nA,5,6\nB,7,8\n", ["country", "2010", "2011"]),
        ("0,1,2\n5.1,3.5,x\n4.9,3.0,y\n", ["0", "1", "2"]),
        ("a,b\nr1,1,2\nr2,3,4\nr3,3,4\n", ["column 1", "a", "b"]),  # R names rows without a heading
        ("x,x,\n1,2,3\n", ["x", "x (2)", "column 3"]),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", ["column 1", "column 2", "column 3"]),
        ("1,2,3\n40,50,61\n", ["column 1", "column 2", "column 3"]),
        ("Na,Mg\n1,2\n", ["Na", "Mg"]),
    ],
)
def test_a_heading_is_told_from_a_row(tmp_path, text, names):
    assert list(table(tmp_path, text).frame) == names


def test_years_above_years_are_a_row():
    assert not is_heading(["2010", "2011"], [["2012", "2013"]])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "at least one row"),
        ("a,b\n", "a heading alone"),
        ("a,b\n1,2\n1,2,3\n", "line 3: must have 2 cells"),
        ('a,b\n1,"2\n3,4\n', "a quote is opened in line 2 and never closed"),
        (b"a,b\n1,\x00\n", "no text"),
        (b"\x1f\x8bjunk", "gzip cannot unpack"),
        (b"\xff\xfea", "no utf-16-le text"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, text, reason):
    with pytest.raises(UnreadableFile, match=rf"a\.csv.*{reason}") as caught:
        table(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_letters_that_the_file_cannot_write_are_refused(tmp_path):
    file = table(tmp_path, "größe,b\n1,\n", "latin-1")
    with pytest.raises(InvalidArgument, match="must be text that cp1252 can write"):
        file.bytes_of({"b": {0: "→"}})


def test_a_title_filled_up_with_separators_is_no_heading(tmp_path):
    file = table(tmp_path, "Sales 2024;;\n# export\nid;place;sum\n1;North;2,5\n2;South;\n")
    assert list(file.frame) == ["id", "place", "sum"]
    assert file.frame["sum"] == ["2,5", ""]
