"""Masked patches: one Energy Transformer block fills the half of an image that it is not shown.

    python examples/masked_patches.py [masked.png] [epochs]

    E = −β⁻¹ Σ_heads Σ_t log Σ_{u ≠ t} exp(β q_t·k_u) − ½ Σ_t Σ_μ max(ξ_μ·g_t, 0)²          dx/dt = −∂E/∂g

A digit is sixteen patches of 7 × 7 pixels, each a token: its pixels through a linear map, and a vector for its place.
Eight of them are masked, and all tokens descend E for four steps: patches look for patches that go with them
(attention) and for what patches of digits are like (memory). A linear map reads pixels from where they end. 400 digits
are learned, in variations; 100 others are filled, beside the mean and a memory that stores the 400 in ten variations
each, which on so few digits does about as well.

Hoover et al. 2023, arXiv:2302.07253. Errors are mean squares over masked pixels, of ink 1 on paper 0.
"""

import sys

import numpy as np
import torch
from torch import Tensor, nn

import mnemonist as mn
from half_hidden_digits import SIDE, copies, digits, varied
from mnemonist.nn import EnergyTransformer
from mnemonist.plotting.canvas import HIDDEN, INK, PALE, QUIET, RIGHT, Canvas

PATCH, TOKENS, MASKED, WIDTH, STEPS, EPOCHS, BATCH = 7, 16, 8, 64, 4, 180, 25


class Filler(nn.Module):
    """Patches and which of them are masked → all patches."""

    def __init__(self, mean: Tensor) -> None:
        super().__init__()
        self.encode, self.place = nn.Linear(PATCH**2, WIDTH), nn.Parameter(torch.randn(TOKENS, WIDTH))
        self.block = EnergyTransformer(WIDTH, heads=4, head_width=16, memories=256, steps=STEPS, dt=0.2, halvings=0)
        self.mask, self.mean, self.decode = (
            nn.Parameter(torch.zeros(WIDTH)),
            nn.Parameter(mean),
            nn.Linear(WIDTH, PATCH**2),
        )
        nn.init.zeros_(self.decode.weight)

    def start(self, patches: Tensor, masked: Tensor) -> Tensor:
        """Return tokens (B, 16, 64) of patches (B, 16, 49)."""
        return torch.where(masked[..., None], self.mask, self.encode(patches)) + self.place

    def read(self, tokens: Tensor) -> Tensor:
        """Return the patches that tokens say."""
        return self.mean + self.decode(self.block.normalised(tokens))

    def forward(self, patches: Tensor, masked: Tensor) -> Tensor:
        """Return patches with those that were masked filled in."""
        return torch.where(masked[..., None], self.read(self.block(self.start(patches, masked))), patches)


def cut(images: Tensor) -> Tensor:
    """Return images (B, 784) as patches (B, 16, 49)."""
    rows = images.reshape(-1, SIDE, SIDE).unfold(1, PATCH, PATCH).unfold(2, PATCH, PATCH)
    return rows.reshape(-1, TOKENS, PATCH**2)


