"""Sentences back from damaged cues: how many come back, how many are answered, and how many are that should not be.

An answer to a sentence that was never stored is no mistake where a near copy of it was: these are told apart. The
usual tool is `rapidfuzz.process.extractOne`, which holds a cue beside every sentence.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
COPY = 75  # per cent of letters in common from which on a sentence is a near copy of another
RIVAL = 100  # cues for the usual tool, which takes its time


@dataclass(frozen=True)
class Asked:
    """Stored sentences that are asked for, by position, and others, of which some are near copies of a stored one."""

    stored: list[str]
    which: Any
    others: list[str]
    copies: Any
    seed: int


def measured(stored: Sequence[str], others: Sequence[str], cues: int, seed: int = 0) -> dict[str, Any]:
    """Return shares and milliseconds by damage, of cues made of stored sentences and of others."""
    start = time.perf_counter()
    memory = TextMemory(stored)
    memory.find("the first question makes the index")
    ready = time.perf_counter() - start
    rng, texts = np.random.default_rng(seed), [plain_form(text) for text in stored]
    which, unknown = rng.integers(len(stored), size=cues), rng.integers(len(others), size=cues)
    strange = [plain_form(others[i]) for i in unknown]
    near = [process.extractOne(text, texts, scorer=fuzz.ratio) for text in strange]
    asked = Asked(texts, which, strange, np.array([best[1] >= COPY for best in near]), seed)
    return {
        "sentences": len(stored), "cues": cues, "seconds to index and calibrate": ready,
        "near copies among others": float(asked.copies.mean()),
        "damage": {name: _line(memory, asked, damage) for name, damage in DAMAGES.items()},
    }  # fmt: skip


def _line(memory: TextMemory, asked: Asked, damage: Damage) -> dict[str, float]:
    """Return what comes of one damage."""
    rng = np.random.default_rng(asked.seed)
    good = [damage(asked.stored[i], rng) for i in asked.which]
    bad = [damage(text, rng) for text in asked.others]
    found, alone = _timed(memory, good)
    false, many = _timed(memory, bad)
    (nearest, sure), (_, unsure) = _nearest(memory, good), _nearest(memory, bad)
    answered, right = np.array([bool(one) for one in found]), nearest == asked.which
    wrong, rest = np.array([bool(one) for one in false]), ~asked.copies
    rival, rival_ms = _rival(asked.stored, good[:RIVAL], asked.which)
    return {
        "right": float(right.mean()), "answered": float(answered.mean()),
        "right of answered": float(right[answered].mean()) if answered.any() else 0.0,
        "told certainty": float(np.mean([one[0].certainty for one in found if one] or [0.0])),
        "false answers": float(wrong.mean()), "false answers but for near copies": float(wrong[rest].mean()),
        "answered where 1 % are false": float(np.mean(sure > np.quantile(unsure, 0.99))),
        "the same but for near copies": float(np.mean(sure > np.quantile(unsure[rest], 0.99))),
        "ms, one alone (median)": float(np.median(alone)), "ms, one of many (mean)": float(np.mean(many)),
        "rapidfuzz right": rival, "rapidfuzz ms": rival_ms,
    }  # fmt: skip


def _timed(memory: TextMemory, cues: Sequence[str]) -> tuple[list[Any], list[float]]:
    """Return what is found of each cue, and the milliseconds that it took."""
    found, times = [], []
    for cue in cues:
        start = time.perf_counter()
        found.append(memory.find(cue))
        times.append(1e3 * (time.perf_counter() - start))
    return found, times


def _nearest(memory: TextMemory, cues: Sequence[str]) -> tuple[Any, Any]:
    """Return the nearest sentence (B,) to each cue, answered or not, −1 without any, and how sure it is that one is."""
    held = memory._corpus
    every = [held.index.candidates(plain_form(cue)) for cue in cues]
    sure = [0.0 if one is None else float(held.certainty.of(one.features)[0]) for one in every]
    return np.array([-1 if one is None else int(one.positions[0]) for one in every]), np.array(sure)


def _rival(texts: list[str], cues: Sequence[str], which: Any) -> tuple[float, float]:
    """Return what the usual tool finds, and its milliseconds."""
    start, right = time.perf_counter(), []
    for cue, i in zip(cues, which, strict=False):
        best = process.extractOne(cue, texts, scorer=fuzz.ratio)
        right.append(best is not None and best[2] == i)
    return float(np.mean(right)), 1e3 * (time.perf_counter() - start) / max(len(right), 1)
