"""Scores are the formulas of the paper, of the right sign, and help where outliers are like those that were seen."""

import math
from pathlib import Path

import pytest
import torch
from torch.nn.functional import normalize

from examples import outlier_scores as example


def lse(beta: float, patterns: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    return (beta * states @ patterns.T).logsumexp(dim=-1) / beta


@pytest.fixture
def rows() -> list[torch.Tensor]:
    draw = torch.Generator().manual_seed(0)
    return [normalize(torch.randn(count, 8, generator=draw), dim=-1) for count in (5, 6, 6)]


def test_the_contrast_and_the_boundary_are_those_of_the_paper(rows) -> None:
    q, x, o = rows
    torch.testing.assert_close(example.contrast(q, x, o, 4.0), lse(4.0, x, q) - lse(4.0, o, q))
    both = -2 * lse(4.0, torch.cat([x, o]), q) + lse(4.0, x, q) + lse(4.0, o, q)
    torch.testing.assert_close(example.boundary(q, x, o, 4.0), both)


def test_the_contrast_is_high_for_what_is_familiar_and_the_boundary_largest_between(rows) -> None:
    _, x, o = rows
    between = normalize(x[:1] + o[:1], dim=-1)
    q = torch.cat([x[:1], between, o[:1]])
    score, border = example.contrast(q, x[:1], o[:1], 4.0), example.boundary(q, x[:1], o[:1], 4.0)
    assert score[0] > 0 > score[2]
    assert float(border[1]) == pytest.approx(-2 * math.log(2) / 4.0, abs=1e-5)
    assert border.argmax() == 1


def test_auroc_and_fpr95_of_scores_that_part_and_of_scores_that_do_not() -> None:
    high, low = torch.arange(20.0) + 100, torch.arange(20.0)
    assert example.auroc(example.Scores(high, low, low)) == 1.0
    assert example.fpr95(example.Scores(high, low, low)) == 0.0
    assert example.auroc(example.Scores(low, low, high)) == 0.0
    assert example.fpr95(example.Scores(low, low, high)) == 1.0
    assert example.auroc(example.Scores(low, low, low)) == 0.5


@pytest.mark.parametrize("kind", example.KINDS)
def test_no_outlier_to_be_found_was_seen_and_as_many_were_seen_as_are_known(kind: str) -> None:
    images = example.split(0, kind)
    assert len(images.auxiliary) == len(images.known) == example.CLASSES * example.TRAINING
    for seen in (images.known, images.auxiliary):
        assert torch.cdist(images.unfamiliar, seen).min() > 0.01
        assert torch.cdist(images.familiar, seen).min() > 0.01


def test_digits_that_were_seen_help_to_find_other_digits_on_pixels() -> None:
    found = {}
    for kind in example.KINDS:
        images = example.split(0, kind)
        found[kind] = example.scored(example.MODELS["pixels"](), images, example.BETA["pixels"])
    alone = example.auroc(found["halves"]["energy alone"])
    assert example.auroc(found["digits 5–7"]["contrast"]) > alone + 0.1


def test_it_prints_both_tables_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.main(str(tmp_path / "outliers.png"), seeds=1, steps=2)
    told = capsys.readouterr().out
    assert all(told.count(f"{name}, {kind} |") == 2 for name in example.MODELS for kind in example.KINDS)
    assert (tmp_path / "outliers.png").stat().st_size > 10_000


@pytest.mark.slow
def test_halves_do_not_help_an_encoder_to_find_digits() -> None:
    found = example.compared(seeds=3, steps=example.STEPS)
    mean = {kind: sum(map(example.auroc, found["encoder", kind]["contrast"])) / 3 for kind in example.KINDS}
    alone = sum(map(example.auroc, found["encoder", "halves"]["energy alone"])) / 3
    assert mean["digits 5–7"] > mean["halves"]
    assert mean["halves"] < alone + 0.02
