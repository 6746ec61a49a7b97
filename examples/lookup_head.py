r"""A look-up as the head of a classifier, where few digits are labelled: the labelled ones are its memories.

    linear    y = W h + b                      nearest    the class of the nearest labelled image
    look-up   y = Σ_μ softmax_μ(β h·h_μ) 1(class of μ)     `HopfieldLayer`, its memories the labelled images

On pixels, h = image, nothing is trained but β, by leaving one out. Else an encoder h, of features of length 1, learns
with each head alike. Given memories are the labelled images seen by that encoder, and each image is answered by all but
itself, which a mask hides; learned ones start as their features, and move. Heads on such features are near each other,
equal within the spread of the draws at few labels; a look-up also shows from what it answers.

Run `python examples/lookup_head.py [lookup.png]`; it takes a minute and a half and needs mnemonist[plot,torch].
Source: Goldberger et al. 2004, NeurIPS 17 (leave one out); Vinyals et al. 2016, arXiv:1606.04080 (one encoder for
both); Ramsauer et al. 2021, arXiv:2008.02217. Shapes: images (M, 784), labels (M,), answers (M, 10).
"""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import nll_loss, normalize, one_hot

from mnemonist.data import digits
from mnemonist.nn import Association, Hopfield, HopfieldLayer
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

LABELLED, TEST, SEEDS = (2, 5, 10, 20), 25, 5  # images of each class, draws
STEPS, BATCH, SHIFT, WIDTH, BETA = 300, 50, 2, 32, 10.0
BETAS = (5.0, 10.0, 20.0, 40.0, 80.0)


class Digits(NamedTuple):
    """Images (M, 784) of length 1 and their classes (M,)."""

    images: Tensor
    labels: Tensor


def split(each: int, seed: int) -> tuple[Digits, Digits]:
    """Return `each` labelled images of each class, and TEST others."""
    images, labels = map(torch.from_numpy, digits())
    by_class = np.random.default_rng(seed).permuted(np.arange(500).reshape(50, 10), axis=0)
    rows = normalize(images.flatten(1), dim=-1)
    return tuple(Digits(rows[part], labels[part]) for part in (by_class[:each].ravel(), by_class[-TEST:].ravel()))


def moved(images: Tensor, draw: torch.Generator) -> Tensor:
    """Return images (M, 784) moved by up to SHIFT pixels down and across, each by its own."""
    wide, at = nn.functional.pad(images.unflatten(-1, (28, 28)), (SHIFT,) * 4), torch.arange(28)
    down, across = torch.randint(2 * SHIFT + 1, (2, len(images), 1, 1), generator=draw)
    return wide[torch.arange(len(images))[:, None, None], down + at[:, None], across + at].flatten(1)


class Encoder(nn.Module):
    """Two convolutions and a linear map: images (M, 784) to features (M, WIDTH) of length 1."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 16, 5, stride=2), nn.ReLU(),
            nn.Flatten(), nn.Linear(256, WIDTH),
        )  # fmt: skip

    def forward(self, images: Tensor) -> Tensor:
        """Return the features."""
        pixels = 10 * images.unflatten(-1, (28, 28))[:, None]  # those of images of length 1 are small
        return normalize(self.layers(pixels), dim=-1)


# --- heads -------------------------------------------------------------------------------------------------------


def nearest(memories: Digits, states: Tensor) -> Tensor:
    """Return the class (M,) of the memory that is nearest to each state (M, width)."""
    return memories.labels[torch.cdist(states, memories.images).argmin(dim=-1)]


def lookup(known: Digits, beta: float | Tensor, encoder: nn.Module | None = None) -> HopfieldLayer:
    """Return a layer whose memories are the labelled images, seen by an encoder, and whose values are their classes."""
    layer = Hopfield(Association(beta=beta), state=encoder, stored=encoder)
    head = HopfieldLayer(layer, memories=len(known.labels), width=known.images.shape[-1], values=10)
    head.memories.data, head.values.data = known.images.clone(), one_hot(known.labels, 10).float()
    return head.requires_grad_(False)


def learned_lookup(known: Digits, encoder: nn.Module) -> HopfieldLayer:
    """Return a layer whose memories start as the features of the labelled images, and are learned."""
    head = HopfieldLayer(Hopfield(Association(beta=BETA), state=encoder), len(known.labels), WIDTH, values=10)
    head.memories.data, head.values.data = encoder(known.images).detach(), one_hot(known.labels, 10).float()
    head.values.requires_grad_(False)
    return head


class LinearHead(nn.Module):
    """An encoder and a linear map, which sees features as long as β makes them for a look-up."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.answer = Encoder(), nn.Linear(WIDTH, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logarithms (M, 10) of the shares of the classes."""
        return self.answer(BETA * self.encoder(images)).log_softmax(dim=-1)


