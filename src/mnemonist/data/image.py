"""Pictures: one PNG or JPEG file as an array of floats in [0, 1], and back in the file's own mode and depth.

    file → floats    v / depth, depth = 1, 255 or 65535         floats → file    round(clip(v) · depth)

Pixels that let light through are seen on white, and written back opaque. A palette is read as the colours
it stands for, and written back without one. The orientation that a camera noted (EXIF) is applied. CMYK is
read as RGB and written back as CMYK. Grey of 2 or 4 bits is written back with 8; colour of 16 bits is
refused, since Pillow would keep 8 of them.

Shapes: values are (height, width, 1) for grey, (height, width, 3) for colour.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnemonist.data.plain_file import too_large, unreadable
from mnemonist.errors import MnemonistError, UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg")
_LUMA = np.array([299, 587, 114]) / 1000  # ITU-R BT.601, as Pillow's own conversion to grey
_JPEG_QUALITY = 95


@dataclass(frozen=True)
class Frame:
    """What a picture file is, apart from its pixels; `size` is (width, height) once upright."""

    format: str
    mode: str
    size: tuple[int, int]

    @property
    def grey(self) -> bool:
        """Whether the file is without colour."""
        return self.mode in {"1", "L", "LA", "I;16"}

    @property
    def depth(self) -> int:
        """The number that stands for 1.0 in the file: 1, 255 or 65535."""
        return {"1": 1, "I;16": 65535}.get(self.mode, 255)


def load(path: Path) -> tuple[Frame, NDArray[np.float32]]:
    """Read a picture: its frame, and its values (height, width, 1 or 3).

    Raises UnreadableFile, naming the file, where it is not a whole PNG or JPEG image.
    """
    from PIL import Image, ImageOps

    with _sentences(path), Image.open(path, formats=("PNG", "JPEG")) as image:
        _refuse_deep_colour(path, image)
        image.load()
        form = "PNG" if image.format == "PNG" else "JPEG"
        upright = ImageOps.exif_transpose(image)
        mode, values = _values(upright)
    return Frame(form, mode, upright.size), values


def save(frame: Frame, values: NDArray[np.floating], path: Path) -> None:
    """Write values (height, width, 1 or 3) as the frame has it; `path` may end as it likes."""
    from PIL import Image

    stored = np.rint(np.clip(in_channels(values, 1 if frame.grey else 3), 0, 1).astype(float) * frame.depth)
    pixels = stored.astype({1: np.bool_, 255: np.uint8, 65535: np.uint16}[frame.depth])
    image = Image.fromarray(pixels[..., 0] if frame.grey else pixels)
    if image.mode != frame.mode:
        image = image.convert(frame.mode)  # adds an opaque alpha, or goes over to CMYK
    options = {"quality": _JPEG_QUALITY} if frame.format == "JPEG" else {}
    image.save(path, format=frame.format, **options)


def in_channels(values: NDArray[np.floating], channels: int) -> NDArray[np.floating]:
    """Return values (..., 1 or 3) with this many channels: grey repeated, or colour weighed to grey."""
    if values.shape[-1] == channels:
        return values
    if channels == 3:
        return np.repeat(values, 3, axis=-1)
    return (values @ _LUMA)[..., None].astype(values.dtype)


def _values(image: "Image") -> tuple[str, NDArray[np.float32]]:
    """Return the mode to write back, and the values (height, width, 1 or 3)."""
    if image.mode in {"I", "I;16", "I;16B", "I;16L"}:
        return "I;16", _floats(np.asarray(image), 65535)
    if image.mode == "1":
        return "1", _floats(np.asarray(image), 1)
    if image.mode == "CMYK":
        return "CMYK", _floats(np.asarray(image.convert("RGB")), 255)
    if image.mode == "P" or image.has_transparency_data:
        return _seen_on_white(image)
    mode = "L" if image.mode == "L" else "RGB"
    return mode, _floats(np.asarray(image.convert(mode)), 255)


def _seen_on_white(image: "Image") -> tuple[str, NDArray[np.float32]]:
    pixels = np.asarray(image.convert("RGBA"))
    values, alpha = _floats(pixels[..., :3], 255), _floats(pixels[..., 3], 255)
    grey = image.mode in {"L", "LA"}
    if image.mode == "P":
        grey = bool(np.all(pixels[..., :3] == pixels[..., :1]))
    seen = (values[..., :1] if grey else values) * alpha + (1 - alpha)
    keeps_alpha = image.mode in {"LA", "PA", "RGBA"}
    return ("LA" if grey else "RGBA") if keeps_alpha else ("L" if grey else "RGB"), seen


def _floats(pixels: NDArray[np.generic], depth: int) -> NDArray[np.float32]:
    values = pixels.astype(np.float32) / np.float32(depth)
    return values[..., None] if values.ndim == 2 else values


def _refuse_deep_colour(path: Path, image: "Image") -> None:
    """Read the depth and the kind of colour from a PNG's first chunk: Pillow does not tell them."""
    if image.format != "PNG":
        return
    with path.open("rb") as stream:
        header = stream.read(26)
    if header[24] == 16 and header[25] != 0:
        raise UnreadableFile(
            f"{path}: a PNG in colour or with transparency must have 8 bits a channel; this one has 16. Save it with 8."
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
            f"{path}: must be a whole PNG or JPEG image; {reason}. Save it anew or take it away."
        ) from error
