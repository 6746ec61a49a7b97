"""Bad input gets one sentence: who, what must hold, what was given, how to fix it."""

import re

import numpy as np
import pytest
import torch

import mnemonist as mn
from mnemonist.errors import sentence_of

SIGNS = np.random.default_rng(0).choice([-1.0, 1.0], size=(4, 6))


def binary() -> mn.AssociativeMemory:
    memory = mn.classical_hopfield()
    memory.store(SIGNS)
    return memory


def tensors() -> mn.AssociativeMemory:
    memory = mn.kernel_memory(2.0)
    memory.store(torch.from_numpy(SIGNS))
    return memory


def real() -> mn.AssociativeMemory:
    memory = mn.kernel_memory(2.0)
    memory.store(SIGNS)
    return memory


HOLE = np.where(np.arange(6) == 2, np.nan, SIGNS[0])
REFUSED = {
    "wrong width": (
        lambda: binary().recall(np.ones((3, 5))),
        r"cues must have N = 6 columns; got shape \(3, 5\). Pass known=",
    ),
    "wrong width of states": (lambda: binary().energy(np.ones(5)), r"states must have N = 6 columns; got shape \(5,\)"),
    "wrong width of patterns": (lambda: binary().store(np.ones((2, 5))), "patterns must have N = 6 columns"),
    "three axes": (lambda: binary().recall(np.ones((2, 3, 6))), r"must have rows, or be one.*got shape \(2, 3, 6\)"),
    "no columns": (lambda: mn.kernel_memory().store(np.ones((3, 0))), "must have rows, or be one, of a number or more"),
    "nan in a cue": (lambda: real().recall(HOLE), "got nan at row 0, column 2. Pass known=~numpy.isnan"),
    "infinity in a pattern": (
        lambda: real().store(SIGNS * np.inf),
        "patterns must be finite; got -?inf at row 0, column 0",
    ),
    "nan where known": (lambda: real().recall(HOLE, known=np.ones(6, bool)), "must be finite; got nan"),
    "0/1 in patterns": (
        lambda: mn.classical_hopfield().store((SIGNS > 0) * 1),
        r"must be -1 or \+1; got 0 .* looks like 0/1",
    ),
    "0/1 in a cue": (lambda: binary().recall((SIGNS > 0) * 1.0), "looks like 0/1 data: pass 2"),
    "grey in patterns": (
        lambda: mn.classical_hopfield().store(SIGNS / 2),
        r"must be -1 or \+1; got -?0.5 .* threshold",
    ),
    "strings": (lambda: real().recall(["a"] * 6), "cues must be real numbers; got dtype"),
    "complex numbers": (
        lambda: real().recall(SIGNS + 1j),
        "got dtype complex128. Pass the real and the imaginary part",
    ),
    "complex tensors": (lambda: tensors().recall(torch.ones(6) * 1j), "got dtype torch.complex64. Pass the real and"),
    "None among numbers": (lambda: real().recall([None, 1, 2, 3, 4, 5]), "got dtype object. .* makes None NaN"),
    "dates": (lambda: real().recall(np.full(6, "2020-01-01", "M8[D]")), r"got dtype datetime64\[D\]. Pass days"),
    "spans of time": (lambda: real().recall(np.full(6, 3, "m8[s]")), r"got dtype timedelta64\[s\]. Pass x / numpy"),
    "a number": (lambda: real().recall(3.0), r"cues must have rows, or be one, of a number or more; got shape \(\)"),
    "ragged lists": (lambda: real().recall([[1, 2], [3]]), "recall: cues must be rectangular; got rows of several"),
    "a masked mask": (
        lambda: real().recall(SIGNS, known=np.ma.masked_array(SIGNS > 0, SIGNS > 0)),
        "known must be True or False in every cell",
    ),
    "mask of numbers": (
        lambda: binary().recall(SIGNS, known=SIGNS),
        "known must be boolean, True = given; got dtype float64",
    ),
    "mask of another shape": (lambda: binary().recall(SIGNS, known=np.ones((3, 6), bool)), "known must have shape"),
    "clamped but unknown": (
        lambda: binary().recall(SIGNS, known=np.arange(6) < 3, clamped=np.arange(6) < 4),
        "clamped must be a subset of known",
    ),
    "empty recall": (
        lambda: mn.classical_hopfield().recall(SIGNS),
        "the memory must hold patterns; it is empty. Call store",
    ),
    "empty energy": (lambda: mn.kernel_memory().energy(SIGNS), "it is empty"),
    "empty patterns": (lambda: mn.kernel_memory().patterns, "it is empty"),
    "a pattern of nothing": (
        lambda: binary().store(SIGNS, known=np.arange(4)[:, None] != [2] * 6),
        "known must be True somewhere in every pattern; row 2 has nothing",
    ),
    "unknown id": (
        lambda: binary().forget([1, 9]),
        r"every id must be stored; got \[9\], which is not. See memory.ids",
    ),
    "values for some": (
        lambda: binary().store(SIGNS, values=SIGNS),
        "values must be given for all patterns or for none",
    ),
    "values of another count": (
        lambda: mn.kernel_memory().store(SIGNS, values=np.ones((3, 2))),
        "one row per pattern, 4; got",
    ),
    "a clamp on the sphere": (
        lambda: _sphere().recall(SIGNS, clamped=np.arange(6) < 3),
        "clamped must be False on a sphere",
    ),
    "a direction of no length": (
        lambda: mn.spherical_memory().store(np.zeros((1, 6))),
        "need a length > 0; row 0 is all 0",
    ),
    "asynchronous reals": (lambda: real().recall(SIGNS, dynamics=mn.Asynchronous()), "moves discrete neurons"),
    "dynamics by name": (lambda: binary().recall(SIGNS, dynamics="sync"), "dynamics must be Synchronous"),
    "negative steps": (lambda: binary().recall(SIGNS, max_steps=-1), "max_steps must be a whole number >= 0; got -1"),
    "half a step": (lambda: binary().recall(SIGNS, max_steps=1.5), "max_steps must be a whole number"),
    "negative tolerance": (lambda: real().recall(SIGNS, tol=-1.0), "tol must be a finite number >= 0"),
    "rng by name": (lambda: binary().recall(SIGNS, rng="seed"), "rng must be a seed"),
    "trace by number": (lambda: binary().recall(SIGNS, trace=3), "trace must be True or False"),
    "mixed libraries": (lambda: real().recall(torch.ones(6)), "cues must come from one library; got numpy and torch"),
    "a degree below 1": (lambda: mn.dense_memory(0), "degree must be a whole number from 1 to 100; got 0"),
    "a negative beta": (lambda: mn.modern_hopfield(-2.0), "beta must be a finite number > 0; got -2.0"),
    "a beta beyond sense": (
        lambda: mn.AssociativeMemory(mn.Dot(), mn.Softmax(301), mn.Binary()),
        "beta must be at most 300",
    ),
    "an odd power on the sphere": (lambda: mn.spherical_memory(mn.Power(3)), "Sphere.* needs a convex separation"),
    "a part of another kind": (
        lambda: mn.AssociativeMemory(mn.Dot(), mn.Dot(), mn.Real()),
        "separation must be a Separation",
    ),
    "constants of a power": (lambda: binary().energy_constants(), "energy_constants: the model must be Softmax"),
}


