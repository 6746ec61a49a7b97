"""`mnemonist recall` restores files from files, keeps what it should, and refuses the rest in one sentence."""

import json
import os

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import mnemonist as mn
from mnemonist.cli import app
from mnemonist.data import read

RNG = np.random.default_rng(7)
FACES = RNG.integers(0, 256, (5, 6, 4), dtype=np.uint8)
ROWS = FACES.reshape(5, -1) / 255
SHARP = ("--model", "kernel:beta=1000")


def paint(folder, pictures, ending="png"):
    folder.mkdir()
    for number, pixels in enumerate(pictures):
        Image.fromarray(pixels).save(folder / f"{number}.{ending}")
    return folder


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paint(tmp_path / "faces", FACES)
    return tmp_path


def run(*args, code=0):
    result = CliRunner().invoke(app, ["recall", *map(str, args)])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def refused(*args):
    """Return the one sentence on stderr; nothing else may have been said or written."""
    before = sorted(os.walk("."))
    result = run(*args, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sorted(os.walk(".")) == before
    return result.stderr


# --- what it restores ----------------------------------------------------------------------------------------------


def test_a_hidden_half_is_filled_in_and_the_other_half_kept(here):
    torn = FACES.copy()
    torn[torn == 128] = 129
    torn[:, 3:] = 128
    paint(here / "torn", torn)
    result = run("faces", "torn", "-o", "whole", "--hidden", "0.5", *SHARP)
    assert sorted(os.listdir("whole")) == [f"{number}.png" for number in range(5)]
    for number, face in enumerate(FACES):
        back = pixels(f"whole/{number}.png")
        assert (back.dtype, back.shape) == (np.uint8, (6, 4))
        np.testing.assert_array_equal(back[:3], torn[number, :3])
        np.testing.assert_array_equal(back[3:], face[3:])
    assert result.stdout.endswith("5 cues: 5 converged; 5 memory. Restored to whole\n")


def test_without_anything_hidden_the_whole_cue_is_cleaned(here):
    noise = RNG.normal(0, 20, FACES.shape)
    paint(here / "noisy", np.clip(FACES + noise, 0, 255).astype(np.uint8))
    run("faces", "noisy", "-o", "clean", *SHARP)
    for number, face in enumerate(FACES):
        np.testing.assert_array_equal(pixels(f"clean/{number}.png"), face)


def test_a_mask_shows_in_white_and_hides_in_black(here):
    torn = FACES.copy()
    torn[:, 3:] = 0
    paint(here / "torn", torn)
    visible = np.zeros((6, 4), np.uint8)
    visible[:3] = 255
    Image.fromarray(visible).save("mask.png")
    run("faces", "torn", "-o", "whole", "--mask", "mask.png", *SHARP)
    for number, face in enumerate(FACES):
        np.testing.assert_array_equal(pixels(f"whole/{number}.png"), face)


def test_each_cue_may_have_its_own_mask(here):
    visible = np.full((5, 6, 4), 255, np.uint8)
    for number in range(5):
        visible[number, number] = 0
    paint(here / "torn", np.where(visible == 255, FACES, 0))
    paint(here / "masks", visible)
    run("faces", "torn", "-o", "whole", "--mask", "masks", *SHARP)
    for number, face in enumerate(FACES):
        np.testing.assert_array_equal(pixels(f"whole/{number}.png"), face)


def test_noisy_lets_the_visible_part_change_too(here):
    cue = ROWS[:1].copy()
    cue[0, 0] += 0.1
    cue[0, 12:] = np.nan
    np.save("memories.npy", ROWS)
    np.save("cues.npy", cue)
    run("memories.npy", "cues.npy", "-o", "kept.npy", *SHARP)
    run("memories.npy", "cues.npy", "-o", "free.npy", "--noisy", *SHARP)
    assert np.load("kept.npy")[0, 0] == cue[0, 0]
    np.testing.assert_allclose(np.load("free.npy"), ROWS[:1], atol=1e-6)


@pytest.mark.parametrize(
    ("dtype", "shape", "peak"),
    [(np.uint16, (5, 6, 4), 65535), (np.uint8, (5, 6, 4, 3), 255), (np.bool_, (5, 6, 4), 1)],
)
def test_every_depth_and_mode_of_png_comes_back_as_it_was(here, dtype, shape, peak):
    images = RNG.integers(0, peak + 1, shape).astype(dtype)
    paint(here / "in", images)
    run("in", "in", "-o", "out", *SHARP)
    for number, image in enumerate(images):
        back = pixels(f"out/{number}.png")
        assert back.dtype == dtype
        np.testing.assert_array_equal(back, image)


def test_jpeg_and_palette_images_can_be_restored(here):
    smooth = np.linspace(0, 255, 256).reshape(16, 16)
    paint(here / "photos", np.stack([smooth, smooth.T, 255 - smooth]).astype(np.uint8), "jpg")
    run("photos", "photos", "-o", "photos out", *SHARP)
    assert np.abs(pixels("photos out/0.jpg").astype(int) - smooth).max() < 8
    (here / "drawings").mkdir()
    for number, colour in enumerate([(255, 0, 0), (0, 0, 255)]):
        Image.new("RGB", (2, 2), colour).quantize(4).save(f"drawings/{number}.png")
    run("drawings", "drawings", "-o", "drawings out", *SHARP)
    np.testing.assert_array_equal(pixels("drawings out/1.png")[0, 0], [0, 0, 255])


def test_a_single_image_can_be_restored_to_a_file(here):
    Image.fromarray(FACES[3]).save("cue.png")
    run("faces", "cue.png", "-o", "out.png", *SHARP)
    np.testing.assert_array_equal(pixels("out.png"), FACES[3])


@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_arrays_keep_their_dtype_and_shape(here, kind):
    cues = FACES[:2].astype(np.int16)
    np.save("memories.npy", FACES)
    np.save("cues.npy", cues) if kind == "npy" else np.savez("cues.npz", cues=cues, more=[1])
    run("memories.npy", f"cues.{kind}", "-o", f"out.{kind}")
    back = np.load("out.npy") if kind == "npy" else np.load("out.npz")["cues"]
    assert back.dtype == np.int16
    np.testing.assert_array_equal(back, cues)


def test_empty_cells_are_filled_in_and_headings_kept(here):
    (here / "table.csv").write_text("height,width,depth\n1,2,3\n40,50,60\n700,800,900\n")
    (here / "holes.csv").write_text("height,width,depth\n40,,60\n700,800,nan\n")
    run("table.csv", "holes.csv", "-o", "filled.csv", *SHARP)
    assert (here / "filled.csv").read_text() == "height,width,depth\n40,50,60\n700,800,900\n"


def test_memories_may_have_holes_too(here):
    (here / "table.csv").write_text("1,2,3\n40,,60\n700,800,900\n")
    (here / "cues.csv").write_text("41,55,60\n")
    run("table.csv", "cues.csv", "-o", "out.csv", *SHARP)
    restored = read("out.csv").rows[0]
    np.testing.assert_allclose(restored[[0, 2]], [40, 60])
    assert np.isfinite(restored).all()


def test_binary_models_write_the_two_ends_of_the_memories_range(here):
    memories = np.where(RNG.random((3, 60)) < 0.5, 10.0, 30.0)
    cues = memories + RNG.uniform(-9, 9, memories.shape)
    cues[:, :15] = np.nan
    np.save("memories.npy", memories)
    np.save("cues.npy", cues)
    run("memories.npy", "cues.npy", "-o", "out.npy", "--model", "dense:degree=4", "--noisy")
    np.testing.assert_array_equal(np.load("out.npy"), memories)


def test_spherical_models_write_the_length_of_the_memory_found(here):
    memories = RNG.normal(size=(3, 20)) * [[1], [10], [100]]
    np.save("memories.npy", memories)
    np.save("cues.npy", memories / 7)
    run("memories.npy", "cues.npy", "-o", "out.npy", "--model", "spherical:beta=200")
    np.testing.assert_allclose(np.load("out.npy"), memories, rtol=1e-6)


def test_many_cues_become_what_the_library_makes_of_them_at_once(here):
    cues = np.repeat(ROWS, 40, axis=0) + RNG.normal(0, 0.1, (200, ROWS.shape[1]))
    np.save("memories.npy", ROWS)
    np.save("cues.npy", cues)
    run("memories.npy", "cues.npy", "-o", "out.npy", "--model", "modern:beta=2")
    memory = mn.modern_hopfield(beta=2.0)
    memory.store(ROWS)
    np.testing.assert_allclose(np.load("out.npy"), memory.recall(cues).state, rtol=1e-9)


def test_what_exists_is_replaced_only_by_force(here):
    np.save("memories.npy", ROWS)
    (here / "out.npy").write_text("old")
    args = ["memories.npy", "memories.npy", "-o", "out.npy", *SHARP]
    assert "out.npy: must be a new file; it exists already" in refused(*args)
    run(*args, "--force")
    np.testing.assert_allclose(np.load("out.npy"), ROWS)
    (here / "out").mkdir()
    for name in ("0.png", "keep.png"):
        (here / "out" / name).write_text("old")
    assert "out: must be a new or an empty folder" in refused("faces", "faces", "-o", "out", *SHARP)
    run("faces", "faces", "-o", "out", *SHARP, "-f")
    np.testing.assert_array_equal(pixels("out/0.png"), FACES[0])
    assert (here / "out" / "keep.png").read_text() == "old"


# --- what was given stays ------------------------------------------------------------------------------------------


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
    assert [line.split()[3] for line in out.splitlines() if line.startswith((" 0 ", " 1 "))] == ["50%", "cleaned"]


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


# --- what it reports -----------------------------------------------------------------------------------------------


def test_the_table_names_cue_memory_overlap_steps_outcome_and_kind(here):
    Image.fromarray(FACES[3]).save("cue.png")
    lines = run("faces", "cue.png", "-o", "out.png", *SHARP).stdout.splitlines()
    assert ["cue", "memory", "overlap", "filled", "steps", "outcome", "kind"] in [line.split() for line in lines]
    row = next(line.split() for line in lines if line.startswith(" cue.png"))
    assert row[:3] == ["cue.png", "3.png", "1.000"]
    assert row[3] == "cleaned"
    assert row[5:] == ["converged", "memory"]


def test_bad_news_comes_with_advice(here):
    cue = (ROWS[:1] + ROWS[1:2]) / 2
    np.save("memories.npy", ROWS)
    np.save("cues.npy", cue)
    out = run("memories.npy", "cues.npy", "-o", "out.npy", "-m", "kernel:beta=0.01", "--max-steps", 1).stdout
    out = " ".join(out.split())
    assert "max steps: The state still moved" in out
    assert "Raise --max-steps." in out
    assert "max_steps" not in out
    assert "1 cue: 1 max steps; " in out


def test_the_report_tells_when_a_model_stored_only_a_thresholded_version(here):
    np.save("memories.npy", np.where(ROWS > 0.5, 3.0, 7.0))
    for name, words in (("faces", "pictures were cut at mid-range 0."), ("memories.npy", "")):
        out = " ".join(run(name, name, "-o", f"out {name}", "-m", "classical").stdout.split())
        assert f"classical stores ±1: {words}" in out if words else "stores" not in out
    document = json.loads(run("faces", "faces", "-o", "again", "-m", "classical", "--json").stdout)
    assert [note.partition(":")[0] for note in document["notes"]] == ["classical stores ±1"]


def test_names_are_shown_whole_on_a_narrow_terminal(here):
    names = ["the_face_of_somebody_0001.png", "the_face_of_another_person.png"]
    for folder, name in zip(("cues", "memories"), names, strict=True):
        (here / folder).mkdir()
        Image.fromarray(FACES[0]).save(f"{folder}/{name}")
    out = run("memories", "cues", "-o", "out", *SHARP).stdout
    assert all(name in out for name in names)
    assert max(map(len, out.splitlines())) <= 80


def test_of_many_cues_the_first_are_shown_and_the_rest_counted(here):
    np.save("memories.npy", ROWS)
    np.save("cues.npy", np.repeat(ROWS, 20, axis=0))
    out = run("memories.npy", "cues.npy", "-o", "out.npy", *SHARP).stdout
    assert len(out.splitlines()) < 40
    assert "… and 80 more" in out
    assert "100 cues: 100 converged; 100 memory. Restored to out.npy" in out


def test_json_is_one_document_with_everything(here):
    np.save("memories.npy", ROWS)
    np.save("cues.npy", np.repeat(ROWS, 20, axis=0))
    result = run("memories.npy", "cues.npy", "-o", "out.npy", "--json", "-m", "kernel:beta=auto")
    document = json.loads(result.stdout)
    memory = mn.kernel_memory()
    memory.store(ROWS)
    assert document["beta"] == pytest.approx(memory.separation.beta)
    assert [document[key] for key in ("K", "N", "B", "model", "out")] == [5, 24, 100, "kernel:beta=auto", "out.npy"]
    assert document["converged"] == 100
    assert [cue["memory"] for cue in document["cues"]] == [str(number // 20) for number in range(100)]
    first = document["cues"][0]
    assert set(first) == {
        "cue",
        "memory",
        "id",
        "overlap",
        "filled",
        "cleaned",
        "steps",
        "outcome",
        "kind",
        "parts",
        "energy",
    }
    assert (first["filled"], first["cleaned"]) == (0, True)
    assert document["notes"] == []
    assert (first["outcome"], first["kind"], first["parts"]) == ("converged", "memory", 1)
    assert result.stderr == ""


def test_json_stays_valid_where_there_is_no_beta_and_no_energy_that_fits(here):
    signs = np.where(RNG.random((3, 1200)) < 0.5, -1, 1)
    np.save("memories.npy", signs)
    result = run("memories.npy", "memories.npy", "-o", "out.npy", "--json", "-m", "dense:degree=100")
    document = json.loads(result.stdout, parse_constant=pytest.fail)
    assert document["beta"] is None
    assert document["cues"][0]["energy"] is None
    np.testing.assert_array_equal(np.load("out.npy"), signs)


def test_names_with_markup_and_control_characters_are_shown_harmlessly(here):
    (here / "cues").mkdir()
    Image.fromarray(FACES[0]).save("cues/[bold]a\x1b[31m.png")
    out = run("faces", "cues", "-o", "out [red]", *SHARP).stdout
    assert "[bold]a�[31m.png" in out
    assert "Restored to out [red]" in out
    assert os.listdir("out [red]") == ["[bold]a\x1b[31m.png"]


# --- what it refuses -----------------------------------------------------------------------------------------------


def test_paths_that_do_not_exist_are_refused(here):
    assert "nowhere: must exist" in refused("nowhere", "faces", "-o", "out")
    assert "nowhere: must exist" in refused("faces", "nowhere", "-o", "out")
    assert "nowhere: must exist" in refused("faces", "faces", "-o", "out", "--mask", "nowhere")
    assert "nowhere does not" in refused("faces", "faces", "-o", "nowhere/out")


def test_cues_of_another_size_are_refused_with_both_sizes(here):
    paint(here / "turned", FACES.transpose(0, 2, 1))
    assert "4×6 pixels, grey; got 6×4 pixels, grey" in refused("faces", "turned", "-o", "out")
    np.save("wide.npy", np.zeros((2, 25)))
    assert "4×6 pixels, grey; got 25 numbers" in refused("faces", "wide.npy", "-o", "out.npy")


def test_broken_files_are_refused_by_name(here):
    whole = (here / "faces" / "2.png").read_bytes()
    (here / "faces" / "2.png").write_bytes(whole[:50])
    assert "faces/2.png: must be a whole PNG or JPEG image" in refused("faces", "faces", "-o", "out")
    (here / "a.csv").write_text("1,2\n3,x\n")
    assert "a.csv, line 2, column 2" in refused("a.csv", "a.csv", "-o", "out.csv")
    (here / "a.npy").write_text("")
    assert "a.npy: must be a whole .npy file" in refused("a.npy", "a.npy", "-o", "out.npy")
    (here / "empty").mkdir()
    assert "empty: must hold images" in refused("empty", "faces", "-o", "out")
    (here / "a.txt").write_text("")
    assert "a.txt: must be a folder of images or end in" in refused("a.txt", "faces", "-o", "out")


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("hopfeld", "must be one of classical, dense,"),
        ("kernel:gamma=1", "the options are beta="),
        ("kernel:beta=x", "beta must be"),
        ("kernel:beta=-1", "beta must be"),
        ("dense:degree=0", "degree must be"),
        ("", "must be one of"),
    ],
)
def test_unknown_models_and_options_are_refused(here, model, reason):
    assert reason in refused("faces", "faces", "-o", "out", "--model", model)


def test_hidden_and_mask_exclude_each_other(here):
    Image.fromarray(FACES[0]).save("mask.png")
    sentence = refused("faces", "faces", "-o", "out", "--hidden", 0, "--mask", "mask.png")
    assert "--hidden and --mask exclude each other" in sentence


def test_what_hides_nothing_or_everything_is_refused(here):
    assert "hidden: must be in [0, 1]" in refused("faces", "faces", "-o", "out", "--hidden", 128)
    Image.new("L", (4, 6), 255).save("white.png")
    assert "it hides nothing" in refused("faces", "faces", "-o", "out", "--mask", "white.png")
    Image.new("L", (4, 6), 0).save("black.png")
    assert "of 0.png all is missing or hidden" in refused("faces", "faces", "-o", "out", "--mask", "black.png")
    np.save("a.npy", ROWS)
    assert "does not" in refused("a.npy", "a.npy", "-o", "out.npy", "--hidden", -5)


def test_a_memory_of_which_nothing_is_known_is_refused(here):
    (here / "a.csv").write_text("1,2\n,\n")
    (here / "b.csv").write_text("1,2\n")
    assert "a.csv: some of every row must be known; of line 2" in refused("a.csv", "b.csv", "-o", "out.csv")


def test_limits_out_of_range_are_refused(here):
    for option in ("--max-steps", "--seed", "--tolerance"):
        sentence = " ".join(run("faces", "faces", "-o", "out", "--hidden", 0, option, -1, code=2).stderr.split())
        assert option in sentence
        assert "greater than or equal to 0" in sentence
    assert os.listdir(here) == ["faces"]


def test_a_tolerance_needs_a_value_to_be_near_to(here):
    assert "--tolerance is one of --hidden" in refused("faces", "faces", "-o", "out", "--tolerance", 0.1)


def test_a_tolerance_widens_what_is_hidden(here):
    np.save("memories.npy", ROWS)
    cues = ROWS[:1].copy()
    cues[0, 12:] = -9.1
    np.save("cues.npy", cues)
    run("memories.npy", "cues.npy", "-o", "out.npy", "--hidden", -9, "--tolerance", 0.2, *SHARP)
    np.testing.assert_allclose(np.load("out.npy"), ROWS[:1], atol=1e-6)


def test_zeros_and_ones_are_refused_where_signs_are_stored(here):
    signs = np.where(ROWS > 0.5, 1.0, -1.0)
    np.save("memories.npy", signs)
    np.save("cues.npy", signs > 0)
    for model in ("classical", "dense", "exponential"):
        assert "It looks like 0/1 data" in refused("memories.npy", "cues.npy", "-o", "out.npy", "-m", model)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("kernel:beta=-1", "Error: --model: beta must be a finite number > 0; got -1.0"),
        ("dense:degree=500", "Error: --model: degree must be a whole number from 1 to 100; got 500"),
        ("spherical:degree=3", "Error: --model: a model of directions needs"),
    ],
)
def test_refusals_speak_the_words_of_the_command_line(here, model, reason):
    sentence = refused("faces", "faces", "-o", "out", "-m", model)
    assert sentence.startswith(reason)
    assert not any(word in sentence for word in ("()", "Softmax", "AssociativeMemory", "Power"))


