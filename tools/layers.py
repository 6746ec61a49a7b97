"""Where a transformer is used today, could a memory serve? What its steps cost, when its states rest, what they give.

    python -m tools.layers

It writes docs/layers.md, in about four minutes, on one thread. Times are the least of several runs in turn; blocks are
of one width, as many heads and the same feed-forward part, normalised first, without dropout.
"""

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.machine import this_machine
from benchmarks.timing import Effort, in_turn
from examples import retrieval_in_a_transformer as retrieval
from mnemonist.nn import Association, HopfieldEncoderLayer, projected

OUT = Path(__file__).parent.parent / "docs" / "layers.md"
SIZES = ((64, 4, 32, 32), (256, 8, 8, 128), (512, 8, 1, 512))  # width, heads, batch, length
STEPS, SHARPER, TOL, MOST = (1, 2, 3, 5), (1, 2, 4, 8, 16), 1e-3, 100
EFFORT = Effort("layers", 25, 1.0)
LONGER = 2  # times as many training steps for what has not begun to learn
HEAD = """# Could a memory serve where a transformer's layer does?

`nn.HopfieldEncoderLayer` beside `torch.nn.TransformerEncoderLayer`. `python -m tools.layers` measures, and writes this
page; [retrieval_in_a_transformer.py](../examples/retrieval_in_a_transformer.py) has the task of the last table.

"""


def main() -> None:
    """Measure all, and write the page."""
    torch.set_num_threads(1)
    parts = [HEAD]
    for part in (costs, rests, gives):
        parts.append("".join(part()))
        print(parts[-1], flush=True)  # noqa: T201
    where = this_machine(Effort("least", 1, 0.1))
    release = torch.__version__.partition("+")[0]
    OUT.write_text("".join([*parts, f"{where.processor}, 1 thread, torch {release}, commit {where.commit}.\n"]))


