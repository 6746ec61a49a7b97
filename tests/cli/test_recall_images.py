"""`mnemonist recall` of images: formats that come back, groups by size, damage that is found, and what failed."""

import json
import os
import re

import numpy as np
import pytest
from PIL import Image
from skimage import data

from cli.recalling import FACES, SHARP, paint, pixels, refused, run

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket", "immunohistochemistry", "gravel")


def photographs():
    for name in PHOTOGRAPHS:
        yield name, Image.fromarray(getattr(data, name)()).convert("RGB").resize((64, 48))


@pytest.fixture
def photos(here):
    """Folders of photographs, one of them in a sub-folder, and of these with a white lower half."""
    for name, image in photographs():
        place = f"sub/{name}.png" if name == "coffee" else f"{name}.png"
        for folder in ("photos", "white"):
            (here / folder / "sub").mkdir(parents=True, exist_ok=True)
        image.save(here / "photos" / place)
        torn = np.array(image)
        torn[24:] = 255
        Image.fromarray(torn).save(here / "white" / place)
    return here


def told(*args, code=0):
    return json.loads(run(*args, "--json", code=code).stdout)


def test_white_halves_without_a_mask_are_no_memory_and_the_advice_names_the_cure(photos):
    result = run("photos", "white", "-o", "out", "--json")
    wrong = [cue for cue in json.loads(result.stdout)["cues"] if cue["cue"] != cue["memory"]]
    assert len(wrong) >= 4
    assert {cue["kind"] for cue in wrong} == {"unfamiliar"}
    assert "--damage auto" in run("photos", "white", "-o", "again").stdout


def test_damage_is_found_filled_in_and_shown_on_a_sheet(photos):
    document = told("photos", "white", "-o", "out", "--damage", "auto", "--originals", "photos", "--sheet", "sheet.png")
    assert [cue["memory"] for cue in document["cues"]] == [cue["cue"] for cue in document["cues"]]
    assert {cue["kind"] for cue in document["cues"]} == {"memory"}
    assert sorted(os.listdir("out")) == sorted(os.listdir("photos"))
    for cue in document["cues"]:
        assert cue["psnr"] is None or cue["psnr"] > 45
        assert 0.4 < cue["visible"] < 0.6
        np.testing.assert_allclose(pixels(f"out/{cue['cue']}"), pixels(f"photos/{cue['cue']}"), atol=3)
    assert pixels("sheet.png").shape[1] > 500


def test_a_stranger_is_unfamiliar_and_written_back_as_it_was(photos):
    Image.fromarray(data.camera()).convert("RGB").resize((64, 48)).save("stranger.png")
    document = told("photos", "stranger.png", "-o", "out.png", "--damage", "auto")
    assert (document["cues"][0]["kind"], document["cues"][0]["memory"]) == ("unfamiliar", "none")
    np.testing.assert_array_equal(pixels("out.png"), pixels("stranger.png"))


def test_one_bad_file_is_listed_and_the_rest_goes_on_unless_all_is_strict(here):
    cues = paint(here / "cues", FACES[:3])
    Image.new("L", (4, 6)).save(cues / "black.png")
    (cues / "cut.png").write_bytes((cues / "1.png").read_bytes()[:50])
    (cues / "empty.png").write_bytes(b"")
    (cues / "notes.txt").write_text("")
    (cues / "phone.heic").write_text("")
    torn = FACES[1].copy()
    torn[4:] = 0
    Image.fromarray(torn).save(cues / "torn.png")
    document = told("faces", "cues", "-o", "out", "--hidden", 0, *SHARP, code=1)
    assert sorted(one["name"] for one in document["failed"]) == ["black.png", "cut.png", "empty.png"]
    assert [one["name"] for one in document["skipped"]] == ["notes.txt", "phone.heic"]
    assert sorted(os.listdir("out")) == ["0.png", "1.png", "2.png", "torn.png"]
    np.testing.assert_array_equal(pixels("out/torn.png"), FACES[1])
    assert "cut.png" in run("faces", "cues", "-o", "more", "--hidden", 0, *SHARP, code=1).stdout
    assert "black.png" in refused("faces", "cues", "-o", "none", "--hidden", 0, "--strict")


def test_images_are_grouped_by_size_and_what_has_no_group_is_listed(here):
    paint(here / "mixed", [FACES[0], FACES[1], FACES[2].T, FACES[3][:5]])
    paint(here / "cues", [FACES[2].T, FACES[1], FACES[0][:3]])
    document = told("mixed", "cues", "-o", "out", *SHARP, code=1)
    assert [cue["memory"] for cue in document["cues"]] == ["2.png", "1.png"]
    assert [group["size"] for group in document["groups"]] == [[4, 6], [6, 4], [4, 5]]
    assert document["failed"][0]["name"] == "2.png"
    whole = told("mixed", "cues", "-o", "same", "--resize", "first", *SHARP)
    assert len(whole["cues"]) == 3
    assert {pixels(f"same/{name}").shape for name in os.listdir("same")} == {(6, 4)}


