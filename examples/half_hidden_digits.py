"""Half-hidden digits: a hierarchy of pixels, features and memories draws the half that it does not see.

    python examples/half_hidden_digits.py [half_hidden.png] [epochs]

    E = Σ_l (x_l·g_l − L_l(x_l)) − pᵀ W f − fᵀ V m − b·p − c·f

Pixels p and features f are between 0 and 1, memories m share one softmax; W and V join neighbours. What is seen is
held, all else descends E, and what the hidden half became is compared with what it was: training is backpropagation
through four sweeps of that descent, over 400 digits, turned, shifted and stretched a little. The 100 others are new to
all that is compared: the mean of the 400; a memory of one level that stores them, and one that stores each of them in
ten variations, for the hierarchy sees such too. Their β is chosen on 100 of the 400.

Krotov 2021, arXiv:2107.06446. Errors are mean squares over hidden pixels, of ink 1 on paper 0, over four halves.
"""

import sys
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

import mnemonist as mn
from mnemonist.nn import Hierarchy, NeuronLayer
from mnemonist.nn.synapses import Bias, Dense
from mnemonist.plotting.canvas import HIDDEN, INK, PALE, QUIET, RIGHT, Canvas

SIDE, FEATURES, MEMORIES, SWEEPS, EPOCHS, BATCH = 28, 256, 100, 4, 200, 50
_row, _column = torch.arange(SIDE * SIDE) // SIDE, torch.arange(SIDE * SIDE) % SIDE
BETAS = (0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
HALVES = (_row >= SIDE // 2, _column >= SIDE // 2, _row < SIDE // 2, _column < SIDE // 2)
Fill = Callable[[Tensor, Tensor], Tensor]  # digits (B, 784) and which pixels are hidden (784,) → all pixels


def digits() -> tuple[Tensor, Tensor]:
    """Return 400 digits (400, 784) to learn from, and 100 others."""
    images = torch.tensor(mn.data.digits()[0]).reshape(-1, SIDE * SIDE)
    return images[:400], images[400:]


def varied(images: Tensor) -> Tensor:
    """Return digits (B, 784) turned by up to 10°, sheared, stretched by 10 % and shifted by a pixel."""
    count = len(images)
    turn, shear, stretch, *shift = (torch.rand(5, count) * 2 - 1) * torch.tensor([0.18, 0.14, 0.1, 0.075, 0.075])[
        :, None
    ]
    rows = (stretch + 1) * turn.cos(), shear - turn.sin(), shift[0], turn.sin(), (stretch + 1) * turn.cos(), shift[1]
    grid = affine_grid(torch.stack(rows, -1).reshape(count, 2, 3), [count, 1, SIDE, SIDE], align_corners=False)
    return grid_sample(images.reshape(count, 1, SIDE, SIDE), grid, align_corners=False).reshape(count, -1)


def built(images: Tensor) -> Hierarchy:
    """Return the hierarchy, its pixels at rest at the mean of the images."""
    layers = {
        "features": NeuronLayer(mn.Logistic(1.0), FEATURES),
        "memories": NeuronLayer(mn.Softmax(torch.nn.Parameter(torch.ones(()))), MEMORIES),
        "pixels": NeuronLayer(mn.Logistic(1.0), SIDE * SIDE),
    }
    bias = Bias(SIDE * SIDE)
    bias.load_state_dict({"bias": torch.logit(images.mean(0).clamp(0.02, 0.98))})
    joins = [
        (Dense(SIDE * SIDE, FEATURES), ("pixels", "features")), (Dense(FEATURES, MEMORIES), ("features", "memories")),
        (bias, "pixels"), (Bias(FEATURES), "features"),
    ]  # fmt: skip
    return Hierarchy(layers, joins)


def descended(hierarchy: Hierarchy, images: Tensor, hidden: Tensor, *, sweeps: int = SWEEPS, trace: bool = False):
    """Return the descent from digits whose hidden pixels are grey; those that are seen are held."""
    seen = torch.where(hidden, 0.5, images.clamp(0.02, 0.98))
    start = hierarchy.start(activations={"pixels": seen}, follow=("features", "memories"))
    return hierarchy.descend(start, held={"pixels": ~hidden}, steps=sweeps, tol=0.0, trace=trace)


def filled(hierarchy: Hierarchy, images: Tensor, hidden: Tensor) -> Tensor:
    """Return digits whose hidden pixels are those of the hierarchy."""
    return torch.where(hidden, descended(hierarchy, images, hidden).activations["pixels"], images)


def train(hierarchy: Hierarchy, images: Tensor, epochs: int) -> None:
    """Learn by backpropagation through the descent, one half hidden at a time."""
    total = epochs * len(images) // BATCH
    optimiser = torch.optim.AdamW(hierarchy.parameters(), lr=5e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, total)
    for step in range(total):
        batch = varied(images[torch.randint(len(images), (BATCH,))])
        hidden = HALVES[step % len(HALVES)]
        loss = (filled(hierarchy, batch, hidden) - batch)[:, hidden].square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if (step + 1) % (total // 5) == 0:
            print(
                f"  epoch {(step + 1) * BATCH // len(images):>3}: {loss.item():.4f} on digits it learns from",
                flush=True,
            )


def one_level(images: Tensor, beta: float) -> Fill:
    """Return how a memory that stores digits fills others, by one readout."""
    memory = mn.kernel_memory(beta)
    memory.store(images.numpy())
    return lambda cues, hidden: torch.as_tensor(memory.recall(cues.numpy(), known=~hidden.numpy(), max_steps=1).state)


def error(fill: Fill, images: Tensor) -> float:
    """Return the mean square over hidden pixels, over all halves."""
    with torch.no_grad():
        return float(np.mean([(fill(images, h) - images)[:, h].square().mean() for h in HALVES]))


def compared(hierarchy: Hierarchy, learned: Tensor) -> dict[str, Fill]:
    """Return the ways to fill a digit, by name."""
    mean = learned.mean(0)
    return {
        "the mean": lambda cues, hidden: torch.where(hidden, mean, cues),
        "one level": one_level(learned, chosen(learned, 1)),
        "one level, varied": one_level(copies(learned, 10), chosen(learned, 10)),
        "two levels, learned": partial(filled, hierarchy),
    }


def copies(images: Tensor, count: int) -> Tensor:
    """Return digits as they are, and count − 1 variations of each."""
    return torch.cat([images, *(varied(images) for _ in range(count - 1))])


def chosen(learned: Tensor, count: int) -> float:
    """Return the β at which 300 of the digits, in so many variations, fill the other 100 best."""
    stored = copies(learned[:300], count)
    return min(BETAS, key=lambda beta: error(one_level(stored, beta), learned[300:]))


def figure(hierarchy: Hierarchy, fills: dict[str, Fill], errors: dict[str, float], learned: Tensor, new: Tensor):
    """Return the sheet: ten new digits, what is seen, what each way makes of them; energies; features."""
    canvas, pitch = Canvas(10.7, 8.95), 0.86
    rows = ["digit", "seen", *fills]
    for row, name in enumerate(rows):
        top = 0.5 + row * pitch
        canvas.text(1.78, top + 0.31, name, color=INK, size=9, ha="right")
        if name in errors:
            canvas.text(
                1.78,
                top + 0.51,
                f"{errors[name]:.4f}",
                color=RIGHT if row == len(rows) - 1 else QUIET,
                size=9,
                ha="right",
            )
        for k, image in enumerate(new[:10]):
            hidden = HALVES[k % 4]
            with torch.no_grad():
                shown = (
                    image
                    if row == 0
                    else fills[name](image[None], hidden)[0]
                    if row > 1
                    else image.where(~hidden, torch.nan)
                )
            _picture(canvas.axes(1.95 + k * pitch, top, 0.8, 0.8), shown)
    canvas.text(
        1.95,
        0.28,
        "Digits that none of them has seen, half of each hidden",
        color=INK,
        size=11,
        ha="left",
        weight="bold",
    )
    _energies(canvas, hierarchy, new)
    _features(canvas, hierarchy, learned.std(0) > 0.1)
    return canvas.figure


def _energies(canvas: Canvas, hierarchy: Hierarchy, new: Tensor) -> None:
    """Draw the energies of the ten descents."""
    axes = canvas.axes(0.75, 6.3, 3.9, 2.15)
    with torch.no_grad():
        falls = torch.cat(
            [descended(hierarchy, new[k : k + 1], HALVES[k % 4], sweeps=10, trace=True).energies for k in range(10)], 1
        )
    axes.plot(falls - falls[-1], color=RIGHT, linewidth=1.2, alpha=0.8, marker="o", markersize=2.6)
    axes.axvline(SWEEPS, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(" trained to here", (SWEEPS, 0.96), xycoords=("data", "axes fraction"), color=QUIET, size=8, va="top")
    axes.set_title("E falls in every sweep", size=10, color=INK, loc="left")
    axes.set_xlabel("sweeps", size=8, color=QUIET)
    axes.set_ylabel("E above its end", size=8, color=QUIET)
    axes.tick_params(labelsize=7.5, labelcolor=QUIET, color=PALE)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)


def _features(canvas: Canvas, hierarchy: Hierarchy, inked: Tensor) -> None:
    """Draw what the strongest features pull pixels towards, of those that ever have ink."""
    weight = hierarchy.synapses[0].weight.detach()
    order = weight[inked].norm(dim=0).argsort(descending=True)[:40]
    canvas.text(5.3, 6.17, "What 40 of the features pull pixels towards: ink, or paper", color=INK, size=10, ha="left")
    for place, feature in enumerate(order):
        axes = canvas.axes(5.3 + place % 10 * 0.53, 6.32 + place // 10 * 0.56, 0.49, 0.49)
        image = torch.where(inked, weight[:, feature], torch.nan).reshape(SIDE, SIDE)
        most = weight[inked, feature].abs().max()
        axes.imshow(image, cmap="PuOr_r", vmin=-most, vmax=most)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_edgecolor(PALE)


def _picture(axes, pixels: Tensor) -> None:
    """Show pixels (784,) as ink on paper, hatched where they are NaN."""
    axes.patch.set(facecolor=HIDDEN, hatch="////", edgecolor="white", linewidth=0)
    axes.imshow(np.ma.masked_invalid(pixels.reshape(SIDE, SIDE).numpy()), cmap="gray_r", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_edgecolor(PALE)


def main(out: str = "half_hidden.png", epochs: str = str(EPOCHS)) -> None:
    """Train, compare on new digits, print the errors and write the figure."""
    torch.manual_seed(0)
    learned, new = digits()
    hierarchy = built(learned)
    train(hierarchy, learned, int(epochs))
    fills = compared(hierarchy, learned)
    errors = {name: error(fill, new) for name, fill in fills.items()}
    for name, value in errors.items():
        print(f"{name}: {value:.4f} on 100 new digits")
    figure(hierarchy, fills, errors, learned, new).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
