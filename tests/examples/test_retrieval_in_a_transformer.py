"""One block of two steps retrieves what one of one step cannot."""

from pathlib import Path

import pytest
import torch

from examples import retrieval_in_a_transformer as example


def test_the_values_that_are_due_stand_beside_their_keys() -> None:
    tokens, due = example.sequences(20, torch.Generator().manual_seed(0))
    pairs = tokens[:, : 2 * example.PAIRS].unflatten(1, (-1, 2))
    for sequence, asked, values in zip(pairs.tolist(), tokens[:, -example.PAIRS :].tolist(), due.tolist(), strict=True):
        table = dict(sequence)
        assert len(table) == example.PAIRS
        assert [table[key] - example.KEYS for key in asked] == values


def test_networks_of_any_number_of_steps_start_from_the_same_weights() -> None:
    starts = []
    for steps in (1, 2, 3):
        torch.manual_seed(0)
        network = example.Network([example.ours(steps)])
        starts.append(torch.cat([p.flatten() for p in network.parameters()]))
    assert torch.equal(starts[0], starts[1])
    assert torch.equal(starts[0], starts[2])


def test_looks_are_the_associations_of_the_layer() -> None:
    torch.manual_seed(0)
    network = example.Network([example.ours(2)])
    tokens, _ = example.sequences(3, torch.Generator().manual_seed(0))
    found, block = example.looks(network, tokens), network.blocks[0]
    _, f = block.self_attn(block.norm1(network.embedded(tokens)), return_association=True)
    assert found.shape == (2, 3, example.PAIRS, 3 * example.PAIRS)
    assert any(torch.allclose(found[-1], f[:, head, -example.PAIRS :]) for head in range(example.HEADS))


def test_it_prints_a_line_for_each_block_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.main(str(tmp_path / "retrieval.png"), seeds=1, steps=4)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[0].strip() for line in lines[2 : 2 + len(example.BLOCKS)]] == list(example.BLOCKS)
    assert (tmp_path / "retrieval.png").stat().st_size > 10_000


@pytest.mark.slow
def test_two_steps_find_the_values_and_one_step_does_not() -> None:
    reached = {
        name: [example.trained(example.BLOCKS[name], seed, example.STEPS).accuracy[-1] for seed in range(2)]
        for name in ("torch's block", "1 step", "2 steps")
    }
    assert min(reached["2 steps"]) > 0.95
    assert max(reached["1 step"] + reached["torch's block"]) < 0.5
