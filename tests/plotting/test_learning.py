"""The figures of learning show what was measured."""

import numpy as np
import pytest
import torch

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.adversarial import attacked
from mnemonist.experiments.learning import Images, Recipe, learned
from mnemonist.experiments.prototypes import statistics
from mnemonist.experiments.xor import learned_table, truth_table
from mnemonist.plotting.adversarial import adversarial_figure
from mnemonist.plotting.canvas import RIGHT
from mnemonist.plotting.learned import learned_figure
from mnemonist.plotting.prototypes import prototypes_figure
from mnemonist.plotting.xor import xor_figure


@pytest.fixture(scope="module")
def images() -> Images:
    """Three kinds of stripes, 4 × 6."""
    rng = torch.Generator().manual_seed(0)
    labels = torch.arange(120) % 3
    rows = torch.randn(3, 24, generator=rng).sign()[labels] + 0.5 * torch.randn(120, 24, generator=rng)
    rows = rows.clamp(-1, 1)
    return Images(rows[:90], labels[:90], rows[90:], labels[90:], (4, 6), 3)


@pytest.fixture(scope="module")
def results(images):
    recipes = [Recipe.of(degree, 24, rule="adamw").changed(memories=8, epochs=10, batch=30) for degree in (2, 3)]
    return [learned(recipe, images) for recipe in recipes]


def texts(figure) -> str:
    return " ".join(text.get_text() for text in figure.texts)


def test_memories_are_shown_as_images_with_their_votes(images, results) -> None:
    figure = learned_figure(results, images)
    shapes = [axis.images[0].get_array().shape for axis in figure.axes if axis.images]
    leading = sum(len(statistics(result, images).leading) for result in results)
    assert shapes.count((4, 6)) == shapes.count((1, 3)) == leading
    shown = {axis.images[0].get_array().tobytes() for axis in figure.axes if axis.images}
    stored = {row[:24].tobytes() for result in results for row in result.model.patterns.detach().numpy()}
    assert len(shown & stored) == leading
    assert f"{100 * results[0].error:.2f} % wrong" in texts(figure)


def test_the_passage_has_a_point_for_each_degree(images, results) -> None:
    found = [statistics(result, images) for result in results]
    figure = prototypes_figure(found)
    drawn = figure.axes[0].lines[0].get_ydata()
    np.testing.assert_allclose(drawn, [100 * each.alone for each in found])
    np.testing.assert_allclose(figure.axes[2].images[0].get_array().sum(axis=0), 1)


def test_attacks_are_drawn_as_they_were_measured(images, results) -> None:
    found = attacked({result.recipe.degree: result.model for result in results}, images, count=10, sizes=(0.0, 0.5))
    figure = adversarial_figure(found, images.side)
    curves = [axis for axis in figure.axes if axis.lines]
    np.testing.assert_allclose([line.get_ydata() for line in curves[0].lines], 100 * found.errors)
    matrix = next(axis.images[0].get_array() for axis in figure.axes if axis.get_xlabel() == "who answers: n")
    np.testing.assert_allclose(matrix, 100 * found.transfer)


def test_a_panel_of_xor_is_green_where_all_four_are_right() -> None:
    tables = [truth_table(2), truth_table(2, rectified=True)]
    figure = xor_figure(tables, [learned_table(2, starts=1)])
    right = [axis.lines[0].get_color() == RIGHT for axis in figure.axes]
    assert right == [False, True]
    assert "n = 2: 0 of 4" in texts(figure)
    assert "learned from 1 of 1 starts" in texts(figure)


@pytest.mark.parametrize(
    "draw", [lambda: learned_figure([], None), lambda: prototypes_figure([]), lambda: xor_figure([], [])]
)
def test_a_figure_of_nothing_is_refused(draw) -> None:
    with pytest.raises(InvalidArgument, match="got none"):
        draw()
