"""`mnemonist recall` restores files from files, in the form, mode, depth and dtype that they had."""

import os

import numpy as np
import pytest
from PIL import Image

import mnemonist as mn
from cli.recalling import FACES, RNG, ROWS, SHARP, paint, pixels, refused, run
from mnemonist.data import read


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
    with Image.open("drawings out/1.png") as drawing:
        assert drawing.mode == "P"
        assert drawing.convert("RGB").getpixel((0, 0)) == (0, 0, 255)


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
