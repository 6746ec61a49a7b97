"""Gradients at rest are those of backpropagation through the descent that led there."""

import pytest
import torch

import mnemonist as mn
from mnemonist.nn import Hierarchy, InputLayer, NeuronLayer, at_rest
from mnemonist.nn.synapses import Bias, Dense

HALF = torch.arange(8) < 4


def graph() -> Hierarchy:
    """Pixels, features, memories, and a context that is given: contracting enough to rest soon."""
    torch.manual_seed(0)
    layers = {
        "pixels": NeuronLayer(mn.Graded(1.0), 8), "features": NeuronLayer(mn.Graded(1.0), 5),
        "memories": NeuronLayer(mn.Softmax(1.0), 4), "context": InputLayer(4),
    }  # fmt: skip
    joins = [
        (Dense(8, 5), ("pixels", "features")), (Dense(5, 4), ("features", "memories")),
        (Dense(4, 4), ("memories", "context")), (Bias(8), "pixels"),
    ]  # fmt: skip
    made = Hierarchy(layers, joins).double()
    with torch.no_grad():
        made.synapses[3].bias.normal_()
    return made


def slopes(made: Hierarchy, *, implicit: bool) -> list[torch.Tensor]:
    """Return the gradient of a loss at rest with respect to weights, the held half of the cue, and the context."""
    torch.manual_seed(1)
    cue, context = torch.randn(3, 8).double().requires_grad_(), torch.randn(3, 4).double().requires_grad_()
    start = made.start({"pixels": torch.where(HALF, cue, 0.0), "context": context}, follow=("features", "memories"))
    if implicit:
        with torch.no_grad():
            found = made.descend(start, held={"pixels": HALF}, steps=400, tol=1e-13)
        assert found.rests.all()
        given = {"pixels": torch.where(HALF, cue, found.state["pixels"]), "context": context}
        state = at_rest(made, found.state | given, held={"pixels": HALF}, tol=1e-12)
        g = made.activations(state)
    else:
        g = made.descend(start, held={"pixels": HALF}, steps=400, tol=0.0).activations
    loss = g["pixels"].square().sum() + g["memories"][:, 0].sum()
    return list(torch.autograd.grad(loss, [*made.parameters(), cue, context]))


def test_gradients_at_rest_are_those_of_the_whole_descent() -> None:
    made = graph()
    for found, expected in zip(slopes(made, implicit=True), slopes(made, implicit=False), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-10)
        assert expected.abs().max() > 1e-4


def test_the_state_is_where_the_descent_ended() -> None:
    made = graph()
    with torch.no_grad():
        found = made.descend(made.start({"context": torch.randn(4).double()}), steps=400)
    state = at_rest(made, found.state)
    for name, x in found.state.items():
        torch.testing.assert_close(state[name], x, rtol=1e-8, atol=1e-8)


def test_without_weights_to_learn_there_is_nothing_to_go_back_to() -> None:
    made = graph().requires_grad_(False)
    state = at_rest(made, made.descend(made.start({"context": torch.zeros(4).double()})).state)
    assert not any(x.requires_grad for x in state.values())
    everything = at_rest(made, state, held=made.moving)
    assert all(torch.equal(everything[name], x) for name, x in state.items())


def test_a_state_that_does_not_rest_is_told() -> None:
    made = graph()
    with pytest.raises(mn.MnemonistError, match=r"at_rest: state must rest; one more sweep moves layer '.*' by"):
        at_rest(made, made.start({"context": torch.zeros(4).double()}))


def test_rest_that_sweeps_do_not_come_back_to_is_told_when_going_back() -> None:
    layers = {name: NeuronLayer(mn.Graded(1.0), 2) for name in ("x", "y")}
    made = Hierarchy(layers, [(Dense(2, 2, weight=2 * torch.eye(2)), ("x", "y")), (Bias(2), "x")]).double()
    state = at_rest(made, made.start({}), steps=50)  # the top of a hill
    with pytest.raises(mn.MnemonistError, match="at_rest: state must rest where sweeps converge; after 50 steps back"):
        state["x"].sum().backward()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda made: at_rest(made, {}), "at_rest: state must have all layers; it lacks 'pixels'"),
        (lambda made: at_rest(made, {}, steps=0), "steps must be a whole number >= 1"),
        (lambda made: at_rest(made, {}, tol=0.0), "tol must be a finite number > 0"),
        (lambda made: at_rest(made, made.start({"context": torch.zeros(4)}), held="all"), "must be of"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call(graph())
