"""The recommender: unrated items are hidden coordinates of a user, and three memories that fill them: see `ratings`.

    "projection"    who rated what, linear without self-coupling: tastes add up         to recommend
    "users"         who rated what, a softmax mixture of whole users                    to compare
    "items"         how well, residuals weighed by a softmax over items                 to predict ratings

Shapes: ratings (U, I), sparse, or with 0 or NaN where there is none; or users, items, ratings (n,).
"""

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d, validate_data

from mnemonist.core.number import as_float, check_count
from mnemonist.errors import InvalidArgument, shown
from mnemonist.estimators import ratings as memory_of
from mnemonist.estimators.random_state import seed_from

Numbers = np.ndarray[Any, Any]

MODELS = ("projection", "items", "users")
_STRENGTHS = {
    "projection": (30.0, 100.0, 300.0, 1000.0),
    "users": (5.0, 10.0, 20.0, 40.0),
    "items": (5.0, 10.0, 15.0, 20.0, 30.0, 40.0),
}
_SHARE, _USERS = 0.2, 300  # of what so many users rated is hidden to choose a strength
_MOST = 20_000  # items whose couplings fit into memory


class AssociativeRecommender(BaseEstimator):
    """Recommend items to users, or predict what they would rate them.

    `strength` is λ of the projection, β of the others; "masked": that which tells best what was hidden.
    After `fit`: `strength_`, `users_` and `items_`, the labels of rows and columns.

    >>> import numpy as np
    >>> from mnemonist.estimators import AssociativeRecommender
    >>> liked = np.kron(np.eye(2), np.ones((6, 4)))
    >>> liked[0, 3] = 0
    >>> AssociativeRecommender(strength=1.0).fit(liked).recommend([0], n=1)
    array([[3]])
    """

    def __init__(self, model: str = "projection", *, strength: Any = "masked", random_state: Any = 0) -> None:
        self.model = model
        self.strength = strength
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> "AssociativeRecommender":
        """Learn a matrix of ratings (U, I), sparse, or with 0 or NaN where there is none."""
        given = validate_data(self, X, accept_sparse="csr", dtype=np.float64, ensure_all_finite="allow-nan")
        table = sparse.csr_array(given) if sparse.issparse(given) else sparse.csr_array(np.nan_to_num(given))
        table.data = np.nan_to_num(table.data)
        table.eliminate_zeros()
        return self._fit(np.arange(table.shape[0]), np.arange(table.shape[1]), table)

    def fit_ratings(self, users: Any, items: Any, ratings: Any = None) -> "AssociativeRecommender":
        """Learn ratings (n,) of users (n,) and items (n,), of any labels; 1 for all unless given. Pairs are summed.

        A rating of 0 is one, too.
        """
        users, items = column_or_1d(users), column_or_1d(items)
        said = np.ones(len(users)) if ratings is None else column_or_1d(ratings, dtype=np.float64)
        check_consistent_length(users, items, said)
        if not np.isfinite(said).all():
            raise InvalidArgument(
                "AssociativeRecommender.fit_ratings: ratings must be finite; got "
                f"{said[~np.isfinite(said)][0]} at row {int(np.argmin(np.isfinite(said)))}. Leave out such rows."
            )
        (users, rows), (items, columns) = (np.unique(each, return_inverse=True) for each in (users, items))
        table = sparse.csr_array((said, (rows, columns)), shape=(len(users), len(items)))
        self.n_features_in_ = len(items)
        return self._fit(users, items, table)

    def _fit(self, users: Numbers, items: Numbers, table: Any) -> "AssociativeRecommender":
        self._check()
        if table.shape[1] > _MOST:
            raise InvalidArgument(
                f"AssociativeRecommender.fit: there must be at most {_MOST} items, whose couplings are held; got "
                f"{table.shape[1]}. Leave out those that few users rated."
            )
        self.users_, self.items_ = users, items
        self.strength_ = self._masked(table) if self.strength == "masked" else float(self.strength)
        self._ratings = table
        self._learn(table, self.strength_)
        return self

    def score_items(self, users: Any) -> Numbers:
        """Return how well (B, I) each item fits users, by their labels; of model "items" the predicted ratings."""
        check_is_fitted(self)
        rows = _places("AssociativeRecommender", "users", users, self.users_)
        return self._scores(rows)

    def recommend(self, users: Any, n: int = 10, *, exclude_seen: bool = True) -> Numbers:
        """Return the n items (B, n) that fit users best, by label, the best first; those they rated are left out.

        Where fewer are left of a user, the rest of the row is −1 of whole labels, NaN of other numbers, and None of
        words, or where −1 is a label. There are at most as many columns as items.
        """
        check_count("AssociativeRecommender.recommend", "n", n)
        scores = self.score_items(users)
        if not exclude_seen:
            return np.asarray(self.items_[np.argsort(-scores, axis=1, kind="stable")[:, :n]])
        rows = _places("AssociativeRecommender", "users", users, self.users_)
        seen = np.asarray(self._seen[rows].todense()) != 0
        best = np.argsort(np.where(seen, np.inf, -scores), axis=1, kind="stable")[:, :n]
        return _blanked(self.items_, best, np.take_along_axis(seen, best, 1))

    def predict_ratings(self, users: Any, items: Any) -> Numbers:
        """Return what users (n,) would say of items (n,): ratings of model "items", else scores.

        Of a user or an item that was not fitted it is what the others make one expect.
        """
        check_is_fitted(self)
        rows = _places("AssociativeRecommender", "users", users, self.users_, strict=False)
        columns = _places("AssociativeRecommender", "items", items, self.items_, strict=False)
        check_consistent_length(rows, columns)
        if self.model == "items":
            return self._predicted(rows, columns)
        seen, told = np.unique(rows[rows >= 0]), (rows >= 0) & (columns >= 0)
        scores, found = self._scores(seen), np.zeros(len(rows))
        found[told] = scores[np.searchsorted(seen, rows[told]), columns[told]]
        return found

    def explain(self, user: Any, item: Any, n: int = 5) -> list[tuple[Any, float]]:
        """Return the items of a user that speak most for an item, each with what it adds, the most first."""
        check_is_fitted(self)
        row = int(_places("AssociativeRecommender", "users", [user], self.users_)[0])
        column = int(_places("AssociativeRecommender", "items", [item], self.items_)[0])
        start, stop = self._ratings.indptr[row : row + 2]
        rated = self._ratings.indices[start:stop]
        if self.model == "users":
            raise InvalidArgument(
                "AssociativeRecommender.explain: model must be 'projection' or 'items', which answer by items; got "
                "'users'. See score_items."
            )
        if self.model == "projection":
            adds = self._couplings[rated, column]
        else:
            h = self.strength_ * self._alike[column, rated]
            f = np.exp(h - (h.max(initial=0.0) if np.isfinite(h).any() else 0.0))
            adds = f / max(f.sum(), 1e-300) * self._off.data[self._off.indptr[row] : self._off.indptr[row + 1]]
        best = np.argsort(-adds, kind="stable")[:n]
        return [(self.items_[rated[i]], float(adds[i])) for i in best]

    # --- the three memories ----------------------------------------------------------------------------------------

    def _learn(self, table: Any, strength: float) -> None:
        self._seen = table.copy()
        self._seen.data = np.ones_like(self._seen.data)
        if self.model == "projection":
            self._couplings = memory_of.couplings(self._seen, strength)
        elif self.model == "items":
            self._biases = memory_of.biases(table)
            self._off = memory_of.residuals(table, self._biases)
            self._alike = memory_of.alike(self._off)

    def _scores(self, rows: Numbers) -> Numbers:
        if self.model == "projection":
            return np.asarray(self._seen[rows] @ self._couplings)
        if self.model == "users":
            return memory_of.mixtures(self._seen[rows], self._seen, self.strength_, rows)
        count = self._ratings.shape[1]
        pairs = np.repeat(rows, count), np.tile(np.arange(count), len(rows))
        return self._predicted(*pairs).reshape(len(rows), count)

    def _predicted(self, users: Numbers, items: Numbers, strength: float | None = None) -> Numbers:
        """Return ratings (n,) of pairs; of a user or item that was not fitted (−1) what the others make one expect."""
        known = self._biases
        found = np.full(len(users), known.mean)
        found += np.where(users >= 0, known.users[users], 0.0) + np.where(items >= 0, known.items[items], 0.0)
        told = (users >= 0) & (items >= 0)
        beta = self.strength_ if strength is None else strength
        found[told] += memory_of.predicted(self._off, self._alike, users[told], items[told], beta)
        return found

    def _masked(self, table: Any) -> float:
        """Return the strength that tells best what is hidden of what some users rated."""
        rng = np.random.default_rng(seed_from("AssociativeRecommender", self.random_state))
        some = np.sort(rng.permutation(table.shape[0])[:_USERS])
        full = table.tocoo()
        hide = np.isin(full.row, some) & (rng.random(full.nnz) < _SHARE)
        if not hide.any() or hide.all():
            return _STRENGTHS[self.model][1]
        kept = sparse.csr_array((full.data[~hide], (full.row[~hide], full.col[~hide])), shape=table.shape)
        users, items, said = full.row[hide], full.col[hide], full.data[hide]
        self._learn(kept, _STRENGTHS[self.model][0])
        losses = [self._loss(kept, users, items, said, one) for one in _STRENGTHS[self.model]]
        return _STRENGTHS[self.model][int(np.argmin(losses))]

    def _loss(self, kept: Any, users: Numbers, items: Numbers, said: Numbers, strength: float) -> float:
        if self.model == "items":
            return float(((self._predicted(users, items, strength) - said) ** 2).mean())
        self._ratings, self.strength_ = kept, strength
        if self.model == "projection":
            self._couplings = memory_of.couplings(self._seen, strength)
        rows = np.unique(users)
        scores = self._scores(rows)
        scores[np.asarray(self._seen[rows].todense()) != 0] = -np.inf
        return -_gain(scores, np.searchsorted(rows, users), items)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        return tags

    def _check(self) -> None:
        if self.model not in MODELS:
            raise InvalidArgument(
                f"AssociativeRecommender: model must be one of {MODELS}; got {shown(self.model)}. Pass one."
            )
        number = as_float(self.strength)
        if self.strength != "masked" and (number is None or not number > 0):
            raise InvalidArgument(
                f"AssociativeRecommender: strength must be 'masked' or a number > 0; got {shown(self.strength)}. "
                "Pass one."
            )


