"""Which way patterns are read: kernels for the kinds that they know, array code for all others."""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.readout.fast_path import NO_FAST_PATH
from mnemonist.readout.packed import PackedKernels
from mnemonist.readout.softmax import SoftmaxKernels


class Halved(mn.Dot):
    """h = ½ ξ·x."""

    def scores(self, state, rows, **masks):
        return super().scores(state, rows, **masks) / 2


class Doubled(mn.Softmax):
    """Softmax by another name."""


def fast_path(*parts, rows):
    memory = mn.AssociativeMemory(*parts)
    memory.store(rows)
    return memory.landscape.reader.fast


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((mn.Dot(), mn.Softmax(1.0), mn.Real()), SoftmaxKernels),
        ((mn.Euclidean(), mn.Softmax(1.0), mn.Real()), SoftmaxKernels),
        ((mn.Dot(), mn.Softmax(1.0), mn.Sphere()), SoftmaxKernels),
        ((mn.Dot(), mn.Power(3), mn.Binary()), PackedKernels),
        ((mn.Dot(), mn.Entmax(1.5, 1.0), mn.Real()), type(NO_FAST_PATH)),
        ((mn.Manhattan(), mn.Softmax(1.0), mn.Real()), type(NO_FAST_PATH)),
        ((Halved(), mn.Softmax(1.0), mn.Real()), type(NO_FAST_PATH)),
        ((mn.Dot(), Doubled(1.0), mn.Real()), type(NO_FAST_PATH)),
    ],
    ids=lambda x: " ".join(map(repr, x)) if isinstance(x, tuple) else x.__name__,
)
def test_a_fast_path_is_chosen_by_what_it_knows(rng, parts, expected) -> None:
    assert type(fast_path(*parts, rows=rng.choice([-1.0, 1.0], size=(5, 8)))) is expected


@pytest.mark.parametrize("count", [20, 20_000], ids=["few", "many"])
def test_a_similarity_of_one_s_own_is_what_is_computed(rng, count) -> None:
    rows, cues = rng.normal(size=(count, 16)), rng.normal(size=(2, 16))
    recalls = []
    for similarity, beta in ((mn.Dot(), 1.0), (Halved(), 2.0)):
        memory = mn.AssociativeMemory(similarity, mn.Softmax(beta), mn.Real())
        memory.store(rows)
        recalls.append(memory.recall(cues, max_steps=1))
    np.testing.assert_allclose(recalls[1].state, recalls[0].state, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(recalls[1].top.weights, recalls[0].top.weights, rtol=1e-9)


@pytest.mark.parametrize("neurons", [mn.Binary(), mn.Categorical(4, 4), mn.Sphere()], ids=repr)
def test_neurons_that_need_the_dot_similarity_refuse_one_that_is_only_derived_from_it(neurons) -> None:
    with pytest.raises(mn.errors.IllegalCombination, match="needs the dot similarity"):
        mn.AssociativeMemory(Halved(), mn.Softmax(1.0), neurons)


def test_so_do_columns() -> None:
    with pytest.raises(mn.errors.IllegalCombination, match="similarity must be"):
        mn.Columns(mn.Real(), 2, similarity=Halved())
