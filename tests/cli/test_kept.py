"""What was given to `mnemonist recall` comes back as it was, and tables are read and written in their own units."""

import numpy as np
import pytest

from cli.recalling import FACES, RNG, ROWS, SHARP, paint, pixels, run
from mnemonist.data import read


@pytest.mark.parametrize(
    "model", ["classical", "dense:degree=5", "exponential", "spherical", "modern", "kernel", "spherical:degree=4"]
)
def test_what_was_given_comes_back_as_it_was_whatever_the_model(here, model):
    torn = np.clip(FACES, 3, 250)
    torn[:, 3:] = 0
    paint(here / "torn", torn)
    run("faces", "torn", "-o", "whole", "--hidden", 0, "-m", model)
    run("faces", "torn", "-o", "free", "--hidden", 0, "-m", model, "--noisy")
    whole, free = (np.stack([pixels(f"{folder}/{number}.png") for number in range(5)]) for folder in ("whole", "free"))
    np.testing.assert_array_equal(whole[:, :3], torn[:, :3])
    assert (free[:, :3] != torn[:, :3]).any()
    if model in {"classical", "dense:degree=5", "exponential"}:
        low, high = FACES.min(), FACES.max()
        assert {*np.unique(whole[:, 3:]), *np.unique(free)} <= {low, high, round((int(low) + int(high)) / 2)}


def test_large_integers_that_were_given_come_back_to_the_digit(here):
    memories = np.array([[2**53, 5, 7], [-(2**62), 6, 8]])
    cues = memories + np.array([[1, 0, -7], [1, 0, -8]])
    np.save("memories.npy", memories)
    np.save("cues.npy", cues)
    run("memories.npy", "cues.npy", "-o", "out.npy", "--hidden", 0)
    back = np.load("out.npy")
    assert back.dtype == np.int64
    np.testing.assert_array_equal(back[:, 0], cues[:, 0])


def test_a_cue_in_which_nothing_is_hidden_is_cleaned_among_others_in_which_something_is(here):
    cues = ROWS[:2] + 0.01
    cues[0, 12:] = -9
    np.save("memories.npy", ROWS)
    np.save("cues.npy", cues)
    out = run("memories.npy", "cues.npy", "-o", "out.npy", "--hidden", -9, *SHARP).stdout
    back = np.load("out.npy")
    np.testing.assert_array_equal(back[0, :12], cues[0, :12])
    np.testing.assert_allclose(back[1], ROWS[1], atol=1e-6)
    assert [line.split()[4] for line in out.splitlines() if line.startswith((" 0 ", " 1 "))] == ["50%", "cleaned"]


@pytest.mark.parametrize("model", ["classical", "kernel", "spherical"])
def test_a_complete_row_is_kept_where_only_missing_cells_are_asked_for(here, model):
    (here / "table.csv").write_text("1,2,3\n40,50,61\n700,800,900\n")
    (here / "holes.csv").write_text("41.0,,60\n650,810.50,870\n")
    out = run("table.csv", "holes.csv", "-o", "filled.csv", "-m", model).stdout
    assert (here / "filled.csv").read_text().splitlines()[1] == "650,810.50,870"
    assert [line.split()[-4] for line in out.splitlines() if line.startswith(" line")] == ["33%", "none"]


@pytest.mark.parametrize("model", ["kernel:beta=1000", "classical"])
def test_float_memories_fill_integer_cues_without_rounding(here, model):
    memories = np.array([[0.25, 0.75, 0.25], [0.75, 0.25, 0.75]], np.float32)
    np.save("memories.npy", memories)
    np.save("cues.npy", np.array([[0, 1, 9]], np.uint8))
    run("memories.npy", "cues.npy", "-o", "out.npy", "-m", model, "--hidden", 9)
    back = np.load("out.npy")
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, [[0, 1, 0.25]], atol=1e-6)


# --- tables, whose columns have units of their own -----------------------------------------------------------------

WINES = "alcohol;proline;hue\n14.0;1000;0.90\n12.0;1010;0.50\n13.0;400;0.70\n"


def test_the_column_of_the_largest_numbers_does_not_decide_alone(here):
    (here / "wines.csv").write_text(WINES)
    (here / "holes.csv").write_text("alcohol;proline;hue\n14.0;1006.0;NA\n")
    out = run("wines.csv", "holes.csv", "-o", "filled.csv", *SHARP).stdout
    assert (here / "filled.csv").read_text() == "alcohol;proline;hue\n14.0;1006.0;0.9\n"
    assert "Columns were scaled to mean 0 and spread 1" in out
    out = run("wines.csv", "holes.csv", "-o", "raw.csv", "--raw", *SHARP).stdout
    assert read("raw.csv").rows[0, 2] == pytest.approx(0.5)
    assert "scaled" not in out


def test_binary_models_cut_each_column_of_a_table_at_its_own_middle(here):
    (here / "wines.csv").write_text(WINES)
    (here / "holes.csv").write_text("alcohol;proline;hue\n12.5;900.0;\n")
    out = " ".join(run("wines.csv", "holes.csv", "-o", "filled.csv", "-m", "exponential").stdout.split())
    assert (here / "filled.csv").read_text() == "alcohol;proline;hue\n12.5;900.0;0.5\n"
    assert "exponential stores ±1: columns were cut at mid-range, each at its own; output is two-valued" in out


def test_the_number_of_steps_and_the_seed_are_passed_on(here):
    signs = np.where(RNG.random((40, 30)) < 0.5, -1, 1)  # far too many memories: where a cue ends depends on the order
    np.save("memories.npy", signs)
    np.save("cues.npy", np.where(RNG.random((30, 30)) < 0.5, -1, 1))
    for name, *args in (["0"], ["again", "--seed", 0], ["1", "--seed", 1], ["still", "--max-steps", 0]):
        run("memories.npy", "cues.npy", "-o", f"{name}.npy", "-m", "classical", *args)
    ends = {name: np.load(f"{name}.npy") for name in ("0", "again", "1", "still")}
    np.testing.assert_array_equal(ends["0"], ends["again"])
    assert (ends["0"] != ends["1"]).any()
    np.testing.assert_array_equal(ends["still"], np.load("cues.npy"))
