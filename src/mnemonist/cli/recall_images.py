"""`mnemonist recall` of images from images: folder to folder, or file to file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from mnemonist import model as model_of
from mnemonist.cli.image_report import ImageReport
from mnemonist.cli.sheet import Sheet, verdict
from mnemonist.data.atomic_write import check_file, check_folder, whole_file, whole_folder
from mnemonist.data.image import ENDINGS, FORMATS, save
from mnemonist.data.image_folder import Gallery
from mnemonist.errors import InvalidArgument
from mnemonist.tasks.image_groups import Group, Listing, Size, common_size, groups_of, listing
from mnemonist.tasks.image_restoration import Asked, Hiding, restored
from mnemonist.tasks.memorised import Memorised
from mnemonist.tasks.restoration import Finding, Order


@dataclass(frozen=True)
class Options:
    """What only images have: `damage` "auto" looks for it; `resize`, `originals`, `sheet`; `strict` stops at once."""

    damage: str | None = None
    resize: str | None = None
    originals: Path | None = None
    sheet: Path | None = None
    strict: bool = False

    def check(self, *, images: bool, masked: bool) -> None:
        """Refuse what does not go together, and what tables and arrays have not."""
        if self.damage not in (None, "auto"):
            raise InvalidArgument(f"--damage: must be auto; got {self.damage!r:.40}. Write --damage auto.")
        if self.damage and masked:
            raise InvalidArgument("recall: --damage, --hidden and --mask exclude each other; several were given.")
        given = {f"--{name}": value for name, value in vars(self).items() if value}
        if given and not images:
            raise InvalidArgument(
                f"recall: {', '.join(given)} must be left out but for images restored from images. Leave it out."
            )
        if self.originals is not None and not os.path.exists(self.originals):
            raise InvalidArgument(f"{self.originals}: must exist; there is no such file or folder. Check its name.")

    def check_sheet(self, out: Path, inputs: tuple[Path, ...], *, replace: bool) -> None:
        """Refuse a sheet that is no new .png, or that would lie among what is read or restored."""
        if self.sheet is None:
            return
        sheet = Path(os.path.realpath(self.sheet))
        for place in (out, *inputs, *([self.originals] if self.originals else [])):
            if sheet.is_relative_to(os.path.realpath(place)):
                raise InvalidArgument(
                    f"--sheet: must be another place than MEMORIES, CUES, the mask, ORIGINALS and OUT, and in none of "
                    f"them; {self.sheet} is {place} or lies in it. Give another name."
                )
        check_file(self.sheet, (".png",), replace=replace)


def is_images(path: Path) -> bool:
    """Say whether a path is a folder, or is named as an image."""
    return os.path.isdir(path) or (path.suffix.lower() in ENDINGS and os.path.isfile(path))


def recall_images(
    memories: Path | Memorised, cues: Path, out: Path, *, model: str, options: Options, asked: Asked,
    progress: Progress, replace: bool,
) -> ImageReport:  # fmt: skip
    """Restore images from images, write them, and return the report."""
    mine = listing(cues, strict=options.strict)
    _check(out, cues, mine, replace=replace)
    task = progress.add_task("Reading", total=None)
    if isinstance(memories, Memorised):
        assert isinstance(memories.table.form, Gallery)
        theirs, groups = Listing(memories.table.path, []), {memories.table.form.size: Group(memories)}
        size = memories.table.form.size if options.resize else None
    else:
        theirs = listing(memories, strict=options.strict)
        size = common_size(theirs, options.resize)
        groups = groups_of(theirs, lambda: model_of(model), model, size, lambda n: progress.update(task, completed=n))
    progress.update(task, description="Recalling", total=len(mine.names), completed=0)
    sheet, findings, changed = Sheet(), list[Finding](), list[tuple[str, str]]()
    asked = Asked(asked.hiding, asked.noisy, size, options.originals, asked.max_steps, asked.seed)
    with _places(out, mine, replace=replace) as place:
        for one in restored(mine, groups, asked):
            target = place if mine.single else place / one.finding.cue
            target.parent.mkdir(parents=True, exist_ok=True)
            told = _changes(one.frame.beside.frames if one.frame.beside else 1, save(one.frame, one.image, target))
            changed += [(one.finding.cue, what) for what in told]
            findings.append(one.finding)
            if options.sheet is not None:
                sheet.add(one, verdict(one.finding))
            progress.update(task, completed=len(findings))
    if options.sheet is not None:
        with whole_file(options.sheet) as draft:
            sheet.image().save(draft, format="PNG")
    return _report(model, groups, tuple(findings), (theirs, mine), out, changed=changed, looked=asked.hiding.auto)


def _check(out: Path, cues: Path, mine: Listing, *, replace: bool) -> None:
    if not mine.single:
        return check_folder(out, replace=replace)
    form = FORMATS[cues.suffix.lower()]
    return check_file(out, tuple(ending for ending, kind in FORMATS.items() if kind == form), replace=replace)


@contextmanager
def _places(out: Path, mine: Listing, *, replace: bool) -> Iterator[Path]:
    """Give the draft of a file, or of a folder."""
    with whole_file(out) if mine.single else whole_folder(out, replace=replace) as place:
        yield place


def _changes(frames: int, changed: str) -> list[str]:
    """Return in clauses what is not as it was."""
    return [*([f"of {frames} frames the first was restored"] if frames > 1 else []), *([changed] if changed else [])]


def _report(
    model: str, groups: dict[Size, Group], findings: tuple[Finding, ...], listings: tuple[Listing, Listing], out: Path,
    *, changed: list[tuple[str, str]], looked: bool,
) -> ImageReport:  # fmt: skip
    """Return the report; of several groups the largest stands for all."""
    used = [group for group in groups.values() if group.held.code is not None] or list(groups.values())
    group = max(used, key=lambda one: len(one.held.table.names))
    held = group.held
    order = Order(held.table, held.table)
    assert held.code is not None
    told = held.model if held.model != "" else model
    return ImageReport(
        told, held.memory, held.code, order, findings, str(out), groups, listings, tuple(changed), looked
    )


def hiding(hidden: object, tolerance: float | None, mask: Path | None, options: Options) -> Hiding:
    """Return how to tell what is hidden."""
    return Hiding(hidden, tolerance, mask, options.damage == "auto")  # type: ignore[arg-type]
