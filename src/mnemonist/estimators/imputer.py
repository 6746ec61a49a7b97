"""The imputer: holes of a table are filled with what the rows that are most alike make one expect.

Each row is completed by the others in two looks: see `tasks.completion`. Numbers come as expectations, categories as
the likeliest option. Shapes: X (K, C).
"""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from mnemonist.errors import InvalidArgument, shown
from mnemonist.estimators.explanation import Explanation, Numbers
from mnemonist.estimators.random_state import seed_from
from mnemonist.tasks.completion import Completer

BECAUSE = 8


class AssociativeImputer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Fill NaN, None and NA with what the other rows make one expect.

    `categories` says which columns hold options rather than numbers, by position or name; "auto": those of a data frame
    or an object array that are no numbers. `share` of the known cells is hidden to choose how to fill: as a mean or by
    local linear regression, how far to reach. `rounds` is how often stored rows are looked at, 1 or 2: the second time
    filled. Columns of which nothing is known stay as they are.

    After `fit`: `choice_` says what was chosen for numbers and for categories.

    >>> import numpy as np
    >>> from mnemonist.estimators import AssociativeImputer
    >>> X = np.column_stack([np.arange(20.0), 2 * np.arange(20.0)])
    >>> X[7, 1] = np.nan
    >>> AssociativeImputer().fit_transform(X)[7].round()
    array([ 7., 14.])
    """

    def __init__(self, *, categories: Any = "auto", share: float = 0.15, rounds: int = 2, random_state: Any = 0):
        self.categories = categories
        self.share = share
        self.rounds = rounds
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> "AssociativeImputer":
        """Learn the rows (K, C); a row needs nothing known."""
        rows = validate_data(self, X, dtype=None, ensure_all_finite="allow-nan")
        self.options_ = self._options(rows)
        codes = self._codes(rows)
        self.told_ = ~np.isnan(codes).all(axis=0)
        sizes = np.array([0 if some is None else len(some) for some in self.options_])[self.told_]
        if not self.told_.any():
            raise InvalidArgument("AssociativeImputer.fit: X must have a known cell; got none. Pass other rows.")
        seed = seed_from("AssociativeImputer", self.random_state)
        self.completer_ = Completer.learn(codes[:, self.told_], sizes, rounds=self.rounds, share=self.share, rng=seed)
        self.choice_ = self.completer_.choice
        self._fitted = codes
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """Learn the rows and fill them, each by the others."""
        return self.fit(X, y).transform(X)

    def transform(self, X: Any) -> Any:
        """Return the rows filled. A row that was fitted is filled by the others."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=None, ensure_all_finite="allow-nan", reset=False)
        codes = self._codes(rows)
        filled = codes.copy()
        filled[:, self.told_] = self._completion(codes).codes
        return self._decoded(rows, codes, filled)

    def explain(self, X: Any) -> Explanation:
        """Return the fitted rows that each answer rests on, and how familiar each row of X is."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=None, ensure_all_finite="allow-nan", reset=False)
        found = self._completion(self._codes(rows))
        return Explanation(found.positions, found.weights, found.familiarity)

    def _completion(self, codes: Numbers) -> Any:
        return self.completer_.complete(codes[:, self.told_], ids=self._themselves(codes))

    def _themselves(self, codes: Numbers) -> Numbers:
        """Return where each row stands among those that were fitted, −1 where it does not: it may not answer itself."""
        if codes.shape == self._fitted.shape and np.array_equal(codes, self._fitted, equal_nan=True):
            return np.arange(len(codes))
        places = {row.tobytes(): place for place, row in enumerate(_plain(self._fitted))}
        holes = np.asarray(np.isnan(codes).any(axis=1))
        found = [places.get(row.tobytes(), -1) if hole else -1 for row, hole in zip(_plain(codes), holes, strict=True)]
        return np.array(found, np.int64)

    def _options(self, rows: Numbers) -> list[Numbers | None]:
        """Return the options of each column, None of numbers."""
        chosen = self._chosen(rows)
        return [np.unique(_known(rows[:, i])) if chosen[i] else None for i in range(rows.shape[1])]

    def _chosen(self, rows: Numbers) -> list[bool]:
        if isinstance(self.categories, str):
            if self.categories != "auto":
                raise InvalidArgument(
                    f"AssociativeImputer: categories must be 'auto' or columns; got {shown(self.categories)}. "
                    "Pass a list of positions or names."
                )
            return [rows.dtype.kind not in "fiub" and not _is_numeric(rows[:, i]) for i in range(rows.shape[1])]
        names = list(getattr(self, "feature_names_in_", ()))
        wanted = [names.index(each) if each in names else each for each in self.categories]
        if any(not isinstance(each, (int, np.integer)) or not 0 <= each < rows.shape[1] for each in wanted):
            raise InvalidArgument(
                f"AssociativeImputer: categories must be columns of X; got {shown(self.categories)}. "
                "See feature_names_in_."
            )
        return [i in wanted for i in range(rows.shape[1])]

    def _codes(self, rows: Numbers) -> Numbers:
        """Return codes (B, C) in float64; an option that was not fitted is unknown."""
        codes = np.full(rows.shape, np.nan)
        for i, options in enumerate(self.options_):
            column = rows[:, i]
            there = np.flatnonzero(~_missing(column))
            if options is None:
                codes[there, i] = column[there].astype(np.float64)
            elif len(options):
                values = column[there].astype(options.dtype)
                place = np.minimum(np.searchsorted(options, values), len(options) - 1)
                codes[there, i] = np.where(options[place] == values, place, np.nan)
        if np.isinf(codes).any():
            raise InvalidArgument("AssociativeImputer: X must be finite, or NaN where unknown; got infinity. Mask it.")
        return codes

    def _decoded(self, rows: Numbers, codes: Numbers, filled: Numbers) -> Numbers:
        """Return rows like those given, with what was filled."""
        if rows.dtype.kind in "fiub" and all(options is None for options in self.options_):
            return filled.astype(np.result_type(rows.dtype, np.float32), copy=False)
        out = rows.astype(object if rows.dtype.kind not in "fiub" else np.float64)
        for i, options in enumerate(self.options_):
            holes = np.flatnonzero(_missing(rows[:, i]) & ~np.isnan(filled[:, i]))
            values = filled[holes, i]
            out[holes, i] = values if options is None else options[values.astype(np.int64)]
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


def _missing(column: Numbers) -> Numbers:
    """Return which cells (B,) are NaN, None or NA."""
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind != "O":
        return np.zeros(len(column), bool)
    return np.array(
        [
            cell is None or (isinstance(cell, float) and np.isnan(cell)) or type(cell).__name__ in ("NAType", "NaTType")
            for cell in column
        ],
        bool,
    )


def _known(column: Numbers) -> Numbers:
    some = column[~_missing(column)]
    return some.astype(str) if some.dtype.kind == "O" and not _is_numeric(column) else some


def _is_numeric(column: Numbers) -> bool:
    """Return whether all known cells are numbers."""
    if column.dtype.kind in "fiub":
        return True
    kinds = (bool, int, float, np.number, np.bool_)
    return all(isinstance(cell, kinds) for cell in column[~_missing(column)])


def _plain(codes: Numbers) -> Numbers:
    """Return codes with one NaN for all, so that equal rows have equal bytes."""
    return np.ascontiguousarray(np.where(np.isnan(codes), np.nan, codes + 0.0))
