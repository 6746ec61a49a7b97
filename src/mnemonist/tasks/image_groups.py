"""Groups: the images of a folder by their size, each group a memory of its own; cues go to the group of their size.

    images → groups of one size → a memory each        or all brought to one size, which makes one group

What cannot be read is told, with the reason, and the rest goes on; where it is asked to be strict it is refused.
Shapes: rows (K, height · width · channels).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mnemonist.data.image import Beside, Picture, load_levels, size_of
from mnemonist.data.image_folder import Gallery, Skipped, gallery, size_in_words, walk
from mnemonist.errors import InvalidArgument, MnemonistError, UnreadableFile
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.tasks.agreement import Agreement, reduced
from mnemonist.tasks.memorised import Memorised

Size = tuple[int, int]


@dataclass
class Group:
    """Memories of one size, and what they agree by with each other, found when damage is looked for."""

    held: Memorised
    _agreement: Agreement | None = None

    @property
    def form(self) -> Gallery:
        """The form of the images."""
        form = self.held.table.form
        assert isinstance(form, Gallery)
        return form

    def image(self, row: int) -> np.ndarray:
        """Return a memory as an image (h, w, c)."""
        width, height = self.form.size
        return np.asarray(self.held.table.rows[row], np.float32).reshape(height, width, self.form.channels)

    @property
    def agreement(self) -> Agreement:
        """What memories agree by, of images reduced to some points."""
        if self._agreement is None:
            points = np.stack([reduced(self.image(row)) for row in range(len(self.held.table.names))])
            self._agreement = Agreement(points, min(self.form.size[0], 24))
        return self._agreement


@dataclass
class Listing:
    """The names of images in a place, what else lies there, and what could not be read."""

    place: Path
    names: list[str]
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[Skipped] = field(default_factory=list)
    strict: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one file."""
        return not os.path.isdir(self.place)

    def path(self, name: str) -> Path:
        """Return where an image lies."""
        return self.place if self.single else self.place / name

    def fail(self, name: str, error: Exception) -> None:
        """List a file with what is wrong; raise that where all is to be strict."""
        if self.strict:
            raise error
        self.failed.append(Skipped(name, _reason(error, self.path(name))))


def listing(place: Path, *, strict: bool = False) -> Listing:
    """Return what a folder of images, or one image, holds. Raises UnreadableFile where there is no image."""
    if not os.path.isdir(place):
        return Listing(place, [place.name], strict=strict)
    names, skipped = walk(place)
    if not names:
        why = f"; {skipped[0].name}: {skipped[0].reason}" if skipped else ""
        raise UnreadableFile(
            f"{place}: must hold images (PNG, JPEG, WebP, TIFF, BMP, GIF); it holds none{why}. "
            "Give the folder that holds them."
        )
    return Listing(place, names, skipped, strict=strict)


def groups_of(
    found: Listing, make: Callable[[], PatternMemory], model: str, resize: Size | None, told: Callable[[int], object]
) -> dict[Size, Group]:
    """Read all images into groups by size; raises where none can be read."""
    pictures: dict[Size, tuple[list[Picture], list[str]]] = {}
    first: Exception | None = None
    for count, name in enumerate(found.names):
        try:
            picture = lean(resized(load_levels(found.path(name)), resize))
        except MnemonistError as error:
            first = first or error
            found.fail(name, error)
            continue
        if picture.known is not None and not picture.known.any():
            found.fail(name, InvalidArgument(f"{found.path(name)}: must show something; all of it is transparent."))
            continue
        some, names = pictures.setdefault(picture.frame.size, ([], []))
        some.append(picture)
        names.append(name)
        told(count + 1)
    if not pictures:
        raise first or UnreadableFile(f"{found.place}: must hold an image that shows something; none does.")
    tables = [
        gallery(some, names, found.place, single=found.single, channels=None) for some, names in pictures.values()
    ]
    return {table.form.size: Group(Memorised(model, make(), table)) for table in tables}  # type: ignore[attr-defined]


def common_size(found: Listing, asked: str | None) -> Size | None:
    """Return the size (width, height) that images are brought to: WxH, that of the first, or the median; or None."""
    if asked is None:
        return None
    if asked in ("first", "median"):
        sizes = []
        for name in found.names:
            try:
                sizes.append(size_of(found.path(name)))
            except MnemonistError:
                continue  # it is told when it is read
            if asked == "first":
                return sizes[0]
        width, height = np.median(np.array(sizes or [(1, 1)]), axis=0).round().astype(int).tolist()
        return width, height
    width, cross, height = asked.lower().replace("×", "x").partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and 0 < int(width) < 1e5 and 0 < int(height) < 1e5):
        raise InvalidArgument(f"--resize: must be WxH, first or median; got {asked!r:.40}. Write --resize 128x96.")
    return int(width), int(height)


def resized(picture: Picture, size: Size | None) -> Picture:
    """Return a picture in another size (width, height), by Lanczos' filter."""
    from PIL import Image

    if size is None or picture.frame.size == size:
        return picture
    planes = []
    for plane in np.moveaxis(picture.levels, -1, 0):
        image = Image.fromarray(plane.astype(np.float32)).resize(size, Image.Resampling.LANCZOS)
        planes.append(np.clip(np.rint(np.asarray(image)), 0, np.iinfo(plane.dtype).max).astype(plane.dtype))
    known = picture.known
    if known is not None:
        known = np.asarray(Image.fromarray(known).resize(size, Image.Resampling.NEAREST))
    grey, beside = picture.levels.shape[-1] == 1, picture.frame.beside
    mode = {"1": "L", "P": "L" if grey else "RGB"}.get(picture.frame.mode, picture.frame.mode)
    kept = Beside(kept=beside.kept, frames=beside.frames) if beside is not None else None
    frame = replace(picture.frame, size=size, mode=mode, beside=kept)
    return Picture(frame, np.stack(planes, axis=-1), known)


def lean(picture: Picture) -> Picture:
    """Return a picture without what only its writing needs."""
    beside = picture.frame.beside
    kept = None if beside is None or beside.palette is None else Beside(palette=beside.palette)
    return picture._replace(frame=replace(picture.frame, beside=kept))


def no_group(name: Path, size: Size, groups: dict[Size, Group], place: Path) -> InvalidArgument:
    """Return the error of a cue of whose size there is no memory."""
    mine = f"{size_in_words(size)} pixels"
    if len(groups) == 1:
        ((_, group),) = groups.items()
        return InvalidArgument(
            f"{name}: must have the size of what {place} holds, {group.form.item}; got {mine}. Crop or scale it, or "
            "pass --resize first."
        )
    sizes = ", ".join(size_in_words(one) for one in list(groups)[:5]) + (", …" if len(groups) > 5 else "")
    return InvalidArgument(
        f"{name}: must have a size of which {place} holds images, {sizes}; got {mine}. Crop or scale it, or pass "
        "--resize first."
    )


def _reason(error: Exception, path: Path) -> str:
    """Return what is wrong with a file, without its name."""
    return str(error).removeprefix(f"{path}: ")
