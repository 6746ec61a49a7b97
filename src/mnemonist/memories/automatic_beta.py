r"""Choosing β from the patterns: beta = "auto" keeps apart what is stored, beta = "smooth" estimates from it.

"auto" is the least β, to about a tenth, at which every pattern given whole is recalled as itself, to 8 bits: of the
weight all others have ε = 1/512 together, so that no pixel moves by half a grey level. With Δ_ν its lead over another
one at its own place (`leads`), of which a weight of ε with that one leaves 1 − 2ε, that is where

    Σ_ν exp(−(1 − 2ε) β Δ_ν) = ε/(1 − ε)      m/min Δ, for separations under which a lead of m/β takes all

of the pattern that needs most; and the patterns that need most are then recalled, and β raised until they stay. Copies
do not count. What no β can hold is left out, and said once: under dot a pattern that a longer one outweighs at its own
place. Above 1024 patterns β is that of `probes`. Where nothing is left β = 1.

Source: the separation condition of Ramsauer et al. 2021, arXiv:2008.02217, Theorem 5, solved for β.
"""

import math
from dataclasses import replace
from typing import Any, NamedTuple, cast

import numpy as np

from mnemonist._array import device, is_array, namespace, to_numpy
from mnemonist.core.neurons import Neurons
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot, Similarity
from mnemonist.dynamics.alternating import Alternating
from mnemonist.dynamics.settle import Limits, settle
from mnemonist.dynamics.synchronous import Synchronous
from mnemonist.errors import InvalidArgument, LostPatterns, warn
from mnemonist.memories.choice import landscape_of
from mnemonist.memories.landscape import Landscape
from mnemonist.memories.smooth_beta import smooth_beta
from mnemonist.readout.choice import reader_of
from mnemonist.readout.evidence import valued
from mnemonist.readout.leads import Numbers, leads
from mnemonist.readout.probes import probes
from mnemonist.readout.reader import Reader
from mnemonist.stores.protocol import Store
from mnemonist.stores.tiles import few_enough

_SHARE = 1 - 1 / 512  # of the weight that is a pattern's own
_LEFT = 2 * _SHARE - 1  # of a lead, with the rest of the weight on the other side
_SPARE = 1.01  # so that roundings leave a lead beyond the margin
_WORST, _UPDATES = 16, 32  # patterns that are recalled, in so many updates at most
_MOST, _TENTH = 16.0, 1.1  # β is raised to so many times what the equation has, and found to a tenth
_NOTHING = 80.0  # a lead in units of 1/β at which a rival weighs nothing


class Chosen(NamedTuple):
    """A β, and of how many patterns that were tried how many it does not hold."""

    beta: float
    lost: int
    tried: int


def with_beta(
    separation: Separation, similarity: Similarity, neurons: Neurons, patterns: Store, largest: float
) -> Separation:
    """Return the separation, its "auto" or "smooth" made the number for these patterns, `largest` at most.

    Warns of `LostPatterns` where "auto" cannot hold all.
    """
    word = getattr(separation, "beta", None)
    most = float(namespace(patterns.like).finfo(neurons.dtype(patterns.like)).max)
    if not isinstance(word, str):
        _check_size(word, most)
        return separation
    largest = min(largest, 1e-3 * most)
    reader = reader_of(similarity, _sharpened(separation, 1.0), neurons, patterns)
    if word == "smooth":
        return _sharpened(separation, min(smooth_beta(reader), largest))
    chosen = automatic_beta(reader, largest)
    if chosen.lost:
        warn(_sentence(reader, chosen, largest), LostPatterns)
    return _sharpened(separation, chosen.beta)


def _check_size(beta: Any, most: float) -> None:
    """Refuse a β that the dtype of the patterns cannot hold."""
    if isinstance(beta, (int, float)) and beta > most:
        raise InvalidArgument(
            f"AssociativeMemory: beta must be at most {most:g}, what patterns in float32 can be multiplied by; got "
            f"{beta:g}. Store them in float64, or pass a smaller one."
        )