def test_a_file_may_be_named_as_a_part_of_the_library(here):
    assert refused("Power", "hidden", "-o", "out").startswith("Error: Power: must exist")


def test_memories_that_neurons_cannot_hold_are_refused(here):
    np.save("flat.npy", np.zeros((2, 3)))
    assert "two different numbers" in refused("flat.npy", "flat.npy", "-o", "out.npy", "-m", "dense")
    assert "length > 0" in refused("flat.npy", "flat.npy", "-o", "out.npy", "-m", "spherical")


def test_places_that_cannot_be_written_are_refused_before_the_work(here, monkeypatch):
    monkeypatch.setattr("mnemonist.cli.recall.restore", lambda *_: pytest.fail("the work had begun"))
    (here / "full").mkdir()
    (here / "full" / "keep").write_text("")
    np.save("a.npy", ROWS)
    for args, reason in [
        (["faces", "faces", "-o", "full"], "full: must be a new or an empty folder"),
        (["faces", "faces", "-o", "faces"], "faces: OUT must be another place"),
        (["faces", "faces", "-o", "a.npy"], "a.npy: must be a folder; it is a file"),
        (["a.npy", "a.npy", "-o", "./a.npy"], "a.npy: OUT must be another place"),
        (["a.npy", "a.npy", "-o", "full"], "full: must end in .npy"),
        (["a.npy", "a.npy", "-o", "a.csv"], "a.csv: must end in .npy"),
        (["a.npy", "a.npy", "-o", "none/a.npy"], "none/a.npy: must lie in a folder that exists"),
    ]:
        assert reason in refused(*args)


def test_a_folder_that_may_not_be_read_is_refused_by_the_one_who_reads_it(here, monkeypatch):
    def forbidden(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.access", lambda *_, **__: False)
    monkeypatch.setattr("os.scandir", forbidden)
    result = run("faces", "faces", "-o", "out", code=2)
    assert result.stderr == "Error: faces: must be a folder you may read; Permission denied. Choose another.\n"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused(here):
    (here / "locked").mkdir(mode=0o500)
    assert "must be a place that can be written" in refused("faces", "faces", "-o", "locked/out")


def test_a_disk_that_fills_up_leaves_nothing_behind(here, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mnemonist.data.gallery.save", full)
    assert "out: must be a place that can be written; No space left" in refused("faces", "faces", "-o", "out")


def test_numbers_that_do_not_fit_into_memory_are_refused_in_a_sentence(here, monkeypatch):
    def huge(*_):
        raise MemoryError

    monkeypatch.setattr("mnemonist.cli.recall.restore", huge)
    assert "must fit into memory" in refused("faces", "faces", "-o", "out")
