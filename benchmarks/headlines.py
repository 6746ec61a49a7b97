"""The ratios that the README tells, from the run that docs/performance.md is made of: what a user calls, not a part."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases.weight_matrix import FASTEST
from benchmarks.public import EVERYTHING, STATE
from benchmarks.report import duration, number, table
from benchmarks.results import Results
from benchmarks.targets import BINARY, FUSED, MATRIX, SWEEP, one_step, packed

README = Path(__file__).parent.parent / "README.md"
_BEGIN, _END = "<!-- measured by `make performance` -->\n", "<!-- until here -->\n"
_LINES = (
    (one_step(1), STATE, "plain NumPy"),
    (one_step(1), STATE, FUSED),
    (one_step(64), STATE, FUSED),
    (packed("sharp", 64), EVERYTHING, BINARY),
    (SWEEP, EVERYTHING, "recomputing NumPy"),
    (MATRIX, EVERYTHING, FASTEST),
)


def headlines(results: Results) -> str:
    """Return a table of ratios, those that were measured, with the machine and the commit."""
    machine = results.machine
    told = table(("case", "time", "against", "times as fast"), _lines(results))
    return f"{told}\n\n{machine.processor}, {machine.threads} threads, commit {machine.commit}.\n"


def _lines(results: Results) -> Iterator[tuple[str, ...]]:
    rows = {row.case: row.seconds for row in results.rows}
    for case, ours, theirs in _LINES:
        seconds = rows.get(case, {})
        if ours in seconds and theirs in seconds:
            ratio = seconds[theirs].least / seconds[ours].least
            yield f"{ours}: {case}", duration(seconds[ours].least), theirs, number(ratio)


def told(readme: str, results: Results) -> str:
    """Return the README with the ratios of a run."""
    before, rest = readme.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}\n{headlines(results)}\n{_END}{after}"