@pytest.mark.parametrize("ending", ["png", "webp", "tiff", "bmp", "gif"])
def test_every_format_comes_back_to_the_last_level(here, ending):
    paint(here / "in", FACES, ending)
    run("in", "in", "-o", "out", *SHARP)
    for number in range(len(FACES)):
        with Image.open(f"in/{number}.{ending}") as before, Image.open(f"out/{number}.{ending}") as after:
            assert after.format == before.format
            np.testing.assert_array_equal(after.convert("RGB"), before.convert("RGB"))


def test_profile_resolution_palette_and_transparency_come_back(here):
    (here / "in").mkdir()
    clear = np.dstack([np.stack([FACES[0]] * 3, axis=-1), np.full((6, 4), 255)]).astype(np.uint8)
    clear[0, 0] = 1, 2, 3, 200
    Image.fromarray(clear).save("in/clear.png", dpi=(300, 300), icc_profile=b"profile")
    Image.fromarray(FACES[1]).convert("RGB").quantize(16).save("in/palette.png")
    run("in", "in", "-o", "out", *SHARP)
    with Image.open("out/clear.png") as back:
        np.testing.assert_array_equal(back, clear)
        assert back.info["icc_profile"] == b"profile"
        assert back.info["dpi"][0] == pytest.approx(300, abs=0.1)
    with Image.open("out/palette.png") as back, Image.open("in/palette.png") as before:
        assert back.mode == "P"
        np.testing.assert_array_equal(back.convert("RGB"), before.convert("RGB"))


def test_transparent_pixels_are_hidden_and_filled_in_opaque(here):
    torn = np.dstack([np.stack([FACES[2]] * 3, axis=-1), np.full((6, 4), 255)]).astype(np.uint8)
    torn[3:] = 0
    Image.fromarray(torn).save("torn.png")
    cue = told("faces", "torn.png", "-o", "out.png", *SHARP)["cues"][0]
    assert (cue["memory"], cue["filled"]) == ("2.png", 12)
    np.testing.assert_array_equal(pixels("out.png")[..., 0], FACES[2])
    assert (pixels("out.png")[..., 3] == 255).all()


def test_a_colour_hides_whole_pixels_and_one_that_never_occurs_is_refused(photos):
    torn = pixels("photos/chelsea.png").copy()
    torn[10:30] = 255, 0, 255
    Image.fromarray(torn).save("torn.png")
    cue = told("photos", "torn.png", "-o", "out.png", "--hidden", "#ff00ff")["cues"][0]
    assert (cue["memory"], cue["filled"]) == ("chelsea.png", 20 * 64 * 3)
    np.testing.assert_array_equal(pixels("out.png"), pixels("photos/chelsea.png"))
    assert "#00ff01 does not" in refused("photos", "torn.png", "-o", "b.png", "--hidden", "#00ff01")
    assert "must be a number, or a colour" in refused("photos", "torn.png", "-o", "b.png", "--hidden", "pink")


def test_filled_counts_what_was_filled_and_tells_what_was_hidden(here):
    hole = np.dstack([np.stack([FACES[2]] * 3, axis=-1), np.full((6, 4), 255)]).astype(np.uint8)
    hole[5:] = 0
    (here / "holes").mkdir()
    Image.fromarray(hole).save("holes/a.png")
    hole[4:] = 0
    Image.fromarray(hole).save("cue.png")
    result = run("holes", "cue.png", "-o", "out.png", *SHARP)
    assert re.search(r"17% of\s+33%", result.stdout)
    assert pixels("out.png")[..., 3].tolist() == [[255] * 4] * 5 + [[0] * 4]
    cue = told("holes", "cue.png", "-o", "more.png", *SHARP)["cues"][0]
    assert (cue["filled"], cue["hidden"]) == (12, 24)


def test_what_only_images_have_is_refused_for_arrays(here):
    np.save("a.npy", FACES / 255)
    assert "--damage must be left out" in refused("a.npy", "a.npy", "-o", "b.npy", "--damage", "auto")
    assert "must be WxH" in refused("faces", "faces", "-o", "out", "--resize", "large")
    assert "exclude each other" in refused("faces", "faces", "-o", "out", "--damage", "auto", "--hidden", 0)


def test_a_sheet_replaces_nothing_unasked_and_lies_beside_what_is_read_and_restored(here):
    paint(here / "cues", FACES[:2])
    (here / "sheet.png").write_bytes(b"mine")
    assert "--force" in refused("faces", "cues", "-o", "out", "--sheet", "sheet.png", *SHARP)
    paint(here / "originals", FACES[:2])
    for sheet in ("faces/0.png", "cues/new.png", "out/sheet.png", "originals/0.png"):
        assert "--sheet: must be another place" in refused(
            "faces", "cues", "-o", "out", "--originals", "originals", "--sheet", sheet, "--force", *SHARP
        )
    assert "in it" in refused("faces", "cues/0.png", "-o", "whole.png", "--sheet", "whole.png", *SHARP)
    assert (here / "sheet.png").read_bytes() == b"mine"
    run("faces", "cues", "-o", "out", "--sheet", "sheet.png", "--force", *SHARP)
    assert pixels("sheet.png").size
