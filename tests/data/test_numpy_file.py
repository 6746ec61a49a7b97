"""Arrays come back in their dtype and shape; what is not an array of numbers is refused in a sentence."""

import pickle
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, boolean_dtypes, floating_dtypes, integer_dtypes

from mnemonist.data.numpy_file import read_bundle
from mnemonist.errors import InvalidArgument, UnreadableFile

DTYPES = st.one_of(
    boolean_dtypes(), integer_dtypes(endianness="?"), floating_dtypes(endianness="?", sizes=(16, 32, 64))
)
ARRAYS = DTYPES.flatmap(
    lambda dtype: arrays(
        dtype,
        array_shapes(max_dims=4, max_side=4),
        elements={"allow_infinity": False} if dtype.kind == "f" else None,
    )
)


@given(ARRAYS, st.sampled_from(["npy", "npz"]))
def test_an_array_comes_back_in_its_dtype_and_shape(array, kind):
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, f"in.{kind}"), Path(folder, f"out.{kind}")
        np.save(path, array) if kind == "npy" else np.savez(path, things=array)
        table = read_bundle(path)
        assert table.rows.shape == ((len(array), array[0].size) if array.ndim > 1 else (1, len(array)))
        table.write(table.rows, out)
        back = np.load(out) if kind == "npy" else np.load(out)["things"]
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize(
    ("dtype", "numbers", "written"),
    [("u1", [0.4, 254.6], [0, 255]), ("i1", [-128.4, 2.5], [-128, 2]), ("?", [0.4, 0.6], [0, 1]), ("f4", [2.4], [2.4])],
)
def test_integers_are_rounded_and_floats_are_not(tmp_path, dtype, numbers, written):
    np.save(tmp_path / "in.npy", np.full((1, len(numbers)), 7).astype(dtype))
    table = read_bundle(tmp_path / "in.npy")
    table.write(np.array([numbers]), tmp_path / "out.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), np.array([written], dtype))


@pytest.mark.parametrize(
    ("dtype", "number"), [("u1", -1), ("u1", 256), ("i8", 2.0**63), ("u8", 2.0**64), ("i8", 1e300), ("f4", 1e300)]
)
def test_what_the_dtype_cannot_hold_is_refused_rather_than_clipped(tmp_path, dtype, number):
    np.save(tmp_path / "in.npy", np.zeros((1, 2), dtype))
    with pytest.raises(InvalidArgument, match=r"out\.npy: must hold what .*Save the cues as floats"):
        read_bundle(tmp_path / "in.npy").write(np.array([[0, number]]), tmp_path / "out.npy")
    assert not (tmp_path / "out.npy").exists()


@pytest.mark.parametrize(
    ("cues", "memories", "both"),
    [
        ("i2", "f4", "f4"),
        ("i4", "f4", "f8"),
        ("u1", "i1", "i2"),
        ("?", "u1", "u1"),
        ("f4", "i1", "f4"),
        (">i2", "i2", ">i2"),
    ],
)
def test_other_numbers_are_written_in_the_dtype_that_holds_both(tmp_path, cues, memories, both):
    for name, dtype in (("cues", cues), ("memories", memories)):
        np.save(tmp_path / f"{name}.npy", np.ones((1, 2), dtype))
    table = read_bundle(tmp_path / "cues.npy").holding(read_bundle(tmp_path / "memories.npy"))
    table.write(np.array([[1.0, 0.0]]), tmp_path / "out.npy")
    back = np.load(tmp_path / "out.npy")
    assert back.dtype == np.dtype(both)
    assert back.tolist() == [[1, 0]]


def test_a_value_is_found_as_the_dtype_holds_it(tmp_path):
    for dtype in ("f2", "f4", "f8"):
        np.save(tmp_path / "a.npy", np.array([[0.1, 0.2]], dtype))
        table = read_bundle(tmp_path / "a.npy")
        assert table.form.equal(table.rows, 0.1).tolist() == [[True, False]]


def test_a_fraction_is_not_found_among_integers(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[0, 1]]))
    table = read_bundle(tmp_path / "a.npy")
    assert not table.form.equal(table.rows, 0.4).any()


def test_of_several_arrays_the_one_of_the_name_is_taken(tmp_path):
    np.savez(tmp_path / "a.npz", patterns=np.eye(2), labels=np.arange(2))
    table = read_bundle(tmp_path / "a.npz", "patterns")
    np.testing.assert_array_equal(table.rows, np.eye(2))
    table.write(table.rows, tmp_path / "b.npz")
    assert np.load(tmp_path / "b.npz").files == ["patterns"]
    with pytest.raises(UnreadableFile, match=r"one named cues; it holds patterns, labels"):
        read_bundle(tmp_path / "a.npz", "cues")


@pytest.mark.parametrize("name", ["file", "allow_pickle", "arr_0"])
def test_an_array_may_have_any_name(tmp_path, name):
    np.save(tmp_path / "a.npy", np.eye(2))
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.write(tmp_path / "a.npy", f"{name}.npy")
    table = read_bundle(tmp_path / "a.npz")
    table.write(table.rows, tmp_path / "b.npz")
    np.testing.assert_array_equal(np.load(tmp_path / "b.npz")[name], np.eye(2))


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((2, 2), complex), "real numbers; its dtype is complex128"),
        (np.array([["a"]]), "real numbers; its dtype is <U1"),
        (np.zeros(2, "datetime64[s]"), "real numbers"),
        (np.zeros((0, 4)), r"at least one row of one number; its shape is \(0, 4\)"),
        (np.zeros((4, 0)), "at least one row"),
        (np.float64(3), "at least one row"),
        (np.array([[1, 2], [3, np.inf]]), "finite.*row 1, column 1 is inf"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(tmp_path, array, reason):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(UnreadableFile, match=rf"a\.npy: must hold .*{reason}"):
        read_bundle(tmp_path / "a.npy")


def broken_files():
    whole = np.lib.format.magic(1, 0) + b"garbage"
    return {
        "empty.npy": b"",
        "text.npy": b"not an array",
        "header.npy": whole,
        "pickle.npy": pickle.dumps([1]),
        "empty.npz": b"",
        "text.npz": b"not an archive",
        "zip.npz": b"PK\x03\x04broken",
        "pickle.npz": pickle.dumps([1]),
    }


@pytest.mark.parametrize("name", broken_files())
def test_a_broken_file_is_refused_in_one_sentence_that_names_it(tmp_path, name):
    (tmp_path / name).write_bytes(broken_files()[name])
    with pytest.raises(UnreadableFile, match=f"{name}: must be a whole") as caught:
        read_bundle(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_a_truncated_file_is_refused(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    np.save(path, np.ones((20, 20))) if kind == "npy" else np.savez(path, np.ones((20, 20)))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(UnreadableFile, match="must be a whole"):
        read_bundle(path)


def test_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableFile, match="must be a whole"):
        read_bundle(tmp_path / "a.npy")


def test_an_array_goes_only_into_a_file_of_its_kind(tmp_path):
    np.save(tmp_path / "a.npy", np.eye(2))
    with pytest.raises(InvalidArgument, match=r"must end in \.npy"):
        read_bundle(tmp_path / "a.npy").write(np.eye(2), tmp_path / "b.npz")
