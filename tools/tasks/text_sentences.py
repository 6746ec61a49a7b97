"""Sentences back from damaged cues: how many come back, how many are answered, and how many are that should not be.

The usual tool is `rapidfuzz.process.extractOne`, which holds a cue beside every sentence.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from rapidfuzz import fuzz, process

from mnemonist.tasks import TextMemory
from mnemonist.tasks.sentences import plain_form
from mnemonist.tasks.typos import cut, typos, without_words

Damage = Callable[[str, Generator], str]
DAMAGES: dict[str, Damage] = {
    "typos 30 %": lambda text, rng: typos(text, 0.3, rng),
    "typos 40 %": lambda text, rng: typos(text, 0.4, rng),
    "cut by half": lambda text, rng: cut(text, 0.5, rng),
    "half of the words left out": lambda text, rng: without_words(text, 0.5, rng),
    "half of the words hidden": lambda text, rng: without_words(text, 0.5, rng, mark="___"),
    "as it is": lambda text, rng: text,
}
RIVAL = 100  # cues for the usual tool, which takes its time


def measured(stored: Sequence[str], others: Sequence[str], cues: int, seed: int = 0) -> dict[str, Any]:
    """Return shares and milliseconds by damage, of cues made of stored sentences and of others."""
    start = time.perf_counter()
    memory = TextMemory(stored)
    memory.find("the first question makes the index")
    ready = time.perf_counter() - start
    lines = {name: _line(memory, stored, others, (damage, cues, seed)) for name, damage in DAMAGES.items()}
    return {"sentences": len(stored), "cues": cues, "seconds to index and calibrate": ready, "damage": lines}


def _line(
    memory: TextMemory, stored: Sequence[str], others: Sequence[str], asked: tuple[Damage, int, int]
) -> dict[str, float]:
    """Return what comes of one damage."""
    damage, cues, seed = asked
    rng = np.random.default_rng(seed)
    which = rng.integers(len(stored), size=cues)
    good = [damage(plain_form(stored[i]), rng) for i in which]
    bad = [damage(plain_form(others[i]), rng) for i in rng.integers(len(others), size=cues)]
    times, found = [], []
    for cue in good:
        start = time.perf_counter()
        found.append(memory.find(cue))
        times.append(1e3 * (time.perf_counter() - start))
    index = memory._corpus.index
    nearest = [index.candidates(plain_form(cue)) for cue in good]
    right = np.array([one is not None and one.positions[0] == i for one, i in zip(nearest, which, strict=True)])
    answered = np.array([bool(one) for one in found])
    start = time.perf_counter()
    false = [bool(memory.find(cue)) for cue in bad]
    batch = 1e3 * (time.perf_counter() - start) / cues
    rival, rival_ms = _rival([plain_form(text) for text in stored], good[:RIVAL], which)
    return {
        "right": float(right.mean()), "answered": float(answered.mean()),
        "right of answered": float(right[answered].mean()) if answered.any() else 0.0,
        "told certainty": float(np.mean([one[0].certainty for one in found if one] or [0.0])),
        "false answers": float(np.mean(false)),
        "ms, one alone (median)": float(np.median(times)), "ms, one of many (mean)": batch,
        "rapidfuzz right": rival, "rapidfuzz ms": rival_ms,
    }  # fmt: skip


def _rival(texts: list[str], cues: Sequence[str], which: Any) -> tuple[float, float]:
    """Return what the usual tool finds, and its milliseconds."""
    start, right = time.perf_counter(), []
    for cue, i in zip(cues, which, strict=False):
        best = process.extractOne(cue, texts, scorer=fuzz.ratio)
        right.append(best is not None and best[2] == i)
    return float(np.mean(right)), 1e3 * (time.perf_counter() - start) / max(len(right), 1)