def automatic_beta(reader: Reader, largest: float = math.inf) -> Chosen:
    """Return the least β, `largest` at most, that holds the patterns of a reader; its own β does not matter."""
    needs, copies, lost, tried = _needs(reader)
    within = {place: need for place, need in needs.items() if need <= largest}
    lost, needs = lost + len(needs) - len(within), within
    beta = max(needs.values(), default=min(1.0, largest))
    worst = np.asarray(sorted(needs, key=lambda place: -needs[place])[:_WORST], np.int64)
    if not len(worst) or _margin(reader.separation) < math.inf:
        return Chosen(beta, lost, tried)
    same = [copies[place] for place in worst.tolist()]
    held, most = _held(reader, beta, worst, same), min(beta * _MOST, largest)
    if held.all():
        return Chosen(beta, lost, tried)
    ever = _held(reader, most, worst, same)
    low, high = beta, most if ever.any() else beta
    while high > _TENTH * low:
        middle = math.sqrt(low) * math.sqrt(high)  # their product may overflow
        low, high = (low, middle) if _held(reader, middle, worst, same)[ever].all() else (middle, high)
    return Chosen(high, lost + int((~ever).sum()), tried)


def _needs(reader: Reader) -> tuple[dict[int, float], dict[int, Numbers], int, int]:
    """Return what β each pattern that was tried needs, at least, and its copies; how many none holds, of how many."""
    positions = probes(reader.patterns)
    needs: dict[int, float] = {}
    copies: dict[int, Numbers] = {}
    lost, beta = 0, 0.0
    for part in leads(reader, positions):
        least = part.leads.min(axis=1, initial=np.inf)
        hopeless = least <= part.rounding
        lost += int(hopeless.sum())
        rivalled = np.flatnonzero(~hopeless & np.isfinite(least))
        some = least_betas(reader.separation, part.leads[rivalled], beta)
        beta = max(beta, float(some.max(initial=0.0)))
        needs.update(zip(part.positions[rivalled].tolist(), some.tolist(), strict=True))
        copies.update(zip(part.positions.tolist(), part.copies, strict=True))
    return needs, copies, lost, len(positions)


def least_betas(separation: Separation, found: Numbers, enough: float = 0.0) -> Numbers:
    """Return the β (k,) at which patterns with leads (k, K) > 0 keep their weight; below `enough` only a bound."""
    least = found.min(axis=1, initial=np.inf).astype(np.float64)
    margin = _margin(separation)
    with np.errstate(over="ignore"):  # more than float64 holds is cut off later
        if margin < math.inf:
            return np.asarray(_SPARE * margin / least)
        needs = np.log(_SHARE / (1 - _SHARE)) / (_LEFT * least)
    if not found.size:
        return np.asarray(needs)
    start = np.maximum(needs, enough)
    crowd, slope = _crowd(found, start)
    needs = np.where(crowd > 1 - _SHARE, start * (1 + np.log(crowd / (1 - _SHARE)) / slope), needs)
    over = np.argsort(-needs)[:_WORST][crowd[np.argsort(-needs)[:_WORST]] > 1 - _SHARE]
    needs[over] = _root(found[over], start[over])
    return np.asarray(needs)


def _margin(separation: Separation) -> float:
    """Return the margin as a number, off any autograd graph."""
    margin = separation.margin
    return float(to_numpy(margin) if is_array(margin) else margin)


def _crowd(found: Numbers, beta: Numbers) -> tuple[Numbers, Numbers]:
    """Return (1 − ε) Σ exp(−(1 − 2ε) β Δ) (k,), and how fast its logarithm falls with ln β."""
    total, moment = np.empty((2, len(found)))
    for i, (row, unit) in enumerate(zip(found, _LEFT * beta, strict=True)):  # one by one, as long as each is in cache
        lag = np.minimum(row.dtype.type(unit) * row, _NOTHING)
        weights = np.exp(-lag)
        total[i], moment[i] = weights.sum(dtype=np.float64), np.dot(lag, weights)
    return _SHARE * total, moment / total


