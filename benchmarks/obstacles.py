"""What stands between a measured ratio and its bound: the time the bound asks for, and what the machine alone takes.

The machine reads all patterns once and makes all products, and a cluster does as many empty tasks: who is to be so many
times as fast as another needs a time above that. The table tells where the bound asks for less.
"""

from collections.abc import Iterator

from benchmarks.cases.cluster import EMPTY
from benchmarks.machine import READ, SGEMM
from benchmarks.report import duration, table
from benchmarks.results import Results
from benchmarks.row import Row
from benchmarks.targets import Number, Ratio, Verdict, verdicts

_HEAD = ("case", "measure", "took", "the bound asks for", "the machine alone takes", "share of the bound")


def obstacles(results: Results) -> Iterator[str]:
    """Yield what is to be said of the targets that were missed; nothing where all were reached."""
    rows = {row.case: row for row in results.rows}
    missed = [verdict for verdict in verdicts(results.rows) if verdict.found and verdict.words != "reached"]
    told = [line for verdict in missed if (line := _line(verdict, rows[verdict.target.case]))]
    if told:
        yield "### What was not reached"
        yield (
            "The machine alone must read all patterns once and make all products, with nothing in between; a cluster "
            "must do as many empty tasks. Where that is nearly the time that the bound asks for, or more, the bound "
            "is out of reach on this machine; elsewhere there may be work left. Of packed patterns only the read was "
            "measured, not the counting of bits."
        )
        yield table(_HEAD, iter(told))


def _line(verdict: Verdict, row: Row) -> tuple[str, ...] | None:
    """Return a line of the table; None where the machine sets no limit that was measured."""
    target, measure = verdict.target, verdict.target.measure
    if isinstance(measure, Ratio) and target.least is not None and READ in row.seconds:
        took, asked = row.seconds[measure.to].least, row.seconds[measure.of].least / target.least
        alone = max(row.seconds[name].least for name in (READ, SGEMM) if name in row.seconds)
    elif isinstance(measure, Number) and target.most is not None and EMPTY in row.seconds:
        took, asked, alone = row.numbers[measure.name] / 1e3, target.most / 1e3, row.seconds[EMPTY].least
    else:
        return None
    return target.case, str(measure), *map(duration, (took, asked, alone)), f"{100 * alone / asked:.0f} %"
