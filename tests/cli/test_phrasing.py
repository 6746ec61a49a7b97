"""The command line says the library's sentences in its own words, whoever says them."""

import pytest

from mnemonist.cli.phrasing import spoken
from mnemonist.errors import IllegalCombination, InvalidArgument, UnreadableFile


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "AssociativeMemory.store: patterns must be -1 or +1; got 0 at row 0, column 2. It looks like 0/1 data.",
            "MEMORIES: must be -1 or +1; got 0 at row 0, column 2. It looks like 0/1 data.",
        ),
        (
            "HopfieldNetwork.store: known must be True everywhere for Perceptron(margin=0.0, epochs=9), which needs "
            "whole patterns; got one with a hole. Use hebbian().",
            "MEMORIES: must be whole for Perceptron, which needs whole patterns; got one with a hole. Take hebbian.",
        ),
        ("LayeredMemory.recall: cues must be finite; got nan.", "CUES: must be finite; got nan."),
        (
            "LayeredMemory.recall: max_steps must be a whole number >= 0; got -1. 0 returns the start.",
            "recall: --max-steps must be a whole number >= 0; got -1. 0 returns the start.",
        ),
        (
            "HopfieldNetwork.store: there must be couplings; got 9. Store fewer, lower the margin, or raise epochs.",
            "recall: there must be couplings; got 9. Store fewer, or lower the margin.",
        ),
        (
            "Entmax: alpha must be a finite number >= 1; got 0.5.",
            "--model: alpha must be a finite number >= 1; got 0.5.",
        ),
        (
            "hidden: must be in [0, 1] for images; got 9. Divide it.",
            "--hidden: must be in [0, 1] for images; got 9. Divide it.",
        ),
        ("hidden: must be black (0) where the cues are hidden; it hides nothing.",) * 2,  # a folder of that name
        ("model: the name must be one of classical; got 'x'. See `mnemonist models`.",) * 2,
    ],
)
def test_arguments_and_options_are_named_as_the_command_line_names_them(sentence: str, words: str) -> None:
    assert spoken(InvalidArgument(sentence)) == words


def test_parts_of_a_model_are_not_listed() -> None:
    sentence = (
        "AssociativeMemory: Sphere() needs a convex separation (an even Power, RectifiedPower, Softmax): others may "
        "climb. Got Dot(), Power(degree=3, scale=1.0), Sphere()."
    )
    assert spoken(IllegalCombination(sentence)) == (
        "--model: a model of directions needs a convex separation (an even degree, rectified=true, or beta): others "
        "may climb."
    )


def test_a_file_keeps_its_name() -> None:
    for name in ("Power", "hidden", "Sphere()", "AssociativeMemory.store"):
        assert spoken(UnreadableFile(f"{name}: must exist; there is none.")) == f"{name}: must exist; there is none."
