"""Citing: every model has a paper, every paper that the source names is in the bibliography, the page is made of it."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.diagnosis.bibliography import bibliography, fields
from mnemonist.memories.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]
KEYS = re.compile(r"^@\w+\{(\w+),", re.MULTILINE)


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items()])
def test_every_model_of_the_catalogue_can_be_cited_by_the_paper_that_it_names(name: str) -> None:
    years = re.findall(r"\b(?:19|20)\d\d\b(?=,|$|;)", CATALOGUE[name].source)
    cited = [fields(entry)["year"] for entry in mn.cite(name).split("\n\n")]
    assert years
    assert set(years) & set(cited)


@pytest.mark.parametrize(
    ("used", "keys"),
    [
        (mn.classical_hopfield, ["hopfield1982", "amit1985"]),
        (lambda: mn.dense_memory(4), ["krotov2016"]),
        (mn.exponential_memory, ["demircigil2017"]),
        (mn.modern_hopfield, ["ramsauer2021"]),
        (mn.kernel_memory, ["hoover2024", "fukunaga1975"]),
        (mn.spherical_memory, ["krotov2021", "ramsauer2021"]),
        (mn.projection, ["personnaz1986", "kanter1987", "hopfield1982"]),
        (lambda: mn.HopfieldNetwork(np.zeros((2, 2))), ["hopfield1982"]),
        (lambda: mn.BidirectionalMemory(mn.Softmax(1.0)), ["kosko1988", "demircigil2017"]),
        (lambda: mn.RandomFeatureMemory(2.0), ["hoover2024", "rahimi2007"]),
        (lambda: mn.HopfieldNetwork(np.zeros((2, 2)), neurons=mn.Graded(2.0)), ["hopfield1984", "hopfield1982"]),
        (mn.model_b, ["krotov2021", "krotov2021hierarchical", "ramsauer2021"]),
        (mn.Flow, ["hopfield1984", "krotov2021", "bauschke2017"]),
        (lambda: mn.potts_memory((3, 2)), ["kanter1988", "potts1952", "demircigil2017"]),
        (lambda: mn.input_driven([1.0]), ["betteti2025", "hopfield1984", "hopfield1982"]),
        (lambda: mn.AssociativeMemory(mn.Dot(), mn.Exponential(), mn.Binary()), ["demircigil2017"]),
        (mn.sequence_net, ["chaudhry2023"]),
        (mn.delayed_sequence, ["sompolinsky1986", "kleinfeld1986", "chaudhry2023"]),
        (lambda: mn.AssociativeMemory(mn.Bilinear(np.eye(2)), mn.Softmax(1.0), mn.Real()), ["wu2024", "ramsauer2021"]),
        (lambda: mn.Glauber(mn.Annealing(2.0)), ["glauber1963", "kirkpatrick1983"]),
    ],
)
def test_what_was_used_is_cited(used, keys: list[str]) -> None:
    assert KEYS.findall(mn.cite(used())) == keys


def test_each_entry_comes_once_and_nothing_is_cited_of_nothing() -> None:
    assert KEYS.findall(mn.cite("hebbian", "hebbian", "storkey")) == ["hopfield1982", "storkey1997", "storkey1999"]
    with pytest.raises(mn.errors.InvalidArgument, match="got nothing"):
        mn.cite()
    with pytest.raises(mn.errors.InvalidType, match="got 3"):
        mn.cite(3)


def test_entries_are_whole_and_in_order() -> None:
    assert list(bibliography()) == sorted(bibliography())
    for entry in bibliography().values():
        assert {"author", "title", "year"} <= set(fields(entry))
        assert entry.count("{") == entry.count("}")


def test_every_paper_that_the_source_names_by_number_is_in_the_bibliography() -> None:
    page = (ROOT / "docs" / "references.md").read_text(encoding="utf-8")
    named: dict[str, Path] = {}
    for folder in ("src", "examples", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for number in re.findall(r"arXiv:(\d{4}\.\d{4,5})|\b(10\.\d{4,}/[^\s,;)\"'}]+[\w)])", text):
                named["".join(number)] = path
    assert len(named) > 10
    assert {number for number in named if number not in page} == set()


def test_the_page_is_made_of_the_bibliography() -> None:
    spec = importlib.util.spec_from_file_location("make_references", ROOT / "tools" / "make_references.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs" / "references.md").read_text(encoding="utf-8") == tool.page()