def joined(patches: Tensor) -> Tensor:
    """Return patches (B, 16, 49) as images (B, 784)."""
    rows = patches.reshape(-1, SIDE // PATCH, SIDE // PATCH, PATCH, PATCH)
    return rows.transpose(2, 3).reshape(-1, SIDE * SIDE)


def masks(count: int) -> Tensor:
    """Return which 8 of 16 patches are masked, at random, for so many digits."""
    return torch.rand(count, TOKENS).argsort(dim=1) < MASKED


def train(filler: Filler, images: Tensor, epochs: int) -> None:
    """Learn by backpropagation through the descent."""
    total = epochs * len(images) // BATCH
    optimiser = torch.optim.AdamW(filler.parameters(), lr=3e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=total)
    for step in range(total):
        patches, masked = cut(varied(images[torch.randint(len(images), (BATCH,))])), masks(BATCH)
        loss = (filler(patches, masked) - patches)[masked].square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if (step + 1) % (total // 5) == 0:
            print(
                f"  epoch {(step + 1) * BATCH // len(images):>3}: {loss.item():.4f} on digits it learns from",
                flush=True,
            )


def remembered(stored: Tensor, images: Tensor, hidden: Tensor, beta: float) -> Tensor:
    """Return images (B, 784) whose hidden pixels are those that a memory of others reads out."""
    memory = mn.kernel_memory(beta)
    memory.store(stored.numpy())
    return torch.as_tensor(memory.recall(images.numpy(), known=~hidden.numpy(), max_steps=1).state)


def one_level(learned: Tensor, images: Tensor, hidden: Tensor) -> Tensor:
    """Return what a memory fills, at the β that is best for 100 of the digits it learns from."""
    stored, masked = copies(learned[:300], 10), hidden[: len(learned) - 300]
    errors = {
        beta: (remembered(stored, learned[300:], masked, beta) - learned[300:])[masked].square().mean()
        for beta in (0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
    }
    return remembered(copies(learned, 10), images, hidden, min(errors, key=errors.__getitem__))


def figure(rows: dict[str, Tensor], errors: dict[str, float], steps: Tensor, energies: Tensor):
    """Return the sheet: ten digits and what fills them; five of them at each step; energies."""
    canvas, pitch = Canvas(10.7, 8.2), 0.86
    canvas.text(
        1.95,
        0.28,
        "Digits that none of them has seen, half of the patches masked",
        color=INK,
        size=11,
        ha="left",
        weight="bold",
    )
    for row, (name, images) in enumerate(rows.items()):
        top, best = 0.5 + row * pitch, errors.get(name) == min(errors.values())
        canvas.text(1.78, top + 0.31, name, color=INK, size=9, ha="right")
        if name in errors:
            canvas.text(1.78, top + 0.51, f"{errors[name]:.4f}", color=RIGHT if best else QUIET, size=9, ha="right")
        for k in range(10):
            _picture(canvas.axes(1.95 + k * pitch, top, 0.8, 0.8), images[k])
    canvas.text(5.0, 5.35, "What the tokens say, step by step", color=INK, size=10, ha="left")
    for step, images in enumerate(steps):
        canvas.text(5.4 + step * 1.07, 5.55, str(step), color=QUIET, size=8)
        for place, image in enumerate(images):
            _picture(canvas.axes(5.0 + step * 1.07, 5.65 + place * 0.83, 0.8, 0.8), image)
    axes = canvas.axes(0.75, 5.6, 3.6, 2.1)
    axes.plot(energies, color=RIGHT, linewidth=1.2, alpha=0.8, marker="o", markersize=2.6)
    axes.set_title("E falls in every step", size=10, color=INK, loc="left")
    axes.set_xticks(range(len(energies)))
    axes.set_xlabel("steps", size=8, color=QUIET)
    axes.set_ylabel("E, of ten digits", size=8, color=QUIET)
    axes.tick_params(labelsize=7.5, labelcolor=QUIET, color=PALE)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    return canvas.figure


def _picture(axes, pixels: Tensor) -> None:
    """Show pixels (784,) as ink on paper, hatched where they are NaN."""
    axes.patch.set(facecolor=HIDDEN, hatch="////", edgecolor="white", linewidth=0)
    axes.imshow(np.ma.masked_invalid(pixels.reshape(SIDE, SIDE).numpy()), cmap="gray_r", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_edgecolor(PALE)


@torch.no_grad()
def unrolled(filler: Filler, patches: Tensor, masked: Tensor) -> tuple[Tensor, Tensor]:
    """Return the images (steps + 1, B, 784) that tokens say after each step, and the energies (steps + 1, B)."""
    block, tokens = filler.block, filler.start(patches, masked)
    one = {"steps": 1, "dt": block.dt, "tol": 0.0, "halvings": block.halvings}
    said, energies = [], []
    for _ in range(block.steps + 1):
        said.append(joined(torch.where(masked[..., None], filler.read(tokens), patches)))
        state = block.hierarchy.start({"tokens": tokens, "present": torch.ones(tokens.shape[:-1])})
        energies.append(block.hierarchy.energy(state))
        tokens = block.hierarchy.descend(state, **one).state["tokens"]
    return torch.stack(said), torch.stack(energies)


def main(out: str = "masked.png", epochs: str = str(EPOCHS)) -> None:
    """Train, fill new digits, print the errors and write the figure."""
    torch.manual_seed(0)
    learned, new = digits()
    filler = Filler(cut(learned).mean(0))
    train(filler, learned, int(epochs))
    torch.manual_seed(1)  # the same patches, however long it learned
    masked = masks(len(new))
    hidden = joined(masked[..., None].expand(-1, -1, PATCH**2).float()).bool()
    with torch.no_grad():
        rows = {
            "the mean": torch.where(hidden, learned.mean(0), new),
            "one level, varied": one_level(learned, new, hidden),
            "one block, learned": joined(filler(cut(new), masked)),
        }
    errors = {name: float((images - new)[hidden].square().mean()) for name, images in rows.items()}
    for name, value in errors.items():
        print(f"{name}: {value:.4f} on 100 new digits")
    said, energies = unrolled(filler, cut(new[:10]), masked[:10])
    figure({"digit": new, "seen": new.masked_fill(hidden, torch.nan)} | rows, errors, said[:, 2:5], energies).savefig(
        out
    )
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
