"""The figure shows what was stored, asked and recalled, tells right from wrong, and hides what was hidden."""

import sys
from collections import Counter

import numpy as np
import pytest
from matplotlib.colors import to_hex

from mnemonist.errors import InvalidArgument, MissingExtra
from mnemonist.experiments.damage import DAMAGES
from mnemonist.experiments.restoration import Restoration, restorations
from mnemonist.plotting import restoration_figure
from mnemonist.plotting.canvas import RIGHT, WRONG

CONFIG = Restoration(models=("dense:degree=3", "kernel:beta=auto"), memories=12, cues=6)
LINES, COLUMNS = 6, 4


@pytest.fixture(scope="module")
def results():
    return [result for result in restorations(CONFIG) if result.row.model in CONFIG.models]


@pytest.fixture(scope="module")
def figure(results):
    return restoration_figure(results)


def pictures(figure):
    """Return the axes with images as lines of columns, from top left."""
    axes = [axis for axis in figure.axes if axis.images]
    axes.sort(key=lambda axis: (-round(axis.get_position().y0, 6), axis.get_position().x0))
    return [axes[start : start + COLUMNS] for start in range(0, len(axes), COLUMNS)]


def curves(figure):
    """Return the axes with energies, from the left."""
    axes = [axis for axis in figure.axes if not axis.images]
    return sorted(axes, key=lambda axis: axis.get_position().x0)


def pixels(axis):
    return axis.images[0].get_array()


def shown(results, model):
    """Return (result, cue) of each line: the first two cues of the first damage, the next two of the second, …"""
    mine = [result for result in results if result.row.model == model]
    return [(mine[line // 2], line) for line in range(LINES)]


def test_there_are_two_lines_per_damage_a_column_per_model_and_its_energies_below(figure):
    assert [len(line) for line in pictures(figure)] == [COLUMNS] * LINES
    assert len(curves(figure)) == len(CONFIG.models)
    lowest = min(axis.get_position().y0 for line in pictures(figure) for axis in line)
    assert all(axis.get_position().y1 < lowest for axis in curves(figure))


def test_each_line_shows_stored_cue_and_recalls(figure, results):
    for column, model in enumerate(CONFIG.models, start=2):
        for line, (result, cue) in zip(pictures(figure), shown(results, model), strict=True):
            np.testing.assert_array_equal(pixels(line[0]).ravel(), result.cues.originals[cue])
            hidden = np.ma.masked_invalid(result.cues.images[cue])
            np.testing.assert_array_equal(pixels(line[1]).ravel().filled(9), hidden.filled(9))
            np.testing.assert_array_equal(pixels(line[column]).ravel(), result.state[cue])


def test_hidden_pixels_are_left_out_over_a_hatched_ground(figure):
    for line, hides in zip(pictures(figure), [damage.hides for damage in DAMAGES for _ in range(2)], strict=True):
        mask = np.ma.getmaskarray(pixels(line[1]))
        assert mask[14:].all() == mask.any() == hides
        assert line[1].patch.get_hatch()
        assert to_hex(line[1].patch.get_facecolor()) not in ("#ffffff", "#000000")


def test_frames_words_and_curves_tell_right_from_wrong(figure, results):
    words = Counter(text.get_text() for text in figure.texts)
    every = [pair for model in CONFIG.models for pair in shown(results, model)]
    right = sum(bool(result.exact[cue]) for result, cue in every)
    assert 0 < right < len(every)
    assert words["exact"] == right
    assert sum(count for word, count in words.items() if word.endswith("% off")) == len(every) - right
    for column, model in enumerate(CONFIG.models, start=2):
        expected = [RIGHT if result.exact[cue] else WRONG for result, cue in shown(results, model)]
        frames = [to_hex(line[column].spines["left"].get_edgecolor()) for line in pictures(figure)]
        drawn = [curve.get_color() for curve in curves(figure)[column - 2].lines[1::2]]
        assert frames == drawn == expected


def test_a_curve_runs_from_the_first_energy_to_rest(figure, results):
    for axis, model in zip(curves(figure), CONFIG.models, strict=True):
        for curve, (result, cue) in zip(axis.lines[1::2], shown(results, model), strict=True):
            updates, energies = curve.get_data()
            assert updates[0] == (1 if result.cues.damage.hides else 0)
            assert updates[-1] == result.steps[cue]
            np.testing.assert_array_equal(energies, result.descent[updates, cue])


def test_heads_name_models_as_they_are_asked_for(figure):
    words = [text.get_text() for text in figure.texts]
    assert {"stored", "cue", "dense", "degree = 3", "kernel", "β = auto"} <= set(words)
    assert {damage.name for damage in DAMAGES} <= set(words)


def test_the_file_is_wide_enough_to_be_read_and_white(figure, tmp_path):
    from PIL import Image

    figure.savefig(tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as image:
        assert image.width == pytest.approx(160 * (0.42 + COLUMNS * 1.1 + 0.14), abs=1)
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_without_matplotlib_one_sentence_names_the_extra(results, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra) as refusal:
        restoration_figure(results)
    assert str(refusal.value) == "mnemonist.plotting needs matplotlib: pip install 'mnemonist[plot]'"


def test_no_results_make_no_figure():
    with pytest.raises(InvalidArgument, match="results must hold one at least"):
        restoration_figure([])
