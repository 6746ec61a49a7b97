"""Pictures: one image file as levels, floats in [0, 1], and back in the file's own mode, depth, palette and profile.

    file → floats    v / depth, depth = 1, 255 or 65535         floats → file    round(clip(v) · depth)

PNG, JPEG, WebP, TIFF, BMP and GIF, of several frames the first. Pixels that let more light through than they hold back
(alpha < 1/2) are hidden, NaN, and become opaque where they were filled in. A palette comes back with its colours, and
new ones behind them while it has room. What was not changed is written as it was, CMYK and transparency too. The
orientation that a camera noted (EXIF) is applied; colour profile, resolution and the other notes are kept. Grey of 2
or 4 bits is written back with 8; colour of 16 bits is refused, since Pillow would keep 8 of them.

Shapes: values are (height, width, 1) for grey, (height, width, 3) for colour.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.plain_file import too_large, unreadable
from mnemonist.errors import MnemonistError, UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP",
    ".gif": "GIF",
}  # fmt: skip
ENDINGS = tuple(FORMATS)
_KINDS = "PNG, JPEG, WebP, TIFF, BMP or GIF"
_LUMA = np.array([299, 587, 114]) / 1000  # ITU-R BT.601, as Pillow's own conversion to grey
_OPTIONS: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True, "exact": True}}
_LOSSLESS = ("raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits", "group3", "group4", "lzma", "zstd")
_DEEP = {"I", "I;16", "I;16B", "I;16L", "I;16N"}

Pixels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Beside:
    """What a file holds beside colours: its pixels as they lie there, a palette (n, 4), and what is written again."""

    pixels: Pixels | None = None
    palette: Pixels | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    frames: int = 1


@dataclass(frozen=True)
class Frame:
    """What a picture file is, apart from its pixels; `size` is (width, height) once upright."""

    format: str
    mode: str
    size: tuple[int, int]
    beside: Beside | None = field(default=None, compare=False, repr=False)

    @property
    def grey(self) -> bool:
        """Whether the file is without colour."""
        if self.mode == "P":
            palette = None if self.beside is None else self.beside.palette
            return palette is not None and bool((palette[:, :3] == palette[:, :1]).all())
        return self.mode in {"1", "L", "LA", "I;16"}

    @property
    def depth(self) -> int:
        """The number that stands for 1.0 in the file: 1, 255 or 65535."""
        return {"1": 1, "I;16": 65535}.get(self.mode, 255)


class Picture(NamedTuple):
    """A picture that was read: its frame, levels (h, w, 1 or 3), and which pixels (h, w) are seen, None for all."""

    frame: Frame
    levels: Pixels
    known: NDArray[np.bool_] | None

    @property
    def values(self) -> NDArray[np.float32]:
        """The levels as floats in [0, 1], NaN where hidden."""
        found = self.levels.astype(np.float32) / np.float32(65535 if self.levels.dtype == np.uint16 else 255)
        return found if self.known is None else np.where(self.known[..., None], found, np.float32(np.nan))


def load(path: Path) -> tuple[Frame, NDArray[np.float32]]:
    """Read a picture: its frame, and its values (height, width, 1 or 3), NaN where it is transparent.

    Raises UnreadableFile, naming the file, where it is not a whole image of a known kind.
    """
    picture = load_levels(path)
    return picture.frame, picture.values


def load_levels(path: Path) -> Picture:
    """Read a picture as levels. Raises UnreadableFile as `load` does."""
    from PIL import Image, ImageOps

    with _sentences(path), Image.open(path, formats=tuple(dict.fromkeys(FORMATS.values()))) as image:
        _refuse_deep_colour(path, image)
        image.load()
        form = image.format if image.format and image.format in FORMATS.values() else "JPEG"
        upright = ImageOps.exif_transpose(image)
        levels, known, pixels, palette = _levels(path, upright)
        beside = Beside(pixels, palette, _kept(image, upright, form), getattr(image, "n_frames", 1))
    mode = {"I": "I;16", "I;16B": "I;16", "I;16L": "I;16", "I;16N": "I;16", "PA": "RGBA"}.get(
        upright.mode, upright.mode
    )
    mode = mode if mode in {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"} else "RGB"
    return Picture(Frame(form, mode, upright.size, beside), levels, known)


def size_of(path: Path) -> tuple[int, int]:
    """Return the width and height of a picture once upright, from its head alone. Raises UnreadableFile."""
    from PIL import Image

    with _sentences(path), Image.open(path, formats=tuple(dict.fromkeys(FORMATS.values()))) as image:
        turned = image.getexif().get(0x0112, 1) >= 5
        return image.size[::-1] if turned else image.size


def save(frame: Frame, values: NDArray[np.floating], path: Path) -> str:
    """Write values (height, width, 1 or 3) as the frame has it; `path` may end as it likes.

    Returns what could not be written as it was, in a clause, or nothing.
    """
    from mnemonist.data.image_writing import image_of

    image, changed = image_of(frame, in_channels(values, 1 if frame.grey else 3))
    kept = {} if frame.beside is None else frame.beside.kept
    image.save(path, format=frame.format, **_OPTIONS.get(frame.format, {}) | kept)
    return changed


def in_channels(values: NDArray[Any], channels: int) -> NDArray[Any]:
    """Return values (..., 1 or 3) with this many channels: grey repeated, or colour weighed to grey."""
    if values.shape[-1] == channels:
        return values
    if channels == 3:
        return np.repeat(values, 3, axis=-1)
    return (values @ _LUMA)[..., None].astype(values.dtype)


def _levels(path: Path, image: "Image") -> tuple[Pixels, NDArray[np.bool_] | None, Pixels | None, Pixels | None]:
    """Return levels (h, w, 1 or 3), which pixels are seen, and the pixels and the palette as they lie in the file."""
    if image.mode in _DEEP:
        deep = np.asarray(image)
        if deep.min() < 0 or deep.max() > 65535:
            raise UnreadableFile(f"{path}: grey must have 8 or 16 bits; this has more. Save it with 16.")
        return deep.astype(np.uint16)[..., None], None, None, None
    if image.mode in {"F", "LAB"}:
        raise UnreadableFile(f"{path}: must have levels of grey, RGB or CMYK; it is {image.mode}. Save it as RGB.")
    if image.mode == "P" or image.has_transparency_data:
        return _seen(image)
    if image.mode == "CMYK":
        return np.asarray(image.convert("RGB")), None, np.asarray(image), None
    levels = np.asarray(image.convert("L" if image.mode in {"1", "L"} else "RGB"))
    return levels[..., None] if levels.ndim == 2 else levels, None, None, None


def _seen(image: "Image") -> tuple[Pixels, NDArray[np.bool_] | None, Pixels | None, Pixels | None]:
    """Return the same of a picture with a palette, or that lets light through."""
    colours = np.asarray(image.convert("RGBA"))
    known, palette = colours[..., 3] >= 128, None
    pixels = np.asarray(image) if image.mode in {"P", "LA", "RGBA"} else None
    grey = image.mode in {"L", "LA"}
    if image.mode == "P" and pixels is not None:
        palette = _palette(image, pixels, colours)
        grey = bool((palette[:, :3] == palette[:, :1]).all())
    return colours[..., :1] if grey else colours[..., :3], None if known.all() else known, pixels, palette


def _palette(image: "Image", pixels: Pixels, colours: Pixels) -> Pixels:
    """Return the colours (n, 4) of a palette, of those in use as they are seen."""
    table = np.array(image.getpalette() or [], np.uint8).reshape(-1, 3)
    palette = np.full((max(len(table), int(pixels.max()) + 1), 4), 255, np.uint8)
    palette[: len(table), :3] = table
    palette[pixels.ravel()] = colours.reshape(-1, 4)
    used = int(pixels.max()) + 1
    return palette[:used]  # what stands behind is padding to a power of two


def _kept(image: "Image", upright: "Image", form: str) -> dict[str, Any]:
    """Return the options that write again what a file says beside its pixels."""
    told = {name: image.info[name] for name in ("icc_profile", "dpi") if image.info.get(name)}
    if form == "GIF":
        return {}
    exif = upright.getexif()
    if len(exif) and form in {"PNG", "JPEG", "WEBP"}:
        told["exif"] = exif.tobytes()
    if form == "TIFF":
        packed = image.info.get("compression", "raw")
        told["compression"] = None if packed == "raw" else packed if packed in _LOSSLESS else "tiff_deflate"
    return told


def _refuse_deep_colour(path: Path, image: "Image") -> None:
    """Read the depth and the kind of colour from a file's head: Pillow does not tell them."""
    deep = False
    if image.format == "PNG":
        with path.open("rb") as stream:
            header = stream.read(26)
        deep = header[24] == 16 and header[25] != 0
    elif image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(258, (8,))
        deep = isinstance(bits, tuple) and len(bits) > 1 and max(bits) > 8
    if deep:
        raise UnreadableFile(
            f"{path}: {image.format} in colour or with transparency must have 8 bits a channel; this one has 16. "
            "Save it with 8."
        )


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong while decoding into one sentence that names the file."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which is not what is read
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except MnemonistError:
        raise
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path}: must exist; there is no such file. Check its name.") from error
    except PermissionError as error:
        raise unreadable(path, error) from error
    except MemoryError as error:
        raise too_large(path) from error
    except Exception as error:  # a decoder fed with a broken file may raise nearly anything
        reason = "it is not one" if type(error).__name__ == "UnidentifiedImageError" else str(error) or repr(error)
        raise UnreadableFile(
            f"{path}: must be a whole {_KINDS} image; {reason}. Save it anew or take it away."
        ) from error
