"""Tables of other kinds: workbooks, Parquet, JSON lines, standard input; each comes back as what it was."""

import datetime as dt
import io
import subprocess
import sys
from types import SimpleNamespace

import openpyxl
import polars as pl
import pytest

from mnemonist.data.record_file import is_table, read_records
from mnemonist.errors import MissingExtra, UnreadableFile


def workbook(path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["A title"], [], ["a", "b", "day"], [1.5, None, dt.datetime(2020, 1, 2)], [2.5, "x", None]):
        sheet.append(row)
    sheet["E1"] = "=SUM(A4:A5)"
    sheet["B4"].number_format = "0.00"
    book.create_sheet("more")
    book.save(path)
    return path


def test_a_workbook_keeps_its_formulas_formats_and_other_sheets(tmp_path):
    file = read_records(workbook(tmp_path / "a.xlsx"))
    assert file.frame["a"] == [1.5, 2.5]
    assert file.rows == ("row 4", "row 5")
    file.write({"b": {0: "new"}}, tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    sheet = book.worksheets[0]
    assert (sheet["B4"].value, sheet["B4"].number_format) == ("new", "0.00")
    assert (sheet["A1"].value, sheet["E1"].value, len(book.worksheets)) == ("A title", "=SUM(A4:A5)", 2)


def test_a_parquet_file_keeps_its_types(tmp_path):
    frame = pl.DataFrame({"a": [1, None], "d": [dt.date(2020, 1, 1), None], "e": ["lo", None]}).cast(
        {"e": pl.Enum(["lo", "hi"]), "a": pl.Int16}
    )
    frame.write_parquet(tmp_path / "a.parquet")
    file = read_records(tmp_path / "a.parquet")
    file.write({"a": {1: 2}, "d": {1: dt.date(2020, 1, 2)}, "e": {1: "hi"}}, tmp_path / "b.parquet")
    back = pl.read_parquet(tmp_path / "b.parquet")
    assert back.schema == frame.schema
    assert back.row(1) == (2, dt.date(2020, 1, 2), "hi")


def test_json_lines_change_in_one_place(tmp_path):
    text = '{"a": 1.50, "b": null}\n\n{"a":2}\n{"b": "x", "c": [1]}\n'
    (tmp_path / "a.jsonl").write_text(text)
    file = read_records(tmp_path / "a.jsonl")
    assert file.frame == {"a": [1.5, 2, None], "b": [None, None, "x"], "c": [None, None, "[1]"]}
    assert file.bytes_of({}).decode() == text
    assert file.bytes_of({"b": {0: "y", 1: "z"}}).decode() == text.replace("null", '"y"').replace(
        '{"a":2}', '{"a":2,"b":"z"}'
    )


def test_standard_input_is_a_table_of_whatever_it_begins_with(monkeypatch):
    for data, names in ((b"a;b\n1;2\n", ["a", "b"]), (b'{"x": 1}\n', ["x"])):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        assert list(read_records("-").frame) == names
    assert is_table("-")
    assert not is_table("a.png")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xlsx", b"PK\x03\x04junk", "must be a workbook"),
        ("a.parquet", b"PAR1", "must be a Parquet file"),
        ("a.jsonl", b'{"a": 1}\n[1]\n', "line 2: must be a JSON object; it is list"),
        ("a.jsonl", b"\n", "at least one row"),
        ("none.csv", None, "there is no such file"),
    ],
)
def test_broken_files_are_refused_in_one_sentence(tmp_path, name, data, reason):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read_records(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "package"), [("a.xlsx", "openpyxl"), ("a.parquet", "polars")])
def test_a_missing_extra_names_itself(tmp_path, monkeypatch, name, package):
    (tmp_path / name).write_bytes(b"")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises((MissingExtra, ModuleNotFoundError), match=package):
        read_records(tmp_path / name)


def test_text_needs_no_extra(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n2,\n3,6\n4,8\n5,10\n")
    script = (
        "import sys; from pathlib import Path; from mnemonist.tasks.completed_table import complete_file\n"
        "from mnemonist.tasks import RecordMemory\n"
        "memory = RecordMemory.from_table({'a': ['1', '2', '3', '4'], 'b': ['x', 'y', 'x', '']})\n"
        "assert isinstance(memory.complete().frame, dict); memory.recall(a='2')\n"
        f"done = complete_file(Path({str(tmp_path / 'a.csv')!r})); assert done.done.filled.sum() == 1\n"
        "sys.exit(bool({'pandas', 'polars', 'narwhals', 'openpyxl', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