def _gain(scores: Numbers, rows: Numbers, items: Numbers) -> float:
    """Return the mean NDCG@10 (B,) of hidden items among the ten best."""
    relevant = np.zeros(scores.shape, bool)
    relevant[rows, items] = True
    best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    worth = 1 / np.log2(np.arange(2, 12))[: best.shape[1]]
    gained = (np.take_along_axis(relevant, best, 1) * worth).sum(axis=1)
    ideal = np.cumsum(worth)[np.minimum(relevant.sum(axis=1), len(worth)) - 1]
    return float((gained / ideal).mean())


def _blanked(items: Numbers, best: Numbers, gone: Numbers) -> Numbers:
    """Return the labels at best (B, n), −1, NaN or None, whichever is no label, where they are gone."""
    if not gone.any():
        return np.asarray(items[best])
    blank: Any = -1 if items.dtype.kind == "i" and -1 not in items else np.nan if items.dtype.kind == "f" else None
    found = items[best].astype(object if blank is None else items.dtype)
    found[gone] = blank
    return found


def _places(who: str, name: str, labels: Any, held: Numbers, *, strict: bool = True) -> Numbers:
    """Return where labels stand among those held, −1 where they do not unless that is refused."""
    wanted = np.atleast_1d(np.asarray(labels))
    place = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
    found = np.where(held[place] == wanted, place, -1)
    if strict and (found < 0).any():
        odd = wanted[found < 0][:5].tolist()
        raise InvalidArgument(f"{who}: {name} must have been fitted; got {odd}. See {name}_.")
    return found
