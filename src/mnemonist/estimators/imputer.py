"""The imputer: holes of a table are filled with what the rows that are most alike make one expect.

Each row is completed by the others in two looks: see `tasks.completion`. Numbers come as expectations, categories as
the likeliest option. Shapes: X (K, C).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from mnemonist.errors import InvalidArgument, shown
from mnemonist.estimators.explanation import Explanation, Numbers
from mnemonist.estimators.options import codes_of, is_numeric, missing, options_of, refuse_times, yes_no
from mnemonist.estimators.random_state import seed_from
from mnemonist.estimators.rows import check_size, places
from mnemonist.tasks.completion import Completer

BECAUSE = 8


class AssociativeImputer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Fill NaN, None and NA with what the other rows make one expect.

    `categories` says which columns hold options rather than numbers, by position or name, or as a mask (C,); "auto":
    those of a data frame or an object array that are no numbers, or True and False alone. Dates are refused. `share` of
    the known cells is hidden to choose how to fill: as a mean or by local linear regression, how far to reach. `rounds`
    is how often stored rows are looked at, 1 or 2: the second time filled. Columns of which nothing is known stay as
    they are.

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
        rows = self._rows(X, reset=True)
        self.options_ = self._options(rows, yes_no(X))
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
        rows = self._rows(X)
        codes = self._codes(rows)
        filled = codes.copy()
        filled[:, self.told_] = self._completion(codes).codes
        return self._decoded(rows, codes, filled)

    def explain(self, X: Any) -> Explanation:
        """Return the fitted rows that each answer rests on, and how familiar each row of X is."""
        check_is_fitted(self)
        rows = self._rows(X)
        found = self._completion(self._codes(rows))
        return Explanation(found.positions, found.weights, found.familiarity)

    def _rows(self, X: Any, *, reset: bool = False) -> Numbers:
        refuse_times("AssociativeImputer", X)
        return np.asarray(validate_data(self, X, dtype=None, ensure_all_finite="allow-nan", reset=reset))

    def _completion(self, codes: Numbers) -> Any:
        return self.completer_.complete(codes[:, self.told_], ids=places(codes, self._fitted))

    def _options(self, rows: Numbers, flags: list[int]) -> list[Numbers | None]:
        """Return the options of each column, None of numbers."""
        chosen = self._chosen(rows, flags)
        return [options_of(rows[:, i]) if chosen[i] else None for i in range(rows.shape[1])]

    def _chosen(self, rows: Numbers, flags: list[int]) -> list[bool]:
        if isinstance(self.categories, str):
            if self.categories != "auto":
                raise InvalidArgument(
                    f"AssociativeImputer: categories must be 'auto' or columns; got {shown(self.categories)}. "
                    "Pass a list of positions or names."
                )
            return [i in flags or not is_numeric(rows[:, i]) for i in range(rows.shape[1])]
        width, names = rows.shape[1], list(getattr(self, "feature_names_in_", ()))
        given = list(self.categories) if isinstance(self.categories, Iterable) else [None]
        if len(given) == width and all(isinstance(each, (bool, np.bool_)) for each in given):
            return [bool(each) for each in given]
        wanted = [names.index(each) if each in names else each for each in given]
        if any(not isinstance(at, (int, np.integer)) or isinstance(at, bool) or not 0 <= at < width for at in wanted):
            raise InvalidArgument(
                f"AssociativeImputer: categories must be columns of X, or a mask of its {width}; got "
                f"{shown(self.categories)}. See feature_names_in_."
            )
        return [i in wanted for i in range(width)]

    def _codes(self, rows: Numbers) -> Numbers:
        """Return codes (B, C) in float64; an option that was not fitted is unknown."""
        codes = np.full(rows.shape, np.nan)
        for i, options in enumerate(self.options_):
            if options is not None:
                codes[:, i] = codes_of(rows[:, i], options)
                continue
            there = np.flatnonzero(~missing(rows[:, i]))
            codes[there, i] = rows[there, i].astype(np.float64)
        if np.isinf(codes).any():
            raise InvalidArgument("AssociativeImputer: X must be finite, or NaN where unknown; got infinity. Mask it.")
        check_size("AssociativeImputer", "X", codes)
        return codes

    def _decoded(self, rows: Numbers, codes: Numbers, filled: Numbers) -> Numbers:
        """Return rows like those given, with what was filled."""
        if rows.dtype.kind == "b":
            return rows.copy()
        if rows.dtype.kind in "fiu" and all(options is None for options in self.options_):
            return filled.astype(np.result_type(rows.dtype, np.float32), copy=False)
        out = rows.astype(object if rows.dtype.kind not in "fiu" else np.float64)
        for i, options in enumerate(self.options_):
            holes = np.flatnonzero(missing(rows[:, i]) & ~np.isnan(filled[:, i]))
            values = filled[holes, i]
            out[holes, i] = values if options is None else options[values.astype(np.int64)]
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags
