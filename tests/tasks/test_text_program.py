"""The program that measures texts runs on a small corpus, and returns every line that it promises."""

from pathlib import Path

import pytest

from tools.tasks import text, text_labels, text_sentences, text_trained, text_words
from tools.tasks.corpora import Corpus

PROVERBS = (Path(__file__).parents[2] / "examples/data/proverbs.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
def test_all_parts_run_on_proverbs(capsys: pytest.CaptureFixture[str]) -> None:
    found = text_sentences.measured(PROVERBS[:250], PROVERBS[250:], 20)
    assert list(found["damage"]) == list(text_sentences.DAMAGES)
    assert found["damage"]["typos 30 %"]["right"] > 0.9
    words, who = text_words.measured(PROVERBS[20:], PROVERBS[:20], 60)
    assert words["ways"]["memory and left × right"]["perplexity"] < words["ways"]["unigrams"]["perplexity"]
    for trained in (text_trained.logistic, text_trained.transformer):
        line = trained(*who, 1.0)
        assert line["updates"] > 0
        assert 0 <= line["top-1"] <= line["top-5"] <= 1
    labels = ["LORD" if "LORD" in verse else "fool" if "fool" in verse else "other" for verse in PROVERBS]
    told = text_labels.measured(PROVERBS[:200], labels[:200], 40)
    ways = told["ways"]
    assert all(way["accuracy"] > ways["the commonest label"]["accuracy"] for way in ways.values() if "ms" in way)
    text.show("words", words)
    assert "left × right 5-grams: top-1" in capsys.readouterr().out


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit, match="--parts must be some of"):
        text.main(["--parts", "speech"])


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="apt-get install bible-kjv"):
        text.main(["--parts", "words"])


def test_verses_of_the_longest_books_are_chosen() -> None:
    verses = Corpus(["a", "b", "c"], ["x", "x", "y"])
    assert text._of_long_books(verses) == verses
