"""Reports: what became of the cues, as a table for people or as one JSON document for programs."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist import Kind, Outcome
from mnemonist.cli.phrasing import advice
from mnemonist.core.number import CHOSEN
from mnemonist.data.image_folder import Gallery
from mnemonist.data.sheet import Sheet
from mnemonist.data.table import Form
from mnemonist.recall.pattern_memory import PatternMemory
from mnemonist.tasks import Encoding, Scaled, Threshold
from mnemonist.tasks.restoration import Finding, Order

LONG = 40  # cues; of more, only the first are shown
SHOWN = 20
_USUAL = 0.05  # familiarity from which on nothing is odd about a cue


@dataclass(frozen=True)
class Report:
    """What was restored, with what, and where it lies."""

    model: str
    memory: PatternMemory
    code: Encoding
    order: Order
    findings: tuple[Finding, ...]
    out: str

    def document(self) -> str:
        """Return everything as one JSON document; what is not a finite number is null."""
        k, n = self.order.memories.rows.shape
        beta = getattr(self.memory.landscape.separation, "beta", None)
        content = {
            "model": self.model,
            "beta": None if beta is None else _finite(float(beta)),
            "K": k,
            "N": n,
            "B": len(self.findings),
            "out": self.out,
            "converged": _converged(self.findings),
            "notes": list(self.notes()),
            "cues": [_record(finding) for finding in self.findings],
        }
        return json.dumps(content, indent=2, allow_nan=False)

    def notes(self) -> Iterator[str]:
        """Say what was done to the numbers before they were stored, where something was lost or scaled."""
        if isinstance(self.code, Threshold) and not self.code.keeps(self.order.memories.rows):
            at = ", each at its own" if self.order.columns else f" {float(self.code.middle):g}"
            yield (
                f"{self.model.partition(':')[0]} stores ±1: {_things(self.order.memories.form)} were cut at mid-range"
                f"{at}; output is two-valued where recalled."
            )
        if isinstance(self.code, Scaled):
            yield (
                "Columns were scaled to mean 0 and spread 1; overlap is the cosine of scaled rows. "
                "--raw compares them as they are."
            )

    def _chosen(self) -> Iterator[str]:
        """Say which β was chosen, where one was."""
        beta = getattr(self.memory.landscape.separation, "beta", None)
        if beta is not None and any(word in self.model for word in CHOSEN):
            yield f"beta is {float(beta):.4g}, chosen from the memories."

    def show(self, console: Console) -> None:
        """Print the table, what its words mean where they are bad news, notes, and a closing sentence."""
        long = len(self.findings) > LONG
        shown = self.findings[:SHOWN] if long else self.findings
        table = _table(shown, self.order, ("cue", "memory"))
        wide = console.options.update(max_width=10_000)
        if console.measure(table, options=wide).maximum > console.width:
            table = _table(shown, self.order, ("cue → memory",))
        console.print(table)
        if long:
            console.print(Text(f"… and {len(self.findings) - SHOWN} more; --json gives them all.", style="dim"))
        for word in _bad_news(self.findings):
            console.print(Text(f"{_word(word)}: {advice(word)}", style="yellow"))
        if any(finding.strange and finding.kind is not Kind.UNFAMILIAR for finding in self.findings):
            count = len(self.order.memories.names)
            console.print(
                Text(
                    f"familiar {1 / (count + 1):.3f}: the cue is farther from all memories than any of these is from "
                    f"the others, which is all that {count} can tell.",
                    style="yellow",
                )
            )
        for note in (*self._chosen(), *self.notes()):
            console.print(Text(note, style="dim"))
        count = len(self.findings)
        console.print(
            Text(
                f"{count} {'cue' if count == 1 else 'cues'}: {_tally(f.outcome for f in self.findings)}; "
                f"{_tally(f.kind for f in self.findings)}. Restored to {printable(self.out)}"
            ),
            soft_wrap=True,
        )


def printable(name: str) -> str:
    """Return a file's name with what a terminal would obey or cannot show replaced.

    >>> printable("a\\x1b[2Jb\\udcff.png")
    'a�[2Jb�.png'
    """
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _table(findings: Sequence[Finding], order: Order, names: tuple[str, ...]) -> Table:
    """Return a row for each cue; its names stand in two columns, or in one, where steps are left out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in names:
        table.add_column(column, overflow="fold")
    wide = len(names) == 2
    for column in ("overlap", "familiar", "filled", "steps") if wide else ("overlap", "familiar", "filled"):
        table.add_column(column, justify="right", no_wrap=True)
    scores = [name for name in ("psnr", "ssim") if any(name in finding.more for finding in findings)]
    for column in scores:
        table.add_column(column.upper(), justify="right", no_wrap=True)
    for column in ("outcome", "kind"):
        table.add_column(column, no_wrap=True)
    for finding in findings:
        cue, memory = printable(finding.cue), printable(finding.memory)
        table.add_row(
            *((Text(cue), Text(memory)) if wide else (Text(f"{cue}\n→ {memory}"),)),
            "–" if math.isnan(finding.overlap) else f"{finding.overlap:.3f}",
            _familiar(finding),
            "cleaned" if finding.cleaned else _filled(finding, finding.size or order.cues.rows.shape[1]),
            *([str(finding.steps)] if wide else []),
            *(_score(finding.more.get(name)) for name in scores),
            _coloured(finding.outcome, _word(finding.outcome), finding.outcome is Outcome.CONVERGED),
            _coloured(finding.kind, _kind(finding), finding.kind is Kind.MEMORY),
        )
    return table


