"""Data frames, masked arrays and booleans are taken for what they are: missing cells unknown, columns by name."""

import importlib
import re
import subprocess
import sys
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch

import mnemonist as mn
from mnemonist.core.power import TEXTBOOK

NAN = np.nan
TABLE = {"a": [1.0, 50.0, 100.0], "b": [2.0, 40.0, 90.0], "c": [10.0, 400.0, 1000.0]}
ROWS = np.array(list(TABLE.values())).T


@pytest.fixture(params=["pandas", "polars"])
def frame(request: pytest.FixtureRequest) -> Any:
    return importlib.import_module(request.param).DataFrame


def kernel(patterns: Any, **options: Any) -> mn.AssociativeMemory:
    memory = mn.kernel_memory(0.1)
    memory.store(patterns, **options)
    return memory


# --- missing cells -----------------------------------------------------------------------------------------------

HOLES = {
    "pandas, NaN": lambda: pd.DataFrame({"a": [1.0, NAN], "b": [2.0, 40.0]}),
    "pandas, None": lambda: pd.DataFrame({"a": [1, None], "b": [2, 40]}),
    "pandas, None among objects": lambda: pd.DataFrame({"a": [1, None], "b": [2, 40]}, dtype=object),
    "pandas, Int64": lambda: pd.DataFrame({"a": [1, None], "b": [2, 40]}, dtype="Int64"),
    "pandas, Float64": lambda: pd.DataFrame({"a": [1, None], "b": [2, 40]}, dtype="Float64"),
    "pandas, Float32": lambda: pd.DataFrame({"a": [1, None], "b": [2, 40]}, dtype="Float32"),
    "polars, null": lambda: pl.DataFrame({"a": [1, None], "b": [2, 40]}),
    "polars, NaN": lambda: pl.DataFrame({"a": [1.0, NAN], "b": [2.0, 40.0]}),
    "polars, Float32": lambda: pl.DataFrame({"a": [1, None], "b": [2, 40]}).cast({"a": pl.Float32, "b": pl.Int8}),
    "polars, Decimal": lambda: pl.DataFrame({"a": [1, None], "b": [2, 40]}).cast({"a": pl.Decimal(10, 2)}),
    "masked": lambda: np.ma.masked_array([[1.0, 2.0], [7.0, 40.0]], [[0, 0], [1, 0]]),
    "masked, whole": lambda: np.ma.masked_array([[1, 2], [7, 40]], [[0, 0], [1, 0]]),
}  # fmt: skip


@pytest.mark.parametrize("make", HOLES.values(), ids=HOLES)
def test_a_missing_cell_is_unknown(make) -> None:
    plain, known = np.array([[1.0, 2.0], [NAN, 40.0]]), np.array([[True, True], [False, True]])
    memory, other = kernel(make()), kernel(plain, known=known)
    np.testing.assert_array_equal(memory.patterns, other.patterns)
    np.testing.assert_array_equal(memory.recall(make()).state, other.recall(plain, known=known).state)


def test_a_column_of_nothing_is_unknown() -> None:
    for nothing in (pd.DataFrame({"a": [1.0], "b": [None]}), pl.DataFrame({"a": [1.0], "b": [None]})):
        np.testing.assert_array_equal(kernel(nothing).patterns, [[1.0, NAN]])


def test_known_and_missing_are_taken_together(frame) -> None:
    memory, cue = kernel(ROWS), frame({"a": [1.0, 99.0], "b": [None, 91.0], "c": [11.0, 5.0]})
    both = np.array([[True, False, False], [True, True, False]])
    expected = memory.recall(np.nan_to_num(np.array([[1, NAN, 11], [99, 91, 5]])), known=both).state
    np.testing.assert_array_equal(memory.recall(cue, known=np.array([True, True, False])).state, expected)
    named = frame({"c": both[:, 2], "a": both[:, 0], "b": [True] * 2})
    np.testing.assert_array_equal(memory.recall(cue, known=named).state, expected)


