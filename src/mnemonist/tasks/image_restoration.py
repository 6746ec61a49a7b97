"""Images restored from images, one after the other: what is hidden is found, filled in, and scored.

    cue → mask: painted, a colour, transparency, or damage that is found → recall by the group of its size → image

Only memories stay; of the cues a few are there at a time. Shapes: an image is (h, w, c), a row (h · w · c,).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mnemonist.data.image import Frame, Picture, in_channels, load_levels
from mnemonist.data.image_folder import Gallery, gallery
from mnemonist.data.mask import like, read_mask, visible
from mnemonist.data.similarity_index import psnr, ssim
from mnemonist.data.table import Marks, Table
from mnemonist.errors import InvalidArgument, MnemonistError, UnreadableFile
from mnemonist.recall.kind import Kind
from mnemonist.tasks.agreement import reduced
from mnemonist.tasks.damage import Damage, box, damage
from mnemonist.tasks.image_groups import Group, Listing, Size, no_group, resized
from mnemonist.tasks.restoration import Finding, Order, restore

_AT_ONCE, _NUMBERS = 64, 2**22  # cues of one size that are recalled together, and their numbers
_SEAM, _RIM = 0.1, 2  # by how much JPEG blurs a colour, and over how many pixels beside
_ENOUGH, _OFF = 99, 0.1  # memories of which a familiarity tells; by which half of an unlike cue is off
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Hiding:
    """How to tell what is hidden: a level or a colour to a tolerance, a mask, or `auto`: by what disagrees."""

    value: float | Colour | None = None
    tolerance: float | None = None
    mask: Path | None = None
    auto: bool = False


@dataclass(frozen=True)
class Asked:
    """What to restore and how; `originals` is the folder, or the file, of undamaged cues."""

    hiding: Hiding
    noisy: bool = False
    resize: Size | None = None
    originals: Path | None = None
    max_steps: int = 1000
    seed: int = 0


class Restored(NamedTuple):
    """A cue, what became of it, and the memory that is nearest to that, as images (h, w, c)."""

    finding: Finding
    frame: Frame
    cue: np.ndarray
    image: np.ndarray
    nearest: np.ndarray | None


class _Cue(NamedTuple):
    name: str
    picture: Picture
    position: int


def restored(cues: Listing, groups: dict[Size, Group], asked: Asked) -> Iterator[Restored]:
    """Yield what became of each cue; one that cannot be restored is listed as failed, or raised if all is strict.

    Raises InvalidArgument at the end where something was to be hidden and nothing was, and where no cue is left.
    """
    masks = None if asked.hiding.mask is None else read_mask(asked.hiding.mask)
    if masks is not None and len(masks.names) not in {1, len(cues.names)} and not cues.single:
        raise InvalidArgument(
            f"{asked.hiding.mask}: there must be one mask, or one for each of the {len(cues.names)} cues; got "
            f"{len(masks.names)}."
        )
    first, count, hides = _First(), 0, False
    for batch in _batches(cues, groups, asked, first):
        group = groups[batch[0].picture.frame.size]
        for one in _of_batch(batch, group, cues, masks, asked, first):
            count, hides = count + 1, hides or one.finding.hidden > 0
            yield one
    wanted = asked.hiding.value is not None or masks is not None
    if not count and first.error is not None:
        raise first.error
    if wanted and not hides:
        raise InvalidArgument(_hides_nothing(asked.hiding))


@dataclass
class _First:
    """The first thing that went wrong."""

    error: MnemonistError | None = None

    def fail(self, cues: Listing, name: str, error: MnemonistError) -> None:
        self.error = self.error or error
        cues.fail(name, error)


def _hides_nothing(hiding: Hiding) -> str:
    if hiding.mask is not None:
        return f"{hiding.mask}: must be black (0) where the cues are hidden; it hides nothing."
    if isinstance(hiding.value, tuple):
        colour = "#" + "".join(f"{round(255 * part):02x}" for part in hiding.value)
        return f"hidden: must be a value that occurs in the cues; {colour} does not. Allow for a tolerance."
    return (
        f"hidden: must be a value that occurs in the cues; {hiding.value:g} does not. Allow for a tolerance, or leave "
        "it out to clean cues in which nothing is hidden."
    )


def _batches(cues: Listing, groups: dict[Size, Group], asked: Asked, first: _First) -> Iterator[list[_Cue]]:
    """Yield cues in order, some of one size at a time."""
    batch: list[_Cue] = []
    for position, name in enumerate(cues.names):
        try:
            picture = resized(load_levels(cues.path(name)), asked.resize)
            if picture.frame.size not in groups:
                place = next(iter(groups.values())).held.table.path
                raise no_group(cues.path(name), picture.frame.size, groups, place)
            if picture.known is not None and not picture.known.any():
                raise InvalidArgument(
                    f"{cues.place}: some of every row must be known; of {name} all is missing or hidden: it is "
                    "transparent. Leave it out."
                )
        except MnemonistError as error:
            if batch:
                yield batch  # whose cues come first
                batch = []
            first.fail(cues, name, error)
            continue
        most = min(_AT_ONCE, max(1, _NUMBERS // picture.levels.size), 2 * len(batch) + 1)
        if batch and (batch[0].picture.frame.size != picture.frame.size or len(batch) >= most):
            yield batch
            batch = []
        batch.append(_Cue(name, picture, position))
    if batch:
        yield batch


def _of_batch(
    batch: list[_Cue], group: Group, cues: Listing, masks: Table | None, asked: Asked, first: _First
) -> Iterator[Restored]:
    """Yield what became of some cues of one size."""
    channels = group.form.channels
    table = gallery([cue.picture for cue in batch], [cue.name for cue in batch], cues.place, channels)
    given, rows = ~np.isnan(np.asarray(table.rows)), np.asarray(table.rows)
    given &= _shown(table, batch, masks, asked.hiding)
    found = [_damage(row, given[i], group, asked, batch[i]) for i, row in enumerate(rows)]
    for i, one in enumerate(found):
        if one is not None:
            given[i] &= True if one.visible is None else np.repeat(one.visible.ravel(), channels)
            rows[i] = one.corrected.ravel()
    left = given.any(axis=1)
    for i in np.flatnonzero(~left).tolist():
        first.fail(cues, batch[i].name, InvalidArgument(
            f"{cues.place}: some of every row must be known; of {batch[i].name} all is missing or hidden. Leave it "
            "out, or show some of it (in a mask, white is visible)."
        ))  # fmt: skip
    kept = np.flatnonzero(left)
    if not len(kept):
        return
    names = tuple(batch[i].name for i in kept)
    frames = tuple(batch[i].picture.frame for i in kept)
    part = Table(rows[kept], names, replace(table.form, names=names, frames=frames), table.path)  # type: ignore[type-var]
    known = None if given[kept].all() else given[kept]
    held = group.held
    order = Order(held.table, part, known, asked.noisy, False, True, asked.max_steps, asked.seed, not asked.hiding.auto)
    code, place = held.fill(order), 0
    if held.code is None:
        group.held = held = replace(held, code=code)
    for images, findings in restore(held.memory, code, order):
        for image, finding in zip(images, findings, strict=True):
            i = int(kept[place])
            yield _finished(image, finding, batch[i], group, found=found[i], given=given[i], asked=asked)
            place += 1


def _shown(table: Table, batch: list[_Cue], masks: Table | None, hiding: Hiding) -> Marks:
    """Return what is visible (b, N) by a mask, or because it is not of the colour that hides."""
    if masks is not None:
        rows = masks.rows if len(masks.names) == 1 else masks.rows[[cue.position for cue in batch]]
        names = [masks.names[0]] if len(masks.names) == 1 else [masks.names[cue.position] for cue in batch]
        return visible(replace(masks, rows=np.asarray(rows), names=names), table)
    if hiding.value is None:
        return np.ones(table.rows.shape, np.bool_)
    form = table.form
    assert isinstance(form, Gallery)
    blurred = hiding.tolerance is None and all(frame.format == "JPEG" for frame in form.frames)
    tolerance = _SEAM if blurred else hiding.tolerance
    if not isinstance(hiding.value, tuple):
        return ~_with_rim(like(table, hiding.value, tolerance), form, blurred)
    rows, limit = np.asarray(table.rows).reshape(len(batch), -1, form.channels), tolerance
    colour = np.array(hiding.value)
    if form.channels == 1 and np.ptp(colour) > 0:
        return np.ones(table.rows.shape, np.bool_)
    depth = np.array([frame.depth for frame in form.frames])[:, None]
    off = np.abs(rows - colour[: form.channels]).max(axis=2)
    same = off <= (0.5 / depth if limit is None else limit + 1e-6)
    return ~_with_rim(np.repeat(same, form.channels, axis=1), form, blurred)


def _with_rim(marks: Marks, form: Gallery, blurred: bool) -> Marks:
    """Return what is hidden (b, N), where a file blurs with a rim of some pixels."""
    if not blurred:
        return marks
    width, height = form.size
    for row in marks:
        image = row.reshape(height, width, form.channels)
        image[box(image.all(axis=2).astype(np.float32), _RIM) > 1e-6] = True
    return marks


def _damage(row: np.ndarray, given: Marks, group: Group, asked: Asked, cue: _Cue) -> Damage | None:
    """Return what is found to be damaged of a cue, where that is asked."""
    if not asked.hiding.auto:
        return None
    width, height = group.form.size
    image = np.where(given, row, np.float32(math.nan)).reshape(height, width, group.form.channels)
    return damage(image, group.agreement, group.image, blurred=cue.picture.frame.format == "JPEG")


def _finished(
    row: np.ndarray, finding: Finding, cue: _Cue, group: Group, *, found: Damage | None, given: Marks, asked: Asked
) -> Restored:
    """Return a cue that was recalled, as it is written, with what else is told of it."""
    channels, more = group.form.channels, dict[str, float | str | None]()
    height, width = cue.picture.levels.shape[:2]
    image, before = row.reshape(height, width, channels), in_channels(cue.picture.values, channels)
    if found is not None:
        more = {
            "visible": round(found.share, 4),
            "gain": round(found.fit.gain, 3),
            "offset": round(found.fit.offset, 3),
        }
        if not found.fit.found:
            unknown = {"memory": "none", "id": -1, "overlap": math.nan, "filled": 0, "hidden": 0, "cleaned": False}
            image, finding = before, replace(finding, kind=Kind.UNFAMILIAR, **unknown)  # type: ignore[arg-type]
            more = {"visible": None, "gain": None, "offset": None}
        elif not asked.noisy:
            stays = given.reshape(image.shape) & (found.visible is not None)
            image = np.where(stays, before, found.written(image))
    elif finding.cleaned and _unlike(before, finding, group):
        finding = replace(finding, kind=Kind.UNFAMILIAR)
    if cue.picture.levels.shape[-1] > channels and not finding.cleaned and not asked.noisy:
        stays = given.reshape(height, width, channels)  # which has colours that memories have not
        image = np.where(stays, cue.picture.values, np.repeat(image, 3, axis=-1))
    if asked.originals is not None:
        more |= _scores(image, cue, asked)
    nearest = group.image(finding.id) if finding.id >= 0 else None
    return Restored(replace(finding, more=more), cue.picture.frame, before, image, nearest)


def _unlike(cue: np.ndarray, finding: Finding, group: Group) -> bool:
    """Say whether a whole cue agrees with another memory in part, or with none, rather than with its nearest.

    This is asked where memories are too few for a familiarity to tell, and most of the cue is off its nearest memory.
    """
    if finding.kind is not Kind.MEMORY or len(group.held.table.names) >= _ENOUGH:
        return False
    points = reduced(cue)
    if np.nanmedian(np.abs(points - reduced(group.image(finding.id)))) < _OFF:
        return False
    fit = group.agreement.best(points)
    return not fit.found or fit.memory != finding.id


def _scores(image: np.ndarray, cue: _Cue, asked: Asked) -> dict[str, float | str | None]:
    """Return how alike a restored cue is to its original; nothing where there is none of its name and size."""
    assert asked.originals is not None
    path = asked.originals / cue.name if asked.originals.is_dir() else asked.originals
    try:
        original = in_channels(resized(load_levels(path), asked.resize).values, image.shape[-1])
        if original.shape != image.shape:
            raise UnreadableFile(f"{path}: must have the size of its cue.")
    except MnemonistError:
        return {"psnr": None, "ssim": None}
    depth = cue.picture.frame.depth
    x, y = (np.rint(np.nan_to_num(each).clip(0, 1).astype(np.float64) * depth) / depth for each in (image, original))
    return {"psnr": psnr(x, y), "ssim": ssim(x, y)}