def _root(found: Numbers, beta: Numbers) -> Numbers:
    """Return the β (k,) at which the crowd has a weight of ε, from one below, by Newton's steps for its logarithm."""
    for _ in range(50):
        crowd, slope = _crowd(found, beta)
        step = np.log(crowd / (1 - _SHARE)) / slope
        beta = beta * (1 + np.clip(step, 0.0, 1.0))
        if (step < 1e-3).all():
            break
    return beta


def _held(reader: Reader, beta: float, positions: Numbers, copies: list[Numbers]) -> Numbers:
    """Return which patterns (k,) come back as themselves, or as their copies, at this β."""
    separation, size = _sharpened(reader.separation, beta), few_enough(reader.patterns, len(positions), share=4)
    model = landscape_of(reader_of(reader.similarity, separation, reader.neurons, reader.patterns))
    parts = [slice(start, start + size) for start in range(0, len(positions), size)]
    return np.concatenate([_come_back(model, positions[part], copies[part]) for part in parts])


def _come_back(model: Landscape, positions: Numbers, copies: list[Numbers]) -> Numbers:
    """Return which patterns (k,) come back as themselves, or as their copies, in this model."""
    reader = model.reader
    block = reader.patterns.at(positions)
    start = model.start(block.rows, block.known)
    xp = namespace(start)
    every = xp.ones(start.shape, dtype=xp.bool, device=device(start))
    if reader.neurons.discrete:
        movable = every if block.known is None else block.known
        return to_numpy(xp.all(model.step(start, movable) == start, axis=-1))
    dynamics = Alternating() if reader.neurons.mixed else Synchronous()
    limits = Limits(1 if model.single_step else _UPDATES)
    settled = settle(model, start, every, cue_mask=block.known, dynamics=dynamics, limits=limits)
    return _weighs(model, settled.state, copies)


def _weighs(model: Landscape, state: Any, copies: list[Numbers]) -> Numbers:
    """Return whether patterns and their copies have their share of the weight at a state (k,)."""
    xp, (states, _) = namespace(state), valued(model.visible(state), None)
    survey = model.reader.survey(states)
    scaled = model.separation.scaled(survey.scores, survey.readout.summary)
    weights = to_numpy(xp.abs(scaled) / survey.readout.mass)
    mine = [
        row[np.isin(best, own)].sum()
        for row, best, own in zip(weights, to_numpy(survey.positions), copies, strict=True)
    ]
    few = np.asarray([len(own) for own in copies]) < weights.shape[1]  # more copies are not all among the best
    return np.asarray((np.asarray(mine) >= _SHARE - 1e-6) | ~few)


def _sharpened(separation: Separation, beta: float) -> Separation:
    return cast(Separation, replace(cast(Any, separation), beta=beta))


def _sentence(reader: Reader, chosen: Chosen, largest: float) -> str:
    """Return how many patterns are lost, why, and what would keep them."""
    of = "" if chosen.tried == len(reader.patterns) else " that were tried"
    if isinstance(reader.similarity, Dot) and not reader.neurons.discrete:
        why = f"under {reader.similarity} longer ones outweigh them at their own place, whatever beta"
        fix = "Take kernel_memory(), which compares by distance."
    elif reader.neurons.mixed:
        why = f"others are almost the same, and on such neurons beta is at most {largest:g}"
        fix = "Pass numbers in smaller units, so that their differences count for more."
    elif reader.neurons.discrete:
        why = "too many others differ from them in one place only"
        fix = "Ask diagnose(memory) which."
    else:
        why = "others are almost the same wherever both are known"
        fix = "Ask diagnose(memory) which, or leave one of each such pair out."
    return f'beta="auto": {chosen.lost} of {chosen.tried} patterns{of} cannot come back as themselves; {why}. {fix}'