def test_a_bare_array_with_nan_is_refused_in_words_that_help() -> None:
    memory, cue = kernel(ROWS), np.array([1.0, NAN, 10.0])
    with pytest.raises(mn.errors.InvalidArgument, match=re.escape("Pass known=~numpy.isnan(x) if it is missing.")):
        memory.recall(cue)
    assert memory.recall(cue, known=~np.isnan(cue)).nearest == 0


def test_a_missing_cell_where_none_may_be_is_refused(frame) -> None:
    hole, memory = frame({"a": [1.0], "b": [None], "c": [3.0]}), kernel(ROWS)
    folded, pairs = mn.RandomFeatureMemory(1.0), mn.BidirectionalMemory()
    for ask, words in (
        (lambda: memory.energy(hole), "states must be finite; got nan at row 0, column 1. Pass a number there."),
        (lambda: kernel(ROWS[:1], values=hole), "values must be finite; got nan"),
        (lambda: folded.store(hole), "patterns must be finite; got nan at row 0, column 1. Leave the row out."),
        (lambda: pairs.store(hole, hole), "left must be finite; got nan at row 0, column 1. Pass a number there."),
        (lambda: mn.perceptron().store(frame({"a": [1, 1], "b": [None, 1]})), "known must be True everywhere"),
    ):
        with pytest.raises(mn.MnemonistError, match=re.escape(words)):
            ask()


def test_nan_in_a_file_is_not_told_to_pass_a_mask_that_is_refused(tmp_path) -> None:
    np.save(tmp_path / "rows.npy", np.array([[1.0, NAN]]))
    with pytest.raises(mn.errors.InvalidArgument, match=r"Leave the row out, or pass numpy\.load"):
        kernel(mn.MappedPatterns(tmp_path / "rows.npy"))


# --- names -------------------------------------------------------------------------------------------------------


def test_columns_in_another_order_are_put_in_order(frame) -> None:
    memory, turned = kernel(frame(TABLE)), frame({name: TABLE[name] for name in "cab"})
    plain = kernel(ROWS)
    assert memory.recall(turned).nearest.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(memory.energy(turned), plain.energy(ROWS))
    np.testing.assert_array_equal(memory.scores(turned), plain.scores(ROWS))
    memory.store(turned)
    np.testing.assert_array_equal(memory.patterns, np.concatenate([ROWS, ROWS]))


def test_columns_that_are_missing_are_unknown_and_masks_go_with_what_was_given(frame) -> None:
    memory, known = kernel(frame(TABLE)), np.array([True, False, True])
    expected = memory.recall(np.where(known, ROWS + 0.1, NAN), known=known).state
    few = frame({"c": TABLE["c"], "a": TABLE["a"]}) + 0.1
    np.testing.assert_array_equal(memory.recall(few).state, expected)
    np.testing.assert_array_equal(memory.recall(few, known=[True, True]).state, expected)
    np.testing.assert_array_equal(memory.recall(few, known=np.ones((3, 2), bool)).state, expected)
    np.testing.assert_array_equal(memory.recall(few, known=frame({"a": [True] * 3, "c": [True] * 3})).state, expected)
    one = np.array([True, False, False])
    free = memory.recall(few, known=[True, True], clamped=[False, True]).state
    np.testing.assert_array_equal(free, memory.recall(np.where(known, ROWS + 0.1, NAN), known=known, clamped=one).state)
    memory.store(frame({"c": [7.0], "b": [8.0]}))
    np.testing.assert_array_equal(memory.patterns[-1], [NAN, 8.0, 7.0])


def test_a_mask_of_another_shape_than_what_it_is_the_mask_of_is_refused(frame) -> None:
    memory, few = kernel(frame(TABLE)), frame({"c": TABLE["c"], "a": TABLE["a"]})
    for mask in ([True, False, True], np.ones((2, 2), bool)):
        with pytest.raises(
            mn.errors.InvalidArgument, match=r"known must have the shape of .*, \(3, 2\), or \(2,\); got"
        ):
            memory.recall(few, known=mask)


