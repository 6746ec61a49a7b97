"""A look-up of labelled images answers from others than the image itself, and from few of them well."""

from pathlib import Path

import pytest
import torch

from examples import lookup_head as example


def test_a_look_up_of_images_is_a_kernel_estimate() -> None:
    known, test = example.split(2, 0)
    shares = example.lookup(known, 20.0)(test.images)
    weights = (20.0 * test.images @ known.images.T).softmax(dim=-1)
    by_hand = torch.stack([weights[:, known.labels == c].sum(dim=-1) for c in range(10)], dim=-1)
    torch.testing.assert_close(shares, by_hand)


def test_what_an_image_is_answered_does_not_depend_on_its_own_label() -> None:
    known, _ = example.split(2, 0)
    mask = example.but_itself(torch.arange(20), 20)
    other = known._replace(labels=known.labels.clone())
    other.labels[3] = 9 - other.labels[3]
    one, two = (example.lookup(each, 20.0)(known.images, mask=mask) for each in (known, other))
    assert torch.equal(one[3], two[3])
    assert not torch.equal(one, two)


def test_test_images_are_never_labelled_ones() -> None:
    known, test = example.split(max(example.LABELLED), 0)
    assert torch.cdist(known.images, test.images).min() > 0.01
    assert known.labels.bincount().tolist() == [max(example.LABELLED)] * 10
    assert test.labels.bincount().tolist() == [example.TEST] * 10


def test_only_the_encoder_of_a_given_look_up_is_trained() -> None:
    known, _ = example.split(2, 0)
    head = example.given_lookup(known, 0, steps=2)
    assert torch.equal(head.memories, known.images)
    assert [name for name, p in head.named_parameters() if p.grad is not None]
    assert head.memories.grad is None
    assert head.values.grad is None


def test_it_prints_a_line_for_each_way_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.main(str(tmp_path / "lookup.png"), labelled=(2, 3), seeds=1, steps=3)
    lines = capsys.readouterr().out.splitlines()
    known, test = example.split(2, 0)
    assert [line.split("|")[0].strip() for line in lines[2:-1]] == list(
        example.predictions(known, test.images, 0, steps=1)
    )
    assert (tmp_path / "lookup.png").stat().st_size > 10_000


@pytest.mark.slow
def test_heads_on_learned_features_are_near_each_other_and_far_from_pixels() -> None:
    found = example.compared((20,), seeds=3, steps=example.STEPS)
    means = {name: sum(rows[0]) / 3 for name, rows in found.items()}
    for name in ("look-up head, given memories", "look-up head, learned memories"):
        assert abs(means[name] - means["linear head"]) < 0.04
        assert means[name] < means["nearest image"] - 0.05
    assert abs(means["look-up of images"] - means["nearest image"]) < 0.04