def table(head: Sequence[Any], lines: Sequence[Sequence[Any]]) -> str:
    """Return a table in Markdown."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows) + "\n\n"


# --- what steps cost ---------------------------------------------------------------------------------------------


def blocks(width: int, heads: int) -> dict[str, nn.Module]:
    """Return torch's block, and ours of several numbers of steps."""
    beta = 1 / math.sqrt(width // heads)
    ours = {
        f"{k}": HopfieldEncoderLayer(
            projected(width, heads=heads, association=Association(beta=beta, steps=k)), width, dropout=0.0
        )
        for k in STEPS
    }
    return {"torch": nn.TransformerEncoderLayer(width, heads, 4 * width, 0.0, batch_first=True, norm_first=True)} | ours


def forward(block: nn.Module, x: Tensor) -> None:
    """Apply a block as in use: torch's own takes its fast path there."""
    block.eval()
    with torch.inference_mode():
        block(x)


def both(block: nn.Module, x: Tensor) -> None:
    """Apply a block as in training, and take the gradients."""
    block.train()
    block.zero_grad()
    block(x).sum().backward()


def costs() -> Iterator[str]:
    """Yield what blocks take, beside torch's."""
    yield (
        "## What steps cost\n\nMilliseconds of torch's block, and how many times as long ours take. *Forward* is as in "
        "use, in `inference_mode`, where torch's block takes a fast path of its own.\n\n"
    )
    lines, ratios = [], []
    for width, heads, batch, length in SIZES:
        x = torch.randn(batch, length, width)
        for what, action in {"forward": forward, "forward and backward": both}.items():
            candidates: dict[str, Callable[[], object]] = {
                name: partial(action, block, x) for name, block in blocks(width, heads).items()
            }
            theirs, *ours = (times.least for times in in_turn(candidates, EFFORT).values())
            ratios.append([each / theirs for each in ours])
            size = f"{width}, {heads}, {batch} × {length}"
            lines.append([size, what, f"{1000 * theirs:.2f}", *(f"{ratio:.2f}" for ratio in ratios[-1])])
    yield table(["width, heads, batch × length", "", "torch, ms", "1 step", *(f"{k} steps" for k in STEPS[1:])], lines)
    one, *_, most = zip(*ratios, strict=True)
    yield (
        f"One step takes {min(one):.2f} to {max(one):.2f} of the time of torch's block, {STEPS[-1]} take "
        f"{min(most):.2f} to {max(most):.2f}: steps are products of states and patterns alone, and the projections and "
        "the feed-forward part are made once.\n\n"
    )


# --- when states rest --------------------------------------------------------------------------------------------


def resting(state: Tensor, stored: Tensor, beta: float) -> tuple[Tensor, Tensor]:
    """Return after how many updates each state rests, (M,), MOST at most, and its largest weight there."""
    association, x = Association(beta=beta), state
    steps = torch.full(state.shape[:-1], MOST)
    for update in range(1, MOST + 1):
        moved = association(x, stored)
        still = (moved - x).abs().amax(dim=-1) <= TOL * moved.abs().amax(dim=-1)
        steps = torch.where(still & (steps == MOST), update, steps)
        x = moved
        if bool((steps < MOST).all()):
            break
    return steps.flatten(), association.weights(x, stored).amax(dim=-1).flatten()


@torch.no_grad()
def headed(network: retrieval.Network, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Return projected states and stored patterns (B, H, L, d) of a network's first block."""
    block = network.blocks[0]
    layer, x = block.self_attn, block.norm1(network.embedded(tokens))
    state, stored = (p(x).unflatten(-1, (layer.heads, -1)).transpose(1, 2) for p in (layer.state, layer.stored))
    return state, stored


def rests() -> Iterator[str]:
    """Yield after how many updates states rest, under random and under trained projections."""
    yield (
        "## When states rest\n\n"
        f"Updates until a state moves by no more than {TOL:g} of its largest number: the median, and what 95 % need "
        f"({MOST} is the most that was tried). *One* is the share of states that rest with more than .9 of their "
        "weight on one stored pattern; the others rest on a blend. States and patterns are those of the first block of "
        f"the network of {retrieval.SHOWN} below, before and after its training at β = 1/√d.\n\n"
    )
    tokens, _ = retrieval.sequences(64, torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    untrained = retrieval.Network(retrieval.BLOCKS[retrieval.SHOWN]())
    trained = retrieval.trained(retrieval.BLOCKS[retrieval.SHOWN], 0, retrieval.STEPS).network
    lines = []
    for name, network in {"random": untrained, "trained": trained}.items():
        state, stored = headed(network, tokens)
        for sharper in SHARPER:
            steps, largest = resting(state, stored, sharper * retrieval.USUAL)
            ordered = steps.float()
            most = f"{ordered.quantile(0.95):.0f}"
            lines.append([name, sharper, f"{ordered.median():.0f}", most, f"{(largest > 0.9).float().mean():.0%}"])
    yield table(["projections", "β · √d", "median", "95 %", "one"], lines)


# --- what steps give ---------------------------------------------------------------------------------------------


def gives() -> Iterator[str]:
    """Yield what blocks of several steps reach in retrieval."""
    yield (
        f"## What steps give\n\nThe values of {retrieval.PAIRS} pairs, asked for by their keys: accuracy after "
        f"{retrieval.STEPS} training steps from {retrieval.SEEDS} seeds, and the seconds that they took; at random "
        f"{1 / retrieval.PAIRS:.0%} are right.\n\n"
    )
    found = retrieval.courses(list(retrieval.BLOCKS), retrieval.SEEDS, retrieval.STEPS)
    lines = [_reached(name, runs) for name, runs in found.items()]
    name = "two of torch's"
    longer = [retrieval.trained(retrieval.BLOCKS[name], 0, LONGER * retrieval.STEPS)]
    lines.append(_reached(f"{name}, {LONGER} times as long", longer))
    yield table(["blocks", "parameters", "s", "accuracy by seed"], lines)
    means = {name: statistics.mean(run.accuracy[-1] for run in runs) for name, runs in found.items()}
    best = max((each for each in means if "torch" not in each), key=lambda each: means[each])
    yield (
        f"The best is one block of {best}, at {means[best]:.1%} on the mean. Two of torch's blocks reach "
        f"{means[name]:.1%}, trained {LONGER} times as long {longer[0].accuracy[-1]:.1%}, and twice as wide "
        f"{means['two, twice as wide']:.1%}.\n\n"
    )


def _reached(name: str, runs: Sequence[retrieval.Course]) -> list[Any]:
    count = sum(p.numel() for p in runs[0].network.parameters())
    spent = statistics.mean(run.seconds for run in runs)
    return [name, count, f"{spent:.1f}", " · ".join(f"{run.accuracy[-1]:.1%}" for run in runs)]


if __name__ == "__main__":
    main()