def test_a_mask_that_is_a_frame_goes_by_name_beside_an_array_too(frame) -> None:
    memory = kernel(frame(TABLE))
    mask = frame({"c": [False], "a": [True], "b": [True]})
    np.testing.assert_array_equal(
        memory.recall(ROWS[:1], known=mask).state, memory.recall(ROWS[:1], known=[True, True, False]).state
    )


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"a": [1.0], "b": [1.0], "c": [1.0], "d": [1.0]}, "or some of them; got 'd'. Leave them out or rename"),
        ({"a": [1.0], "x": [1.0], "c": [1.0]}, "or some of them; got 'x', and not 'b'. Leave"),
        ({"a": [1.0], "t": ["u"]}, "cues must be numbers, or True and False, in every column; got 't' ("),
        ({name: ["u"] for name in "stuvwxyz"}, "'w' ({}) and 3 more. Leave them out"),
    ],
)
def test_other_columns_are_refused_by_name(columns, words, frame) -> None:
    words = words.format("String" if frame is pl.DataFrame else "string")
    with pytest.raises(mn.MnemonistError, match=re.escape(words)):
        kernel(frame(TABLE)).recall(frame(columns))


def test_dates_categories_and_complex_numbers_are_refused_by_name() -> None:
    odd = pd.DataFrame({"when": pd.to_datetime(["2020"]), "what": pd.Categorical(["u"]), "z": [1j], "n": [1.0]})
    sentence = r"got 'when' \(datetime64\[\w+\]\), 'what' \(category\), 'z' \(complex128\). Leave them out"
    with pytest.raises(mn.errors.InvalidType, match=sentence):
        kernel(odd)
    with pytest.raises(mn.errors.InvalidType, match=r"got 'when' \(Date\), 'what' \(Categorical"):
        kernel(pl.DataFrame({"when": [date(2020, 1, 1)], "what": ["u"]}).cast({"what": pl.Categorical}))
    with pytest.raises(mn.errors.InvalidType, match=r"got a LazyFrame. Pass frame.collect\(\)"):
        kernel(pl.LazyFrame(TABLE))
    with pytest.raises(mn.errors.InvalidArgument, match="columns of different names; got 'a' more than once"):
        kernel(pd.concat([pd.DataFrame(TABLE)] * 2, axis=1))


def test_arrays_go_by_position_and_so_do_columns_that_nobody_named() -> None:
    memory = kernel(pd.DataFrame(TABLE))
    assert memory.recall(ROWS).nearest.tolist() == [0, 1, 2]
    assert memory.recall(pd.DataFrame(ROWS)).nearest.tolist() == [0, 1, 2]
    unnamed = kernel(pd.DataFrame(ROWS))
    assert unnamed.recall(pd.DataFrame(TABLE)).nearest.tolist() == [0, 1, 2]
    assert unnamed.recall(pd.DataFrame(ROWS)[[2, 0]]).nearest.tolist() == [0, 1, 2]
    with pytest.raises(mn.errors.InvalidArgument, match="cues must have N = 3 columns"):
        memory.recall(pd.DataFrame(np.ones((2, 4))))


def test_a_series_is_a_row(frame) -> None:
    table = pd.DataFrame(TABLE)
    memory = kernel(table)
    assert memory.recall(table.iloc[1]).nearest == 1
    assert memory.recall(table.iloc[1][["c", "a"]]).nearest == 1
    assert memory.recall(table.astype("Int64").iloc[2]).nearest == 2
    assert memory.recall(pd.Series({"a": 50, "b": None, "c": 400}, dtype=object)).state[1] == pytest.approx(40)
    assert memory.recall(pl.Series(ROWS[2])).nearest == 2


