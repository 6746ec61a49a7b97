"""Storage rules on correlated letters: Hebb's blends them into one, Storkey's and the projection keep them apart.

    python examples/correlated_letters.py [letters.png]

The 26 capitals are drawn with Pillow's own font on 16 × 16 pixels, ink +1 and paper −1: N = 256 neurons, K = 26, a tenth
of a pattern per neuron, below the 0.138 that Hebb's rule holds of random patterns. But these are mostly paper and overlap.
A tenth of the pixels is turned round, and each network recalls.
"""

import string
import sys

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont

import mnemonist as mn

SIDE, TURNED, SHOWN = 16, 0.1, "AEGKMQRSW"
RULES = {"Hebb": mn.hebbian, "Storkey": mn.storkey, "projection": mn.projection, "perceptron": mn.perceptron}


def letters() -> np.ndarray:
    """Return the 26 capitals (26, 256), ink +1 and paper −1, each in the middle of its square."""
    font, rows = ImageFont.load_default(size=SIDE), []
    for letter in string.ascii_uppercase:
        page = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(page).text((SIDE / 2, SIDE / 2), letter, fill=255, font=font, anchor="mm")
        rows.append(np.where(np.asarray(page).ravel() > 110, 1, -1))
    return np.array(rows, dtype=np.int8)


def recalls(patterns: np.ndarray, cues: np.ndarray) -> dict[str, np.ndarray]:
    """Return the state (26, 256) that each rule's network recalls from each cue."""
    states = {}
    for name, build in RULES.items():
        network = build()
        network.store(patterns)
        states[name] = network.recall(cues).state
    return states


def figure(patterns: np.ndarray, cues: np.ndarray, states: dict[str, np.ndarray]) -> Figure:
    """Return a sheet of letters: stored, damaged, and recalled by each rule, with how many of 26 are exact."""
    chosen = [string.ascii_uppercase.index(letter) for letter in SHOWN]
    rows = {"stored": patterns, "damaged": cues, **states}
    sheet = Figure(figsize=(1.7 + 0.72 * len(chosen), 0.78 * len(rows) + 0.1), dpi=150)
    for r, (name, images) in enumerate(rows.items()):
        exact = (images == patterns).all(axis=1).sum()
        label = name if images is patterns or images is cues else f"{name}\n{exact} of {len(patterns)} exact"
        for c, i in enumerate(chosen):
            axes = sheet.add_axes(((1.65 + 0.72 * c) / (1.7 + 0.72 * len(chosen)), 1 - (r + 1) / len(rows) + 0.01,
                                   0.66 / (1.7 + 0.72 * len(chosen)), 0.9 / len(rows)))  # fmt: skip
            axes.imshow(images[i].reshape(SIDE, SIDE), cmap="gray_r", vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[])
            if c == 0:
                axes.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8)
    return sheet


def main(out: str = "letters.png") -> None:
    """Store, damage, recall, print the table and write the figure."""
    patterns = letters()
    overlaps = np.abs(patterns.astype(float) @ patterns.T / patterns.shape[1])[~np.eye(len(patterns), dtype=bool)]
    cues = np.where(np.random.default_rng(0).random(patterns.shape) < TURNED, -patterns, patterns)
    states = recalls(patterns, cues)
    print(f"26 letters, N = {patterns.shape[1]}: two of them overlap by {overlaps.mean():.2f} on average")
    for name, state in states.items():
        right = (state == patterns).all(axis=1).sum()
        print(f"{name:>11}: {right:2d} of 26 exact, {100 * (state != patterns).mean():4.1f} % of pixels wrong")
    figure(patterns, cues, states).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
