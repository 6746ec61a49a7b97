"""`mnemonist complete` fills the empty cells of a table, says how sure it is, and leaves all else to the byte."""

import json
import os

import numpy as np
import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from mnemonist.cli import app

RNG = np.random.default_rng(3)


def run(*args, code=0, given=None):
    result = CliRunner().invoke(app, [str(arg) for arg in args], input=given, env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def refused(*args):
    """Return the one sentence on stderr; nothing else may have been said or written."""
    before = sorted(os.walk("."))
    result = run(*args, code=2)
    assert (result.stdout, result.stderr.count("\n"), result.stderr[:7]) == ("", 1, "Error: ")
    assert sorted(os.walk(".")) == before
    return result.stderr


def people(count=30):
    """Return lines of a table whose columns go together, with some cells empty, and the same without."""
    size = np.sort(RNG.normal(size=count))
    rows = [
        [f"p{k}", f"{170 + 10 * s:.1f}".replace(".", ","), f"{65 + 9 * s:.0f}", "tall" if s > 0 else "short"]
        for k, s in enumerate(size)
    ]
    holes = [list(row) for row in rows]
    holes[3][1], holes[5][2], holes[25][3] = "", "n/a", ""
    return ["\r\n".join(";".join(row) for row in [["name", "cm", "kg", "size"], *each]) for each in (rows, holes)]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a folder with tables that other tests only read, and what completing one said."""
    folder = tmp_path_factory.mktemp("tables")
    full, holes = people()
    (folder / "full.csv").write_bytes(full.encode())
    (folder / "holes.csv").write_bytes(holes.encode())
    here = os.getcwd()
    os.chdir(folder)
    try:
        said = run("complete", "holes.csv", "-o", "out.csv", "--explain", "--report", "page.html").stdout
    finally:
        os.chdir(here)
    return folder, said


@pytest.fixture
def here(written, monkeypatch, tmp_path):
    for name in ("full.csv", "holes.csv"):
        (tmp_path / name).write_bytes((written[0] / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_only_empty_cells_change_and_each_is_spelt_as_its_column(written):
    before = (written[0] / "holes.csv").read_bytes().decode().split("\r\n")
    after = (written[0] / "out.csv").read_bytes().decode().split("\r\n")
    assert [k for k, (one, other) in enumerate(zip(before, after, strict=True)) if one != other] == [4, 6, 26]
    _, cm, _, _ = after[4].split(";")
    assert "," in cm
    assert len(cm.partition(",")[2]) == 1
    assert abs(float(cm.replace(",", ".")) - 160) < 12
    assert after[6].split(";")[2].isdigit()
    assert after[26].endswith(";tall")


def test_what_became_of_each_column_is_told(written):
    said = written[1]
    lines = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert "number, 1 decimal" in lines["cm"]
    assert lines["cm"].rstrip().split("±")[0].split()[-4:-1] == ["1", "1", "0"]
    assert "category of 2" in lines["size"]
    assert "name" not in lines or "names rows: carried along, not filled" in said
    assert "Told from rows that are alike: numbers by " in said
    assert "30 rows, 4 columns: 3 of 3 empty cells filled from itself, 0 left empty. Written to out.csv." in said


def test_every_filled_cell_is_explained(written):
    lines = [line for line in written[1].splitlines() if line.startswith("line ") and " sure" in line]
    assert [line.split(":")[0] for line in lines] == ["line 5, cm", "line 7, kg", "line 27, size"]
    assert "±" in lines[0]
    assert "rests on line " in lines[0]
    assert "line 5 (" not in lines[0]


def test_the_page_stands_alone_and_escapes_what_it_shows(here):
    (here / "holes.csv").write_text("<b>a&b</b>,c\n" + "1,<i>x</i>\n2,y\n" * 8 + "1,\n")
    run("complete", "holes.csv", "-o", "out.csv", "--report", "page.html")
    page = (here / "page.html").read_text()
    assert "&lt;b&gt;a&amp;b&lt;/b&gt;" in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "<i>x" not in page
    assert not any(word in page for word in ("<script", "http:", "https:", "src=", "url("))


def test_another_table_completes_it_whatever_the_order_of_its_columns(here):
    (here / "cue.tsv").write_text("size\tname\tkg\n\tz\t85\n\ty\t45\n")
    run("complete", "cue.tsv", "--memory", "full.csv", "-o", "out.tsv")
    assert (here / "out.tsv").read_text() == "size\tname\tkg\ntall\tz\t85\nshort\ty\t45\n"


def test_recall_of_tables_completes_them(here):
    run("recall", "full.csv", "holes.csv", "-o", "a.csv")
    run("complete", "holes.csv", "-M", "full.csv", "-o", "b.csv")
    assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()
    document = json.loads(run("recall", "full.csv", "holes.csv", "-o", "c.csv", "--json").stdout)
    assert (document["filled"], document["left"], document["memory"]) == (3, 0, "full.csv")


def test_numbers_that_mean_none_are_hidden_in_memories_too(here):  # case 9
    rows = RNG.normal(50, 10, 40).round()
    text = "a,b\n" + "".join(f"{a:.0f},{2 * a:.0f}\n" for a in rows)
    (here / "m.csv").write_text(text + "50,-999\n51,-999\n-999,100\n" * 4)
    (here / "c.csv").write_text("a,b\n50,-999\n")
    for command in (
        ["recall", "m.csv", "c.csv", "--hidden", "-999"],
        ["recall", "m.csv", "c.csv", "--hidden", "-999", "--model", "kernel:beta=smooth"],
        ["complete", "c.csv", "--memory", "m.csv", "--hidden", "-999"],
    ):
        run(*command, "-o", "o.csv", "--force")
        b = float((here / "o.csv").read_text().splitlines()[1].split(",")[1])
        assert 85 < b < 115
    run("complete", "m.csv", "-o", "own.csv", "--hidden", "-999")
    assert "-999" not in (here / "own.csv").read_text()


def test_a_table_that_is_memories_and_cues_completes_itself(here):  # case 7
    run("recall", "holes.csv", "holes.csv", "-o", "a.csv")
    run("complete", "holes.csv", "-o", "b.csv")
    assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()


def test_what_is_counted_as_filled_was_filled(here):  # case 19
    (here / "t.csv").write_text("a,b\n" + "".join(f"{k},{2 * k}\n" for k in range(20)) + ",\n7,\n")
    document = json.loads(run("complete", "t.csv", "-o", "o.csv", "--json").stdout)
    assert (document["filled"], document["left"]) == (1, 2)
    assert [(c["blank"], c["filled"], c["left"]) for c in document["columns"]] == [(1, 0, 1), (2, 1, 1)]
    assert (here / "o.csv").read_text().splitlines()[-2:] == [",", "7,14"]
    assert document["cells"][0]["row"] == "line 23"


def test_what_is_not_sure_enough_stays_empty(here):
    run("complete", "holes.csv", "-o", "o.csv", "--min-confidence", "1", "--ignore", "size,kg")
    assert (here / "o.csv").read_bytes() == (here / "holes.csv").read_bytes()


def test_tables_go_through_pipes(here):
    result = run("complete", "-", "-o", "-", given=(here / "holes.csv").read_bytes())
    assert result.stdout_bytes.count(b"\r\n") == 30
    assert "3 of 3 empty cells filled from itself" in result.stderr
    assert "Written to standard output" in result.stderr


def test_workbooks_and_parquet_come_back_as_what_they_were(here):
    book = openpyxl.Workbook()
    for row in [["a", "b"], *([k, k * 0.5] for k in range(20)), [8, None]]:
        book.active.append(row)
    book.save("t.xlsx")
    run("complete", "t.xlsx", "-o", "o.xlsx")
    assert openpyxl.load_workbook("o.xlsx").active["B22"].value == pytest.approx(4, abs=0.5)
    pl.DataFrame({"a": [*range(20), 8], "b": [*(2 * k for k in range(20)), None]}).write_parquet("t.parquet")
    run("complete", "t.parquet", "-o", "o.parquet")
    back = pl.read_parquet("o.parquet")
    assert back.dtypes == [pl.Int64, pl.Int64]
    assert abs(back["b"][20] - 16) <= 1


def test_a_heading_may_stand_in_one_of_both_tables_alone(here):
    (here / "bare.csv").write_text("p;170,5;;tall\np;150,5;;short\n")
    run("complete", "bare.csv", "-M", "full.csv", "-o", "o.csv")
    assert all(line.split(";")[2].isdigit() for line in (here / "o.csv").read_text().splitlines())


def test_nothing_to_fill_is_no_fault(here):
    assert "no empty cell: nothing was to be filled" in run("complete", "full.csv", "-o", "o.csv").stdout
    assert (here / "o.csv").read_bytes() == (here / "full.csv").read_bytes()


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["none.csv", "-o", "o.csv"], "none.csv: must exist"),
        (["holes.csv", "-o", "full.csv"], "full.csv: must be a new file; it exists already"),
        (["holes.csv", "-o", "holes.csv", "--force"], "OUT must be another place"),
        (["holes.csv", "-o", "o.xlsx"], "o.xlsx: must end in .csv"),
        (["holes.csv", "-o", "no/o.csv"], "must lie in a folder that exists"),
        (["holes.csv", "-o", "o.csv", "--report", "o.csv"], "the page must be a place of its own"),
        (["holes.csv", "-o", "o.csv", "--report", "p.txt"], "p.txt: must end in .html"),
        (["holes.csv", "-o", "o.csv", "--ignore", "age"], "got 'age'. It has name, cm, kg, size"),
        (["holes.csv", "-o", "o.csv", "-M", "other.csv"], "must have a column of other.csv"),
        (["broken.csv", "-o", "o.csv"], "broken.csv: must be a table of text"),
        (["names.csv", "-o", "o.csv"], "something is known that can be compared"),
        (["-", "-M", "-", "-o", "o.csv"], "must not both be standard input"),
    ],
)
def test_what_cannot_be_completed_is_refused_in_a_sentence_and_writes_nothing(here, args, reason):
    (here / "other.csv").write_text("x,y\n1,2\n3,4\n")
    (here / "broken.csv").write_bytes(b"\x89PNG\x00\x01")
    (here / "names.csv").write_text("name\nAnna\nBob\nCleo\n")
    assert reason in refused("complete", *args)


def test_what_fails_late_leaves_nothing_half_written(here, monkeypatch):
    def fails(done):
        raise MemoryError

    monkeypatch.setattr("mnemonist.cli.complete.page_of", fails)
    assert "must fit into memory" in refused("complete", "holes.csv", "-o", "o.csv", "--report", "p.html")
