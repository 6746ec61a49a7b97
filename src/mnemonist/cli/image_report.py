"""Reports on images: the table of all recalls, scores against originals, and what was passed over or failed."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from mnemonist import Kind
from mnemonist.cli.report import Report, printable
from mnemonist.data.image_folder import Skipped, size_in_words
from mnemonist.tasks.image_groups import Group, Listing, Size

_SHOWN = 10  # files that are named, of those passed over


@dataclass(frozen=True)
class ImageReport(Report):
    """What was restored, from which groups, and what of both folders was not."""

    groups: dict[Size, Group]
    listings: tuple[Listing, Listing]
    changed: tuple[tuple[str, str], ...] = ()
    looked: bool = False

    @property
    def failed(self) -> list[tuple[str, Skipped]]:
        """What could not be read or restored, and which folder it lies in."""
        found = [(str(listing.place), one) for listing in self.listings for one in listing.failed]
        return list(dict.fromkeys(found))  # cues may be the memories themselves

    def document(self) -> str:
        """Return everything as one JSON document."""
        content = json.loads(super().document())
        content["K"] = sum(len(group.held.table.names) for group in self.groups.values())
        if len(self.groups) > 1:
            content["N"] = content["beta"] = None
            content["groups"] = [
                {"size": list(size), "K": len(group.held.table.names)} for size, group in self.groups.items()
            ]
        skipped = [(str(listing.place), one) for listing in self.listings for one in listing.skipped]
        content["failed"] = [_told(place, one) for place, one in self.failed]
        content["skipped"] = [_told(place, one) for place, one in dict.fromkeys(skipped)]
        content["changed"] = [{"name": name, "what": what} for name, what in self.changed]
        return json.dumps(content, indent=2, allow_nan=False)

    def notes(self) -> Iterator[str]:
        """Say too what images were grouped by, and what scores are on the whole."""
        yield from super().notes()
        if len(self.groups) > 1:
            sizes = ", ".join(f"{size_in_words(size)} ({len(g.held.table.names)})" for size, g in self.groups.items())
            yield f"Images were grouped by size, and each cue was recalled from its own: {sizes}."
        scored = [f.more["psnr"] for f in self.findings if f.more.get("psnr") is not None]
        if scored:
            alike = [f.more["ssim"] for f in self.findings if f.more.get("ssim") is not None]
            exact = sum(math.isinf(one) for one in scored)
            told = sorted(scored)[len(scored) // 2]
            of = f"median PSNR {told:.1f} dB" if math.isfinite(told) else "median PSNR infinite"
            of += f", SSIM {sorted(alike)[len(alike) // 2]:.3f}" if alike and not any(map(math.isnan, alike)) else ""
            yield f"Of {len(scored)} originals: {of}; {exact} restored to the last level."

    def show(self, console: Console) -> None:
        """Print the report, and lists of what else there was."""
        super().show(console)
        unlike = any(f.kind is Kind.UNFAMILIAR or f.strange for f in self.findings)
        if unlike and not self.looked:
            console.print(
                Text("If a part of these cues is damaged, --damage auto finds it and fills it in.", style="yellow")
            )
        for name, what in self.changed[:_SHOWN]:
            console.print(Text(f"{printable(name)}: {what}.", style="dim"))
        skipped = [one for listing in self.listings for one in listing.skipped]
        _list(console, "Passed over", list(dict.fromkeys(skipped)), "dim")
        _list(console, "Not restored", [Skipped(one.name, one.reason) for _, one in self.failed], "red")


def _list(console: Console, title: str, files: Sequence[Skipped], style: str) -> None:
    """Print files with reasons, the first of many."""
    for file in files[:_SHOWN]:
        console.print(Text(f"{title}: {printable(file.name)}: {file.reason}", style=style), soft_wrap=True)
    if len(files) > _SHOWN:
        console.print(Text(f"… and {len(files) - _SHOWN} more; --json gives them all.", style=style))


def _told(place: str, one: Skipped) -> dict[str, Any]:
    return {"name": one.name, "in": place, "reason": one.reason}
