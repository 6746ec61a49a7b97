"""Equal patterns with different successors are named, and said once, before a replay goes astray."""

import warnings

import numpy as np
import pytest

import mnemonist as mn

A, B, C, D = np.random.default_rng(0).choice([-1, 1], size=(4, 64))


def stored(*sequences, build=mn.dense_sequence, cyclic=False):
    memory = build()
    for sequence in sequences:
        memory.store(np.array(sequence), cyclic=cyclic)
    return memory


@pytest.mark.parametrize("ask", [lambda m: m.replay(A, steps=3), lambda m: m.recall(A), lambda m: m.landscape])
def test_a_pattern_with_two_successors_is_said_once(ask) -> None:
    memory = stored([A, B, C, A, D])
    with pytest.warns(UserWarning, match=r"SequenceMemory: equal patterns .* got ids 0, 3\. Give each a part") as said:
        ask(memory)
    assert len(said) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ask(memory)


@pytest.mark.parametrize(
    ("sequences", "cyclic", "found"),
    [
        ([[A, B, C, A, D]], False, [[0, 3]]),
        ([[A, B, A]], False, [[0, 2]]),  # the last one stays
        ([[A, B], [C, B]], False, []),  # both stay at B
        ([[A, B, C], [D, B]], False, [[1, 4]]),
        ([[A, B], [A, B]], True, []),
        ([[A, B, A, B]], True, []),
        ([[A, B], [A, C], [D, B, D, C]], True, [[0, 2], [1, 5], [3, 7], [4, 6]]),
        ([[A, B, C, D]], True, []),
    ],
)
def test_only_what_is_followed_by_something_else_is_a_fork(sequences, cyclic, found) -> None:
    assert [ids.tolist() for ids in stored(*sequences, cyclic=cyclic).forks] == found


def test_where_mirror_images_are_stored_they_are_equal() -> None:
    for sequences, found in (([[A, B, -A, C]], [[0, 2]]), ([[A, B, -A, -B, A]], [])):
        cyclic = not found
        assert [i.tolist() for i in stored(*sequences[:1], build=mn.sequence_net).forks] == (found or [[0, 2, 4]])
        assert stored(sequences[0], cyclic=cyclic).forks == () or found == []


def test_unknown_coordinates_make_a_difference() -> None:
    known = np.ones((4, 64), bool)
    known[2, :8] = False
    memory = mn.dense_sequence()
    memory.store(np.array([A, B, A, C]), known=known)
    assert memory.forks == ()


def test_a_memory_without_patterns_has_none() -> None:
    assert mn.sequence_net().forks == ()


def test_forgetting_one_of_the_sequences_mends_it() -> None:
    memory = stored([A, B], [A, C])
    assert memory.forks
    memory.forget(memory.sequences[1])
    assert memory.forks == ()
    assert memory.replay(A, steps=2).nearest.tolist() == [0, 1, 1]
