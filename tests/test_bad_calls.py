"""Bad calls: each parameter of each public call gets everything that may be passed by mistake, all others being good.

A call answers sensibly, as it does to the same value in its usual form, or refuses in one sentence of the house that
names the argument. What it was given stays as it was, and so does the object that refused.
"""

import inspect
import operator
import os
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnemonist as mn
from bad_calls.builders import builders
from bad_calls.call import Call
from bad_calls.functions import functions
from bad_calls.methods import MEMORIES, methods
from bad_calls.parts import parts
from bad_calls.roles import Role, is_tensor_of_one
from bad_calls.values import EXTREME, VALUES

NOT_CALLED = {  # results and words that the library makes, and rooms whose own names stand in the table
    "Diagnosis", "Kind", "Outcome", "PairRecall", "Recall", "Replay", "MnemonistError",
    "data", "errors", "estimators", "nn", "tasks", "theory",
}  # fmt: skip
ALIASES = {"b": ("index",), "text": ("name",), "used": ("name",), "paths": ("path",), "out": ("must end in",)}
FAULTS = ("raw", "form", "nonsense", "other answer", "written to", "changed")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # names of files are tried


def table(folder: Path, *, few: bool) -> list[Call]:
    """Return all calls; of the methods those of a few memories, or of all."""
    return [*parts(), *builders(), *methods(few=few), *functions(folder)]


class Tried:
    """What came of the calls."""

    def __init__(self, quiet: tuple[type[Warning], ...] = ()) -> None:
        self.quiet = quiet
        self.count: Counter[str] = Counter()
        self.faults: list[str] = []
        self.usual: dict[Any, Any] = {}  # what came of usual forms, which many others have in common
        self.held: dict[int, Any] = {}  # what was watched before the first of its calls

    def fault(self, kind: str, call: Call, name: str, value: Any, what: Any) -> None:
        self.count[kind] += 1
        self.faults.append(f"{kind}: {call.who}({name}={_short(value)}): {_short(what)}")

    def __str__(self) -> str:
        counts = ", ".join(f"{self.count[kind]} {kind}" for kind in ("answered", "refused", *FAULTS))
        return f"{self.count['answered'] + self.count['refused']} calls: {counts}"


def _short(value: Any) -> str:
    try:
        return " ".join(repr(value).split())[:160]
    except Exception:
        return type(value).__name__


def tried(call: Call, name: str, make: Any, label: str, found: Tried) -> None:
    """Call once, and say what is wrong with what came of it."""
    arguments = {other: role.good() for other, role in call.roles.items()} | {name: make()}
    if left_out(call.roles[name], make()):
        return
    before, fits = copied(arguments), call.roles[name].accepts(make())
    if id(call) not in found.held:
        found.held[id(call)] = call.watched()
    try:
        answer = answered(call, arguments, found.quiet)
    except Exception as error:
        found.count["refused"] += 1
        names = () if fits else (name, *call.roles[name].beside(make()))
        if fault := fault_of(error, call, names):
            found.fault(fault, call, name, label, error)
        if call.watched() != found.held[id(call)]:
            found.fault("changed", call, name, label, "refused, and is not as it was")
    else:
        found.count["answered"] += 1
        judge(call, name, (make, label, fits), answer, found)
    if copied(arguments) != before:
        found.fault("written to", call, name, label, "an argument is not as it was")


def left_out(role: Role, value: Any) -> bool:
    """Say whether nobody is asked: numbers that may be learned or traced are passed on unread; some cost too much."""
    if role.scalar and is_tensor_of_one(value):
        return True
    return role.costly < np.inf and role.accepts(value) and value is not None and value > role.costly


def fault_of(error: Exception, call: Call, names: tuple[str, ...]) -> str:
    """Return what is wrong with a refusal, if anything is, of an argument that goes by one of some names."""
    if isinstance(error, mn.MnemonistError):
        return "" if well_formed(error, names) else "form"
    ends = isinstance(error, IndexError) and call.who == "Recall.__getitem__"  # which ends a loop over a recall
    return "" if ends and str(error).startswith("Recall: an index must be") else "raw"


def answered(call: Call, arguments: dict[str, Any], quiet: tuple[type[Warning], ...] = ()) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "SequenceMemory. equal patterns")
        for category in quiet:
            warnings.simplefilter("ignore", category)
        return told(call.function(**arguments))


def judge(call: Call, name: str, given: tuple[Any, str, bool], answer: Any, found: Tried) -> None:
    """Look for nonsense in an answer."""
    make, label, fits = given
    if not fits:
        found.fault("nonsense", call, name, label, "accepted")
        return
    infinite = call.who.startswith(("theory.exponential", "RandomFeatureMemory.energy"))  # as their docstrings say
    unknown = name == "known" or (call.who.endswith(".store") and call.roles[name].beside(make()))
    if not unknown and not infinite and not finite(answer):
        found.fault("nonsense", call, name, label, f"answered {answer}")
    usual = call.roles[name].usual
    if usual is None:
        return
    changed = {name: usual(make())} | call.roles[name].beside(make())
    which = id(call), name, repr({of: exactly(value) for of, value in changed.items()})
    if type(make()) in (float, type(None)):
        found.usual[which] = answer  # of a value that is in its usual form
    try:
        if which not in found.usual:
            good = {other: role.good() for other, role in call.roles.items()}
            found.usual[which] = answered(call, good | changed, found.quiet)
    except Exception as error:
        found.fault("other answer", call, name, label, f"the usual form is refused: {error}")
        return
    same = found.usual[which]
    if not alike(answer, same):
        found.fault("other answer", call, name, label, f"{answer} is not {same}")