def test_an_empty_memory_learns_names_anew(frame) -> None:
    memory = kernel(frame(TABLE))
    memory.forget(memory.ids)
    memory.store(frame({"x": [1.0], "y": [2.0]}))
    assert memory.recall(frame({"y": [2.0], "x": [1.0]})).state.tolist() == [[1.0, 2.0]]


def test_every_kind_of_memory_goes_by_name(frame) -> None:
    signs = np.random.default_rng(0).choice([-1, 1], size=(3, 6))
    columns = {f"c{i}": signs[:, i] for i in range(6)}
    rows, turned = frame(columns), frame(dict(reversed(columns.items())))
    for memory in (
        mn.classical_hopfield(), mn.hebbian(), mn.perceptron(), mn.SequenceMemory(mn.Power(3)),
        mn.SimplicialNetwork([(0, 1, 2), (3, 4, 5), (1, 4)]), mn.model_b(), mn.RandomFeatureMemory(1.0, features=64),
    ):  # fmt: skip
        memory.store(rows)
        plain = memory.recall(signs, rng=1)
        np.testing.assert_array_equal(memory.recall(turned, rng=1).state, plain.state)
    pairs = mn.BidirectionalMemory()
    pairs.store(frame({n: columns[n] for n in ("c0", "c1", "c2")}), frame({n: columns[n] for n in ("c3", "c4")}))
    left = pairs.recall(left=frame({n: columns[n] for n in ("c2", "c0", "c1")}))
    np.testing.assert_array_equal(left.right, pairs.recall(left=signs[:, :3]).right)
    sequence = mn.SequenceMemory(mn.Power(3))
    sequence.store(rows)
    assert sequence.replay(turned, steps=1).nearest.tolist() == sequence.replay(signs, steps=1).nearest.tolist()


# --- True and False ----------------------------------------------------------------------------------------------

TRUTHS = np.random.default_rng(1).random((4, 9)) < 0.5
LEVELS = {
    "classical": (mn.classical_hopfield, -1.0),
    "hebbian": (mn.hebbian, -1.0),
    "graded": (lambda: mn.graded_memory(2.0, scale=3.0), -1.0),
    "graded network": (lambda: mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(2.0)), -1.0),
    "layered": (lambda: mn.LayeredMemory(mn.Power(2, scale=TEXTBOOK), mn.Graded(2.0)), -1.0),
    "sparse": (lambda: mn.covariance(0.4), 0.0),
    "kernel": (mn.kernel_memory, 0.0),
}


@pytest.mark.parametrize("asked", ["numpy", "torch", "lists", "pandas", "pandas boolean", "polars", "masked"])
@pytest.mark.parametrize("kind", LEVELS)
def test_true_and_false_are_the_levels_of_the_neurons(kind: str, asked: str) -> None:
    make, low = LEVELS[kind]
    given = {
        "numpy": lambda x: x, "torch": torch.from_numpy, "lists": np.ndarray.tolist, "pandas": pd.DataFrame,
        "pandas boolean": lambda x: pd.DataFrame(x).astype("boolean"), "polars": pl.DataFrame, "masked": np.ma.array,
    }[asked]  # fmt: skip
    memory, plain = make(), make()
    memory.store(given(TRUTHS))
    plain.store(np.where(TRUTHS, 1, np.int8(low)))
    np.testing.assert_array_equal(np.asarray(memory.patterns), plain.patterns)
    state, expected = memory.recall(given(TRUTHS[:2])).state, plain.recall(np.where(TRUTHS[:2], 1, np.int8(low))).state
    np.testing.assert_allclose(np.asarray(state), expected, rtol=0, atol=1e-6 if asked == "torch" else 0)


@pytest.mark.parametrize("truth", [True, np.bool_(False), np.array(True), np.ma.array(True)], ids=repr)
def test_one_truth_is_no_pattern(truth) -> None:
    for make, _ in LEVELS.values():
        with pytest.raises(mn.errors.InvalidArgument, match=r"patterns must have rows, or be one.*shape \(\)"):
            make().store(truth)


