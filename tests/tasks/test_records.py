"""A record memory completes rows of any frame, in the frame's own library, and leaves blank what it cannot tell."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mnemonist.errors import EmptyMemory, InvalidArgument, InvalidType, UnknownId
from mnemonist.tasks import RecordMemory, Schema

RNG = np.random.default_rng(0)
N = 60


def frame():
    size = RNG.normal(size=N)
    table = pd.DataFrame(
        {
            "id": [f"r{k}" for k in range(N)],
            "cm": (170 + 10 * size).round(1),
            "kg": pd.array((65 + 9 * size).round().astype(int), dtype="Int64"),
            "big": pd.array(size > 0, dtype="boolean"),
            "word": np.where(size > 0, "tall", "short"),
            "order": pd.Categorical(np.where(size > 0, "hi", "lo"), ["lo", "hi"], ordered=True),
            "real": pd.array(size.round(2), dtype="Float64"),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta((100 + 30 * size).round(), unit="D"),
            "text": pd.array(np.where(size > 0, "p", "q"), dtype="string"),
        },
        index=range(100, 100 + N),
    )
    for name in table.columns[1:]:
        table.loc[RNG.random(N) < 0.1, name] = None
    return table


@pytest.fixture(scope="module")
def table():
    return frame()


@pytest.fixture(scope="module")
def memory(table):
    return RecordMemory.from_table(table)


def test_frames_of_pandas_come_back_with_their_types_and_index(table, memory):  # case 20
    before = table.copy(deep=True)
    done = memory.complete()
    pd.testing.assert_frame_equal(table, before)
    assert done.frame.dtypes.equals(table.dtypes)
    assert done.frame.index.equals(table.index)
    assert done.filled.sum() == table.isna().sum().sum()
    pd.testing.assert_frame_equal(done.frame.where(~done.filled), table.where(~done.filled))
    wrong = (done.frame["big"] != (done.frame["word"] == "tall"))[done.filled[:, 3]]
    assert wrong.mean() < 0.3


def test_frames_of_polars_come_back_as_these(table):
    given = pl.from_pandas(table)
    before = given.clone()
    done = RecordMemory.from_table(given).complete()
    assert given.equals(before)
    assert done.frame.schema == given.schema
    assert sum(done.frame.null_count().row(0)) == 0


def test_a_frame_of_one_library_is_completed_from_one_of_another(table, memory):
    given = pl.from_pandas(table).head(5)
    done = memory.complete(given)
    assert done.frame.schema == given.schema
    assert isinstance(RecordMemory.from_table(given).recall(cm=170.0).frame, pl.DataFrame)


def test_columns_go_by_name_in_any_order_and_others_are_carried_along(table, memory):
    cue = table[["word", "cm"]].head(3).assign(extra=[1, 2, 3])[["extra", "word", "cm"]]
    cue.loc[cue.index[0], "word"] = None
    cue.loc[cue.index[0], "cm"] = 195.0
    done = memory.complete(cue)
    assert list(done.frame.columns) == ["extra", "word", "cm"]
    assert done.frame["extra"].tolist() == [1, 2, 3]
    assert done.frame["word"].iloc[0] == "tall"
    assert any(note.startswith("extra is not in the memory") for note in done.notes)
    assert any("in the memory alone" in note for note in done.notes)


def test_what_each_answer_rests_on_is_told(table, memory):
    done = memory.complete()
    ids, weights = done.because
    assert ids.shape == weights.shape
    assert not any((ids[k] == k).any() for k in np.flatnonzero(done.filled.any(axis=1)))  # case 7: never on itself
    cells = list(done.cells())
    assert len(cells) == done.filled.sum()
    for cell in cells:
        assert 0 <= cell.confidence <= 1
        if cell.column == "word":
            assert cell.alternatives == tuple(done.alternatives[cell.row, "word"])
            assert cell.alternatives[0][0] == cell.value
            assert sum(share for _, share in cell.alternatives) == pytest.approx(1)
        elif cell.column == "cm":
            assert cell.spread > 0
            assert not cell.alternatives
    assert done.familiarity.shape == (N,)


def test_what_cannot_be_told_stays_blank(table, memory):
    cue = table.head(3).copy()
    cue.iloc[0] = None
    cue.loc[cue.index[1], "word"] = None
    done = memory.complete(cue)
    assert not done.filled[0].any()
    assert done.frame.iloc[0].isna().all()
    sure = memory.complete(cue[["id", "cm", "word"]], min_confidence=0.9999)
    assert not sure.filled[:, 1].any()
    assert sure.blank.sum() + sure.filled.sum() == cue[["id", "cm", "word"]].isna().sum().sum()


def test_a_row_that_shares_nothing_with_the_cue_has_no_say():  # case 1
    rows = {"a": [1, 50, 100, None], "b": [2, 40, 90, None], "c": [10, 500, 1000, 5]}
    done = RecordMemory.from_table(rows).complete({"a": [99, 100], "b": [90, 90], "c": [None, None]})
    assert all(900 < value <= 1000 for value in done.frame["c"])  # and not 5, of the row that shares nothing


def test_unknown_options_and_mixed_cells_are_kept_and_said(memory):
    done = memory.complete({"cm": ["abc", "180.0"], "word": ["purple", None]})
    assert done.frame["cm"] == ["abc", "180.0"]
    assert done.frame["word"][0] == "purple"
    assert not done.filled[0].any()
    assert "cm: 1 cell is no number that can be compared ('abc'); kept, and taken as unknown." in done.notes
    assert any(note.startswith("word: 1 cell is no option that the memory knows ('purple')") for note in done.notes)


def test_any_columns_bring_the_others(memory, table):
    done = memory.recall(cm=195, text="p")
    assert done.frame["word"].tolist() == ["tall"]
    assert done.frame["order"].dtype == table["order"].dtype
    assert done.frame["cm"].tolist() == [195.0]
    with pytest.raises(InvalidArgument, match=r"RecordMemory.recall: columns must be of the table; got 'inches'"):
        memory.recall(inches=3)


def test_rows_are_added_and_forgotten(table):
    memory = RecordMemory.from_table(table.head(40))
    assert len(memory) == 40
    extra = table.tail(20).assign(word=["violet", "green"] * 10)
    ids = memory.add(extra)
    np.testing.assert_array_equal(ids, np.arange(40, 60))
    done = memory.complete({"text": ["p"], "cm": [170.0], "word": [None]})
    assert {value for value, _ in done.alternatives[0, "word"]} <= {"tall", "short", "violet", "green"}
    assert memory.complete().frame.dtypes.equals(table.dtypes)
    memory.forget(ids)
    memory.forget(0)
    assert len(memory) == 39
    assert 0 not in memory.ids
    with pytest.raises(UnknownId, match="ids must be of rows that are held"):
        memory.forget([1, 0])
    assert len(memory) == 39
    assert memory.add(table.head(1))[0] > 39


def test_rows_that_do_not_fit_have_a_higher_energy(memory, table):
    odd = pd.DataFrame({"cm": [195.0, 195.0], "word": ["tall", "short"], "kg": [85, 40]})
    usual, strange = memory.score(odd)
    assert strange > usual
    assert memory.score().shape == (N,)


@pytest.mark.parametrize(
    ("given", "kind", "reason"),
    [
        (np.zeros((3, 2)), InvalidType, "must be a data frame .* got ndarray"),
        ([[1, 2]], InvalidType, "must be a data frame .* got list"),
        (pl.LazyFrame({"a": [1]}), InvalidType, "collect"),
        ({"a": [1], "b": [1, 2]}, InvalidArgument, "as many values each; got 1 and 2"),
        ({"a": "xyz"}, InvalidType, "a list of values for each column"),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            InvalidArgument,
            "a frame must be one that narwhals reads|different",
        ),
    ],
)
def test_what_is_no_frame_is_refused(given, kind, reason):
    with pytest.raises(kind, match=reason):
        RecordMemory.from_table(given)


def test_a_memory_that_cannot_answer_says_so():
    with pytest.raises(EmptyMemory, match="must hold at least one row"):
        RecordMemory.from_table({"a": []}).complete({"a": [1]})
    with pytest.raises(InvalidArgument, match="must hold a row in which something is known that can be compared"):
        RecordMemory.from_table({"id": ["a", "b", "c"]}).complete()
    with pytest.raises(InvalidArgument, match="min_confidence"):
        RecordMemory.from_table({"a": [1, 2]}).complete(min_confidence=2)
    with pytest.raises(InvalidType, match="schema must be a Schema"):
        RecordMemory.from_table({"a": [1, 2]}, schema="a")


def test_a_schema_says_what_columns_hold():
    rows = {"a": [1, 2, -9, 4], "b": ["x", "y", "x", "y"]}
    memory = RecordMemory.from_table(rows, schema=Schema.learn(rows, hidden=[-9], ignore=["b"]))
    done = memory.complete({"a": [-9, 1], "b": ["x", None]})
    assert not done.filled.any()
    assert repr(memory) == "RecordMemory(4 rows, 1 of 2 columns compared)"
    assert "0 cells filled" in repr(done)


def test_frames_of_every_type_are_taken():
    size = RNG.normal(size=30)
    given = pd.DataFrame(
        {
            0: size,
            1: np.where(np.arange(30) < 4, np.nan, 2 * size).astype(np.float32),
            "zone": pd.date_range("2020-01-01", periods=30, tz="Europe/Berlin"),
            "lists": [[1], {2}] * 15,
            "mixed": pd.Series([1, "x", None] * 10, dtype=object),
            "sure": pd.Series([True, False, None] * 10, dtype=object),
        }
    )
    given.loc[:2, "zone"] = None
    done = RecordMemory.from_table(given).complete()
    assert done.frame.dtypes.equals(given.dtypes)
    assert list(done.frame.columns) == list(given.columns)
    assert done.filled.sum(axis=0).tolist() == [0, 4, 3, 0, 10, 10]
    arrow = given[[0, 1]].rename(columns=str).convert_dtypes(dtype_backend="pyarrow")
    assert RecordMemory.from_table(arrow).complete().frame.dtypes.equals(arrow.dtypes)


def test_no_row_is_completed_to_no_row(memory):
    done = memory.complete({"cm": [], "word": []})
    assert done.filled.shape == (0, 2)
    assert done.frame == {"cm": [], "word": []}


def test_a_number_far_from_all_others_is_named():
    done = RecordMemory.from_table({"a": [*range(10), -999, -999], "b": range(12)}).complete()
    assert "a: -999 is far from all other values; if it means none, hide it." in done.notes


def test_an_id_is_never_given_twice():
    memory = RecordMemory.from_table({"a": [1, 2, 3], "b": [2, 4, 6]})
    memory.forget([1, 2])
    assert memory.add({"a": [7, 8]}).tolist() == [3, 4]
    memory.forget(memory.ids)
    assert memory.add({"a": [9]}).tolist() == [5]


def test_a_frame_that_changes_later_changes_no_memory():
    given = pd.DataFrame({"a": [1.0, 2.0, None, 4.0], "b": [2.0, 4.0, 6.0, 8.0]})
    memory = RecordMemory.from_table(given)
    before = memory.complete().frame
    given.loc[0, "b"] = 99.0
    given["c"] = 1
    pd.testing.assert_frame_equal(memory.complete().frame, before)


def test_a_column_of_any_name_is_recalled():
    memory = RecordMemory.from_table({"self": [1, 5, 9], "row": [2, 10, 18], "body mass": [3, 15, 27]})
    assert memory.recall(self=5).frame["row"] == [10]
    assert memory.recall(row=10).frame["self"] == [5]
    assert memory.recall({"body mass": 15}, self=5).frame == {"self": [5], "row": [10], "body mass": [15]}
    with pytest.raises(InvalidType, match="row must be a dictionary of values by column; got 5"):
        memory.recall(5)


def test_no_row_is_scored_by_itself():
    size = np.random.default_rng(1).normal(size=40).round(2).tolist()
    memory = RecordMemory.from_table({"a": [*size, 9.0, None], "b": [*size, -9.0, None]})
    own, fresh = memory.score(), memory.score({"a": [9.0], "b": [-9.0]})
    assert own.argmax() == 40
    assert own[40] > 2 * fresh[0] + 10  # whoever may answer for itself is near itself
    assert RecordMemory.from_table({"a": [1.5]}).score().tolist() == [np.inf]


@pytest.mark.parametrize("make", [pd.DataFrame, lambda columns: pd.DataFrame(columns).convert_dtypes(), pl.DataFrame])
@pytest.mark.parametrize(("name", "value"), [("x", 2.5), ("x", "oops"), ("c", "new"), ("t", "odd")])
def test_a_column_gets_wider_for_what_its_type_refuses(make, name, value):
    memory = RecordMemory.from_table(make({"x": [1, 2, 3, 4], "c": ["a", "b", "b", "a"], "t": [True, False] * 2}))
    cue = memory.recall({name: value})
    assert list(cue.frame[name]) == [value]
    memory.add({name: [value]})
    assert list(memory.complete().frame[name])[-1] == value


def test_options_that_are_new_to_a_type_are_kept():
    letters = ["a", "b", "b", "a"] * 3
    for kind in (pd.CategoricalDtype(), pd.CategoricalDtype(["a", "b"], ordered=True)):
        memory = RecordMemory.from_table(pd.DataFrame({"c": pd.Series(letters, dtype=kind), "x": [1, 2, 3, 4] * 3}))
        done = memory.recall(c="new")
        assert done.frame["c"].tolist() == ["new"]
        assert "c: 1 cell is no option that the memory knows ('new'); kept, and taken as unknown." in done.notes
        memory.add({"c": ["new"]})
        assert memory.complete().frame["c"].tolist() == [*letters, "new"]


def test_what_no_type_of_a_library_holds_is_refused_by_the_name_of_its_column():
    arrow = pytest.importorskip("pyarrow")
    memory = RecordMemory.from_table(arrow.table({"x": [1, 2, 3], "y": [2, 4, 6]}))
    with pytest.raises(InvalidArgument, match=r"RecordMemory.add: column 'x' must hold values of one type"):
        memory.add({"x": ["oops"]})
    assert len(memory) == 3
    memory.add({"x": [2.5]})
    assert memory.complete().frame["x"].to_pylist() == [1, 2, 3, 2.5]


def test_a_column_of_truths_is_recalled_as_these():
    memory = RecordMemory.from_table(pd.DataFrame({"x": [1, 2, 8, 9] * 3, "t": [False, False, True, True] * 3}))
    assert memory.recall(x=8).frame["t"].tolist() == [True]


def test_rows_that_are_added_widen_the_numbers_that_may_be_told():
    memory = RecordMemory.from_table({"x": [*range(1, 21)], "y": [2 * x for x in range(1, 21)]})
    memory.add({"x": [*range(1000, 1020)], "y": [2 * x for x in range(1000, 1020)]})
    assert memory.complete({"x": [1010], "y": [None]}).frame["y"][0] == pytest.approx(2020, abs=6)


def _moments(unit):
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(30) * 1.001, unit="D")
    return pd.DataFrame({"when": days.astype(f"datetime64[{unit}]"), "x": np.arange(30.0)})


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit_are_filled(unit):
    given = _moments(unit)
    given.loc[5, "when"] = pd.NaT
    done = RecordMemory.from_table(given).complete()
    assert done.frame.dtypes.equals(given.dtypes)
    assert abs(done.frame["when"][5] - _moments(unit)["when"][5]) < pd.Timedelta(days=2)
    for frame in (pl.from_pandas(given), pytest.importorskip("pyarrow").Table.from_pandas(given)):
        done = RecordMemory.from_table(frame).complete()
        assert done.frame.schema == frame.schema
        assert str(done.frame["when"][5]).startswith("2020-01-0")
        assert done.filled.sum() == 1


def test_a_date_far_beyond_all_others_is_none_that_a_column_cannot_hold():
    memory = RecordMemory.from_table(_moments("ns"))
    for x, year in ((1e6, 2021), (-1e6, 2018)):
        told = memory.complete(pd.DataFrame({"x": [x], "when": pd.Series([None], dtype="datetime64[ns]")})).frame
        assert told["when"].dt.year.tolist() == [year]


def test_times_with_a_zone_and_without_one_fill_each_other():
    plain = _moments("us")
    for held, asked in ((plain, "UTC"), (plain.assign(when=plain["when"].dt.tz_localize("UTC")), None)):
        memory = RecordMemory.from_table(held)
        cue = pd.DataFrame({"x": [3.0], "when": pd.Series([None], dtype="datetime64[us]").dt.tz_localize(asked)})
        done = memory.complete(cue)
        assert done.frame["when"].dtype == cue["when"].dtype
        assert done.frame["when"].dt.year.tolist() == [2020]


def test_what_is_too_unsure_is_left_empty_and_said_to_be():
    rng = np.random.default_rng(0)
    rows = {
        "a": list(rng.normal(size=40)),
        "b": [None, *rng.normal(size=39)],
    }  # that have nothing to do with each other
    memory = RecordMemory.from_table(rows)
    assert memory.complete().filled.sum() == 1
    done = memory.complete(min_confidence=0.95)
    assert not done.filled.any()
    assert done.notes[0] == "1 empty cell is less than 95% sure: left empty."
