r"""Associative retrieval inside a small transformer: keys are asked for, and the values that came with them are due.

    k₁ v₁ … kₙ vₙ  k₃ k₁ …  →  v₃ v₁ …         x ← Σ softmax(β q·k) k,  steps − 1 times, then  Σ softmax(β q·k) v

Pairs are drawn anew for each sequence. One attention looks once, and cannot both find a key and go on to the value
beside it; of two steps, where the second looks depends on what the first found, so that one block does it. Some
networks look at the key first; others at all keys but this one, and then at the value that is left. Two blocks of one
step do it as well where they are twice as wide, from most seeds and later.

Run `python examples/retrieval_in_a_transformer.py [retrieval.png]`; three minutes, and it needs mnemonist[plot,torch].
Source: the task, Ba et al. 2016, arXiv:1610.06258, and Arora et al. 2023, arXiv:2312.04927; why one block of attention
is too few, Sanford et al. 2024, arXiv:2408.14332; several steps, Ramsauer et al. 2021, arXiv:2008.02217.
Shapes: tokens (B, 3 n), whole numbers, keys before values; logits (B, n, VALUES) at the places of the last n keys.
"""

import math
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mnemonist.nn import Association, HopfieldEncoderLayer, projected
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

KEYS, VALUES, PAIRS = 16, 16, 4
WIDTH, HEADS, FEEDFORWARD = 32, 2, 64
STEPS, BATCH, RATE, SEEDS, POINTS, TEST = 1500, 64, 3e-3, 3, 30, 500
USUAL = 1 / math.sqrt(WIDTH // HEADS)  # β of a transformer


def theirs(wider: int = 1) -> nn.Module:
    """Return torch's own block, normalised first, so many times as wide."""
    width, feedforward = wider * WIDTH, wider * FEEDFORWARD
    return nn.TransformerEncoderLayer(width, HEADS, feedforward, 0.0, batch_first=True, norm_first=True)


def ours(steps: int, sharper: float = 1.0) -> nn.Module:
    """Return the block around a Hopfield layer of so many steps, β so many times the usual."""
    layer = projected(WIDTH, heads=HEADS, association=Association(beta=sharper * USUAL, steps=steps))
    return HopfieldEncoderLayer(layer, WIDTH, feedforward=FEEDFORWARD, dropout=0.0)


BLOCKS: dict[str, Callable[[], list[nn.Module]]] = {
    "torch's block": lambda: [theirs()],
    "two of torch's": lambda: [theirs(), theirs()],
    "two, twice as wide": lambda: [theirs(2), theirs(2)],
    "1 step": lambda: [ours(1)],
    "2 steps": lambda: [ours(2)],
    "3 steps": lambda: [ours(3)],
    "2 steps, 4 β": lambda: [ours(2, 4.0)],
}
SHOWN = "2 steps"


class Network(nn.Module):
    """Blocks between an embedding of tokens and places, and the logits of the values that are due."""

    def __init__(self, blocks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.blocks, self.width = nn.ModuleList(blocks), len(blocks[0].norm1.weight)
        self.token, self.place = nn.Embedding(KEYS + VALUES, self.width), nn.Embedding(3 * PAIRS, self.width)
        self.norm, self.answer = nn.LayerNorm(self.width), nn.Linear(self.width, VALUES)

    def embedded(self, tokens: Tensor) -> Tensor:
        """Return the states (B, 3 n, width) before the first block."""
        return self.token(tokens) + self.place.weight

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the logits (B, n, VALUES)."""
        x = self.embedded(tokens)
        for block in self.blocks:
            x = block(x)
        return self.answer(self.norm(x[:, -PAIRS:]))


def sequences(count: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return tokens (count, 3 n), pairs and their keys in another order, and the values (count, n) that are due."""
    keys = torch.rand(count, KEYS, generator=draw).argsort(dim=-1)[:, :PAIRS]
    values = torch.randint(VALUES, (count, PAIRS), generator=draw)
    order = torch.rand(count, PAIRS, generator=draw).argsort(dim=-1)
    pairs = torch.stack([keys, KEYS + values], dim=-1).flatten(1)
    return torch.cat([pairs, keys.gather(1, order)], dim=1), values.gather(1, order)


@torch.no_grad()
def accuracy(network: Network) -> float:
    """Return the share of values that are right, of TEST new sequences."""
    tokens, due = sequences(TEST, torch.Generator().manual_seed(2**31))
    return float((network(tokens).argmax(dim=-1) == due).float().mean())


class Course(NamedTuple):
    """A trained network, its accuracy after so many training steps, and the seconds that it took."""

    network: Network
    after: list[int]
    accuracy: list[float]
    seconds: float


def trained(blocks: Callable[[], list[nn.Module]], seed: int, steps: int) -> Course:
    """Return a network of these blocks, trained on new sequences at every step."""
    torch.manual_seed(seed)
    network, draw = Network(blocks()), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), RATE * WIDTH / network.width, weight_decay=0.01)
    warm = torch.optim.lr_scheduler.LinearLR(optimiser, 0.01, total_iters=100)
    found, began = {}, time.process_time()
    for step in range(1, steps + 1):
        tokens, due = sequences(BATCH, draw)
        loss = cross_entropy(network(tokens).flatten(0, 1), due.flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        warm.step()
        if step % max(1, steps // POINTS) == 0:
            found[step] = accuracy(network)
    return Course(network, list(found), list(found.values()), time.process_time() - began)


def courses(names: Sequence[str], seeds: int, steps: int) -> dict[str, list[Course]]:
    """Return what training each of BLOCKS came to, from each seed, and print it."""
    print(f"{PAIRS} pairs; a value of the sequence at random is right {1 / PAIRS:.0%} of the time")
    print(f"{'':>18} | parameters | seconds | accuracy after {steps} steps, by seed")
    found = {}
    for name in names:
        found[name] = [trained(BLOCKS[name], seed, steps) for seed in range(seeds)]
        count = sum(p.numel() for p in found[name][0].network.parameters())
        spent = statistics.mean(course.seconds for course in found[name])
        shares = "  ".join(f"{course.accuracy[-1]:6.1%}" for course in found[name])
        print(f"{name:>18} | {count:>10} | {spent:>7.1f} | {shares}", flush=True)
    return found


@torch.no_grad()
def looks(network: Network, tokens: Tensor) -> Tensor:
    """Return where the keys that are asked for look, (steps, B, n, 3 n), in the head whose last look is sharpest."""
    block = network.blocks[0]
    layer, x = block.self_attn, block.norm1(network.embedded(tokens))
    state, stored = (part(x).unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (layer.state, layer.stored))
    beta, steps = layer.association.beta, layer.association.steps
    found = torch.stack([Association(beta=beta, steps=step + 1).weights(state, stored) for step in range(steps)])
    head = found[-1].amax(dim=-1).mean(dim=(0, 2)).argmax()
    return found[:, :, head, -PAIRS:]


def seen(network: Network) -> list[tuple[float, float, float]]:
    """Return how much of each look is at the pair's own key, at the other pairs' keys, and at its own value."""
    tokens, _ = sequences(TEST, torch.Generator().manual_seed(2**31))
    own = (tokens[:, : 2 * PAIRS : 2, None] == tokens[:, None, -PAIRS:]).mT.float()  # (B, n asked, n pairs)
    found = looks(network, tokens)
    keys, values = found[..., : 2 * PAIRS : 2], found[..., 1 : 2 * PAIRS : 2]
    return [
        tuple(float((w * mask).sum(dim=-1).mean()) for w, mask in ((k, own), (k, 1 - own), (v, own)))
        for k, v in zip(keys, values, strict=True)
    ]


def told(runs: Sequence[Course]) -> None:
    """Print what the looks of trained networks are at."""
    for seed, run in enumerate(runs):
        for step, (key, others, value) in enumerate(seen(run.network)):
            print(f"seed {seed}, look {step + 1}: {key:.0%} own key, {others:.0%} other keys, {value:.0%} own value")


# --- the figure --------------------------------------------------------------------------------------------------


def written(token: int) -> str:
    """Return a key as a letter, a value as a number."""
    return chr(ord("A") + token) if token < KEYS else str(token - KEYS)


def figure(found: Mapping[str, Sequence[Course]]) -> Any:
    """Return accuracy over training, a line for each seed, beside where a trained memory looks at each of its steps."""
    canvas = Canvas(11.0, 4.1)
    _curves(canvas, found)
    tokens = sequences(1, torch.Generator().manual_seed(3))[0]
    weights = looks(found[SHOWN][0].network, tokens)[:, 0]
    labels = [written(int(token)) for token in tokens[0]]
    for step, rows in enumerate(weights):
        axes = canvas.axes(7.05, 0.8 + 1.6 * step, 3.75, 1.1)
        axes.imshow(rows.numpy(), cmap="Greens", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(range(len(labels)), labels, color=INK, size=9)
        axes.set_yticks(range(PAIRS), labels[-PAIRS:], color=INK, size=9)
        axes.tick_params(length=0)
        for pair in range(1, PAIRS + 1):
            axes.axvline(2 * pair - 0.5, color=QUIET, linewidth=0.6)
        axes.spines[:].set_color(PALE)
        canvas.text(7.05, 0.68 + 1.6 * step, f"step {step + 1} of {len(weights)}", ha="left", color=QUIET, size=9)
    canvas.text(8.925, 0.25, f"where one head of “{SHOWN}” looks", color=INK, size=11)
    canvas.text(8.925, 3.78, "the sequence: four pairs, then four keys, each a row above", color=QUIET, size=8.5)
    return canvas.figure


def _curves(canvas: Canvas, found: Mapping[str, Sequence[Course]]) -> None:
    """Draw accuracy over training steps, named at the right."""
    axes = canvas.axes(0.65, 0.55, 4.45, 2.95)
    colours = dict(zip(BLOCKS, (QUIET, INK, "#e8590c", "#adb5bd", RIGHT, "#1971c2", WRONG), strict=True))
    for name, runs in found.items():
        for run in runs:
            axes.plot(run.after, run.accuracy, color=colours[name], linewidth=1.4, alpha=0.9)
    axes.axhline(1 / PAIRS, color=QUIET, linewidth=0.6, linestyle=":")
    axes.set(ylim=(0, 1.03), xlim=(0, None), xlabel="training steps", yticks=(0, 0.25, 0.5, 0.75, 1))
    axes.set_yticklabels(["0", "25 %", "50 %", "75 %", "100 %"])
    axes.tick_params(colors=QUIET, labelsize=8)
    axes.xaxis.label.set_color(QUIET)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    for place, (name, runs) in enumerate(found.items()):
        label = f"{name}: {statistics.mean(run.accuracy[-1] for run in runs):.0%}"
        canvas.text(5.2, 0.75 + 0.27 * place, label, ha="left", color=colours[name], size=9)
    canvas.text(2.9, 0.25, "values that are right", color=INK, size=11)


def main(out: str = "retrieval.png", *, seeds: int = SEEDS, steps: int = STEPS) -> None:
    """Train all, print the table and where the shown networks look, and write the figure."""
    found = courses(list(BLOCKS), seeds, steps)
    told(found[SHOWN])
    figure(found).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