def _familiar(finding: Finding) -> Text:
    """Return how familiar a cue is, in colour: red where it is unlike all that is stored."""
    if math.isnan(finding.familiarity):
        return Text("–", style="dim")
    usual = finding.familiarity >= _USUAL and not finding.strange
    style = "red" if finding.kind is Kind.UNFAMILIAR else "green" if usual else "yellow"
    return Text(f"{finding.familiarity:.3f}", style=style)


def _filled(finding: Finding, width: int) -> str:
    """Return the part of a cue that was filled in, and of how much that was hidden where that differs."""
    part = _percent(finding.filled, width)
    return part if finding.filled == finding.hidden else f"{part} of {_percent(finding.hidden, width)}"


def _percent(count: int, width: int) -> str:
    """Return a part of a cue.

    >>> [_percent(count, 1000) for count in (0, 1, 500, 999)]
    ['none', '0.1%', '50%', '99.9%']
    """
    part = 100 * count / width
    if count == 0:
        return "none"
    return f"{max(part, 0.1):.1f}%" if part < 1 or part > 99 else f"{part:.0f}%"


def _score(score: float | None) -> str:
    """Return how alike a restored image is to its original; a dash where there is none."""
    return (
        "–"
        if score is None or math.isnan(score)
        else "exact"
        if math.isinf(score)
        else f"{score:.1f}"
        if score > 1
        else f"{score:.3f}"
    )


def _things(form: Form) -> str:
    """Return what a table holds, in a word."""
    return {Gallery: "pictures", Sheet: "columns"}.get(type(form), "numbers")


def _kind(finding: Finding) -> str:
    return f"mixture of {finding.components}" if finding.kind is Kind.MIXTURE else _word(finding.kind)


def _coloured(_: Enum, text: str, good: bool) -> Text:
    return Text(text, style="green" if good else "yellow")


def _word(member: Enum) -> str:
    return member.name.lower().replace("_", " ")


def _tally(members: Iterable[Enum]) -> str:
    return ", ".join(f"{count} {_word(member)}" for member, count in Counter(members).most_common())


def _bad_news(findings: Iterable[Finding]) -> list[Outcome | Kind]:
    """Return the outcomes and kinds, each once, that call for advice."""
    words: list[Outcome | Kind] = [word for finding in findings for word in (finding.outcome, finding.kind)]
    return [word for word in dict.fromkeys(words) if word not in {Outcome.CONVERGED, Kind.MEMORY}]


def _converged(findings: Iterable[Finding]) -> int:
    return sum(finding.outcome is Outcome.CONVERGED for finding in findings)


def _record(finding: Finding) -> dict[str, Any]:
    energy = None if finding.energy is None else _finite(finding.energy)
    unsaid = {"strange", "size", "more"} | ({"hidden"} if finding.hidden == finding.filled else set())
    told = {name: value for name, value in vars(finding).items() if name not in unsaid}
    return {
        **told,
        "overlap": _finite(finding.overlap),
        "familiarity": _finite(finding.familiarity),
        "outcome": finding.outcome.name.lower(),
        "kind": finding.kind.name.lower(),
        "energy": energy,
        **{name: _finite(one) if isinstance(one, float) else one for name, one in finding.more.items()},
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