def well_formed(error: mn.MnemonistError, names: tuple[str, ...]) -> bool:
    """Say whether a sentence is one of the house, and names the argument, or the file that it names."""
    sentence, called = str(error), [*names, *(alias for name in names for alias in ALIASES.get(name, ()))]
    says = not names or any(name in sentence for name in called) or isinstance(error, OSError) or os.sep in error.who
    return "\n" not in sentence and len(sentence) < 1000 and bool(error.must) and sentence.endswith(".") and says


def told(result: Any) -> list[Any]:
    """Return the numbers of a result; an energy that may be infinite, or that float64 cannot hold, is none."""
    if isinstance(result, mn.PairRecall):
        return told(result.joint)
    if isinstance(result, mn.Recall):
        energy = None
        if result._resting.model.reader is not None and not result._resting.model.separation.local:
            with suppress(mn.errors.EnergyOverflow):
                energy = result.energy
        return [np.asarray(result.state, float), np.asarray(result.nearest), energy]
    if isinstance(result, mn.Replay):
        return [np.asarray(result.states, float), np.asarray(result.nearest)]
    if isinstance(result, (np.ndarray, float, int)):
        return [np.asarray(result)]
    if isinstance(result, (list, tuple)):
        return [part for one in result for part in told(one)]
    return []


def finite(parts: list[Any]) -> bool:
    return all(np.isfinite(part).all() for part in parts if part is not None and np.asarray(part).dtype.kind == "f")


def alike(some: list[Any], others: list[Any]) -> bool:
    """Say whether two results are the same, to the precision of the narrowest dtype that is passed."""

    def same(a: Any, b: Any) -> bool:
        if a is None or b is None:
            return a is b
        return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-3, atol=1e-4, equal_nan=True)

    return len(some) == len(others) and all(same(a, b) for a, b in zip(some, others, strict=True))


def exactly(value: Any) -> Any:
    """Return what tells one value from another: all the numbers of an array, and how they lie."""
    return (value.shape, value.dtype, value.tobytes()) if isinstance(value, np.ndarray) else value


def copied(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what arguments hold, of those that can be written to."""
    held = {
        name: value for name, value in arguments.items() if isinstance(value, (np.ndarray, list, dict, set, bytearray))
    }
    return {
        name: np.asarray(value).tobytes() if isinstance(value, np.ndarray) and value.dtype != object else repr(value)
        for name, value in held.items()
    }


def all_tried(
    calls: list[Call], values: dict[str, Any], found: Tried, *, scalars: bool = False, every: int = 1
) -> None:
    """Give every parameter, or those that are numbers, each of these values, or in turn one in so many of them."""
    given = list(values.items())
    asked = [(call, name, role) for call in calls for name, role in call.roles.items()]
    for turn, (call, name, role) in enumerate(asked):
        for label, make in given[turn % every :: every] if role.scalar or not scalars else ():
            tried(call, name, make, label, found)
    print(found)  # noqa: T201
    assert not found.faults, "\n".join([str(found), *found.faults])


def test_every_public_name_is_in_the_table(tmp_path) -> None:
    called = {call.who for call in table(tmp_path, few=True)}
    assert set(mn.__all__) - NOT_CALLED - {who.partition(".")[0] for who in called} == set()
    rooms = {f"{room}.{name}" for room in ("data", "theory") for name in getattr(mn, room).__all__}
    assert rooms - called == {"data.Form", "data.Table", "theory.CRITICAL_LOAD", "theory.EXPONENTIAL_GROWTH"}


def test_every_method_of_a_memory_is_in_the_table(tmp_path) -> None:
    called = {call.who for call in table(tmp_path, few=False)}
    kinds = {type(build()) for build, _, _ in MEMORIES.values()} | {mn.BidirectionalMemory}
    methods = {
        f"{kind.__name__}.{name}"
        for kind in kinds
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods - called == {"AssociativeMemory.energy_constants"}  # which takes nothing


def test_every_parameter_of_what_is_called_is_in_the_table(tmp_path) -> None:
    asked: dict[str, set[str]] = {}
    for call in table(tmp_path, few=False):
        asked.setdefault(call.who, set()).update(call.roles)
    for who, names in asked.items():
        if "__" not in who and "MappedPatterns" not in who and who != "cite":  # which take any number of these
            thing = operator.attrgetter(who)(mn)
            parameters = set(inspect.signature(thing).parameters) - {"self"}
            left = {("BidirectionalMemory.recall", "known_right"), ("HopfieldNetwork.energy", "summary")}
            left |= {("AssociativeMemory", "unshared")}  # which kernel_memory passes on
            assert {name for name in parameters - names if (who, name) not in left} == set(), who


MUCH = pytest.mark.parametrize("few", [True, pytest.param(False, marks=pytest.mark.slow)])


@MUCH
def test_bad_calls_are_refused_in_a_sentence_or_answered_as_good_ones(few, tmp_path) -> None:
    all_tried(table(tmp_path, few=few), VALUES, Tried(), every=3 if few else 1)


@MUCH
def test_extreme_numbers_are_refused_or_answered(few, tmp_path) -> None:
    values = {f"{i}: {_short(number)}": lambda number=number: number for i, number in enumerate(EXTREME)}
    calls, found = table(tmp_path, few=True), Tried(quiet=(RuntimeWarning,))
    all_tried(calls, values, found, scalars=True, every=3 if few else 1)
