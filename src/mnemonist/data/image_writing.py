"""Writing pictures: values as the pixels of a file's own mode; what was not changed stays what it was, to the bit.

A pixel whose level is the one that was read takes its old place in a palette, its old ink, its old transparency; one
that was hidden and has a value is opaque; one without a value stays hidden. A palette takes new colours while it has
room, 256 in all; of more, a GIF takes the nearest that there are, and others become RGB.

Shapes: values (h, w, 1 or 3), NaN where hidden still; levels alike; pixels (h, w) or (h, w, c).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.image import Beside, Frame

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[Any]
_COLOURS = 256


def image_of(frame: Frame, values: NDArray[np.floating]) -> tuple["Image", str]:
    """Return a picture of these values, and in a clause what is not as it was, or nothing."""
    from PIL import Image

    shown = np.isfinite(values).all(axis=-1)
    stored = np.rint(np.clip(np.where(shown[..., None], values, 0), 0, 1).astype(float) * frame.depth)
    levels = stored.astype({1: np.bool_, 255: np.uint8, 65535: np.uint16}[frame.depth])
    beside = frame.beside or Beside()
    if frame.mode == "P" and beside.palette is not None and beside.pixels is not None:
        return _with_palette(frame, beside, levels, shown)
    flat = levels[..., 0] if levels.shape[-1] == 1 else levels
    if frame.mode in {"LA", "RGBA"} or not shown.all():
        return _with_alpha(frame, beside, flat, shown)
    image = Image.fromarray(flat)
    mode = "RGB" if frame.mode == "P" else frame.mode
    if image.mode != mode:
        image = image.convert(mode)  # goes over to CMYK
    if mode == "CMYK" and beside.pixels is not None:
        image = _as_it_was(image, beside.pixels, levels)
    return image, ""


def _as_it_was(image: "Image", pixels: Pixels, levels: Pixels) -> "Image":
    """Return a picture in CMYK with the ink it had wherever that stands for the same levels."""
    from PIL import Image

    before = np.asarray(Image.fromarray(pixels, "CMYK").convert("RGB"))
    same = (before == levels).all(axis=-1, keepdims=True)
    return Image.fromarray(np.where(same, pixels, np.asarray(image)), "CMYK")


def _with_alpha(frame: Frame, beside: Beside, flat: Pixels, shown: NDArray[np.bool_]) -> tuple["Image", str]:
    """Return a picture with its own transparency, opaque where it was filled in."""
    from PIL import Image

    flat = flat.astype(np.uint8) * np.uint8(255 if flat.dtype == np.bool_ else 1) if flat.dtype != np.uint16 else flat
    if flat.dtype == np.uint16:
        return Image.fromarray(flat), "what stayed hidden is black, for 16 bits have no transparency"
    alpha, colours = np.where(shown, 255, 0).astype(np.uint8), flat[..., None] if flat.ndim == 2 else flat
    if beside.pixels is not None and frame.mode in {"LA", "RGBA"}:
        before = beside.pixels[..., -1]
        alpha = np.where(shown & (before < 128), 255, before).astype(np.uint8)
        colours = np.where(shown[..., None], colours, beside.pixels[..., :-1])
    if frame.format == "JPEG":
        return Image.fromarray(flat), "what stayed hidden is black, for JPEG has no transparency"
    return Image.fromarray(np.concatenate([colours, alpha[..., None]], axis=-1)), ""


def _with_palette(frame: Frame, beside: Beside, levels: Pixels, shown: NDArray[np.bool_]) -> tuple["Image", str]:
    """Return a picture with its palette, and new colours behind it."""
    from PIL import Image

    palette, pixels = beside.palette, beside.pixels
    assert palette is not None
    assert pixels is not None
    colours = np.broadcast_to(levels, (*shown.shape, 3))
    was = palette[pixels]
    same = ~shown | ((was[..., :3] == colours).all(axis=-1) & (was[..., 3] >= 128))
    asked, which = np.unique(colours[~same], axis=0, return_inverse=True)
    opaque = {tuple(colour[:3]): i for i, colour in reversed(list(enumerate(palette.tolist()))) if colour[3] >= 128}
    new = [colour for colour in map(tuple, asked.tolist()) if colour not in opaque]
    if len(palette) + len(new) > _COLOURS and frame.format != "GIF":
        hidden = (~shown).any()
        image = Image.fromarray(np.concatenate([colours, np.where(shown, 255, 0)[..., None]], -1).astype(np.uint8))
        return image if hidden else image.convert("RGB"), "its palette became RGB, for it has no room for new colours"
    changed = ""
    if len(palette) + len(new) > _COLOURS:
        new, changed = [], "new colours became the nearest of its palette, for a GIF has 256"
    opaque |= {colour: len(palette) + i for i, colour in enumerate(new)}
    index = np.array([_place(colour, opaque) for colour in map(tuple, asked.tolist())], np.uint8)
    placed = pixels.copy()
    if len(asked):
        placed[~same] = index[which.ravel()]
    table = np.concatenate([palette, np.array([[*colour, 255] for colour in new], np.uint8).reshape(-1, 4)])
    image = Image.fromarray(placed, "L")
    image.putpalette(table[:, :3].tobytes(), "RGB")
    if (table[:, 3] < 255).any():
        clear = np.flatnonzero(table[:, 3] < 255)
        one = len(clear) == 1 and table[clear[0], 3] == 0
        image.info["transparency"] = int(clear[0]) if one else table[:, 3].tobytes()
    return image, changed


def _place(colour: tuple[int, ...], opaque: dict[tuple[int, ...], int]) -> int:
    """Return where a colour stands in a palette, or the nearest to it."""
    if colour in opaque:
        return opaque[colour]
    return opaque[min(opaque, key=lambda other: sum((a - b) ** 2 for a, b in zip(colour, other, strict=True)))]
