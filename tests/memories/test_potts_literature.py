"""What Potts memories hold: the literature's network, and this one's separations."""

import numpy as np
import pytest

import mnemonist as mn

KANTER = 0.138  # of V(V − 1)/2 per variable


def kept(options: int, variables: int, count: int, separation, damage: float = 0.0) -> float:
    """Return the share of right variables when 10 of `count` random patterns moved for five sweeps, of three draws."""
    shares = []
    for draw in range(3):
        rng = np.random.default_rng(draw)
        memory = mn.potts_memory(options, count=variables, separation=separation)
        codes = rng.integers(0, options, (count, variables))
        memory.store(memory.neurons.encode(codes))
        right = codes[:10]
        cues = np.where(rng.random(right.shape) < damage, rng.integers(0, options, right.shape), right)
        found = memory.neurons.decode(memory.recall(memory.neurons.encode(cues), max_steps=5).state)
        shares.append((found == right).mean())
    return float(np.mean(shares))


def centred(options: int, variables: int, count: int) -> float:
    """Return the mean Potts overlap of 10 recalled patterns in Kanter's network, couplings of δ − 1/V, by fields."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, options, (count, variables))
    unit, found = np.eye(options)[codes] - 1 / options, []
    for pattern in codes[:10]:
        state = pattern.copy()
        scores = unit[:, np.arange(variables), state].sum(axis=1)
        for _ in range(20):
            for site in rng.permutation(variables):
                own = unit[:, site, state[site]]
                option = int(((scores - own) @ unit[:, site]).argmax())
                scores += unit[:, site, option] - own
                state[site] = option
        found.append((options * (state == pattern).mean() - 1) / (options - 1))
    return float(np.mean(found))


def test_the_capacity_of_centred_couplings_grows_with_the_square_of_the_options(claim) -> None:
    # of N = 200 variables; finite size blurs the edge, so on either side of it, not at it
    for options in (3, 4):
        edge = KANTER * options * (options - 1) / 2 * 200
        what = f"overlap at {{}} × 0.138 V(V − 1)/2 N patterns, V = {options}, centred couplings (a twin in the test)"
        source = "Kanter 1988"
        claim(what.format(0.8), source, measured=centred(options, 200, round(0.8 * edge)), least=0.97)
        claim(what.format(1.8), source, measured=centred(options, 200, round(1.8 * edge)), most=0.7)


@pytest.mark.parametrize(("options", "held", "lost"), [(3, 3, 8), (4, 4, 12)])
def test_a_quadratic_memory_holds_a_handful_however_many_the_variables(claim, options, held, lost) -> None:
    # its scores are not centred: each unlike pattern votes with C/V, so the noise is that of how many store an option
    edge = KANTER * options * (options - 1) / 2
    for variables in (80, 320):
        assert kept(options, variables, held, mn.Power(2)) > 0.97
        assert kept(options, variables, lost, mn.Power(2)) < 0.75
    measured = kept(options, 200, round(0.5 * edge * 200), mn.Power(2))
    claim(
        f"half of 0.138 V(V − 1)/2 N patterns are kept, V = {options}, N = 200, by Power(2) on the number of equal "
        "variables", "Kanter 1988", measured=measured, least=0.95, holds=False,
    )  # fmt: skip


def test_sharper_separations_hold_more_records() -> None:
    # 50 variables of 4 options, a fifth of each cue drawn anew: 30, 200 and 1000 at degrees 3, 4 and 5, and more
    few, some, many, more = (kept(4, 50, *case, damage=0.2) for case in (
        (30, mn.Power(3)), (200, mn.Power(4)), (1000, mn.Power(5)), (5000, None),
    ))  # fmt: skip
    assert min(few, some, many, more) > 0.97
    too_many = (kept(4, 50, *case, damage=0.2) for case in ((100, mn.Power(3)), (1000, mn.Power(4))))
    assert max(too_many) < 0.7
