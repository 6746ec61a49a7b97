"""Estimators: scikit-learn's own checks, and what each is for."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import mnemonist as mn
from mnemonist.errors import InvalidArgument
from mnemonist.estimators import (
    AssociativeClassifier,
    AssociativeDenoiser,
    AssociativeImputer,
    AssociativeOutlierDetector,
    AssociativeRecommender,
    AssociativeRegressor,
)
from mnemonist.estimators.metric import learned_weights

ALL = [
    AssociativeImputer(), AssociativeClassifier(), AssociativeRegressor(), AssociativeDenoiser(),
    AssociativeOutlierDetector(), AssociativeRecommender(),
]  # fmt: skip


@parametrize_with_checks(ALL)
def test_scikit_learn_accepts_it(estimator, check) -> None:
    check(estimator)


def test_the_imputer_fills_frames_of_numbers_and_words() -> None:
    frame = pd.DataFrame(
        {"size": np.r_[np.arange(20.0), 30 + np.arange(20.0)], "kind": ["small"] * 20 + ["large"] * 20}
    )
    frame.loc[3, "size"], frame.loc[25, "kind"] = np.nan, None
    filled = AssociativeImputer().set_output(transform="pandas").fit_transform(frame)
    assert list(filled.columns) == ["size", "kind"]
    assert filled.loc[25, "kind"] == "large"
    assert filled.loc[3, "size"] < 20
    others = frame.index.difference([3, 25])
    assert filled.loc[others].astype(frame.dtypes).equals(frame.loc[others])  # what was given stays
    assert isinstance(AssociativeImputer().set_output(transform="polars").fit_transform(frame[["size"]]), pl.DataFrame)


def test_whole_numbers_can_be_categories() -> None:
    rows = np.array([[1.0, 0], [1.1, 0], [0.9, 0], [5.0, 2], [5.1, 2], [4.9, 2], [1.05, np.nan], [5.05, np.nan]])
    filled = AssociativeImputer(categories=[1]).fit_transform(rows)
    assert filled[6:, 1].tolist() == [0, 2]


def test_an_option_that_was_not_fitted_is_unknown_however_it_begins() -> None:
    rows = np.array([[0.0, "ab"], [0.1, "ab"], [5.0, "cd"], [5.1, "cd"]], object)
    imputer = AssociativeImputer().fit(rows)
    assert np.isnan(imputer._codes(np.array([[0.0, "abc"]], object))[0, 1])
    assert imputer.transform(np.array([[np.nan, "abc"]], object))[0, 1] == "abc"
    assert np.isnan(AssociativeImputer(categories=[1]).fit(rows.astype(str))._codes(np.array([["0", "abc"]]))[0, 1])


def test_what_is_filled_is_what_was_given() -> None:
    near = np.r_[np.arange(10.0) / 10, 9 + np.arange(10.0) / 10]
    frame = pd.DataFrame({"near": near, "yes": [True] * 10 + [False] * 10, "odd": [1] * 10 + ["y"] * 10})
    frame["yes"] = frame["yes"].astype(object)
    frame.loc[[3, 15], ["yes", "odd"]] = None
    filled = AssociativeImputer().fit_transform(frame)
    assert filled[3, 1] is True
    assert filled[15, 1] is False
    assert (filled[3, 2], filled[15, 2]) == (1, "y")
    numbers = pl.DataFrame({"near": near, "yes": frame["yes"].tolist()})
    assert AssociativeImputer().fit_transform(numbers)[[3, 15], 1].tolist() == [1, 0]
    whole = near[:, None] > [5, 9.5]
    assert AssociativeImputer().fit_transform(whole).tolist() == whole.tolist()


def test_dates_are_refused_by_name() -> None:
    frame = pd.DataFrame({"size": [1.0, np.nan], "day": pd.to_datetime(["2020-01-01", None])})
    for X in (frame, pl.from_pandas(frame)):
        with pytest.raises(InvalidArgument, match="in column 'day'"):
            AssociativeImputer().fit(X)
    with pytest.raises(InvalidArgument, match="got dates"):
        AssociativeImputer().fit(frame[["day"]].to_numpy())


def test_categories_may_be_a_mask() -> None:
    rows = np.array([[1.0, 0], [1.1, 0], [0.9, 0], [5.0, 2], [5.1, 2], [4.9, 2], [1.05, np.nan], [5.05, np.nan]])
    for mask in ([False, True], np.array([False, True])):
        imputer = AssociativeImputer(categories=mask).fit(rows)
        assert imputer.options_[0] is None
        assert imputer.options_[1].tolist() == [0, 2]
    for odd in ([True], [True, False, True], [True, 1], 3):
        with pytest.raises(InvalidArgument, match="a mask of its 2"):
            AssociativeImputer(categories=odd).fit(rows)


def test_a_row_that_was_fitted_is_filled_by_the_others_wherever_it_stands() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 3))
    rows[:5, 0] = np.nan
    imputer = AssociativeImputer().fit(rows)
    assert np.allclose(imputer.transform(rows[[4, 2]]), imputer.transform(rows)[[4, 2]])
    explained = imputer.explain(rows[:3])
    assert (explained.rows[:, 0] != np.arange(3)).all()
    assert np.allclose(explained.weights.max(axis=1), explained.weights[:, 0])


def test_labels_and_numbers_are_found_in_pipelines_and_searches() -> None:
    x, y = load_wine(return_X_y=True)
    model = make_pipeline(StandardScaler(), AssociativeClassifier(metric="identity"))
    assert cross_val_score(model, x, y, cv=3).mean() > 0.94
    search = GridSearchCV(
        AssociativeRegressor(metric="identity"),
        {"expectation": ["auto", mn.Mean(1.0)]},
        cv=KFold(3, shuffle=True, random_state=0),
    )
    assert search.fit(StandardScaler().fit_transform(x[:, 1:]), x[:, 0]).best_score_ > 0.4


def test_features_may_be_unknown() -> None:
    x, y = load_iris(return_X_y=True)
    holes = np.where(np.random.default_rng(0).random(x.shape) < 0.2, np.nan, x)
    model = AssociativeClassifier(metric="identity").fit(holes, y)
    assert model.score(holes, y) > 0.85
    assert np.allclose(model.predict_proba(holes).sum(axis=1), 1)


def test_a_learned_metric_finds_the_feature_that_matters() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 8))
    model = AssociativeClassifier(metric="diagonal").fit(x, x[:, 3] > 0)
    assert model.weights_.argmax() == 3
    assert model.weights_[3] > 4 * np.delete(model.weights_, 3).max()


def test_an_unknown_feature_is_the_mean_of_its_column_where_a_metric_is_learned() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 2)) + 50
    y = x[:, 0] > 50
    x[rng.random(80) < 0.2, 1] = np.nan
    given = np.where(np.isnan(x), np.nanmean(x, axis=0), x)
    holed, whole = (learned_weights(each, y, classes=True, rng=np.random.default_rng(0)) for each in (x, given))
    assert np.allclose(holed, whole)


@pytest.mark.parametrize("metric", ["auto", "identity", "diagonal"])
def test_numbers_whose_squares_do_not_fit_are_refused_in_a_sentence(metric) -> None:
    x = np.random.default_rng(0).normal(size=(50, 2))
    with pytest.raises(InvalidArgument, match="fit: y must be at most"):
        AssociativeRegressor(metric=metric).fit(x, 1e300 * x[:, 0])
    with pytest.raises(InvalidArgument, match="fit: X must be at most"):
        AssociativeRegressor(metric=metric).fit(1e200 * x, x[:, 0])
    with pytest.raises(InvalidArgument, match="X must be at most"):
        AssociativeRegressor(metric=metric).fit(x, x[:, 0]).predict(1e200 * x)
    assert np.isfinite(AssociativeRegressor(metric=metric).fit(1e140 * x, 1e149 * x[:, 0]).predict(1e140 * x)).all()
    with pytest.raises(InvalidArgument, match="X must be at most"):
        AssociativeImputer().fit(1e200 * x)


def test_more_rows_can_be_learned() -> None:
    x, y = load_iris(return_X_y=True)
    model = AssociativeClassifier(metric="identity").partial_fit(x[::2], y[::2], classes=[0, 1, 2])
    assert model.partial_fit(x[1::2], y[1::2]).score(x, y) > 0.9
    with pytest.raises(InvalidArgument, match="classes of the first call"):
        model.partial_fit(x[:1], [7])


def test_a_prediction_comes_with_its_error() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, size=(300, 1))
    y = x[:, 0] ** 2 + 0.1 * rng.normal(size=300)
    model = AssociativeRegressor().fit(x[:200], y[:200])
    said, spread = model.predict(x[200:], return_std=True)
    assert (np.abs(said - y[200:]) <= 1.645 * spread).mean() > 0.75
    assert model.score(x[200:], y[200:]) > 0.95


def test_outliers_are_told_from_the_rest() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3))
    detector = AssociativeOutlierDetector(contamination=0.05).fit(x)
    assert (detector.predict(x) == -1).sum() == 10
    assert (detector.predict(rng.normal(size=(20, 3)) + 8) == -1).all()
    assert detector.predict([[np.nan, 9.0, np.nan]])[0] == -1
    with pytest.raises(InvalidArgument, match="contamination"):
        AssociativeOutlierDetector(contamination=0.9).fit(x)


def test_new_rows_of_the_same_kind_are_outliers_as_often_as_fitted_ones() -> None:
    rng = np.random.default_rng(0)
    x, fresh = rng.normal(size=(300, 10)), rng.normal(size=(2000, 10))
    detector = AssociativeOutlierDetector().fit(x)
    assert (detector.predict(x) == -1).sum() == 30
    assert (detector.predict(x[:90]) == detector.predict(x)[:90]).all()
    assert 0.04 < (detector.predict(fresh) == -1).mean() < 0.18  # the share of a threshold of 300 rows: 0.1 ± 0.017
    assert AssociativeOutlierDetector().fit([[1.0, 2.0]]).predict([[1.0, 2.0], [1.0, 2.5]]).tolist() == [1, 1]


def test_few_rows_have_a_sharpness_too() -> None:
    x = np.random.default_rng(0).normal(size=(8, 2)) / 1000
    assert AssociativeOutlierDetector().fit(x).beta_ > 1e5


def test_noise_is_cleaned() -> None:
    rng = np.random.default_rng(0)
    clean = np.repeat(np.eye(4) * 5, 30, axis=0)
    noisy = clean + rng.normal(size=clean.shape)
    cleaned = AssociativeDenoiser().fit(noisy).transform(clean + rng.normal(size=clean.shape))
    assert ((cleaned - clean) ** 2).mean() < 0.5


RATINGS = np.kron(np.eye(3), np.ones((8, 5))) * np.random.default_rng(0).integers(3, 6, size=(24, 15))


@pytest.mark.parametrize("model", ["projection", "users", "items"])
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix, sparse.csr_array])
def test_items_are_recommended_to_those_who_like_their_like(model, form) -> None:
    ratings = RATINGS.copy()
    ratings[0, 4] = 0  # unrated
    recommender = AssociativeRecommender(model, strength=10.0).fit(form(ratings))
    best = recommender.recommend([0], n=1)[0, 0]
    assert best == 4 if model != "items" else best not in range(4)


def test_ratings_are_learned_from_labels() -> None:
    users, items = np.nonzero(RATINGS)
    names = np.array([f"film {item:02}" for item in items])
    recommender = AssociativeRecommender("items").fit_ratings(users, names, RATINGS[users, items])
    said = recommender.predict_ratings([0, 0, 99], ["film 00", "film 01", "film 00"])
    assert ((said > 2) & (said < 6)).all()
    assert recommender.explain(0, "film 00")[0][0].startswith("film")
    with pytest.raises(InvalidArgument, match="users must have been fitted"):
        recommender.recommend([99])


def test_where_too_few_items_are_left_nothing_that_was_rated_is_recommended() -> None:
    users, items = np.nonzero(RATINGS[:, :5])
    left = items != 4
    left[users > 0] = True
    for names, none in ((np.arange(5), -1), (np.arange(5) - 1, None), (np.array(list("abcde")), None)):
        recommender = AssociativeRecommender(strength=1.0).fit_ratings(users[left], names[items[left]])
        assert recommender.recommend([0], n=3).tolist() == [[names[4], none, none]]
        assert recommender.recommend([1], n=9).tolist() == [[none] * 5]
        assert recommender.recommend([1], n=9, exclude_seen=False).shape == (1, 5)
    recommender = AssociativeRecommender(strength=1.0).fit_ratings(users[left], items[left] + 0.5)
    assert np.isnan(recommender.recommend([0], n=2)).tolist() == [[False, True]]


@pytest.mark.parametrize("model", ["projection", "users", "items"])
def test_a_rating_of_nought_is_a_rating_and_nan_is_none(model) -> None:
    recommender = AssociativeRecommender(model, strength=1.0).fit_ratings([0, 0, 1, 1], [0, 1, 1, 2], [0.0, 5, 4, 0])
    assert recommender.recommend([0, 1], n=1).tolist() == [[2], [0]]
    with pytest.raises(InvalidArgument, match="ratings must be finite; got nan at row 1"):
        AssociativeRecommender(model).fit_ratings([0, 0], [0, 1], [1.0, np.nan])
    alone = AssociativeRecommender(model, strength=1.0).fit([[1.0, 0.0, 2.0]])
    assert np.isfinite(alone.score_items([0])).all()
    assert alone.recommend([0], n=1).tolist() == [[1]]


def test_who_was_not_fitted_says_so() -> None:
    with pytest.raises(NotFittedError):
        AssociativeRecommender().recommend([0])
    with pytest.raises(InvalidArgument, match="model must be one of"):
        AssociativeRecommender("magic").fit(RATINGS)
