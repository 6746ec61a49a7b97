"""`mnemonist models` lists every model with its equation and its source, on narrow terminals and wide ones."""

import inspect

import pytest
from typer.testing import CliRunner

import mnemonist as mn
from mnemonist.cli import app
from mnemonist.diagnosis.bibliography import brief
from mnemonist.diagnosis.cite import references
from mnemonist.memories.catalogue import CATALOGUE, IN_PYTHON, PARTS


def listing(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    result = CliRunner().invoke(app, ["models"])
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("width", [80, 100, 200])
def test_every_model_is_listed_with_equation_options_and_source(monkeypatch, width):
    text = listing(monkeypatch, width)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    for entry in CATALOGUE.values():
        assert any(line.split()[:1] == [entry.name] and entry.equation in line for line in lines)
        source = brief(references(entry.build())[0])
        assert all(words in text for words in (*source.rsplit(", ", 1), *entry.help))


def test_every_option_tells_its_default_and_its_range():
    assert CATALOGUE["dense"].help == ("degree=3 (1 … 100)", "rectified=false (or true)", "scale=1 (> 0)")
    assert CATALOGUE["sparse"].help == ("alpha=1.5 (>= 1; 2: sparsemax)", "beta=auto (or a number > 0)")
    beta, degree, rectified = CATALOGUE["spherical"].help  # of these two exclude the first
    assert beta == "beta=auto (or a number > 0)"
    assert degree == "or degree (even, 2 … 100)"
    assert rectified == "rectified=false (true: any degree)"
    for entry in CATALOGUE.values():
        assert set(entry.options) <= set(inspect.signature(entry.build).parameters)
        for option, words in zip(entry.options, entry.help, strict=True):
            assert words.removeprefix("or ").startswith(option)
            assert words.endswith(")")


def test_a_wide_terminal_breaks_no_summary(monkeypatch):
    text = listing(monkeypatch, 120)
    assert all(entry.summary in text for entry in CATALOGUE.values())


def test_every_model_made_in_python_is_listed_with_equation_and_source(monkeypatch):
    text = listing(monkeypatch, 200)
    for member in (*IN_PYTHON, *PARTS):
        assert member.equation in text
        assert member.summary in text
        for words in (member.made, *brief(member.reference).rsplit(", ", 1)):
            assert words in text


def test_every_public_memory_has_its_place_in_the_list():
    made = " ".join(member.made for member in IN_PYTHON)
    general = ("AssociativeMemory", "SequenceMemory", "spherical_memory")
    built = [entry.build for entry in CATALOGUE.values()]
    for name in mn.__all__:
        thing = getattr(mn, name)
        if name.endswith(("Memory", "Network", "_hopfield", "_memory", "_sequence", "_net")) and callable(thing):
            assert f"{name}(" in made or thing in built or name in general, name


def test_every_public_part_has_its_place_in_the_list():
    made = " ".join(member.made for member in PARTS)
    kinds = (mn.core.separation.Separation, mn.core.similarity.Similarity)
    elsewhere = {"Bilinear", "Blockwise", "Alternating"}  # with the memories that they are made for
    for name in mn.__all__:
        thing = getattr(mn, name)
        part = isinstance(thing, type) and (issubclass(thing, kinds) or hasattr(thing, "discrete_only"))
        assert not part or f"{name}(" in made or name in elsewhere, name
