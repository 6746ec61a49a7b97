"""Sequence memories keep the contract of memories, replay and end as they say, and refuse the rest."""

import numpy as np
import pytest

import mnemonist as mn
from arrays import given, host
from contracts.memory import MemoryContract

pytestmark = pytest.mark.filterwarnings("ignore:SequenceMemory. equal patterns")  # drawn at random, few neurons


def signs(seed: int, k: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).choice([-1, 1], size=(k, n))


def correlated(seed: int, k: int, n: int, share: float) -> np.ndarray:
    """Return patterns that differ from one template in about this share of their pixels."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random((k, n)) < share, -1, 1) * rng.choice([-1, 1], size=n)


# --- the contract of memories --------------------------------------------------------------------------------------


class SequenceContract(MemoryContract):
    descends = forgets = False  # single patterns cannot be forgotten: whole sequences are, below
    ordered = True


class TestSequenceNet(SequenceContract):
    build = staticmethod(mn.sequence_net)


class TestDenseSequence(SequenceContract):
    build = staticmethod(mn.dense_sequence)


class TestExponentialSequence(SequenceContract):
    build = staticmethod(mn.exponential_sequence)


class TestPseudoInverse(SequenceContract):
    build = staticmethod(lambda: mn.dense_sequence(pseudo_inverse=True))
    holes = False

    def sizes(self, rng):
        return int(rng.integers(1, 8)), int(rng.integers(9, 20))

    def patterns(self, rng, k, n):
        """Draw until they are linearly independent."""
        while True:
            rows = super().patterns(rng, k, n)
            if np.linalg.matrix_rank(rows) == min(k, n):
                return rows


class TestDelayedSequence(SequenceContract):
    build = staticmethod(lambda: mn.delayed_sequence(3))

    def test_k_steps_are_k_updates(self) -> None:
        memory = self.stored(np.random.default_rng(0))
        cues = self.cues(np.random.default_rng(1), memory)
        start = memory.landscape.start(cues, None)
        assert start.shape == (3, 3 * cues.shape[1])
        np.testing.assert_array_equal(memory.recall(cues, max_steps=0).state, cues)
        path = memory.replay(cues, steps=4).states
        for k in range(5):
            np.testing.assert_array_equal(memory.recall(cues, max_steps=k).state[0], path[0, k])

    def test_what_converged_does_not_move_any_more(self) -> None:
        """Where it rests, its past is the state too; without that past it may move."""
        memory = self.stored(np.random.default_rng(0))
        recall = memory.recall(self.cues(np.random.default_rng(1), memory), trace=True)
        for b in np.flatnonzero(recall.converged):
            assert (recall[b].trace.states[-3:] == recall.state[b]).all()


# --- sequences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [mn.dense_sequence, mn.exponential_sequence, mn.sequence_net])
def test_a_sequence_ends_with_its_last_pattern_and_a_cyclic_one_goes_round(build) -> None:
    patterns = signs(0, 6, 200)
    memory = build()
    memory.store(patterns)
    end = memory.recall(patterns[1])
    assert (end.nearest, end.outcome, end.steps) == (5, mn.Outcome.CONVERGED, 5)
    memory = build()
    memory.store(patterns, cyclic=True)
    round_ = memory.recall(patterns)
    assert (round_.outcome == mn.Outcome.CYCLE).all()
    assert round_.period.tolist() == [6] * 6
    assert round_.nearest.tolist() == list(range(6))


def test_the_beginning_decides_which_sequence_is_replayed() -> None:
    first, second = signs(0, 5, 150), signs(1, 4, 150)
    memory = mn.dense_sequence()
    assert memory.store(first).tolist() == [0, 1, 2, 3, 4]
    assert memory.store(second, cyclic=True).tolist() == [5, 6, 7, 8]
    assert [ids.tolist() for ids in memory.sequences] == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]
    replay = memory.replay(np.stack([first[0], second[2]]), steps=6)
    assert replay.nearest.tolist() == [[0, 1, 2, 3, 4, 4, 4], [7, 8, 5, 6, 7, 8, 5]]
    assert replay.visits[0] == [(0, 1), (1, 1), (2, 1), (3, 1), (4, 3)]
    assert (replay.overlap == 1).all()
    assert (replay.kind == mn.Kind.MEMORY).all()


def test_whole_sequences_are_forgotten_and_the_others_go_on() -> None:
    first, second = signs(0, 5, 150), signs(1, 4, 150)
    memory = mn.dense_sequence()
    memory.store(first, cyclic=True)
    memory.store(second)
    with pytest.raises(mn.errors.InvalidArgument, match="2 of the 5 of the sequence 0 … 4"):
        memory.forget([1, 2, 5, 6, 7, 8])
    with pytest.raises(mn.errors.UnknownId, match=r"SequenceMemory\.forget: every id must be stored"):
        memory.forget([9])
    assert len(memory) == 9
    memory.forget(memory.sequences[0])
    assert memory.ids.tolist() == [5, 6, 7, 8]
    assert memory.replay(second[0], steps=4).nearest.tolist() == [5, 6, 7, 8, 8]
    memory.forget(memory.ids)
    assert memory.sequences == ()
    assert memory.store(first).tolist() == [9, 10, 11, 12, 13]
    assert memory.replay(first[0], steps=2).nearest.tolist() == [9, 10, 11]


def test_storing_nothing_adds_no_sequence() -> None:
    memory = mn.dense_sequence()
    memory.store(signs(0, 2, 9))
    assert memory.store(np.empty((0, 9))).tolist() == []
    assert len(memory.sequences) == 1


def test_a_cue_in_part_is_completed_on_the_way() -> None:
    patterns = signs(0, 8, 100)
    memory = mn.dense_sequence()
    memory.store(patterns)
    cue = np.where(np.arange(100) < 25, patterns[2], np.nan)
    replay = memory.replay(cue, steps=3, known=np.arange(100) < 25)
    np.testing.assert_array_equal(replay.states[1:], patterns[3:6])
    assert replay.nearest.tolist() == [2, 3, 4, 5]
    assert (replay.states[0, 25:] == 0).all()
    assert memory.recall(cue, known=np.arange(100) < 25).nearest == 7


def test_what_is_clamped_stays_while_the_rest_moves_on() -> None:
    patterns = signs(0, 8, 100)
    memory = mn.dense_sequence()
    memory.store(patterns)
    replay = memory.replay(patterns[2], steps=2, clamped=np.arange(100) < 10)
    np.testing.assert_array_equal(replay.states[:, :10], [patterns[2, :10]] * 3)
    np.testing.assert_array_equal(replay.states[2, 10:], patterns[4, 10:])


def test_an_odd_weight_stores_the_mirror_image_of_a_sequence_too_and_an_even_one_turns_back() -> None:
    patterns = signs(0, 5, 300)
    linear, quadratic = mn.sequence_net(), mn.dense_sequence()
    for memory in (linear, quadratic):
        memory.store(patterns)
    assert linear.replay(-patterns[0], steps=3).overlap.tolist() == [-1, -1, -1, -1]
    assert quadratic.replay(-patterns[0], steps=3).overlap[1:].tolist() == [1, 1, 1]


def test_a_pattern_that_occurs_twice_leads_to_both_of_its_successors_and_so_to_neither() -> None:
    a, b, c, d = signs(0, 4, 400)
    memory = mn.dense_sequence()
    memory.store(np.stack([a, b, a, c, d]))
    after = memory.replay(a, steps=1).states[1]
    np.testing.assert_array_equal(after[b == c], b[b == c])
    assert abs((after * b).mean() - (after * c).mean()) < 0.3


def test_the_pseudo_inverse_replays_correlated_patterns_that_are_lost_without_it() -> None:
    patterns = correlated(0, 40, 200, 0.15)
    for degree in (2, 3):
        plain, inverse = mn.dense_sequence(degree), mn.dense_sequence(degree, pseudo_inverse=True)
        for memory in (plain, inverse):
            memory.store(patterns, cyclic=True)
        cue = patterns[0].copy()
        cue[:4] *= -1
        assert (plain.replay(patterns[0], steps=40).states[-1] != patterns[0]).any()
        assert inverse.replay(cue, steps=40).nearest.tolist() == [*range(40), 0]
        assert inverse.recall(cue).period == 40


def test_a_delay_makes_patterns_linger_and_a_sequence_still_ends() -> None:
    patterns = signs(0, 5, 500)
    memory = mn.delayed_sequence(6, 2.0, degree=3)
    memory.store(patterns)
    replay = memory.replay(patterns[0], steps=60)
    assert [visit[0] for visit in replay.visits] == [0, 1, 2, 3, 4]
    assert all(2 <= visit[1] <= 6 for visit in replay.visits[:-1])
    end = memory.recall(patterns[0])
    assert (end.nearest, end.outcome) == (4, mn.Outcome.CONVERGED)
    assert end.steps == sum(visit[1] for visit in replay.visits[:-1]) + 6  # until all it remembers is the last one
    assert memory.recall(patterns[0], trace=True).trace.states.shape == (end.steps + 1, 500)


def test_a_beta_is_chosen_from_the_patterns() -> None:
    patterns = signs(0, 30, 60)
    memory = mn.SequenceMemory(mn.Softmax("auto"))
    memory.store(patterns)
    assert memory.landscape.separation.beta > 0
    assert memory.replay(patterns[0], steps=5).nearest.tolist() == [0, 1, 2, 3, 4, 5]


def test_nothing_overflows_far_from_all_patterns_and_near() -> None:
    patterns = signs(0, 40, 2000)
    for memory in (mn.exponential_sequence(), mn.dense_sequence(100), mn.SequenceMemory(mn.Softmax(1.0), delay=4)):
        memory.store(patterns, cyclic=True)
        with np.errstate(all="raise", under="ignore"):
            far = memory.replay(signs(1, 2, 2000), steps=3)
            near = memory.replay(patterns[:2], steps=3)
        assert np.isin(far.states, (-1, 1)).all()
        assert (far.states[:, 1] != far.states[:, 0]).any()
        assert (near.overlap == 1).all()


# --- the replay ----------------------------------------------------------------------------------------------------


def test_a_replay_is_what_recalls_of_as_many_steps_find() -> None:
    patterns, cues = signs(0, 20, 60), signs(1, 4, 60)
    for memory in (mn.sequence_net(), mn.delayed_sequence(3)):
        memory.store(patterns, cyclic=True)
        replay = memory.replay(cues, steps=6)
        assert replay.states.shape == (4, 7, 60)
        assert replay.nearest.shape == replay.overlap.shape == replay.kind.shape == (4, 7)
        for t in range(7):
            recall = memory.recall(cues, max_steps=t)
            np.testing.assert_array_equal(replay.states[:, t], recall.state)
            np.testing.assert_array_equal(replay.nearest[:, t], recall.nearest)
            np.testing.assert_array_equal(replay.overlap[:, t], recall.overlap)
            assert (replay.kind[:, t] == recall.kind).all()


def test_a_replay_of_many_cues_is_made_in_parts(monkeypatch) -> None:
    patterns, cues = signs(0, 20, 60), signs(1, 5, 60)
    memory = mn.dense_sequence()
    memory.store(patterns)
    whole = memory.replay(cues, steps=3)
    monkeypatch.setattr("mnemonist.memories.transitions.Transitions.batch_size", 2)
    parts = memory.replay(cues, steps=3)
    np.testing.assert_array_equal(parts.states, whole.states)
    np.testing.assert_array_equal(parts.nearest, whole.nearest)


def test_a_replay_is_indexed_by_cue_and_says_what_it_is() -> None:
    patterns = signs(0, 12, 80)
    memory = mn.dense_sequence()
    memory.store(patterns)
    several, one = memory.replay(patterns[:2], steps=10), memory.replay(patterns[1], steps=10)
    assert len(several) == 2
    assert bool(one)
    np.testing.assert_array_equal(several[1].states, one.states)
    np.testing.assert_array_equal(several[-1].nearest, one.nearest)
    assert repr(several) == "Replay(2 cues, 10 updates)"
    assert repr(one) == "Replay(10 updates: 1 → 2 → 3 → 4 → 5 → 6 → 7 → …)"
    assert repr(memory.replay(patterns[9], steps=5)) == "Replay(5 updates: 9 → 10 → 11)"
    for wrong, error in (("1", TypeError), (True, TypeError), (2, IndexError)):
        with pytest.raises(error, match="Replay: an index"):
            several[wrong]
    with pytest.raises(mn.errors.InvalidType, match="Replay: len needs several cues"):
        len(one)


def test_other_libraries_stay_there(xp) -> None:
    patterns = signs(0, 8, 40).astype(float)
    for memory in (mn.dense_sequence(), mn.delayed_sequence(3), mn.dense_sequence(pseudo_inverse=True)):
        memory.store(given(xp, patterns), cyclic=True)
        replay = memory.replay(given(xp, patterns[:2]), steps=4)
        other = mn.SequenceMemory(
            memory.landscape.separation, delay=memory._delay, pseudo_inverse=memory._pseudo_inverse
        )
        other.store(patterns, cyclic=True)
        np.testing.assert_array_equal(host(replay.states), other.replay(patterns[:2], steps=4).states)
        assert isinstance(replay.states, type(given(xp, patterns)))


# --- what it is called, and what it refuses ------------------------------------------------------------------------


def test_it_says_what_it_is() -> None:
    memory = mn.SequenceMemory(mn.Power(3), pseudo_inverse=True, delay=4, hold=mn.Power(2))
    said = "SequenceMemory(Power(degree=3, scale=1.0), pseudo_inverse=True, delay=4, strength=2.5, "
    assert repr(memory) == said + "hold=Power(degree=2, scale=1.0))  # empty"
    memory.store([1, -1, 1])
    assert repr(memory).endswith("# K=1, N=3")
    assert memory.neurons == mn.Binary()


def filled(**options) -> mn.SequenceMemory:
    memory = mn.SequenceMemory(mn.Power(3), **options)
    memory.store([[1, 1, 1, 1], [1, -1, 1, -1]])
    return memory


REFUSED = {
    "a separation of another kind": (lambda: mn.SequenceMemory("exp"), "separation must be a Power"),
    "one without a sum": (lambda: mn.SequenceMemory(mn.Entmax(1.5)), "by its own overlap"),
    "another kind of hold": (lambda: mn.SequenceMemory(mn.Power(2), delay=2, hold=3), "hold must be a Power"),
    "a pseudo-inverse that is no flag": (lambda: mn.SequenceMemory(mn.Power(2), pseudo_inverse=1), "True or False"),
    "strength without delay": (lambda: mn.SequenceMemory(mn.Power(2), strength=2.0), "strength and hold need a delay"),
    "hold without delay": (lambda: mn.SequenceMemory(mn.Power(2), hold=mn.Power(2)), "strength and hold need a delay"),
    "a delay of nothing": (lambda: mn.SequenceMemory(mn.Power(2), delay=0), "delay must be a whole number >= 1"),
    "a negative strength": (lambda: mn.delayed_sequence(4, -1.0), "strength must be a finite number >= 0"),
    "cyclic that is no flag": (lambda: filled().store([1, 1, 1, 1], cyclic=1), "cyclic must be True or False"),
    "0/1 data": (lambda: filled().store([0, 1, 0, 1]), "patterns must be -1 or \\+1"),
    "another width": (lambda: filled().replay([1, 1, 1], steps=2), "cues must have N = 4 columns"),
    "no number of steps": (lambda: filled().replay([1, 1, 1, 1], steps=-1), "replay: steps must be a whole number"),
    "nothing stored": (lambda: mn.sequence_net().replay([1], steps=1), "SequenceMemory: the memory must hold patterns"),
    "an energy": (lambda: filled().energy([1, 1, 1, 1]), "has no energy"),
    "one site at a time": (
        lambda: filled().recall([1, 1, 1, 1], dynamics=mn.Asynchronous()), "moves them all at once, in step",
    ),
    "a temperature": (lambda: filled().recall([1, 1, 1, 1], dynamics=mn.Glauber(1.0)), "all at once, in step"),
    "dependent patterns": (lambda: filled(pseudo_inverse=True).store([1, 1, 1, 1]), "got 3 of which 2 are"),
    "more patterns than neurons": (
        lambda: mn.dense_sequence(pseudo_inverse=True).store(signs(0, 5, 4)), "at most N = 4 in all",
    ),
    "holes in an inverse": (
        lambda: mn.dense_sequence(pseudo_inverse=True).store([1, 1], known=[True, False]), "which needs whole patterns",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_one_sentence(case: str) -> None:
    call, sentence = REFUSED[case]
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()


def test_what_is_refused_changes_nothing() -> None:
    memory = filled(pseudo_inverse=True)
    with pytest.raises(mn.errors.InvalidArgument):
        memory.store([[1, 1, 1, 1], [1, -1, 1, 1]])
    assert len(memory) == 2
    assert len(memory.sequences) == 1
