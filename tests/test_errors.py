"""A refusal is one sentence, *who: what must hold; what you gave. how to fix*, and the parts of it."""

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from mnemonist import errors

SOURCE = Path(errors.__file__).parent
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.MnemonistError)]


def sentences() -> Iterator[str]:
    """Yield every sentence of the source, a number in place of what is known only when it is said."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {kind.__name__ for kind in KINDS}:
                for text in node.args[:1]:
                    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


def test_every_sentence_of_the_source_has_parts_that_make_it_again() -> None:
    found = [sentence for sentence in sentences() if sentence.count("7") < len(sentence) - 3]
    assert len(found) > 150
    for sentence in found:
        error = errors.InvalidArgument(sentence)
        if error.who:
            assert error.must, sentence
            if not error.got.startswith("Got "):
                assert errors.sentence_of(error.who, error.must, error.got, error.fix) == sentence
    assert sum(bool(errors.InvalidArgument(sentence).got) for sentence in found) > 0.95 * len(found)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "AssociativeMemory.recall: cues must have N = 64 columns; got shape (10, 63). Pass known= too.",
            ("AssociativeMemory.recall", "cues must have N = 64 columns", "got shape (10, 63)", "Pass known= too."),
        ),
        (
            "Power: degree must be a whole number from 1 to 100; got 0. 2 is the classical network; else take Softmax.",
            (
                "Power", "degree must be a whole number from 1 to 100", "got 0",
                "2 is the classical network; else take Softmax.",
            ),
        ),
        ("tolerance: must be a number >= 0; got 0.5.", ("tolerance", "must be a number >= 0", "got 0.5", "")),
        (
            "a; b: c. d.csv, line 3: must have 4 cells as the lines before; it has 2.",
            ("a; b: c. d.csv, line 3", "must have 4 cells as the lines before", "it has 2", ""),
        ),
        (
            "AssociativeMemory: Manhattan() has no positive scores. Use Softmax. Got Manhattan(), Power(2), Real().",
            (
                "AssociativeMemory", "Manhattan() has no positive scores", "Got Manhattan(), Power(2), Real()",
                "Use Softmax.",
            ),
        ),
        ("f: x must be (0, 1; got 2. Pass 0.5.", ("f", "x must be (0, 1", "got 2", "Pass 0.5.")),
        ("Recall.parts is Recall.components now.", ("", "Recall.parts is Recall.components now", "", "")),
        ("", ("", "", "", "")),
    ],
)  # fmt: skip
def test_a_sentence_has_its_parts(sentence: str, parts: tuple[str, ...]) -> None:
    error = errors.InvalidArgument(sentence)
    assert (error.who, error.must, error.got, error.fix) == parts
    assert str(error) == sentence


@for_all(st.text(st.sampled_from("ab.;:'\"\\()[] \n"), max_size=12) | st.text(max_size=30))
def test_what_was_given_divides_no_sentence(given: str) -> None:
    error = errors.InvalidArgument(f"model: the name must be one of a, b; got {given!r}. See `mnemonist models`.")
    assert (error.who, error.must, error.got) == ("model", "the name must be one of a, b", f"got {given!r}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_of_parts_too_and_keeps_them(kind: type[errors.MnemonistError]) -> None:
    error = kind(who="f", must="x must be > 0", got="got -1", fix="Pass 1.")
    assert str(error) == "f: x must be > 0; got -1. Pass 1."
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), again.who, again.must, again.got, again.fix) == (
        str(error),
        "f",
        "x must be > 0",
        "got -1",
        "Pass 1.",
    )
