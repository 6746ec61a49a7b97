"""The house: what a stranger who reads the code relies on. Rooms are held by import-linter (`pyproject.toml`)."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import numpy as np

import mnemonist as mn
from mnemonist.core.softmax import Softmax
from mnemonist.dynamics.model import Model
from mnemonist.recall.model import RecallModel
from mnemonist.stores.protocol import GrowableStore, Store

ROOT = Path(mn.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.rglob("*.py")}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.Module, modules: set[str]) -> Iterator[str]:
    """Yield the modules of the package that are imported wherever in a module, but for those within functions."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in modules else node.module


def test_no_modules_import_each_other_in_a_circle() -> None:
    modules = {name_of(path) for path in TREES}
    graph = {name_of(path): set(imported(tree, modules)) - {name_of(path)} for path, tree in TREES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as failure:
        raise AssertionError(failure.args[1]) from None


def test_no_circle_is_hidden_from_the_interpreter() -> None:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                assert not any(
                    isinstance(each, ast.ImportFrom) and (each.module or "").startswith("mnemonist")
                    for each in ast.walk(node)
                ), path


def test_no_class_has_more_than_twenty_methods() -> None:
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    crowded = {
        node.name: count
        for node in classes
        if (count := sum(isinstance(each, ast.FunctionDef) for each in node.body)) > 20
    }
    assert not crowded


def test_no_file_has_more_than_four_hundred_lines() -> None:
    assert not [path for path in TREES if len(path.read_text(encoding="utf-8").splitlines()) > 400]


def members(*protocols: type) -> set[str]:
    return {name for protocol in protocols for name in vars(protocol) if name == "__len__" or not name.startswith("_")}


def test_what_is_asked_of_a_model_and_of_a_store_fits_on_a_page() -> None:
    assert len(members(RecallModel, Model)) <= 11
    assert len(members(Store)) <= 8
    assert len(members(GrowableStore)) <= 5


def test_a_newcomer_opens_seven_files_from_recall_to_the_equation_of_softmax(monkeypatch) -> None:
    opened: set[str] = set()
    scaled = Softmax.scaled

    def noted(self, h, summary):
        frame = sys._getframe(1)
        while frame is not None:
            if Path(frame.f_code.co_filename).is_relative_to(ROOT):
                opened.add(frame.f_code.co_filename)
            frame = frame.f_back
        return scaled(self, h, summary)

    monkeypatch.setattr(Softmax, "scaled", noted)
    memory = mn.spherical_memory(Softmax(2.0))  # real neurons take the mean as it is written, in fewer
    memory.store(np.eye(3))
    assert memory.recall([0.9, 0.1, 0.2]).converged
    assert 1 <= len(opened) <= 6  # and the one of softmax
