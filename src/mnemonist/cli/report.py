"""Reports: what became of the cues, as a table for people or as one JSON document for programs."""

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist import Kind, Outcome
from mnemonist.cli.restoration import Finding, Order
from mnemonist.dynamics.pattern_memory import PatternMemory

LONG = 40  # cues; of more, only the first are shown
SHOWN = 20


@dataclass(frozen=True)
class Report:
    """What was restored, with what, and where it lies."""

    model: str
    memory: PatternMemory
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
            "cues": [_record(finding) for finding in self.findings],
        }
        return json.dumps(content, indent=2, allow_nan=False)

    def show(self, console: Console) -> None:
        """Print the table, what its words mean where they are bad news, and a closing sentence."""
        long = len(self.findings) > LONG
        console.print(_table(self.findings[:SHOWN] if long else self.findings))
        if long:
            console.print(Text(f"… and {len(self.findings) - SHOWN} more; --json gives them all.", style="dim"))
        console.print(Text(f"{_tally(f.kind for f in self.findings)}; {_tally(f.outcome for f in self.findings)}"))
        for word in _bad_news(self.findings):
            console.print(Text(f"{_word(word)}: {word.value}", style="yellow"))
        count = len(self.findings)
        console.print(
            Text(
                f"{count} {'cue' if count == 1 else 'cues'}, {_converged(self.findings)} converged; "
                f"restored to {printable(self.out)}"
            ),
            soft_wrap=True,
        )


def printable(name: str) -> str:
    """Return a file's name with what a terminal would obey or cannot show replaced.

    >>> printable("a\\x1b[2Jb\\udcff.png")
    'a�[2Jb�.png'
    """
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _table(findings: Iterable[Finding]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("cue", overflow="fold")
    table.add_column("memory", overflow="fold")
    for column in ("overlap", "steps"):
        table.add_column(column, justify="right", no_wrap=True)
    for column in ("outcome", "kind"):
        table.add_column(column, no_wrap=True)
    for finding in findings:
        table.add_row(
            Text(printable(finding.cue)),
            Text(printable(finding.memory)),
            f"{finding.overlap:.3f}",
            str(finding.steps),
            _coloured(finding.outcome, _word(finding.outcome), finding.outcome is Outcome.CONVERGED),
            _coloured(finding.kind, _kind(finding), finding.kind is Kind.MEMORY),
        )
    return table


def _kind(finding: Finding) -> str:
    return f"mixture of {finding.parts}" if finding.kind is Kind.MIXTURE else _word(finding.kind)


def _coloured(_: Enum, text: str, good: bool) -> Text:
    return Text(text, style="green" if good else "yellow")


def _word(member: Enum) -> str:
    return member.name.lower().replace("_", " ")


def _tally(members: Iterable[Enum]) -> str:
    return ", ".join(f"{count} {_word(member)}" for member, count in Counter(members).most_common())


def _bad_news(findings: Iterable[Finding]) -> list[Enum]:
    """Return the outcomes and kinds, each once, that call for advice."""
    words: list[Enum] = [word for finding in findings for word in (finding.outcome, finding.kind)]
    return [word for word in dict.fromkeys(words) if word not in {Outcome.CONVERGED, Kind.MEMORY}]


def _converged(findings: Iterable[Finding]) -> int:
    return sum(finding.outcome is Outcome.CONVERGED for finding in findings)


def _record(finding: Finding) -> dict[str, Any]:
    energy = None if finding.energy is None else _finite(finding.energy)
    return {
        **vars(finding),
        "overlap": _finite(finding.overlap),
        "outcome": finding.outcome.name.lower(),
        "kind": finding.kind.name.lower(),
        "energy": energy,
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
