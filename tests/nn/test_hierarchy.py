"""Hierarchies: one energy, which never rises; two layers are the models A, B and C; any graph of layers."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from torch import nn

import mnemonist as mn
from mnemonist.core.layer_norm import LayerNorm
from mnemonist.core.logistic import Logistic
from mnemonist.nn import Hierarchy, InputLayer, NeuronLayer
from mnemonist.nn.synapses import Attention, Bias, Convolution, Dense, Hopfield, Pooling

seeds = st.integers(0, 2**32 - 1)
F64 = torch.float64


def random_state(graph: Hierarchy, *leading: int, seed: int = 0, size: float = 1.5) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        name: size
        * torch.randn(*leading, *(3 if n is None else n for n in layer.shape), generator=generator, dtype=F64)
        for name, layer in graph.layers.items()
    }


def chain() -> Hierarchy:
    """Three layers in a chain, with a bias."""
    layers = {
        "low": NeuronLayer(mn.Graded(2.0), 6),
        "middle": NeuronLayer(Logistic(1.5), 5, tau=0.5),
        "high": NeuronLayer(mn.Softmax(3.0), 4, tau=0.25),
    }
    return Hierarchy(layers, [(Dense(6, 5), ("low", "middle")), (Dense(5, 4), ("middle", "high")), (Bias(6), "low")])


def ring() -> Hierarchy:
    """Every layer with every other, a layer with itself, two synapses between two, one over three."""
    layers = {
        "a": NeuronLayer(mn.Real(), 4),
        "b": NeuronLayer(mn.Graded(1.0), 3, tau=2.0),
        "c": NeuronLayer(mn.Sphere(), 5, tau=0.5),
    }
    joins = [
        (Dense(4, 3), ("a", "b")), (Dense(3, 5), ("b", "c")), (Dense(5, 4), ("c", "a")), (Dense(3, 3), ("b", "b")),
        (Dense(3, 4), ("b", "a")), (Dense(4, 3, 5), ("a", "b", "c")), (Hopfield(3, 6, mn.RectifiedPower(2)), "b"),
    ]  # fmt: skip
    return Hierarchy(layers, joins)


def maps() -> Hierarchy:
    """Feature maps, a convolution, both kinds of pooling, channels that compete, and a vector above them."""
    layers = {
        "image": NeuronLayer(mn.Real(), (1, 8, 8)),
        "features": NeuronLayer(mn.Softmax(2.0), (3, 4, 4), axis=-3),
        "mean": NeuronLayer(mn.Graded(1.0), (3, 2, 2), tau=0.3),
        "most": NeuronLayer(LayerNorm(), (3, 2, 2), axis=None),
    }
    joins = [
        (Convolution(1, 3, 3, stride=2, padding=1), ("image", "features")),
        (Pooling(2), ("features", "mean")), (Pooling(2, beta=4.0), ("features", "most")),
    ]  # fmt: skip
    return Hierarchy(layers, joins)


def tokens() -> Hierarchy:
    """Tokens of which some are absent, under attention and a memory."""
    layers = {"tokens": NeuronLayer(LayerNorm(), (None, 6), decay=0.0), "present": InputLayer((None,))}
    joins = [(Attention(6, heads=2, head_width=3), ("tokens", "present")), (Hopfield(6, 8), ("tokens",))]
    return Hierarchy(layers, joins)


GRAPHS = {"chain": chain, "ring": ring, "maps": maps, "tokens": tokens}


def built(name: str, seed: int = 0) -> Hierarchy:
    torch.manual_seed(seed)
    return GRAPHS[name]().double()


# --- one energy ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GRAPHS)
def test_the_energy_is_the_sum_of_its_parts_and_its_couplings_give_the_velocity(name, claim) -> None:
    graph = built(name)
    state = random_state(graph, 2, 3)
    with torch.no_grad():
        parts, energy, velocity = graph.energies(state), graph.energy(state), graph.velocity(state)
    assert set(parts) == {*graph.moving, *graph.labels}
    g = {layer: x.detach().requires_grad_() for layer, x in graph.activations(state).items()}
    coupled = sum(
        synapse(*(g[each] for each in names)).sum() for synapse, names in zip(graph.synapses, graph.joins, strict=True)
    )
    slopes = dict(zip(g, torch.autograd.grad(coupled, list(g.values()), allow_unused=True), strict=True))
    worst = float((energy - sum(parts.values())).abs().max())
    for each in graph.moving:
        layer = graph.layers[each]
        legendre = layer.decay * ((state[each] * g[each]).flatten(2).sum(-1) - _lagrangian(layer, state[each]))
        worst = max(worst, float((parts[each] - legendre).detach().abs().max()))
        right = -slopes[each] - layer.decay * state[each]
        worst = max(worst, float((layer.tau * velocity[each] - right).abs().max()))
    claim(f"energy = Σ parts, −∂E/∂g = velocity: {name}", "Krotov 2021", measured=worst, most=1e-10)


def _lagrangian(layer, x):
    """Return L (2, 3), of the neurons that the Lagrangian reads one after another."""
    if layer.axis is None:
        return layer.lagrangian.lagrangian(x.flatten(2))
    value = layer.lagrangian.lagrangian(x.movedim(layer.axis, -1))
    return value.flatten(2).sum(-1) if value.ndim > 2 else value


@pytest.mark.parametrize("name", GRAPHS)
@for_all(seed=seeds, dt=st.floats(0.01, 1.0), hold=st.booleans())
@settings(max_examples=12)
@torch.no_grad()
def test_no_sweep_raises_the_energy(name, seed, dt, hold) -> None:
    graph = built(name, seed)
    state = random_state(graph, 3, seed=seed % 1000, size=3.0)
    largest = max(graph.layers[each].tau for each in graph.moving)
    held = list(graph.moving[:1]) if hold and name != "tokens" else None
    found = graph.descend(state, held=held, steps=8, dt=dt * largest, tol=0.0, trace=True)
    size = 1 + found.energies.abs().amax() + max(float(x.square().sum()) for x in found.state.values())
    assert (found.energies.diff(dim=0) <= 1e-10 * size).all()
    torch.testing.assert_close(found.energies[-1], graph.energy(found.state))
    assert found.energies.shape == (9, 3)
    assert (found.energies[-1] < found.energies[0]).all()


def test_a_step_that_would_climb_is_halved_for_the_sample_that_takes_it() -> None:
    """E = ½x² + 5x²: the pull on x is −10x, and a whole step ends at −10x."""
    graph = Hierarchy({"x": NeuronLayer(mn.Real(), 1)}, [(Dense(1, 1, weight=torch.tensor([[-5.0]])), ("x", "x"))])
    state = {"x": torch.tensor([[2.0], [0.0], [-1.0]])}
    plain = graph.descend(state, steps=1, halvings=0, tol=0.0)
    assert plain.state["x"].flatten().tolist() == [-20.0, 0.0, 10.0]
    found = graph.descend(state, steps=1, tol=0.0, trace=True)
    assert found.state["x"].flatten().tolist() == [-0.75, 0.0, 0.375]  # an eighth of it
    assert (found.energies.diff(dim=0) <= 0).all()
    assert graph.descend(state).state["x"].abs().max() < 1e-4
    assert torch.equal(
        graph.descend(state, steps=1, halvings=2, tol=0.0).state["x"], state["x"]
    )  # a quarter climbs too


@torch.no_grad()
def test_three_layers_in_euler_steps_never_climb(claim) -> None:
    """The experiment of 40000 steps, shortened: 10–8–6, tanh, tanh, softmax, τ 1, ½, ¼."""
    torch.manual_seed(1)
    layers = {
        "one": NeuronLayer(mn.Graded(1.0), 10), "two": NeuronLayer(mn.Graded(1.0), 8, tau=0.5),
        "three": NeuronLayer(mn.Softmax(1.0), 6, tau=0.25),
    }  # fmt: skip
    graph = Hierarchy(layers, [(Dense(10, 8), ("one", "two")), (Dense(8, 6), ("two", "three"))]).double()
    state = random_state(graph, 50, size=3.0)
    found = graph.descend(state, steps=400, dt=0.02, tol=0.0, trace=True)
    claim(
        "E of a hierarchy 10–8–6 never rises",
        "Krotov 2021",
        measured=float(found.energies.diff(dim=0).max()),
        most=1e-9,
    )
    rate = (found.energies[1] - found.energies[0]) / 0.02
    velocity, expected = graph.velocity(state), torch.zeros(50, dtype=F64)
    small = graph.descend(state, steps=1, dt=1e-6, tol=0.0, trace=True).energies
    for name, layer in graph.layers.items():
        hessian = torch.func.vmap(torch.func.jacrev(layer.activation))(state[name])
        expected -= layer.tau * torch.einsum("bi,bij,bj->b", velocity[name], hessian, velocity[name])
    torch.testing.assert_close((small[1] - small[0]) / 1e-6, expected, rtol=1e-3, atol=1e-3)
    assert (rate < 0).all()


# --- the models of the family ----------------------------------------------------------------------------------------

MODELS = {
    "A": (mn.RectifiedPower(3, 3.0), mn.Graded(2.0), {"bias": 0.3}),
    "A, exponential": (mn.Exponential(0.3), mn.Graded(2.0), {}),
    "B": (mn.Softmax(2.0), mn.Real(), {"bias": -0.2}),
    "B, sparse": (mn.Entmax(1.5, 2.0), mn.Real(), {}),
    "C": (mn.Power(4), mn.Sphere(), {"decay": 0.5}),
    "Hopfield 1984": (mn.Power(2, 2**0.5), mn.Graded(0.5), {}),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("tau_h", [0.1, 3.0])
def test_two_layers_are_the_models_of_the_family(name, tau_h, claim) -> None:
    separation, neurons, more = MODELS[name]
    rng = np.random.default_rng(7)
    oracle = mn.LayeredMemory(separation, neurons, tau_f=2.0, tau_h=tau_h, **more)
    oracle.store(rng.uniform(-1, 1, size=(5, 9)))
    two, patterns = oracle.landscape, torch.tensor(oracle.patterns)
    bias = Bias(9).double()
    nn.init.constant_(bias.bias, more.get("bias", 0.0))
    layers = {
        "h": NeuronLayer(separation, 5, tau=tau_h),
        "v": NeuronLayer(neurons, 9, tau=2.0, decay=more.get("decay", 1.0)),
    }
    graph = Hierarchy(layers, [(Dense(5, 9, weight=patterns), ("h", "v")), (bias, "v")])
    whole = rng.normal(size=(4, 14))
    state = {"v": torch.tensor(whole[:, :9]), "h": torch.tensor(whole[:, 9:])}
    joined = lambda parts: torch.cat([parts["v"], parts["h"]], dim=-1).detach().numpy()  # noqa: E731
    worst = float(np.abs(graph.energy(state).detach().numpy() - two.energy(whole)).max())
    worst = max(worst, float(np.abs(joined(graph.velocity(state)) - two.velocity(whole)).max()))
    for dt in (0.1, 1.3, 2.0):
        step = graph.descend(state, steps=1, dt=dt, tol=0.0).state
        worst = max(worst, float(np.abs(joined(step) - two.flow(whole, np.ones((4, 14), bool), dt)).max()))
    claim(
        f"a hierarchy of two layers is model {name}: E, velocity, a step",
        "Krotov & Hopfield 2021",
        measured=worst,
        most=1e-10,
    )


def test_a_hopfield_synapse_is_a_layer_of_memory_neurons_that_follow_at_once() -> None:
    torch.manual_seed(0)
    patterns = torch.randn(6, 4, dtype=F64)
    features = {"x": NeuronLayer(mn.Graded(1.0), 4)}
    one = Hierarchy(features, [(Hopfield(4, 6, mn.Softmax(2.0), patterns=patterns), "x")])
    memories = {"h": NeuronLayer(mn.Softmax(2.0), 6, tau=0.0)}
    two = Hierarchy(memories | features, [(Dense(6, 4, weight=patterns), ("h", "x"))])
    start = {"x": torch.randn(3, 4, dtype=F64)}
    after = two.descend(two.start(start, follow="h"), steps=3, dt=0.4, tol=0.0)
    torch.testing.assert_close(after.state["x"], one.descend(start, steps=3, dt=0.4, tol=0.0).state["x"])
    followed = two.start({"x": after.state["x"]}, follow="h")
    torch.testing.assert_close(two.energy(followed), one.energy({"x": after.state["x"]}))
    with pytest.raises(mn.MnemonistError, match="tau must be > 0; got 0 of 'h'"):
        two.velocity(followed)


# --- descents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["chain", "ring", "maps"])
def test_a_sample_rests_where_nothing_pulls_and_does_not_see_its_batch_mates(name) -> None:
    graph = built(name, 2)
    state = random_state(graph, 4, seed=5)
    state = {
        each: x * torch.tensor([0.01, 1, 3, 0.3], dtype=F64).reshape(4, *[1] * (x.ndim - 1))
        for each, x in state.items()
    }
    found = graph.descend(state, steps=3000, tol=1e-8)
    assert found.rests.all()
    assert len(set(found.steps.tolist())) > 1
    for each, velocity in graph.velocity(found.state).items():
        assert velocity.abs().max() < 1e-5 * (1 + found.state[each].abs().max())
    for i in range(4):
        alone = graph.descend({each: x[i] for each, x in state.items()}, steps=3000, tol=1e-8)
        assert alone.steps == found.steps[i]
        for each, x in alone.state.items():
            torch.testing.assert_close(x, found.state[each][i], rtol=1e-9, atol=1e-9)
    again = graph.descend(found.state, steps=5, tol=1e-7)
    assert (again.steps == 1).all()


def test_what_is_held_stays_and_the_rest_moves() -> None:
    graph = built("chain")
    state = random_state(graph, 3)
    mask = torch.tensor([True, True, True, False, False, False])
    found = graph.descend(state, held={"low": mask, "high": True, "middle": False})
    assert torch.equal(found.state["low"][:, :3], state["low"][:, :3])
    assert torch.equal(found.state["high"], state["high"])
    assert (found.state["low"][:, 3:] != state["low"][:, 3:]).all()
    assert (found.state["middle"] != state["middle"]).any()
    for held in ("low", ["low"], {"low": torch.ones(3, 6, dtype=torch.bool)}):
        assert torch.equal(graph.descend(state, held=held).state["low"], state["low"])
    everything = graph.descend(state, held=graph.moving)
    assert everything.rests.all()
    assert (everything.steps == 1).all()


def test_a_start_takes_currents_or_activations_and_the_rest_is_0_or_follows() -> None:
    graph = built("chain")
    g = torch.rand(2, 6, dtype=F64) - 0.5
    state = graph.start(activations={"low": g})
    torch.testing.assert_close(graph.activations(state)["low"], g)
    assert not state["middle"].any()
    assert state["high"].shape == (2, 4)
    fed = graph.start(activations={"low": g}, follow=("middle", "high"))
    middle = g @ graph.synapses[0].weight + 0.5 * graph.synapses[1].weight.sum(-1) * 0.5  # softmax of 0 is ¼ each
    torch.testing.assert_close(fed["middle"], middle)
    torch.testing.assert_close(fed["high"], torch.sigmoid(1.5 * middle) @ graph.synapses[1].weight)
    assert graph.start()["low"].shape == (6,)


def test_a_batch_of_nothing_and_one_sample_alone_are_fine() -> None:
    for name in GRAPHS:
        graph = built(name)
        for leading in ((), (0,), (2, 2)):
            found = graph.descend(random_state(graph, *leading), steps=2)
            assert found.energy.shape == found.rests.shape == found.steps.shape == leading


def test_what_is_passed_in_is_not_written_to() -> None:
    graph = built("ring")
    state = random_state(graph, 2)
    before = {name: x.clone() for name, x in state.items()}
    graph.descend(state)
    assert all(torch.equal(x, before[name]) for name, x in state.items())


# --- training --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GRAPHS)
def test_gradients_flow_through_a_descent_to_all_weights(name) -> None:
    graph = built(name, 4)
    for label, parameter in graph.named_parameters():
        nn.init.normal_(parameter, std=0.3) if "bias" in label else None
    state = random_state(graph, 2)
    found = graph.descend(state, steps=3, tol=0.0)
    loss = sum(g.square().sum() for g in found.activations.values()) + found.energy.sum()
    loss.backward()
    for label, parameter in graph.named_parameters():
        assert parameter.grad is not None, label
        assert parameter.grad.abs().max() > 0, label


def test_the_gradient_of_a_descent_is_that_of_differences() -> None:
    graph = built("chain", 6)
    start = random_state(graph, 2)

    def loss(weight: torch.Tensor) -> torch.Tensor:
        out = torch.func.functional_call(
            graph, {"synapses.1.weight": weight}, (start,), {"steps": 3, "dt": 0.4, "tol": 0.0}
        )
        return out.activations["low"].sum() + out.energy.sum()

    weight = graph.synapses[1].weight.detach().requires_grad_()
    assert torch.autograd.gradcheck(loss, weight)


def test_numbers_of_a_lagrangian_that_are_parameters_are_learned() -> None:
    beta = nn.Parameter(torch.tensor(2.0, dtype=F64))
    layers = {"x": NeuronLayer(mn.Real(), 3), "h": NeuronLayer(mn.Softmax(beta), 2)}
    graph = Hierarchy(layers, [(Dense(2, 3, weight=torch.eye(3, dtype=F64)[:2]), ("h", "x"))])
    assert dict(graph.named_parameters())["layers.h.learned.beta"] is beta
    found = graph.descend(random_state(graph, 2), steps=2, tol=0.0)
    found.activations["x"].square().sum().backward()
    assert beta.grad is not None
    assert beta.grad.abs() > 0
    half = copy.deepcopy(graph)
    with torch.no_grad():
        beta.mul_(4.0)
    state = random_state(graph, 1)
    assert not torch.equal(graph.energy(state), half.energy(state))
    half.load_state_dict(graph.state_dict())
    assert torch.equal(graph.energy(state), half.energy(state))


def test_without_gradients_it_descends_the_same() -> None:
    graph = built("maps")
    state = random_state(graph, 2)
    expected = graph.descend(state, steps=4)
    for quiet in (torch.no_grad, torch.inference_mode):
        with quiet():
            found = graph.descend(state, steps=4)
            assert not found.energy.requires_grad
            torch.testing.assert_close(found.state, {name: x.detach() for name, x in expected.state.items()})


def test_it_compiles_whole() -> None:
    torch.compiler.reset()
    graph = built("chain")
    state = random_state(graph, 2)
    compiled = torch.compile(graph, backend="eager", fullgraph=True)
    expected, found = graph(state, steps=1, tol=0.0), compiled(state, steps=1, tol=0.0)
    torch.testing.assert_close(found.state, expected.state)
    torch.testing.assert_close(found.energy, expected.energy)


def test_velocities_map_over_samples() -> None:
    graph = built("ring")
    state = random_state(graph, 3)
    mapped = torch.func.vmap(lambda *x: graph.velocity(dict(zip(state, x, strict=True))))(*state.values())
    torch.testing.assert_close(mapped, graph.velocity(state), rtol=1e-10, atol=1e-10)


def test_copies_and_files_descend_the_same() -> None:
    for name in GRAPHS:
        graph = built(name)
        state, other = random_state(graph, 2), built(name, 9)
        other.load_state_dict(graph.state_dict())
        for twin in (other, copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):
            torch.testing.assert_close(twin.descend(state, steps=2).state, graph.descend(state, steps=2).state)
            assert repr(twin) == repr(graph)


@torch.no_grad()
def test_single_precision_stays_single() -> None:
    for name in GRAPHS:
        graph = built(name).float()
        state = {each: x.float() for each, x in random_state(graph, 2).items()}
        found = graph.descend(state, steps=30, trace=True)
        assert found.energy.dtype == torch.float32
        assert all(x.dtype == torch.float32 for x in found.state.values())
        size = 1 + found.energies.abs().amax() + max(float(x.square().sum()) for x in found.state.values())
        assert (found.energies.diff(dim=0) <= 1e-5 * size).all()


# --- more than a chain -----------------------------------------------------------------------------------------------


def test_association_over_a_given_graph_of_memories() -> None:
    """y = Σ ξ_μ A_μν f(h_ν), h = ξ x: what is recalled is not the memory that is meant, but its neighbours."""
    torch.manual_seed(0)
    patterns = torch.randn(5, 12, dtype=F64).sign()
    follows = torch.eye(5, dtype=F64).roll(1, dims=0)  # A: from ν to ν + 1
    layers = {
        "cue": NeuronLayer(mn.Real(), 12), "meant": NeuronLayer(mn.Softmax(1.0), 5),
        "next": NeuronLayer(mn.Softmax(1.0), 5), "answer": NeuronLayer(mn.Real(), 12),
    }  # fmt: skip
    joins = [
        (Dense(5, 12, weight=patterns), ("meant", "cue")),
        (Dense(5, 5, weight=follows * 5), ("next", "meant")),
        (Dense(5, 12, weight=patterns), ("next", "answer")),
    ]
    graph = Hierarchy(layers, joins)
    cues = patterns + 0.3 * torch.randn(5, 12, dtype=F64)
    f = torch.softmax(cues @ patterns.T, -1)
    found = graph.descend(graph.start({"cue": cues}, follow=("meant", "next", "answer")), held="cue")
    torch.testing.assert_close(found.activations["answer"], patterns.roll(-1, dims=0), atol=0.05, rtol=0)
    # read once, with neighbours as real neurons, it is the formula itself
    once = Hierarchy(
        layers | {"next": NeuronLayer(mn.Real(), 5)},
        [joins[0], (Dense(5, 5, weight=follows), ("next", "meant")), joins[2]],
    )
    zero = {"answer": torch.zeros(5, 12, dtype=F64)}
    start = once.start({"cue": cues, "next": torch.zeros(5, 5, dtype=F64)} | zero, follow="meant")
    step = once.descend(start, held=("cue", "meant"), steps=1)
    torch.testing.assert_close(step.activations["answer"], f @ follows.T @ patterns, rtol=1e-10, atol=1e-10)


def test_a_context_decides_between_memories_that_a_cue_leaves_open() -> None:
    patterns = torch.tensor([[1.0, 1, 1, 1], [1, 1, -1, -1], [-1, 1, 1, -1]], dtype=F64)
    layers = {
        "cue": NeuronLayer(mn.Real(), 4), "memories": NeuronLayer(mn.Softmax(4.0), 3), "context": InputLayer(2),
    }  # fmt: skip
    said = torch.tensor([[1.0, 0], [0, 1], [0, 0]], dtype=F64)
    graph = Hierarchy(
        layers,
        [(Dense(3, 4, weight=patterns), ("memories", "cue")), (Dense(3, 2, weight=said), ("memories", "context"))],
    )
    context, cue = torch.eye(2, dtype=F64), torch.tensor([1.0, 1, 0, 0], dtype=F64).expand(2, 4)
    found = graph.descend(graph.start({"cue": cue, "context": context}, follow="memories"))
    torch.testing.assert_close(found.activations["cue"], patterns[:2], atol=0.01, rtol=0)


# --- what makes no sense ---------------------------------------------------------------------------------------------


class PerBatch(nn.Module):
    def forward(self, g):
        return g.sum()


LAYERS = {"a": NeuronLayer(mn.Real(), 3), "b": NeuronLayer(mn.Softmax(1.0), 2), "c": InputLayer(2)}


def small() -> Hierarchy:
    return Hierarchy(LAYERS, [(Dense(3, 2), ("a", "b")), (Bias(2), "c")])


ZEROS = {"a": torch.zeros(4, 3), "b": torch.zeros(4, 2), "c": torch.zeros(4, 2)}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Hierarchy({}, []), "layers must be a dict of layers by name"),
        (lambda: Hierarchy({"a.b": LAYERS["a"]}, []), "words without a point, and none of a dict's own; got 'a.b'"),
        (lambda: Hierarchy({"keys": LAYERS["a"]}, []), "got 'keys'. Choose another"),
        (lambda: Hierarchy({"a": mn.Real()}, []), "layer 'a' must be a NeuronLayer or an InputLayer; got Real"),
        (lambda: Hierarchy(LAYERS, [Dense(3, 2)]), "a pair of a module and names; got Dense"),
        (lambda: Hierarchy(LAYERS, [(Dense(3, 2), ("a", "d"))]), "Dense must join layers that there are; got 'd'"),
        (lambda: Hierarchy(LAYERS, [(Dense(3, 4), ("a", "b"))]), r"Dense\(a, b\): activations of layer 2 must"),
        (lambda: Hierarchy(LAYERS, [(nn.Linear(5, 1), "a")]), r"Linear\(a\): must take activations of \(3,\); it says"),
        (lambda: Hierarchy(LAYERS, [(PerBatch(), "a")]), "must return an energy for each sample"),
        (lambda: NeuronLayer(mn.Binary(), 3), "lagrangian must be a Lagrangian; got Binary"),
        (lambda: NeuronLayer(mn.Softmax("auto"), 3), "beta of Softmax must be a number; got 'auto'"),
        (lambda: NeuronLayer(mn.Real(), (3, 0)), r"shape must be a whole number >= 1, or a tuple"),
        (lambda: NeuronLayer(mn.Real(), 3, tau=-1.0), "tau must be a finite number >= 0"),
        (lambda: NeuronLayer(mn.Real(), (3, 2), axis=-3), "axis must be a whole number from -2 to -1"),
        (lambda: small().energy({"a": ZEROS["a"]}), "state must have all layers; it lacks 'b'"),
        (lambda: small().energy(ZEROS | {"d": ZEROS["a"]}), "must be of layers; got 'd'. Layers are 'a', 'b'"),
        (lambda: small().energy(ZEROS["a"]), "state must be a dict of currents by layer"),
        (lambda: small().energy(ZEROS | {"a": torch.zeros(4, 5)}), r"layer 'a' must be \(..., 3\); got shape \(4, 5\)"),
        (lambda: small().energy(ZEROS | {"a": torch.zeros(3)}), r"leading axes; got \(\) of 'a' and \(4,\) of 'b'"),
        (lambda: small().energy(ZEROS | {"a": torch.zeros(4, 3).long()}), "layer 'a' must be a tensor of floats"),
        (lambda: small().energy(ZEROS | {"a": torch.zeros(4, 3).double()}), "'a' must be of torch.float32, as"),
        (lambda: small().start({"a": torch.full((3,), torch.nan)}), "layer 'a' must be finite; got NaN"),
        (lambda: small().start({"a": ZEROS["a"]}), "layer 'c' must be given, for nothing moves it; got 'a'"),
        (lambda: small().start(ZEROS, follow="a"), "follow must name layers that were not given; got 'a'"),
        (lambda: small().start(activations={"b": ZEROS["b"]}), "Softmax does not, for several currents have the same"),
        (lambda: small().start(ZEROS, activations={"a": ZEROS["a"]}), "layer 'a' must be given once"),
        (lambda: tokens().start({"present": torch.ones(3)}), "'tokens' must be given, for its size may be any"),
        (lambda: small().start("a"), "currents must be a dict of tensors by layer; got 'a'"),
        (lambda: small().start(ZEROS, follow=3), "follow must be names of layers; got 3"),
        (lambda: Hierarchy(LAYERS, [(Bias(3), 3)]), "names of a synapse must be names of layers; got 3"),
        (lambda: small().descend(ZEROS, dt=1.5), "dt must be at most 1, the largest tau; got 1.5"),
        (lambda: small().descend(ZEROS, dt=0.0), "dt must be a finite number > 0"),
        (lambda: small().descend(ZEROS, steps=-1), "steps must be a whole number >= 0"),
        (lambda: small().descend(ZEROS, tol=-1.0), "tol must be a finite number >= 0"),
        (lambda: small().descend(ZEROS, trace=1), "trace must be True or False"),
        (lambda: small().descend(ZEROS, held="d"), "names must be of layers; got 'd'"),
        (lambda: small().descend(ZEROS, held=3), "held must be names, or a dict of masks by name; got 3"),
        (lambda: small().descend(ZEROS, held={"a": torch.ones(3)}), "held of layer 'a' must be True, False or"),
        (lambda: small().descend(ZEROS, held={"a": torch.ones(5).bool()}), r"held of layer 'a' must fit \(4, 3\)"),
        (lambda: small().descend(ZEROS, held={"b": torch.tensor([True, False])}), "which Softmax reads together"),
        (lambda: small().descend(ZEROS | {"a": torch.full((4, 3), torch.nan)}), "layer 'a' must be finite; got NaN"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()


def test_a_state_that_runs_away_is_told() -> None:
    layers = {"a": NeuronLayer(mn.Real(), 2), "b": NeuronLayer(mn.Real(), 2)}
    graph = Hierarchy(layers, [(Dense(2, 2, weight=1e30 * torch.eye(2)), ("a", "b"))])
    with pytest.raises(mn.MnemonistError, match=r"must be finite; got NaN or infinity\. Take smaller weights"):
        graph.descend({"a": torch.ones(2), "b": torch.ones(2)}, steps=10)


def test_synapses_between_the_same_layers_have_names_of_their_own() -> None:
    graph = Hierarchy(LAYERS, [(Dense(3, 2), ("a", "b")), (Dense(3, 2), ("a", "b")), (Dense(2, 3), ("b", "a"))])
    assert graph.labels == ("Dense(a, b)", "Dense(a, b) #2", "Dense(b, a)")
    assert "Dense(a, b) #2" in repr(graph)


def test_a_mask_of_what_is_read_together_may_be_the_same_for_all_of_it() -> None:
    graph = built("maps")
    state = random_state(graph, 2)
    mask = torch.zeros(1, 4, 4, dtype=torch.bool)
    mask[..., :2, :] = True
    found = graph.descend(state, held={"features": mask}, steps=5, trace=True)
    assert torch.equal(found.state["features"][..., :2, :], state["features"][..., :2, :])
    assert (found.energies.diff(dim=0) <= 1e-9).all()
    with pytest.raises(mn.MnemonistError, match="along axis -3, which Softmax reads together"):
        graph.descend(state, held={"features": mask.expand(3, 4, 4) & (torch.arange(3) == 1)[:, None, None]})