def test_columns_of_true_and_false_stand_beside_numbers(frame) -> None:
    columns = [mn.Columns(mn.Real(), 1), mn.Columns(mn.Binary(), 1), mn.Columns(mn.Categorical((2,)))]
    memory = mn.mixed_memory(columns, beta=4.0)
    table = {"x": [0.5, -1.5], "s": [False, True], "u": [True, False], "v": [False, True]}
    memory.store(frame(table))
    np.testing.assert_array_equal(memory.patterns, [[0.5, -1, 1, 0], [-1.5, 1, 0, 1]])
    found = memory.recall(frame({"s": [None, False], "x": [-1.4, None]}))
    assert found.nearest.tolist() == [1, 0]


def test_nullable_booleans_are_unknown_where_they_are_missing() -> None:
    for hole in (pd.DataFrame({"a": [True, None], "b": [False, True]}, dtype="boolean"),
                 pd.DataFrame({"a": [True, None], "b": [False, True]}, dtype=object),
                 pl.DataFrame({"a": [True, None], "b": [False, True]})):  # fmt: skip
        memory = mn.classical_hopfield()
        memory.store(hole)
        np.testing.assert_array_equal(memory.landscape.patterns.block().rows, [[1, -1], [0, 1]])


def test_a_mask_with_a_missing_cell_or_of_numbers_is_refused(frame) -> None:
    memory = kernel(frame(TABLE))
    for mask in (frame({"a": [True, None, True]}), frame({"a": [1.0, 0.0, 1.0]})):
        with pytest.raises(mn.errors.InvalidType, match="known must be True or False in every cell"):
            memory.recall(frame(TABLE), known=mask)


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint16", "int64"])
def test_numbers_of_a_frame_are_computed_in_as_those_of_arrays(dtype: str) -> None:
    rows = np.round(ROWS / 10).astype(dtype)
    for given in (pd.DataFrame(rows), *([] if dtype == "float16" else [pl.DataFrame(rows)])):
        memory, plain = kernel(given), kernel(rows)
        assert memory.patterns.dtype == plain.patterns.dtype
        assert memory.recall(given).state.dtype == plain.recall(rows).state.dtype


def test_half_precision_is_computed_in_single(rng) -> None:
    rows = rng.normal(size=(50, 30)).astype(np.float16)
    memory, single = kernel(rows), kernel(rows.astype(np.float32))
    for cues in (rows[:5], torch.from_numpy(rows[:5]).numpy()):
        np.testing.assert_array_equal(memory.recall(cues).state, single.recall(rows[:5].astype(np.float32)).state)


def test_values_and_inputs_may_be_frames(frame) -> None:
    memory = kernel(frame(TABLE), values=frame({"v": [1, 2, 3]}))
    assert memory.recall(ROWS).values.shape == (3, 1)
    assert kernel(ROWS, values=pd.Series([1.0, 2.0, 3.0])).recall(ROWS[1]).values.tolist() == [2.0]


def test_a_tensor_memory_takes_frames() -> None:
    memory = kernel(torch.from_numpy(ROWS))
    recall = memory.recall(pd.DataFrame(TABLE)[["a", "b", "c"]].mask(np.eye(3) > 0))
    assert isinstance(recall.state, torch.Tensor)
    assert recall.nearest.tolist() == [0, 1, 2]


def test_frames_of_nothing_are_no_cues_or_refused(frame) -> None:
    memory = kernel(frame(TABLE))
    assert len(memory.recall(frame({"a": np.empty(0), "b": np.empty(0), "c": np.empty(0)}))) == 0
    with pytest.raises(mn.errors.InvalidArgument, match="must have rows, or be one, of a number or more"):
        kernel(frame({}))


def test_no_frame_library_is_imported_for_it() -> None:
    asked = "import sys, numpy as np, mnemonist as mn; m = mn.kernel_memory(); m.store(np.eye(3)); m.recall(np.eye(3))"
    told = f"{asked}; print([name for name in ('pandas', 'polars', 'narwhals') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
