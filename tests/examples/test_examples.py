"""The examples run from the command line and show what they say."""

import re
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def printed(name: str, out: Path, *more: Path | str) -> str:
    command = [sys.executable, EXAMPLES / name, out, *more]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    with Image.open(out) as image:
        assert min(image.size) > 400
    return run.stdout


@pytest.mark.slow
def test_projection_and_storkey_hold_letters_that_hebb_loses(tmp_path: Path) -> None:
    text = printed("correlated_letters.py", tmp_path / "letters.png")
    ten, every = (dict(re.findall(rf"(\w+): (\d+) of {count} exact", text)) for count in (10, 26))
    assert int(ten["Hebb"]) <= 2
    assert int(ten["Storkey"]) >= 9
    assert int(ten["projection"]) == 10
    assert int(every["Hebb"]) == 0
    assert int(every["projection"]) >= 25


@pytest.mark.slow
def test_faces_find_their_names_and_names_their_faces(tmp_path: Path) -> None:
    text = printed("faces_and_names.py", tmp_path / "faces.png")
    assert "dense: 8 of 8 names from damaged faces, 8 of 8 faces from names" in text


@pytest.mark.slow
def test_an_overloaded_memory_is_diagnosed(tmp_path: Path) -> None:
    text = printed("overloaded_memory.py", tmp_path / "overload.png")
    held = {int(k): int(count) for k, count in re.findall(r"K = +(\d+): (\d+) of", text)}
    assert held[4] == 4
    assert held[8] == 8
    assert held[30] < 3
    assert "exceeds 13.8 = 0.138 N" in text
    assert "projection() holds all" in text


def test_the_beginning_of_a_melody_recalls_the_song(tmp_path: Path) -> None:
    text = printed("melody.py", tmp_path / "melody.png", tmp_path / "melody.wav")
    right = re.findall(r"(linear|dense): .*, (\d+) of (\d+) steps", text)
    assert [(int(count), int(steps)) for which, count, steps in right if which == "dense"] == [
        (120, 120), (88, 88), (56, 56),
    ]  # fmt: skip
    assert all(int(count) < int(steps) / 2 for which, count, steps in right if which == "linear")
    with wave.open(str(tmp_path / "melody.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() == 75  # seconds: 288 eighths, and one after each song


@pytest.mark.slow
def test_hidden_cells_of_a_table_come_back_better_than_the_usual_value(tmp_path: Path) -> None:
    text = printed("complete_a_table.py", tmp_path / "penguins.png")
    words = re.findall(r"(\d+)% right    most frequent +(\d+)%", text)
    numbers = re.findall(r"([\d.]+) off      median +([\d.]+)", text)
    assert (len(words), len(numbers)) == (3, 4)
    assert all(int(ours) > int(usual) for ours, usual in words)
    assert all(float(ours) < 0.7 * float(usual) for ours, usual in numbers)
    sure, right = map(int, re.findall(r"(\d+)% sure on average, (\d+)% right", text)[0])
    assert abs(sure - right) < 10


def filled(text: str) -> dict[str, float]:
    """Return the errors on new digits that an example prints, by what filled them."""
    return {name: float(error) for name, error in re.findall(r"^(.*): (0\.\d+) on 100 new digits$", text, re.MULTILINE)}


@pytest.mark.slow
def test_two_levels_learn_to_draw_what_they_do_not_see(tmp_path: Path) -> None:
    errors = filled(printed("half_hidden_digits.py", tmp_path / "half.png", "12"))
    assert set(errors) == {"the mean", "one level", "one level, varied", "two levels, learned"}
    assert errors["two levels, learned"] < 0.065 < errors["the mean"]  # 200 epochs go further than 12


@pytest.mark.slow  # most of it is the memory that it is compared with
def test_an_energy_transformer_fills_patches(tmp_path: Path) -> None:
    errors = filled(printed("masked_patches.py", tmp_path / "masked.png", "2"))
    assert set(errors) == {"the mean", "one level, varied", "one block, learned"}
    assert 0 < min(errors.values()) < max(errors.values()) < 0.08
