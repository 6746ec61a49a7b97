"""Texts: what a memory of sentences reaches, beside n-grams, TF-IDF, logistic regression and a small transformer.

    python -m tools.tasks.text [--json FILE] [--transformer-seconds 900] [--parts sentences,words,labels] [--quick]

It takes some ten minutes and the seconds of the transformer, on one thread. The texts come with Debian's packages
bible-kjv (the King James Version), fortunes and fortunes-min; scikit-learn and torch are those of the extra `test`.
Sentences: 10 000 verses, others asked as well. Words: all verses but one in twenty, 748 000 positions; words of those
left out. Labels: fortunes by their file, and verses of the twelve longest books by their book.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import torch

from tools.tasks import text_labels, text_sentences, text_trained, text_words
from tools.tasks.corpora import Corpus, bible, fortunes

PARTS = ("sentences", "words", "labels")
STORED, CUES, LEFT_OUT, ASKED, BOOKS = 10_000, 500, 20, 3000, 12


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure what is asked for, print it, and return it."""
    order = _options().parse_args(arguments)
    torch.set_num_threads(1)
    found: dict[str, Any] = {}
    for part in order.parts.split(","):
        if part not in PARTS:
            raise SystemExit(f"tools.tasks.text: --parts must be some of {', '.join(PARTS)}; got {part!r}.")
        found[part] = {"sentences": sentences, "words": words, "labels": labels}[part](order)
        show(part, found[part])
    if order.json is not None:
        order.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tools.tasks.text", description="Measure memories of texts.")
    options.add_argument("--json", type=Path, metavar="FILE", help="write what was measured")
    options.add_argument(
        "--transformer-seconds", type=float, default=900.0, metavar="S", help="its training; default 900"
    )
    options.add_argument("--parts", default=",".join(PARTS), help="which to measure, parted by commas")
    options.add_argument("--quick", action="store_true", help="a tenth of the texts and of the questions")
    options.add_argument("--seed", type=int, default=0)
    return options


def sentences(order: Any) -> dict[str, Any]:
    """Return what comes back of damaged verses, and what is answered that should not be."""
    verses, size = bible(order.seed).texts, STORED // 10 if order.quick else STORED
    return text_sentences.measured(verses[:size], verses[STORED:], CUES // 5 if order.quick else CUES, order.seed)


def words(order: Any) -> dict[str, Any]:
    """Return how often a word that is masked is told, by whom, and after how many updates."""
    verses = bible(order.seed).texts
    verses = verses[: len(verses) // 10] if order.quick else verses
    cut = len(verses) // LEFT_OUT
    asked = ASKED // 10 if order.quick else ASKED
    found, who = text_words.measured(verses[cut:], verses[:cut], asked, order.seed)
    seconds = order.transformer_seconds
    found["ways"]["logistic regression"] = text_trained.logistic(*who, seconds / 3, order.seed)
    found["ways"]["transformer"] = text_trained.transformer(*who, seconds, order.seed)
    return found


def labels(order: Any) -> dict[str, Any]:
    """Return how often the label of a text is told."""
    verses, sayings = _of_long_books(bible(order.seed)), fortunes(order.seed)
    size = 600 if order.quick else 5600
    return {
        name: text_labels.measured(corpus.texts[:size], corpus.labels[:size], size // 4)
        for name, corpus in (("fortunes by file", sayings), ("verses by book", verses))
    }


def _of_long_books(verses: Corpus) -> Corpus:
    """Return the verses of the books that have most."""
    books = {book for book, _ in Counter(verses.labels).most_common(BOOKS)}
    some = [(text, book) for text, book in zip(*verses, strict=True) if book in books]
    return Corpus([text for text, _ in some], [book for _, book in some])


def show(name: str, found: dict[str, Any], depth: int = 0) -> None:
    """Print what was measured: numbers in lines, tables of them below one another."""
    numbers = {key: value for key, value in found.items() if not isinstance(value, dict)}
    told = "  ".join(
        f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in numbers.items()
    )
    print(f"{'  ' * depth}{name}: {told}", flush=True)
    for key, value in found.items():
        if isinstance(value, dict):
            show(key, value, depth + 1)


if __name__ == "__main__":
    main()
