"""Reasons are the numbers of the theory at the patterns and cues at hand."""

import re

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.experiments.damage import DAMAGES, Cues
from mnemonist.experiments.reason import reason

NOISE = DAMAGES[1]


def filled(text, patterns):
    memory = mn.model(text)
    memory.store(patterns)
    return memory


@pytest.fixture
def signs(rng):
    """Ten patterns on 50 neurons, every one mostly +1."""
    return np.where(rng.random((10, 50)) < 0.1, -1.0, 1.0)


def test_a_classical_memory_answers_for_its_load_and_its_crosstalk(signs):
    overlaps = [abs(a @ b) / 50 for i, a in enumerate(signs) for j, b in enumerate(signs) if i != j]
    expected = f"load 0.200 is above 0.138, but crosstalk K·m̄ = {10 * np.mean(overlaps):.2g}, above 1 at 10 of 10"
    assert reason(filled("classical", signs), []) == expected


def test_a_classical_memory_of_orthogonal_patterns_has_nothing_to_excuse():
    patterns = np.array([[1.0] * 8, [1.0, -1.0] * 4])
    assert reason(filled("classical", patterns), []).startswith("load 0.250; crosstalk K·m̄ = 0, above 1 at 0 of 2")


def test_a_dense_memory_shows_its_degree_in_the_exponent(signs):
    assert reason(filled("dense:degree=13", signs), []).startswith("crosstalk K·m̄¹² = ")


def test_an_exponential_memory_names_its_nearest_rival():
    patterns = np.ones((3, 40))
    patterns[1, :7] = patterns[2, :20] = -1
    assert reason(filled("exponential", patterns), []) == "rivals weigh e⁻¹⁴ at most"


def test_real_memories_count_rivals_that_show_and_how_far_the_cues_lead():
    patterns = np.array([[0.0, 0.0], [0.0, 3.0], [4.0, 3.0]])
    cues = Cues(NOISE, patterns[:1], np.array([[0.0, 1.0]]), np.array([0]))
    # half squared distances 4.5 and 8; a rival shows below ln 510 = 6.2. At the cue: 4/2 − 1/2 = 1.5 ahead.
    assert reason(filled("kernel:beta=1", patterns), [cues]) == (
        "norm does not matter; rivals > 1/510 at 2 of 3; βΔ at the cues 1.5"
    )
    # dot products with (0, 1): 0, 3, 3, so that the right one, of norm 0, is 3 behind
    text = reason(filled("modern:beta=1", patterns), [cues])
    assert text == "norms of 0.0 to 5.0; rivals > 1/510 at 2 of 3; βΔ at the cues −3"


def test_only_known_pixels_lead(rng):
    patterns = rng.random((4, 10)).astype(np.float32)
    memory = filled("kernel:beta=1", patterns)
    hidden = Cues(DAMAGES[0], patterns, DAMAGES[0].to(patterns, seed=0), np.arange(4))
    lead = float(re.search(r"cues (\S+)$", reason(memory, [hidden]))[1])
    apart = ((patterns[:, None, :5] - patterns[None, :, :5]) ** 2).sum(axis=-1) + np.diag([np.inf] * 4)
    assert lead == pytest.approx(np.median(apart.min(axis=1) / 2), rel=0.05)


def test_a_memory_of_which_no_number_is_known_says_nothing():
    memory = mn.AssociativeMemory(mn.Cosine(), mn.Softmax(2.0), mn.Real())
    memory.store(np.eye(3))
    assert reason(memory, []) == ""
