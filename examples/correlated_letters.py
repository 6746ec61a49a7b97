"""Storage rules on correlated letters: Hebb's blends them, Storkey's and the projection keep them apart.

    python examples/correlated_letters.py [letters.png]

Capitals are drawn with Pillow's own font and stretched over 16 × 16 pixels, ink +1 and paper −1: N = 256 neurons. Ten
of them, picked so that the rules part ways, are 0.04 patterns per neuron, far below the 0.138 that Hebb's rule holds of
random ones, but letters overlap. A tenth of the pixels is turned round, and each network recalls; then once more with
all 26, where Storkey's rule, which writes each letter against the fields of those before it, loses the early ones, and
the projection still keeps all.
"""

import string
import sys

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont

import mnemonist as mn

SIDE, TURNED, TEN = 16, 0.1, "ACEHKMSTXZ"
RULES = {"Hebb": mn.hebbian, "Storkey": mn.storkey, "projection": mn.projection, "perceptron": mn.perceptron}
CELL, MARGIN = 0.72, 1.65  # inches


def letters(word: str) -> np.ndarray:
    """Return letters (K, 256), ink +1 and paper −1, each as large as its square."""
    font, rows = ImageFont.load_default(size=96), []
    for letter in word:
        page = Image.new("L", (200, 200))
        ImageDraw.Draw(page).text((100, 100), letter, fill=255, font=font, anchor="mm")
        square = page.crop(page.getbbox()).resize((SIDE, SIDE))
        rows.append(np.where(np.asarray(square).ravel() > 127, 1, -1))
    return np.array(rows, dtype=np.int8)


def damaged(patterns: np.ndarray) -> np.ndarray:
    """Return patterns with a tenth of their pixels turned round."""
    return np.where(np.random.default_rng(0).random(patterns.shape) < TURNED, -patterns, patterns)


def recalls(patterns: np.ndarray) -> dict[str, np.ndarray]:
    """Return the states (K, 256) that each rule's network recalls from the damaged patterns, and print how many fit."""
    overlaps = np.abs(patterns.astype(float) @ patterns.T / patterns.shape[1])[~np.eye(len(patterns), dtype=bool)]
    print(f"{len(patterns)} letters, two of which overlap by {overlaps.mean():.2f} on average")
    states = {}
    for name, build in RULES.items():
        network = build()
        network.store(patterns)
        states[name] = network.recall(damaged(patterns)).state
        print(
            f"{name:>11}: {exact(states[name], patterns)} exact, {100 * (states[name] != patterns).mean():4.1f} % wrong"
        )
    return states


def exact(states: np.ndarray, patterns: np.ndarray) -> str:
    """Return how many states are their pattern, of how many."""
    return f"{(states == patterns).all(axis=1).sum()} of {len(patterns)}"


def figure(patterns: np.ndarray, states: dict[str, np.ndarray]) -> Figure:
    """Return a sheet of letters: stored, damaged, and recalled by each rule."""
    rows = {"stored": patterns, "damaged": damaged(patterns)}
    rows |= {f"{name}\n{exact(state, patterns)} exact": state for name, state in states.items()}
    width, height = MARGIN + CELL * len(patterns), CELL * len(rows)
    sheet = Figure(figsize=(width, height), dpi=150)
    for r, (label, images) in enumerate(rows.items()):
        for c, image in enumerate(images):
            left, bottom = (MARGIN + CELL * c) / width, 1 - (r + 0.95) / len(rows)
            axes = sheet.add_axes((left, bottom, 0.9 * CELL / width, 0.9 * CELL / height))
            axes.imshow(image.reshape(SIDE, SIDE), cmap="gray_r", vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[])
            if c == 0:
                axes.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8)
    return sheet


def main(out: str = "letters.png") -> None:
    """Store, damage, recall, print the tables and write the figure of the ten letters."""
    figure(letters(TEN), recalls(letters(TEN))).savefig(out)
    recalls(letters(string.ascii_uppercase))
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