def but_itself(rows: Tensor, count: int) -> Tensor:
    """Return the mask (B, count) that hides from each of these images the memory that it is."""
    return rows[:, None] != torch.arange(count)


def logarithms(shares: Tensor) -> Tensor:
    """Return the logarithms of shares that may be 0."""
    return shares.clamp(min=1e-6).log()


def best_beta(known: Digits) -> float:
    """Return the β of BETAS under which labelled images answer best for each other."""
    mask = but_itself(torch.arange(len(known.labels)), len(known.labels))
    losses = [nll_loss(logarithms(lookup(known, beta)(known.images, mask=mask)), known.labels) for beta in BETAS]
    return BETAS[int(torch.stack(losses).argmin())]


# --- training ----------------------------------------------------------------------------------------------------


def trained(head: nn.Module, answer: Callable[[Tensor, Tensor], Tensor], known: Digits, seed: int, steps: int) -> None:
    """Train a head; `answer` gives what nll_loss takes (B, 10) of moved images and of which they are."""
    draw = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW([p for p in head.parameters() if p.requires_grad], 3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for _ in range(steps):
        rows = torch.randint(len(known.labels), (BATCH,), generator=draw)
        loss = nll_loss(answer(moved(known.images[rows], draw), rows), known.labels[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    head.eval()


def given_lookup(known: Digits, seed: int, steps: int) -> HopfieldLayer:
    """Return a look-up of the labelled images, whose encoder was trained by leaving one out."""
    torch.manual_seed(seed)
    encoder = Encoder()
    head, count = lookup(known, BETA, encoder), len(known.labels)
    encoder.requires_grad_()
    trained(head, lambda x, rows: logarithms(head(x, mask=but_itself(rows, count))), known, seed, steps)
    return head


def predictions(known: Digits, images: Tensor, seed: int, steps: int) -> dict[str, Tensor]:
    """Return the classes (M,) that each way gives images."""
    torch.manual_seed(seed)
    linear = LinearHead()
    trained(linear, lambda x, rows: linear(x), known, seed, steps)
    torch.manual_seed(seed)
    learned = learned_lookup(known, Encoder())
    trained(learned, lambda x, rows: logarithms(learned(x)), known, seed, steps)
    given = given_lookup(known, seed, steps)
    with torch.no_grad():
        features = known._replace(images=linear.encoder(known.images))
        return {
            "nearest image": nearest(known, images),
            "look-up of images": lookup(known, best_beta(known))(images).argmax(dim=-1),
            "linear head": linear(images).argmax(dim=-1),
            "nearest in its features": nearest(features, linear.encoder(images)),
            "look-up head, learned memories": learned(images).argmax(dim=-1),
            "look-up head, given memories": given(images).argmax(dim=-1),
        }


def compared(labelled: Sequence[int], seeds: int, steps: int) -> dict[str, list[list[float]]]:
    """Return the shares of test images that each way tells wrong, by numbers labelled and by draws; print them."""
    found: dict[str, list[list[float]]] = {}
    for each in labelled:
        for seed in range(seeds):
            known, test = split(each, seed)
            for name, classes in predictions(known, test.images, seed, steps).items():
                rows = found.setdefault(name, [[] for _ in labelled])
                rows[list(labelled).index(each)].append(float((classes != test.labels).float().mean()))
    print(
        f"% of {10 * TEST} images told wrong, mean ± standard deviation of {seeds} draws, by labelled images of a class"
    )
    print(f"{'':>31} | " + " | ".join(f"{each:^11}" for each in labelled))
    for name, rows in found.items():
        print(f"{name:>31} | " + " | ".join(f"{spread(row):^11}" for row in rows))
    return found


def spread(numbers: Sequence[float]) -> str:
    """Return the mean of percentages and, of several, their standard deviation."""
    more = f" ± {100 * statistics.stdev(numbers):.1f}" if len(numbers) > 1 else ""
    return f"{100 * statistics.mean(numbers):.1f}{more}"


# --- the figure --------------------------------------------------------------------------------------------------

_COLOURS = {
    "nearest image": PALE, "look-up of images": "#8ce99a", "linear head": INK, "nearest in its features": QUIET,
    "look-up head, learned memories": "#1971c2", "look-up head, given memories": RIGHT,
}  # fmt: skip
_LOOKS = 5


def figure(found: Mapping[str, Sequence[Sequence[float]]], labelled: Sequence[int], steps: int) -> Any:
    """Return the errors of all ways, beside test images and the memories that a trained look-up answers them from."""
    canvas = Canvas(11.6, 4.3)
    axes = canvas.axes(0.65, 0.6, 3.6, 3.1)
    places = np.arange(len(labelled))
    for name, rows in found.items():
        mean, deviation = np.mean(rows, axis=1), np.std(rows, axis=1)
        axes.plot(places, mean, "o-", color=_COLOURS[name], markersize=4, linewidth=1.6)
        axes.fill_between(places, mean - deviation, mean + deviation, color=_COLOURS[name], alpha=0.12, linewidth=0)
    axes.set_xticks(places, [str(each) for each in labelled])
    axes.set(ylim=(0, None), xlabel="labelled images of each class")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.tick_params(colors=QUIET, labelsize=8, length=2)
    axes.xaxis.label.set_color(QUIET)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    _names(canvas, found)
    canvas.text(2.45, 0.25, "images told wrong", color=INK, size=11)
    _memories(canvas, labelled[-1], steps)
    return canvas.figure


def _names(canvas: Canvas, found: Mapping[str, Sequence[Sequence[float]]]) -> None:
    """Name the lines at their right ends, apart from each other."""
    ends = sorted(found, key=lambda name: -np.mean(found[name][-1]))
    for place, name in enumerate(ends):
        told = f"{np.mean(found[name][-1]):.1%}  {name}"
        colour = QUIET if _COLOURS[name] == PALE else _COLOURS[name]
        canvas.text(4.35, 1.15 + 0.42 * place, told, ha="left", color=colour, size=8.5)


def _memories(canvas: Canvas, each: int, steps: int) -> None:
    """Show test images, wrong ones first, and the memories that weigh most in their answers."""
    known, test = split(each, 0)
    head = given_lookup(known, 0, steps)
    with torch.no_grad():
        shares, weights = head(test.images, return_association=True)
    weights = weights[0]
    order = (shares.argmax(dim=-1) == test.labels).int().argsort(stable=True)
    for line, number in enumerate(order[: _LOOKS // 2 + 1].tolist() + order[-(_LOOKS // 2) :].tolist()):
        top, (shown, at) = 0.62 + 0.7 * line, weights[number].topk(_LOOKS)
        right = bool(shares[number].argmax() == test.labels[number])
        _image(canvas, 7.35, top, test.images[number], INK if right else WRONG)
        for place, (weight, memory) in enumerate(zip(shown.tolist(), at.tolist(), strict=True)):
            left, same = 8.35 + 0.62 * place, known.labels[memory] == test.labels[number]
            _image(canvas, left, top, known.images[memory], RIGHT if same else WRONG)
            canvas.text(left + 0.24, top + 0.57, f"{weight:.0%}", color=RIGHT if same else WRONG, size=7.5)
    canvas.text(7.6, 0.25, "asked", color=INK, size=11)
    canvas.text(9.85, 0.25, "memories that answer, and their shares", color=INK, size=11)


def _image(canvas: Canvas, left: float, top: float, image: Tensor, colour: str) -> None:
    """Show an image in a frame."""
    axes = canvas.axes(left, top, 0.48, 0.48)
    axes.imshow(image.unflatten(-1, (28, 28)).numpy(), cmap="gray_r")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(color=colour, linewidth=1.2)


def main(
    out: str = "lookup.png", *, labelled: Sequence[int] = LABELLED, seeds: int = SEEDS, steps: int = STEPS
) -> None:
    """Train and judge all ways, print the table and write the figure."""
    figure(compared(labelled, seeds, steps), labelled, steps).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
