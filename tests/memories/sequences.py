"""The slow twin of the sequence memory: loops straight from the equations, in exact arithmetic.

A weight is a sum Σ c eᵏ with fractions c and k: a power is one with k = 0, exp(h) one with k = h. Such a sum is zero
exactly if every c is (Lindemann & Weierstrass), so ties are told exactly.
"""

import math
from collections import Counter
from fractions import Fraction

import mnemonist as mn


def weight(separation, h: Fraction, whole: int) -> tuple[Fraction, Fraction]:
    """Return (c, k) of f(m), m = h/whole: mⁿ⁻¹, or exp(β whole (m − 1))."""
    if isinstance(separation, mn.Softmax):
        return Fraction(1), Fraction(separation.beta) * (h - whole)
    m = Fraction(h) / whole
    rectified = isinstance(separation, mn.RectifiedPower)
    return (Fraction(0) if rectified and m <= 0 else m ** (separation.degree - 1)), Fraction(0)


def sign(total: Counter) -> int:
    """Return the sign of Σ c eᵏ."""
    terms = {k: c for k, c in total.items() if c}
    if not terms:
        return 0
    top = max(terms)
    return int(math.copysign(1, math.fsum(float(c) * math.exp(k - top) for k, c in terms.items())))


def pull(i: int, patterns, separation, u, targets) -> Counter:
    """Return Σ_μ η_μi f(m_i^μ) with m_i^μ = Σ_{j≠i} ξ_μj u_j/(N − 1)."""
    n, total = len(u), Counter()
    for xi, eta in zip(patterns, targets, strict=True):
        h = sum(Fraction(int(xi[j])) * u[j] for j in range(n) if j != i)
        c, k = weight(separation, h, n - 1)
        total[k] += int(eta[i]) * c
    return total


def update(patterns, targets, history, separation, *, strength=None, hold=None) -> list[int]:
    """Return the state after `history`, the last states, newest first: one of them, or as many as the delay is wide."""
    now, n = history[0], len(history[0])
    mean = [sum((Fraction(int(s[i])) for s in history), Fraction(0)) / len(history) for i in range(n)]
    new = []
    for i in range(n):
        total = pull(i, patterns, separation, mean, targets)
        if strength is not None:
            total = Counter({k: Fraction(strength) * c for k, c in total.items()})
            for k, c in pull(i, patterns, hold or separation, [Fraction(int(s)) for s in now], patterns).items():
                total[k] += c
        new.append(sign(total) or int(now[i]))
    return new


def run(patterns, targets, cue, separation, steps: int, *, delay=1, **mixed) -> list[list[int]]:
    """Return the states at t = 0 … steps from a cue, 0 where unknown; before it there were none."""
    history = [list(map(int, cue)), *[[0] * len(cue)] * (delay - 1)]
    path = [history[0]]
    for _ in range(steps):
        history = [update(patterns, targets, history, separation, **mixed), *history[:-1]]
        path.append(history[0])
    return path
