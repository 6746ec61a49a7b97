"""`mnemonist text` answers from a text file, says how sure it is, and refuses in one sentence."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mnemonist.cli import app

PROVERBS = Path(__file__).parents[2] / "examples/data/proverbs.txt"


@pytest.fixture
def corpus(tmp_path) -> Path:
    path = tmp_path / "few.txt"
    path.write_text("".join(PROVERBS.read_text(encoding="utf-8").splitlines(keepends=True)[:60]), encoding="utf-8")
    return path


def run(*args, code: int = 0, **options):
    result = CliRunner().invoke(app, ["text", *map(str, args)], **options)
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def refused(*args) -> str:
    result = run(*args, code=2)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_cue_with_typos_finds_its_sentence(corpus) -> None:
    out = run(corpus, "a wize sun makth a glad fathr").stdout
    assert "A wise son maketh a glad father" in out
    assert "% sure, the runner-up" in out
    assert "60 lines of the corpus were remembered." in out


def test_gaps_are_filled_one_table_each(corpus) -> None:
    out = run(corpus, "A [MASK] son maketh a glad [MASK]", "--n", 2).stdout
    assert "[MASK] 1: " in out
    assert "[MASK] 2: " in out
    assert "wise" in out


def test_what_is_not_known_is_said(corpus) -> None:
    assert "Nothing I know: no sentence is near" in run(corpus, "quarterly revenue report").stdout
    assert "Nothing I know: no word beside the gap" in run(corpus, "[MASK]").stdout


def test_one_json_document_says_everything(corpus) -> None:
    cue = "he becomth poor that deleth with a slak hand"
    answer = json.loads(run("-", cue, "--json", input=corpus.read_bytes()).stdout)
    assert (answer["asked"], answer["known"], answer["sentences"], answer["cut"]) == ("find", True, 60, "lines")
    assert answer["answers"][0][0]["line"] == 4
    assert 0 < answer["answers"][0][0]["certainty"] <= 1


def test_meaning_finds_other_words(corpus) -> None:
    answer = json.loads(run(corpus, "hard workers become wealthy", "--meaning", "--json").stdout)
    assert answer["asked"] == "similar"
    assert "rich" in answer["answers"][0][0]["sentence"]


def test_bad_input_is_refused(corpus, tmp_path, monkeypatch) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02")
    assert "nowhere.txt: must exist" in refused(tmp_path / "nowhere.txt", "x")
    assert "empty.txt: must hold sentences" in refused(tmp_path / "empty.txt", "x")
    assert "binary.txt: must be text" in refused(tmp_path / "binary.txt", "x")
    assert "must be a plain file; it is a folder" in refused(tmp_path, "x")
    assert "CUE must hold letters" in refused(corpus, "?!")
    assert "--meaning and [MASK] exclude each other" in refused(corpus, "a [MASK]", "--meaning")
    monkeypatch.setitem(sys.modules, "wordllama", None)
    assert "pip install 'mnemonist[text]'" in refused(corpus, "x", "--meaning")
