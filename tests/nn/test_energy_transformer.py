"""The Energy Transformer: its energy falls, its equations are the paper's, and absent tokens are not seen."""

import copy
import math
import pickle

import pytest
import torch

import mnemonist as mn
from mnemonist.nn import EnergyTransformer

F64 = torch.float64


def block(**options) -> EnergyTransformer:
    torch.manual_seed(0)
    made = EnergyTransformer(6, heads=2, head_width=3, memories=8, **options).double()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return made


def tokens(*leading: int, count: int = 5) -> torch.Tensor:
    return torch.randn(*leading, count, 6, generator=torch.Generator().manual_seed(3), dtype=F64)


def written_out(made: EnergyTransformer, x: torch.Tensor) -> torch.Tensor:
    """Return the energy of tokens (T, D), equations 1 to 5 of the paper with loops for sums."""
    attention, memory = made.hierarchy.synapses
    norm = made.hierarchy.layers["tokens"].lagrangian
    g = (
        norm.gamma * (x - x.mean(-1, keepdim=True)) / (x.var(-1, correction=0, keepdim=True) + norm.eps).sqrt()
        + norm.delta
    )
    beta, energy = 1 / math.sqrt(3), 0.0
    for wq, wk in zip(attention.queries, attention.keys, strict=True):
        for c in range(len(g)):
            energy -= sum(torch.exp(beta * (wk @ g[b]) @ (wq @ g[c])) for b in range(len(g)) if b != c).log() / beta
    for a in range(len(g)):
        energy -= (memory.patterns @ g[a]).relu().square().sum() / 2
    return energy


def test_energy_and_steps_are_the_equations_of_the_paper(claim) -> None:
    made, x = block(steps=3, dt=0.05, halvings=0), tokens()
    worst = float((made.energy(x) - written_out(made, x)).detach().abs())
    for _ in range(3):  # dx/dt = −∂E/∂g, by the chain rule: ∂E/∂x = (∂g/∂x)ᵀ ∂E/∂g, ∂g/∂x symmetric and singular
        state = made.hierarchy.start({"tokens": x, "present": torch.ones(5, dtype=F64)})
        v = made.hierarchy.velocity(state)["tokens"]
        slope = torch.autograd.functional.jacobian(lambda x: written_out(made, x), x)
        _, pushed = torch.autograd.functional.jvp(made.normalised, x, v)
        worst = max(worst, float((pushed + slope).detach().abs().max()))
        x = x + 0.05 * v
    worst = max(worst, float((made(tokens()) - x).detach().abs().max()))
    claim("an Energy Transformer block is its equations", "Hoover et al. 2023", measured=worst, most=1e-10)


@pytest.mark.parametrize("dt", [0.1, 1.0])
@torch.no_grad()
def test_the_energy_falls_in_every_step(dt) -> None:
    made = block(steps=10, dt=dt)
    found = made.descend(5 * tokens(4), trace=True)
    assert (found.energies.diff(dim=0) <= 1e-10 * found.energies.abs().max()).all()
    assert (found.energies[-1] < found.energies[0] - 1).all()


def test_tokens_that_are_absent_stay_and_are_not_seen() -> None:
    made, x = block(steps=4), tokens(2)
    padded = torch.cat([x, 1e3 * tokens(2, count=3)], dim=1).requires_grad_()
    present = (torch.arange(8) < 5).expand(2, 8)
    out = made(padded, present)
    torch.testing.assert_close(out[:, :5], made(x))
    assert torch.equal(out[:, 5:], padded[:, 5:])
    (slope,) = torch.autograd.grad(out[:, :5].sum(), padded)
    assert not slope[:, 5:].any()
    falls = made.energy(out, present) - made.energy(padded, present)
    torch.testing.assert_close(falls, made.energy(made(x)) - made.energy(x), rtol=1e-9, atol=1e-9)
    nobody = made(padded, torch.zeros(2, 8, dtype=torch.bool))
    assert torch.equal(nobody, padded)


def test_tokens_that_are_held_stay_and_are_seen() -> None:
    made, x = block(), tokens(2)
    held = torch.tensor([True, False, True, False, False]).expand(2, 5)
    found = made.descend(x, held=held).state["tokens"]
    assert torch.equal(found[held], x[held])
    assert not torch.allclose(found[~held], made(x)[~held])


def test_samples_are_independent_and_tokens_have_no_order() -> None:
    made, x = block(), tokens(3)
    together = made(x)
    for i in range(3):
        torch.testing.assert_close(made(x[i]), together[i], rtol=1e-10, atol=1e-10)
    order = torch.tensor([3, 1, 4, 0, 2])
    torch.testing.assert_close(made(x[:, order]), together[:, order], rtol=1e-9, atol=1e-9)
    assert made(x[:0]).shape == (0, 5, 6)
    assert made(x[:, :1]).shape == (3, 1, 6)


def test_all_of_it_learns_and_it_may_be_checkpointed() -> None:
    made, x = block(steps=3), tokens(2)
    made(x).square().sum().backward()
    plain = {name: parameter.grad for name, parameter in made.named_parameters()}
    assert all(grad is not None and grad.abs().max() > 0 for grad in plain.values())
    made.zero_grad()
    torch.utils.checkpoint.checkpoint(made, x, use_reentrant=False).square().sum().backward()
    for name, parameter in made.named_parameters():
        torch.testing.assert_close(parameter.grad, plain[name])


def test_it_compiles_whole() -> None:
    torch.compiler.reset()
    made, x = block(steps=2, halvings=0), tokens(2)
    torch.testing.assert_close(torch.compile(made, backend="eager", fullgraph=True)(x), made(x))


def test_copies_and_files_give_the_same() -> None:
    made, other = block(), EnergyTransformer(6, heads=2, head_width=3, memories=8).double()
    other.load_state_dict(made.state_dict())
    for twin in (other, copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert torch.equal(twin(tokens(2)), made(tokens(2)))
        assert repr(twin) == repr(made)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: EnergyTransformer(6, 0, 3, 8), "heads must be a whole number >= 1"),
        (lambda: EnergyTransformer(6, 2, 3, 8, dt=2.0), "dt must be at most 1; got 2.0"),
        (lambda: EnergyTransformer(6, 2, 3, 8, steps=-1), "steps must be a whole number >= 0"),
        (lambda: EnergyTransformer(6, 2, 3, 8, separation="relu"), "separation must be a Separation; got 'relu'"),
        (lambda: block()(tokens()[0]), r"tokens must be a tensor \(..., T, D\); got an array of shape \(6,\)"),
        (lambda: block()(tokens()[:, :4]), r"layer 'tokens' must be \(..., any, 6\); got shape \(5, 4\)"),
        (lambda: block()(tokens(), torch.ones(5)), "present must be a boolean tensor"),
        (
            lambda: block()(tokens(2), torch.ones(5).bool()),
            r"present must be \(2, 5\), one value for each token; got \(5,\)",
        ),
        (lambda: block().descend(tokens(), held=[0]), r"held must be a boolean tensor; got \[0\]"),
        (lambda: block()(tokens().float()), "layer 'tokens' must be of torch.float64, as weights"),
        (lambda: block()(tokens() * torch.nan), "layer 'tokens' must be finite"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call, sentence) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
