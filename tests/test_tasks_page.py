"""The program that measures all tasks: rivals fill holes, targets are computed, the page says what is missed."""

import copy
import json
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
from tools.tasks import fillers, imputation, outliers, summary
from tools.tasks.__main__ import compact
from tools.tasks.markdown import winner
from tools.tasks.page import page
from tools.tasks.targets import verdicts

METHODS = ("mean", "knn", "tuned_knn", "ridge", "trees")


@pytest.fixture(scope="module")
def table() -> tuple[Any, Any, Any]:
    """A table (80, 3) of a number, the same with noise, and its sign as two options; sizes; and the same with holes."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=80)
    codes = np.column_stack([x, x + 0.1 * rng.normal(size=80), (x > 0).astype(float)])
    holes = np.where((rng.random(codes.shape) < 0.2) & (np.arange(3) > 0), np.nan, codes)
    return codes, np.array([0, 0, 2]), holes


@pytest.mark.parametrize("method", METHODS)
def test_every_rival_keeps_what_is_given_and_fills_the_rest(method: str, table: tuple[Any, Any, Any]) -> None:
    codes, sizes, holes = table
    filled, given = getattr(fillers, method)(holes, sizes, holes, 0), ~np.isnan(holes)
    assert (filled[given] == codes[given]).all()
    assert np.isfinite(filled).all()
    assert set(filled[:, 2]) <= {0.0, 1.0}
    if method != "mean":
        assert np.abs(filled - codes)[:, 1].max() < 2.0
        assert (filled == codes)[:, 2].mean() > 0.9


def test_the_better_of_two_has_the_better_rank_and_ties_share() -> None:
    lines = [
        {"method": method, "table": name, "error": error}
        for method, errors in {"memory": (1.0, 2.0), "knn": (3.0, 2.0)}.items()
        for name, error in zip("ab", errors, strict=True)
    ]
    assert summary.ranks(lines, "error", ("table",)) == {"memory": 1.25, "knn": 1.75}
    assert summary.ranks(lines, "error", ("table",), higher=True) == {"memory": 1.75, "knn": 1.25}
    assert summary.mean_of_means(lines, "error", of=("table",)) == {"memory": 1.5, "knn": 2.5}


def test_confidence_that_is_kept_has_no_calibration_error() -> None:
    confidence = np.full(100, 0.8)
    found = {"filled": [{"table": "a", "sure": {"options": imputation.binned(confidence, np.arange(100) < 80)}}]}
    assert summary.calibration_error(found, "options", "a") == pytest.approx(0.0)
    found = {"filled": [{"table": "a", "sure": {"options": imputation.binned(confidence, np.arange(100) < 50)}}]}
    assert summary.calibration_error(found, "options") == pytest.approx(0.3)


def test_odd_rows_are_half_of_the_odd_ones_and_a_twentieth_of_the_learned_at_most() -> None:
    for count, among in ((4, 2), (60, 4)):
        odd = np.arange(160) >= 160 - count
        learned, usual, others = outliers.parted(odd[60 - count :], "contaminated", np.random.default_rng(0))
        assert odd[60 - count :][learned].sum() == among
        assert len(learned) + len(usual) + len(others) == 100 + count
        assert not set(learned) & set(others)


def _ratings(ours: float, biased: float) -> dict[str, Any]:
    ranking = {"popularity": 0.1, "item-knn": 0.2, "truncated svd": 0.3, "softmax memory of people": 0.25}
    lines = [{"method": name, "ndcg": gain, "recall": gain, "seconds": 1.0}
             for name, gain in (ranking | {"projection memory": ours}).items()]  # fmt: skip
    stars = {"user + item bias": biased, "memory of films": 0.85}
    lines += [{"method": name, "rmse": error, "seconds": 1.0} for name, error in stars.items()]
    return {"ratings": 9, "films": 3, "people": 3, "seeds": 1, "lines": lines}


def test_the_page_says_what_is_reached_and_what_is_missed() -> None:
    kept = {
        "ratings": {"found": _ratings(0.31, 0.86), "seconds": 60.0, "commit": "abc", "processor": "P", "threads": 2}
    }
    told = page(kept)
    assert "2 of 3 targets are reached" in told
    assert told.count("**missed**") == 1
    assert "commit abc" in told
    assert "Not measured: tables with holes" in told
    better = copy.deepcopy(kept)
    better["ratings"]["found"] = _ratings(0.31, 0.9)
    assert all(one.reached for one in verdicts({"ratings": better["ratings"]["found"]}))


def test_who_is_best_is_told_with_the_place_of_the_memory_and_equals_are_level() -> None:
    assert (
        winner({"memory": 0.5, "knn": 0.4}, higher=False)
        == "On the mean, knn (0.400) is best; memory (0.500) is second of 2"
    )
    assert "level" in winner({"memory": 0.5, "knn": 0.5001}, higher=True)


def test_what_is_kept_is_json_with_a_line_a_row() -> None:
    kept = {"commit": "abc", "found": {"lines": [{"a": 1, "b": "@0@"}, {"a": 2}], "names": ["x"]}}
    text = compact(kept)
    assert json.loads(text) == kept
    assert '{"a": 1, "b": "@0@"}' in text
