"""Bags hold what they are said to hold, and Hopfield pooling finds it without winning."""

from pathlib import Path

import pytest
import torch

from examples import bags_of_digits as example
from mnemonist.data import digits


def test_training_and_test_bags_share_no_image_and_half_of_them_hold_one_nine() -> None:
    images = []
    for pool in example.split(0):
        bags = example.filled(pool, 40, 0)
        nines = ((torch.from_numpy(digits()[1])[bags.members] == example.SOUGHT) & ~bags.padding).sum(dim=1)
        assert torch.equal(nines.float(), bags.labels)
        assert bags.labels.mean() == 0.5
        images.append(set(bags.members[~bags.padding].tolist()))
    assert not images[0] & images[1]


def test_images_are_moved_whole_by_two_pixels_at_most() -> None:
    image = torch.zeros(50, 28, 28)
    image[:, 10, 12] = 1.0
    at = example.moved(image, torch.Generator().manual_seed(0)).nonzero()[:, 1:] - torch.tensor([10, 12])
    assert len(at) == 50
    assert {-2, 2} <= set(at.flatten().tolist()) <= {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("pooling", example.POOLINGS)
def test_no_pooling_looks_at_padding_or_at_order(pooling: str) -> None:
    torch.manual_seed(0)
    pool, h, padding = example.POOLINGS[pooling](), torch.randn(2, 5, example.WIDTH), torch.zeros(2, 5, dtype=bool)
    padding[:, 3:] = True
    other, order = h.clone(), [2, 0, 1, 4, 3]
    other[:, 3:] = 9.0
    torch.testing.assert_close(pool(h, padding), pool(other, padding))
    torch.testing.assert_close(pool(h, padding), pool(h[:, order], padding[:, order]))
    if hasattr(pool, "weights"):
        torch.testing.assert_close(pool.weights(h, padding).sum(dim=1), torch.ones(2))


def test_all_poolings_start_from_the_same_encoder() -> None:
    starts = []
    for pooling in example.POOLINGS.values():
        torch.manual_seed(0)
        starts.append(torch.cat([p.flatten() for p in example.Network(pooling).encoder.parameters()]))
    assert all(torch.equal(start, starts[0]) for start in starts)


def test_it_prints_a_line_for_each_pooling_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.main(str(tmp_path / "bags.png"), seeds=1, bags=40, test_bags=20, epochs=1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:-1]] == list(example.POOLINGS)
    assert (tmp_path / "bags.png").stat().st_size > 10_000


@pytest.mark.slow
def test_attention_of_either_kind_finds_nines_that_a_mean_blurs(tmp_path: Path) -> None:
    found = example.compared(seeds=3, bags=example.BAGS, test_bags=example.TEST_BAGS, epochs=example.EPOCHS)
    auc = {name: sum(each.auc for each in results) / 3 for name, results in found.items()}
    assert auc["Hopfield"] > auc["mean"] + 0.02
    assert abs(auc["Hopfield"] - auc["gated"]) < 0.05  # no victory: both read one digit out
