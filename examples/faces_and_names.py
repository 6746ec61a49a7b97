"""Faces and names: a bidirectional memory finds the name to a face and the face to a name.

    python examples/faces_and_names.py [faces.png]

The faces are drawn here, of ovals and lines that are in part the same for all: no photographs are needed. A name is six
letters of five bits, ±1 each. The dense memory on the joint overlap keeps such pairs apart; Kosko's matrix, which
adds them all up, does not, and is shown beside it.
"""

import sys

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

import mnemonist as mn

SIDE, BITS, LETTERS = 32, 5, 6
NAMES = ["ADA", "BRUNO", "CLARA", "DAVID", "EMIL", "FRIDA", "GRETA", "HUGO"]
ALPHABET = " ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def face(k: int) -> np.ndarray:
    """Return the k-th face (1024,), lines +1 and paper −1: three features of two kinds each, by the bits of k."""
    page = Image.new("1", (SIDE, SIDE))
    draw = ImageDraw.Draw(page)
    glasses, hair, mouth = k & 1, k & 2, k & 4
    draw.ellipse((6, 4, 25, 29), outline=1)
    draw.line((15, 15, 15, 19), fill=1)
    for x in (11, 20):
        draw.ellipse((x - 1, 12, x + 1, 14), fill=1)
        if glasses:
            draw.rectangle((x - 4, 10, x + 3, 16), outline=1)
    if hair:
        draw.chord((5, 2, 26, 18), 180, 360, fill=1)
        draw.rectangle((4, 10, 6, 24), fill=1)
        draw.rectangle((25, 10, 27, 24), fill=1)
    else:
        draw.arc((8, 1, 23, 9), 180, 360, fill=1, width=2)
    if mouth:
        draw.chord((10, 18, 21, 26), 0, 180, fill=1)
    else:
        draw.line((11, 24, 20, 24), fill=1, width=2)
        draw.rectangle((9, 26, 22, 30), fill=1)
    return np.where(np.asarray(page).ravel(), 1, -1).astype(np.int8)


def spelled(name: str) -> np.ndarray:
    """Return a name as ±1 bits (30,)."""
    numbers = [ALPHABET.index(letter) for letter in name.ljust(LETTERS)]
    return np.array([1 if number >> bit & 1 else -1 for number in numbers for bit in range(BITS)], dtype=np.int8)


def read(bits: np.ndarray) -> str:
    """Return the name that ±1 bits spell; a · where they make no letter."""
    numbers = (np.asarray(bits).reshape(LETTERS, BITS) > 0) @ (1 << np.arange(BITS))
    return "".join(ALPHABET[number] if number < len(ALPHABET) else "·" for number in numbers).strip()


def damaged(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return faces with a tenth of the pixels turned round and a quarter of each covered, and what is not covered."""
    cues = np.where(np.random.default_rng(0).random(faces.shape) < 0.1, -faces, faces)
    seen = np.ones((len(faces), SIDE, SIDE), dtype=bool)
    for k in range(len(faces)):
        seen[k, :, 24:] = k % 2 == 0
        seen[k, 24:, :] &= k % 2 == 1
    return cues, seen.reshape(faces.shape)


def figure(cues: np.ndarray, seen: np.ndarray, named: dict[str, list[str]], drawn: dict[str, np.ndarray]) -> Figure:
    """Return a sheet: damaged faces with the names found, and under each name the face found."""
    sheet = Figure(figsize=(1.3 * len(NAMES) + 1.4, 5.0), dpi=150)
    grid = sheet.subplots(1 + len(drawn), len(NAMES), gridspec_kw={"hspace": 0.5, "left": 0.13, "right": 0.99})
    shown = np.where(seen, cues, 0)
    for k, name in enumerate(NAMES):
        for row, (images, title) in enumerate(
            [(shown, "\n".join(f"{found[k]}" for found in named.values())), *((d, name) for d in drawn.values())]
        ):
            axes = grid[row, k]
            axes.imshow(images[k].reshape(SIDE, SIDE), cmap="gray_r", vmin=-1, vmax=1)
            axes.set(xticks=[], yticks=[])
            axes.set_title(title, fontsize=8)
    labels = ["face → name\n" + "\n".join(f"({which})" for which in named), *(f"name → face\n({w})" for w in drawn)]
    for row, label in enumerate(labels):
        grid[row, 0].set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8, fontsize=8)
    return sheet


def main(out: str = "faces.png") -> None:
    """Store the pairs, recall each half from the other, print the table and write the figure."""
    faces, names = np.stack([face(k) for k in range(len(NAMES))]), np.stack([spelled(name) for name in NAMES])
    cues, seen = damaged(faces)
    named, drawn = {}, {}
    for which, memory in {"dense": mn.BidirectionalMemory(mn.Softmax(1.0)), "Kosko": mn.BidirectionalMemory()}.items():
        memory.store(faces, names)
        named[which] = [read(bits) for bits in memory.recall(left=cues, known_left=seen).right]
        drawn[which] = memory.recall(right=names).left
        faces_right = (drawn[which] == faces).all(axis=1).sum()
        names_right = sum(found == name for found, name in zip(named[which], NAMES, strict=True))
        print(f"{which:>5}: {names_right} of 8 names from damaged faces, {faces_right} of 8 faces from names")
    figure(cues, seen, named, drawn).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
