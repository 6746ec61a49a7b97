"""Citing: every model has a paper, every paper that the source names is in the bibliography, the page is made of it."""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.core.lagrangian import Lagrangian
from mnemonist.core.neurons import Neurons
from mnemonist.core.similarity import Similarity
from mnemonist.diagnosis.bibliography import bibliography, brief, fields
from mnemonist.diagnosis.cite import references
from mnemonist.memories.catalogue import CATALOGUE
from mnemonist.networks.rule import StorageRule
from mnemonist.recall.base import Memory

ROOT = Path(__file__).parents[2]
KEYS = re.compile(r"^@\w+\{(\w+),", re.MULTILINE)


NEAREST = {
    "classical": "Hopfield 1982, PNAS 79:2554",
    "dense": "Krotov & Hopfield 2016, arXiv:1606.01164",
    "exponential": "Demircigil et al. 2017, arXiv:1702.01929",
    "modern": "Ramsauer et al. 2021, arXiv:2008.02217",
    "sparse": "Santos et al. 2024, arXiv:2402.13725",
    "spherical": "Krotov & Hopfield 2021, arXiv:2008.06996",
    "graded": "Hopfield 1984, PNAS 81:3088",
    "kernel": "Hoover et al. 2024, arXiv:2410.24153",
    "epanechnikov": "Hoover et al. 2025, arXiv:2506.10801",
    "model-a": "Krotov & Hopfield 2021, arXiv:2008.06996",
    "model-b": "Krotov & Hopfield 2021, arXiv:2008.06996",
    "model-c": "Krotov & Hopfield 2021, arXiv:2008.06996",
    "hebbian": "Hopfield 1982, PNAS 79:2554",
    "storkey": "Storkey 1997, ICANN",
    "projection": "Personnaz et al. 1986, PRA 34:4217",
    "perceptron": "Gardner 1988, J. Phys. A 21:257",
}


def test_the_nearest_paper_of_every_model_of_the_catalogue_is_its_own() -> None:
    assert {name: brief(references(name)[0]) for name in CATALOGUE} == NEAREST


@dataclass(frozen=True)
class Fourth(mn.Power):
    """A separation in a file of its own."""

    degree: int = 4
    references = ("goles1985", "@misc{fourth2026,\n  title = {Fourths},\n}")


def test_a_new_part_is_cited_by_the_references_it_declares() -> None:
    for used in (
        Fourth(),
        mn.AssociativeMemory(mn.Dot(), Fourth(), mn.Binary()),
        mn.LayeredMemory(Fourth(), mn.Sphere()),
    ):
        assert set(Fourth.references) <= set(references(used))
        assert "title = {Fourths}" in mn.cite(used)
    unknown = type("Unknown", (Fourth,), {"references": ("nobody1900",)})()
    with pytest.raises(
        mn.errors.InvalidArgument, match="keys of the bibliography, or BibTeX entries; got 'nobody1900'"
    ):
        mn.cite(unknown)


def test_every_reference_that_a_part_declares_is_in_the_bibliography() -> None:
    def kinds(kind: type) -> Iterator[type]:
        yield kind
        for one in kind.__subclasses__():
            yield from kinds(one)

    bases = (Lagrangian, Similarity, Neurons, StorageRule, Memory)
    ways = (mn.Flow, mn.Glauber, mn.Langevin, mn.Annealing, mn.BidirectionalMemory)
    parts = [*(kind for base in bases for kind in kinds(base)), *ways]
    declared = [kind.references for kind in parts if kind.__module__.startswith("mnemonist.")]
    keys = {key for one in declared if not isinstance(one, property) for key in one}
    assert len(keys) > 20
    assert keys <= set(bibliography())


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
        (mn.model_a, ["krotov2021", "krotov2021hierarchical", "hopfield1984", "krotov2016"]),
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
