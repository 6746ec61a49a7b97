"""The restoration experiment: a function of its config, true to plain recalls, and as honest as the digits are."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.experiments.damage import DAMAGES
from mnemonist.experiments.restoration import BASELINES, MODELS, Restoration, restorations

SMALL = Restoration(models=("dense:degree=3", "kernel:beta=auto"), memories=12, cues=6)


def rows(config):
    return [result.row for result in restorations(config)]


@pytest.fixture(scope="module")
def small():
    return list(restorations(SMALL))


@pytest.fixture(scope="module")
def shown():
    """What the demo shows, with fewer cues: the number exact by model and damage, and all rows."""
    found = rows(Restoration(cues=30))
    return {(row.model, row.damage): row for row in found}


# --- a function of its config --------------------------------------------------------------------------------------


def test_the_same_config_gives_the_same_rows(small):
    assert rows(SMALL) == [result.row for result in small]


def test_another_seed_asks_for_other_digits():
    one, other = (replace(SMALL, seed=seed).damaged()[0].right.tolist() for seed in (0, 1))
    assert one != other


def test_there_is_a_row_for_each_model_and_baseline_under_each_damage(small):
    pairs = [(result.row.model, result.row.damage) for result in small]
    expected = [(name, damage.name) for name in (*SMALL.models, *BASELINES) for damage in DAMAGES]
    assert pairs == expected
    assert len(pairs) == SMALL.count


def test_every_damage_is_done_to_the_same_digits_and_none_is_asked_for_twice():
    cues = SMALL.damaged()
    assert all(np.array_equal(given.right, cues[0].right) for given in cues)
    assert set(Counter(cues[0].right.tolist()).values()) == {1}
    np.testing.assert_array_equal(cues[0].originals, SMALL.images[cues[0].right])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"memories": 1}, "memories must be from 2 to 500"),
        ({"memories": 501}, "memories must be from 2 to 500"),
        ({"cues": 0}, "cues must be from 1 to memories = 100"),
        ({"cues": 101}, "cues must be from 1 to memories = 100"),
        ({"models": ("dens",), "cues": 1}, "the name must be one of"),
    ],
)
def test_what_cannot_be_run_is_refused(wrong, sentence):
    with pytest.raises(mn.errors.InvalidArgument, match=sentence):
        list(restorations(Restoration(**wrong)))


# --- true to plain recalls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SMALL.models)
def test_results_are_those_of_a_recall_as_the_damage_asks_for_it(small, text):
    memory = mn.model(text)
    discrete = memory.neurons.discrete

    def held(images):
        return np.where(images >= 0.5, 1.0, -1.0) if discrete else images

    memory.store(held(SMALL.images))
    mine = [result for result in small if result.row.model == text]
    asked = [{"known": mine[0].cues.known}, {}, {"known": mine[2].cues.known, "clamped": False}]
    for result, options in zip(mine, asked, strict=True):
        recall = memory.recall(held(result.cues.images), **options)
        state = (recall.state + 1) / 2 if discrete else recall.state
        np.testing.assert_allclose(result.state, state, atol=1e-5)
        np.testing.assert_array_equal(result.steps, recall.steps)
        rest = recall.energy - memory.energy(held(result.cues.originals))
        last = result.descent[result.steps, np.arange(SMALL.cues)]
        np.testing.assert_allclose(last, rest, rtol=1e-4, atol=1e-3)


def test_the_energy_never_rises_and_an_exact_recall_has_that_of_the_stored_digit(small):
    for result in small:
        if result.descent is not None:
            steps = np.diff(result.descent, axis=0)
            assert np.nanmax(steps) <= 1e-5 * np.nanmax(np.abs(result.descent))
            last = result.descent[-1, result.exact]
            np.testing.assert_allclose(last, 0, atol=1e-3 * np.nanmax(np.abs(result.descent)))


def test_a_baseline_answers_with_a_stored_image_without_a_step(small):
    for result in small:
        if result.row.model in BASELINES:
            images = SMALL.images if "grey" in result.row.model else SMALL.images >= 0.5
            assert all((images == state.astype(np.float32)).all(axis=1).any() for state in result.state)
            assert (result.row.steps, result.descent) == (0, None)


def test_every_kind_of_neuron_can_be_asked():
    config = Restoration(models=("spherical",), memories=10, cues=5)
    result = next(restorations(config))
    assert result.row.exact > 0
    np.testing.assert_allclose(result.state[result.exact], result.stored[result.exact], atol=1 / 510)


# --- as honest as the digits are -----------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [damage.name for damage in DAMAGES])
def test_sharper_memories_restore_more_and_low_degrees_nothing(shown, damage):
    exact = {model: shown[model, damage].exact for model in (*MODELS, *BASELINES)}
    assert exact["classical"] == exact["dense:degree=3"] == 0
    assert exact["exponential"] >= exact["dense:degree=20"] > 15
    assert exact["kernel:beta=auto"] > exact["modern:beta=auto"] + 10
    assert abs(exact["nearest, ±1"] - exact["exponential"]) <= 2
    assert exact["nearest, grey"] >= exact["kernel:beta=auto"]


def test_the_load_is_no_excuse_for_the_low_degrees(shown):
    assert Restoration().memories / 784 < 0.138
    assert shown["classical", "both"].reason.startswith("load 0.128 is below 0.138, but crosstalk K·m̄ = 65")
    assert shown["dense:degree=3", "both"].reason.endswith("above 1 at 100 of 100")
