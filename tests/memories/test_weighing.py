"""Weighing: memories are weighed at the cue, not at a guess; what is asked wrongly is refused in a sentence."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import mnemonist as mn
from mnemonist.errors import IllegalCombination, InvalidArgument, UnknownId


def test_evidence_is_less_sure_than_a_guess_of_its_own() -> None:
    rng = np.random.default_rng(0)
    memory = mn.kernel_memory(beta=1.0)
    memory.store(rng.normal(size=(30, 6)))
    known, cue = np.arange(6) < 2, np.zeros(6)
    at_cue, at_guess = memory.weigh(cue, known=known).weights, memory.recall(cue, known=known).top.weights
    assert at_cue.max() < np.max(at_guess)


def test_every_kind_of_memory_can_be_weighed_and_completed() -> None:
    signs = np.array([[1, 1, -1, -1], [1, -1, 1, -1]])
    codes = mn.Categorical((2, 2)).encode(np.array([[0, 0], [1, 1]]))
    known = np.array([True, True, False, False])
    for memory, rows in (
        (mn.modern_hopfield(beta=4.0), np.eye(4)), (mn.dense_memory(3), signs), (mn.exponential_memory(), signs),
        (mn.potts_memory((2, 2)), codes), (mn.spherical_memory(), np.eye(4)), (mn.sparse_hopfield(beta=4.0), np.eye(4)),
        (mn.epanechnikov_memory(0.5), np.eye(4)),
    ):  # fmt: skip
        memory.store(rows)
        cues = memory.patterns[:2]
        assert (memory.weigh(cues, known=known).ids[:, 0] == np.arange(2)).all(), memory
        assert np.isfinite(memory.complete(cues, known=known).state).all(), memory


def test_what_few_known_cells_agree_in_does_not_win_over_what_agrees_in_all() -> None:
    """Rescaled, one cell that agrees counts as all; under the expected cost what is not shared tells against a row."""
    rows = np.array([[0.1, 0.1, 0.1, 10.0], [3.0, 3.0, 3.0, 20.0], [0.2, 0.0, 0.0, 40.0]])
    known = np.array([[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 0, 1]], bool)
    cue, given, nearest = [0.2, 0.2, 0.2, 0.0], np.array([1, 1, 1, 0], bool), {}
    for unshared in ("rescaled", "expected"):
        memory = mn.kernel_memory(beta=1.0, unshared=unshared)
        memory.store(rows, known=known)
        nearest[unshared] = int(memory.weigh(cue, known=given).ids[0])
    assert nearest == {"rescaled": 2, "expected": 0}


def test_a_recall_under_expected_costs_descends_its_energy() -> None:
    rng = np.random.default_rng(3)
    rows, known = rng.normal(size=(40, 5)), rng.random((40, 5)) > 0.3
    known[:, 0] = True
    memory = mn.kernel_memory(beta=3.0, unshared="expected")
    memory.store(rows, known=known)
    trace = memory.recall(rng.normal(size=(6, 5)), trace=True).trace
    assert (np.diff(trace.energies, axis=0) <= 1e-10).all()


def test_expected_costs_are_kept_in_a_file(tmp_path) -> None:
    memory = mn.kernel_memory(beta=3.0, unshared="expected")
    memory.store(np.eye(3), known=~np.eye(3, dtype=bool))
    memory.save(tmp_path / "memory.mnemonist")
    again = mn.load(tmp_path / "memory.mnemonist")
    assert repr(again) == repr(memory)
    assert "unshared='expected'" in repr(again)
    assert_allclose(again.energy(np.eye(3)), memory.energy(np.eye(3)))


def test_expected_costs_need_distances() -> None:
    with pytest.raises(IllegalCombination, match="needs the Euclidean similarity"):
        mn.AssociativeMemory(mn.Dot(), mn.Softmax(1.0), mn.Real(), unshared="expected")
    with pytest.raises(InvalidArgument, match="unshared must be"):
        mn.kernel_memory(unshared="nothing")


def test_ids_to_leave_out_must_be_stored() -> None:
    memory = mn.kernel_memory(beta=1.0)
    memory.store(np.eye(3))
    with pytest.raises(UnknownId, match=r"AssociativeMemory\.weigh: leave_out must be ids that are stored"):
        memory.weigh(np.eye(3)[0], leave_out=[7])


def test_no_cues_give_no_answers() -> None:
    memory = mn.kernel_memory(beta=1.0)
    memory.store(np.eye(3))
    assert memory.weigh(np.empty((0, 3))).ids.shape == (0, 3)
    assert memory.complete(np.empty((0, 3))).state.shape == (0, 3)


def test_masked_validation_takes_what_loses_least_and_lines_for_lines() -> None:
    rng = np.random.default_rng(4)
    memory = mn.kernel_memory(beta=1.0)
    memory.store(np.linspace(0, 1, 80)[:, None] * [1.0, 2.0, -1.0] + 0.01 * rng.normal(size=(80, 3)))
    chosen = mn.MaskedValidation(share=0.3, repeats=2).choose(memory)
    lost = {one: loss.numbers for one, loss in chosen.losses.items()}
    assert lost[chosen.numbers] == min(lost.values())
    assert chosen.numbers.linear
    assert lost[chosen.numbers] < 0.8 * min(loss for one, loss in lost.items() if not one.linear)


def test_masked_validation_scores_categories_by_their_options() -> None:
    memory = mn.kernel_memory(beta=1.0)
    codes = np.eye(3)[np.arange(60) % 3]
    memory.store(np.concatenate([codes @ [[0.0], [5.0], [9.0]], codes], axis=1))
    chosen = mn.MaskedValidation(share=0.4).choose(memory, categories=[(1, 4)])
    assert chosen.losses[chosen.categories].categories < 0.1
