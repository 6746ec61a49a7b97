"""A kernel learned from alike patterns sets them apart; its gradient is the slope of its loss."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from contracts.similarity import SimilarityContract
from mnemonist.memories.kernel_learning import _gradient, crowding


class TestKernel(SimilarityContract):
    """Features go with coordinates, so the data of the contract are cut to seven of them, and pairs scored by hand."""

    similarity = mn.Bilinear(np.random.default_rng(1).normal(size=(3, 7)))

    def _data(self, seed: int) -> tuple[np.ndarray, ...]:
        x, rows, cue_mask, known = (np.resize(a, (len(a), 7)) for a in super()._data(seed))
        return x, rows * known, cue_mask, known

    @for_all(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
    def test_scores_are_those_of_the_definition(self, seed: int, partial: bool, masked: bool) -> None:
        x, rows, cue_mask, known = self._data(seed)
        h = self.similarity.scores(
            np.where(cue_mask, x, np.nan) if partial else x, rows,
            cue_mask=cue_mask if partial else None, row_mask=known if masked else None,
        )  # fmt: skip
        for b, k in np.ndindex(*h.shape):
            both = (cue_mask[b] | (not partial)) & (known[k] | (not masked))
            one, other = (self.similarity.features @ np.where(both, z, 0.0) for z in (x[b], rows[k]))
            assert h[b, k] == pytest.approx(one @ other, rel=1e-9, abs=1e-9)

    def test_states_may_have_any_leading_axes(self) -> None:
        x, rows, *_ = self._data(5)
        stacked = self.similarity.scores(np.stack([x, x + 1]), rows)
        np.testing.assert_allclose(stacked[0], self.similarity.scores(x, rows), rtol=1e-12)

    def test_no_rows_give_no_scores(self) -> None:
        assert self.similarity.scores(np.ones((2, 7)), np.ones((0, 7))).shape == (2, 0)


def alike(k: int = 50, n: int = 32) -> np.ndarray:
    """Return unit patterns with a common mean: the cosine of two is about .9."""
    rng = np.random.default_rng(0)
    mean = rng.normal(size=n)
    patterns = 3 * mean / np.linalg.norm(mean) + rng.normal(size=(k, n)) / np.sqrt(n)
    return patterns / np.linalg.norm(patterns, axis=1, keepdims=True)


def test_the_gradient_is_the_slope_of_the_loss(rng) -> None:
    patterns, features, direction = alike(6, 4), rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    slope = (crowding(features + 1e-6 * direction, patterns) - crowding(features - 1e-6 * direction, patterns)) / 2e-6
    assert (_gradient(features, patterns, 2.0) * direction).sum() == pytest.approx(slope, rel=1e-6)


def test_a_learned_kernel_sets_alike_patterns_apart(claim) -> None:
    patterns, source = alike(), "Wu, Hu, Hsiao & Liu 2024"
    kernel = mn.learned_kernel(patterns)
    where = "K = 50 unit patterns of cosine .9, N = 32"
    before, after = crowding(np.eye(32), patterns), crowding(kernel.features, patterns)
    claim(f"stage I lowers its loss: by how much, {where}", source, measured=before - after, least=2.0)
    gap = {}
    for name, features in (("plain", np.eye(32)), ("learned", kernel.features)):
        phi = patterns @ features.T
        phi /= np.linalg.norm(phi, axis=1, keepdims=True)
        scores = phi @ phi.T
        np.fill_diagonal(scores, -np.inf)
        gap[name] = np.median(1 - scores.max(axis=1))
    claim(f"separation of normalised features, learned over plain: median, {where}", source,
          measured=gap["learned"] / gap["plain"], least=3.0)  # fmt: skip
    cues = patterns + 0.02 * np.random.default_rng(1).normal(size=patterns.shape)
    error = {}
    for similarity in (mn.Dot(), kernel):
        memory = mn.AssociativeMemory(similarity, mn.Softmax(10.0), mn.Real())
        memory.store(patterns)
        recall = memory.recall(cues, max_steps=1)
        error[similarity] = np.linalg.norm(recall.state - patterns, axis=1).mean()
    claim(f"one-step error at β = 10, noise .02, plain over learned, {where}", source,
          measured=error[mn.Dot()] / error[kernel], least=10.0)  # fmt: skip


def test_features_as_patterns_and_patterns_as_values_descend_an_energy() -> None:
    patterns = alike()
    features = mn.learned_kernel(patterns).features
    memory = mn.modern_hopfield(10.0)
    memory.store(patterns @ features.T, values=patterns)
    cues = patterns + 0.02 * np.random.default_rng(1).normal(size=patterns.shape)
    recall = memory.recall(cues @ features.T, trace=True)
    assert (np.diff(recall.trace.energies, axis=0) <= 1e-9).all()
    once = mn.AssociativeMemory(mn.Bilinear(features), mn.Softmax(10.0), mn.Real())
    once.store(patterns)
    step = memory.recall(cues @ features.T, max_steps=1).state
    np.testing.assert_allclose(step, once.recall(cues).state @ features.T, rtol=1e-9, atol=1e-12)


def test_gradients_reach_the_features() -> None:
    torch = pytest.importorskip("torch")
    features = torch.eye(3, dtype=torch.float64, requires_grad=True)
    memory = mn.AssociativeMemory(mn.Bilinear(features), mn.Softmax(4.0), mn.Real())
    memory.store(torch.eye(3, dtype=torch.float64))
    memory.recall(torch.tensor([1.0, 0.2, 0.0], dtype=torch.float64)).state[0].backward()
    assert features.grad.abs().sum() > 0


def test_a_kernel_has_no_energy_and_makes_one_readout() -> None:
    memory = mn.AssociativeMemory(mn.Bilinear(np.eye(3)), mn.Softmax(4.0), mn.Real())
    memory.store(np.eye(3))
    recall = memory.recall([1.0, 0.2, 0.0], known=np.array([True, True, False]))
    assert recall.outcome is mn.Outcome.ONE_STEP
    assert recall.energy is None


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mn.Bilinear([1.0]), "features must be an array"),
        (lambda: mn.learned_kernel(np.ones((1, 3))), "must be two at least"),
        (lambda: mn.learned_kernel(np.eye(3) * [1, 1, 0]), "none all 0"),
        (lambda: mn.learned_kernel(np.eye(3), rate=0), "rate must be a finite number > 0"),
        (lambda: mn.learned_kernel(np.eye(3), steps=0), "steps must be a whole number"),
        (lambda: mn.learned_kernel([[1.0, np.nan], [0, 1]]), "patterns must be finite"),
        (lambda: mn.Bilinear(np.eye(3)).scores(np.ones(2), np.ones((1, 2))), "must have N = 3"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence: str) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
