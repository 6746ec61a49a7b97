"""Memories learn labelled images: features at small degrees, prototypes at large ones."""

import numpy as np
import pytest
import torch

import mnemonist as mn
from mnemonist.data import digits
from mnemonist.data.labelled_images import LabelledImages
from mnemonist.experiments.adversarial import attacked
from mnemonist.experiments.learning import Images, Recipe, learned
from mnemonist.experiments.prototypes import answering, statistics


@pytest.fixture(scope="module")
def images() -> Images:
    """The shipped digits at half their size: 400 to learn from and 100 held out."""
    pixels, labels = digits()
    small = (255 * pixels.reshape(500, 14, 2, 14, 2).mean(axis=(2, 4))).astype(np.uint8)
    return Images.of(LabelledImages(small[:400], labels[:400], small[400:], labels[400:]))


@pytest.fixture(scope="module")
def found(images: Images):
    """A few epochs of a small degree, and of a large one."""
    recipes = {
        3: Recipe.of(3, 196).changed(memories=40, epochs=15, batch=40),
        20: Recipe.of(20, 196).changed(memories=40, epochs=50, batch=100),
    }
    return {degree: learned(recipe, images) for degree, recipe in recipes.items()}


def test_both_rules_learn_digits(found) -> None:
    assert found[3].error <= 0.25  # of 100 held out, from 40 of each class; by chance 0.9
    assert found[20].error <= 0.4
    assert all(each.training.epochs[-1].loss < each.training.epochs[0].loss / 2 for each in found.values())


def test_the_same_seed_learns_the_same_and_another_something_else(images: Images) -> None:
    recipe = Recipe.of(3, 196).changed(memories=10, epochs=2, batch=40)
    one, same, other = (learned(recipe, images, seed).model.patterns for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_leading_memory_is_counted_and_all_that_are_close_to_it(images: Images) -> None:
    recipe = Recipe.of(2, 196).changed(memories=3, epochs=1)
    model = recipe.model(196, 10, 0)
    rows, labels = images.held_inputs[:20], images.held_labels[:20]
    added = model.contributions(rows, labels).detach().numpy()
    expected = [(line >= 0.9 * line.max()).sum() for line in added]
    within, leaders = answering(model, rows, labels)
    np.testing.assert_array_equal(within, expected)
    np.testing.assert_array_equal(leaders, added.argmax(axis=1))


def test_attacks_are_measured_on_images_that_all_tell_right(found, images: Images) -> None:
    result = attacked({degree: each.model for degree, each in found.items()}, images, count=20, sizes=(0.0, 0.3))
    assert result.errors.shape == result.transfer.shape == (2, 2)
    assert (result.errors[:, 0] == 0).all()
    assert (result.errors[:, 1] > 0.2).all()
    assert (np.diag(result.transfer) >= result.transfer.mean(axis=0)).all()
    for end, share in zip(result.boundaries, result.between, strict=True):
        held = []
        for x, label, rival, reached in zip(end.inputs, result.given[1], end.rivals, end.reached, strict=True):
            far = [float((images.inputs[images.labels == c] - x).norm(dim=1).min()) for c in range(10)]
            held += [set(np.argsort(far)[:2].tolist()) == {int(label), int(rival)}] if reached else []
        assert share == pytest.approx(np.mean(held))


def test_held_out_images_are_not_learned_from() -> None:
    pixels, labels = digits()
    given = LabelledImages((255 * pixels).astype(np.uint8)[:40], labels[:40], pixels[:5].astype(np.uint8), labels[:5])
    images = Images.of(given, held_out=10)
    assert (len(images.inputs), len(images.held_inputs)) == (30, 10)
    assert images.held_labels.tolist() == labels[30:40].tolist()
    with pytest.raises(mn.errors.InvalidArgument, match="held_out must be fewer than the 40 images"):
        Images.of(given, held_out=40)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"degree": 0}, "degree must be a whole number"),
        ({"degree": 3, "rule": "sgd"}, "rule must be one of adamw, paper, paper-small; got 'sgd'"),
    ],
)
def test_a_recipe_that_is_none_is_refused(given, sentence: str) -> None:
    with pytest.raises(mn.errors.InvalidArgument, match=sentence):
        Recipe.of(given.pop("degree"), 784, **given)


@pytest.mark.slow
def test_features_become_prototypes_as_the_degree_grows() -> None:
    """On 8 × 8 digits, 1400 to learn from: the statistics of Krotov & Hopfield 2016, as `literature` measured them."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    inputs, labels = torch.tensor(pixels[order] / 8 - 1).float(), torch.tensor(labels[order])
    images = Images(inputs[:1400], labels[:1400], inputs[1400:], labels[1400:], (8, 8), 10)
    modal, alone, errors = {}, {}, {}
    for degree in (3, 20):
        recipe = Recipe.of(degree, 64, rule="paper").changed(memories=60, epochs=150, batch=200)
        result = learned(recipe, images)
        found = statistics(result, images)
        modal[degree], alone[degree], errors[degree] = found.modal_votes, found.alone, found.error
    assert modal[20] == 1
    assert modal[3] in {2, 3, 4, 5}
    assert alone[20] >= 0.9
    assert alone[3] <= 0.45
    assert max(errors.values()) <= 0.08
    result = learned(Recipe.of(3, 64).changed(memories=60, epochs=150, batch=100), images)
    assert result.error <= 0.035
