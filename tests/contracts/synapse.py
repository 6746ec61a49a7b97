"""What every synapse promises: an energy for each sample, whose negative gradient is the pull written out."""

import copy
import pickle

import numpy as np
import pytest
import torch
from torch import Tensor

from mnemonist import MnemonistError, Real
from mnemonist.nn import Hierarchy, NeuronLayer
from mnemonist.nn.synapses import Synapse


class SynapseContract:
    """Subclass it with `build`, the `shapes` of the layers it joins and the `pulls` on each, written the long way."""

    shapes: tuple[tuple[int, ...], ...]

    def build(self) -> Synapse:
        raise NotImplementedError

    def pulls(self, synapse: Synapse, *activations: Tensor) -> tuple[Tensor, ...]:
        """Return −∂E/∂g of each layer, by the explicit formula."""
        raise NotImplementedError

    @pytest.fixture
    def synapse(self) -> Synapse:
        torch.manual_seed(3)
        synapse = self.build().double()
        with torch.no_grad():
            for parameter in synapse.parameters():
                parameter.add_(0.3 * torch.randn_like(parameter))  # none is 0
        return synapse

    def given(self, *leading: int) -> list[Tensor]:
        generator = torch.Generator().manual_seed(sum(leading) + 1)
        return [torch.randn(*leading, *shape, generator=generator, dtype=torch.float64) for shape in self.shapes]

    def test_an_energy_is_a_number_for_each_sample(self, synapse) -> None:
        for leading in ((), (5,), (2, 3), (0,)):
            assert synapse(*self.given(*leading)).shape == leading

    def test_the_negative_gradient_is_the_formula_written_out(self, synapse) -> None:
        g = [x.requires_grad_() for x in self.given(4)]
        found = torch.autograd.grad(-synapse(*g).sum(), g, allow_unused=True, materialize_grads=True)
        pulls = self.pulls(synapse, *g)
        for pull, expected in zip(found, pulls, strict=True):
            torch.testing.assert_close(pull, expected, rtol=1e-10, atol=1e-10)
        assert pulls[0].abs().max() > 1e-3

    def test_a_sample_does_not_depend_on_its_batch_mates(self, synapse) -> None:
        g = self.given(4)
        alone = torch.stack([synapse(*(x[i] for x in g)) for i in range(4)])
        torch.testing.assert_close(synapse(*g), alone, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(torch.func.vmap(synapse)(*g), alone, rtol=1e-12, atol=1e-12)
        nested = [x.reshape(2, 2, *x.shape[1:]) for x in g]
        torch.testing.assert_close(synapse(*nested).flatten(), alone, rtol=1e-12, atol=1e-12)

    @pytest.mark.slow
    def test_it_compiles_whole_and_its_gradient_with_it(self, synapse) -> None:
        def pull(*g: Tensor) -> tuple[Tensor, ...]:
            return torch.func.grad(lambda *h: -synapse(*h).sum(), argnums=tuple(range(len(g))))(*g)

        torch.compiler.reset()
        g = self.given(3)
        for found, expected in zip(torch.compile(pull, backend="eager", fullgraph=True)(*g), pull(*g), strict=True):
            torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)

    def test_what_is_concave_lies_above_its_chords_in_each_layer(self, synapse) -> None:
        one, other = self.given(9), self.given(10)
        below = False
        for i in range(len(one)):
            ends = [[*one[:i], end[i][:9], *one[i + 1 :]] for end in (one, other)]
            middle = [*one[:i], (one[i] + other[i][:9]) / 2, *one[i + 1 :]]
            below |= bool((synapse(*middle) < (synapse(*ends[0]) + synapse(*ends[1])) / 2 - 1e-9).any())
        assert not (synapse.concave and below)

    def test_weights_are_differentiated_through_the_pull(self, synapse) -> None:
        weights = [parameter for parameter in synapse.parameters() if parameter.requires_grad]
        pull = torch.func.grad(lambda g: synapse(g, *self.given(2)[1:]).sum())(self.given(2)[0])
        slopes = torch.autograd.grad(pull.square().sum(), weights, allow_unused=True) if weights else ()
        assert all(slope is None or torch.isfinite(slope).all() for slope in slopes)
        assert not weights or any(slope is not None and slope.abs().max() > 0 for slope in slopes)

    def test_copies_and_files_give_the_same(self, synapse) -> None:
        other = self.build().double()
        other.load_state_dict(synapse.state_dict())
        for twin in (other, copy.deepcopy(synapse), pickle.loads(pickle.dumps(synapse))):
            assert torch.equal(twin(*self.given(3)), synapse(*self.given(3)))
            assert repr(twin) == repr(synapse)

    def test_in_a_hierarchy_it_is_one_part_of_the_energy(self, synapse) -> None:
        names = tuple(f"layer{i}" for i in range(len(self.shapes)))
        layers = {name: NeuronLayer(Real(), shape) for name, shape in zip(names, self.shapes, strict=True)}
        graph = Hierarchy(layers, [(synapse, names)])
        state = dict(zip(names, self.given(3), strict=True))
        (label,) = graph.labels
        torch.testing.assert_close(graph.energies(state)[label], synapse(*self.given(3)))
        pulls = self.pulls(synapse, *self.given(3))
        for name, pull in zip(names, pulls, strict=True):
            torch.testing.assert_close(graph.velocity(state)[name], pull - state[name], rtol=1e-10, atol=1e-10)

    def test_layers_of_another_shape_are_refused_in_a_sentence(self, synapse) -> None:
        for i in range(len(self.shapes)):
            wrong = [np.add(shape, 1 if j == i else 0).tolist() for j, shape in enumerate(self.shapes)]
            with pytest.raises(MnemonistError, match=r"must .*; got .*\. [A-Z]"):
                synapse(*(torch.zeros(2, *shape, dtype=torch.float64) for shape in wrong))
        with pytest.raises(MnemonistError):
            synapse(*self.given(2), *self.given(2), *self.given(2))