def _sphere() -> mn.AssociativeMemory:
    memory = mn.spherical_memory()
    memory.store(SIGNS)
    return memory


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_one_sentence(case: str) -> None:
    call, sentence = REFUSED[case]
    with pytest.raises(mn.MnemonistError, match=sentence) as refusal:
        call()
    text = str(refusal.value)
    assert "\n" not in text
    assert text.endswith((".", ")", "]"))
    assert isinstance(refusal.value, (ValueError, TypeError, KeyError, OverflowError))
    error = refusal.value
    assert error.who.split(".")[0].isidentifier()
    assert error.must
    assert error.got.lower().startswith("got ") or not re.search(r"\bgot\b", text, re.IGNORECASE)
    if not error.got.startswith("Got "):  # as the last words
        assert text == sentence_of(error.who, error.must, error.got, error.fix)


def test_a_refused_store_stores_nothing() -> None:
    memory = binary()
    for bad in (np.ones((2, 5)), SIGNS * np.nan, SIGNS / 2):
        with pytest.raises(mn.MnemonistError):
            memory.store(bad)
    with pytest.raises(mn.errors.UnknownId):
        memory.forget([0, 17])
    assert memory.ids.tolist() == [0, 1, 2, 3]


def test_unknown_coordinates_are_never_read() -> None:
    known = np.array([True, True, False, True, True, True])
    for memory in (binary(), real()):
        for hole in (np.nan, np.inf, 7.0):
            cue = np.where(known, SIGNS[0], hole)
            recall = memory.recall(cue, known=known)
            np.testing.assert_array_equal(
                recall.state, memory.recall(np.where(known, SIGNS[0], 1.0), known=known).state
            )
        patterns = np.where(np.arange(24).reshape(4, 6) % 5 == 0, np.nan, SIGNS)
        memory.store(patterns, known=~np.isnan(patterns))
        np.testing.assert_array_equal(np.isnan(memory.patterns[4:]), np.isnan(patterns))


def test_clamped_coordinates_never_change() -> None:
    rng = np.random.default_rng(1)
    for memory in (binary(), real()):
        known = rng.random((5, 6)) < 0.5
        cues = rng.choice([-1.0, 1.0], size=(5, 6))
        np.testing.assert_array_equal(memory.recall(cues, known=known).state[known], cues[known])
    halves = real().recall(cues / 2, known=known, clamped=False).state[known]
    assert (np.abs(halves - cues[known] / 2) > 0.1).any()  # unless they are freed


def test_lists_and_integers_are_welcome() -> None:
    memory = mn.dense_memory(3)
    assert memory.store([[1, -1, 1], [1, 1, -1]]).tolist() == [0, 1]
    assert memory.recall([1, -1, 1]).state.tolist() == [1, -1, 1]
    assert memory.patterns.dtype == np.int8


@pytest.mark.parametrize(
    ("given", "computed"), [("float32", "float32"), ("float64", "float64"), ("float16", "float32")]
)
def test_states_come_in_the_dtype_computed_in_and_energies_in_float64(given: str, computed: str) -> None:
    memory = mn.kernel_memory(2.0)
    memory.store(SIGNS.astype(given))
    recall = memory.recall(SIGNS.astype(given))
    assert recall.state.dtype == computed
    assert recall.energy.dtype == "float64"
    assert memory.recall(SIGNS).state.dtype == "float64"
