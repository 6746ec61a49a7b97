"""Outcomes and kinds are sentences: printed, formatted and in an f-string they say what they mean."""

import numpy as np
import pytest

import mnemonist as mn


@pytest.mark.parametrize("word", [*mn.Outcome, *mn.Kind])
def test_a_word_is_printed_as_its_sentence(word) -> None:
    assert str(word) == f"{word}" == format(word) == word.value
    assert repr(word) == f"{type(word).__name__}.{word.name}"
    assert word.value.endswith(".")


@pytest.mark.parametrize("asked", [0, 1])
def test_who_asks_for_so_many_updates_is_told_that_these_were_made(asked) -> None:
    memory = mn.modern_hopfield(beta=2.0)
    memory.store(np.eye(3))
    recall = memory.recall([0.9, 0.1, 0.2], max_steps=asked)
    assert recall.steps == asked
    assert str(recall.outcome).startswith("All max_steps updates were made")
    assert "For rest raise max_steps" in str(recall.outcome)


def test_a_cue_that_goes_round_ends_its_own_trace_and_repeats_its_last_state_beside_longer_ones() -> None:
    swap = mn.HopfieldNetwork(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0.5], [0, 0, -0.5, 0]]))
    cues = [[1.0, -1, 1, 1], [1, 1, 1, 1]]
    recall = swap.recall(cues, dynamics=mn.Synchronous(), trace=True)
    assert recall.period.tolist() == [4, 4]
    alone = mn.HopfieldNetwork(np.array([[0.0, 1], [1, 0]])).recall([1.0, -1], dynamics=mn.Synchronous(), trace=True)
    assert alone.period == 2
    assert alone.trace.states[:, 0].tolist() == [1, -1, 1]
    for b in range(2):
        steps = recall.steps[b]
        assert len(recall[b].trace.states) == steps + 1
        assert (recall.trace.states[steps:, b] == recall.state[b]).all()
