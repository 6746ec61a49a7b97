"""A run as tables in Markdown: what must be reached and what was, then every time of every case."""

from collections.abc import Iterator

from benchmarks.results import Results, Section
from benchmarks.row import Row
from benchmarks.targets import Verdict, verdicts

_HEAD = ("case", "measure", "must reach", "measured", "by medians", "")


def report(results: Results) -> str:
    """Return the whole report."""
    over = results.passed_over
    parts = [
        "# Benchmarks",
        f"{results.machine}",
        f"A {results.effort} run, {results.seconds:.0f} s. Candidates of a case take turns; ratios are of the least of "
        "their times, in the column beside it of the medians."
        + (f" Not installed, and passed over: {', '.join(over)}." if over else ""),
        targets_table(results),
        *(_section(part) for part in results.sections),
    ]
    return "\n\n".join(parts) + "\n"


def targets_table(results: Results) -> str:
    """Return what must be reached, and what was."""
    judged = verdicts(results.rows)
    measured = [verdict for verdict in judged if verdict.found is not None]
    reached = sum(verdict.words == "reached" for verdict in measured)
    told = f"## How good\n\n{reached} of {len(measured)} measured targets are reached; {len(judged)} there are."
    return f"{told}\n\n{table(_HEAD, (_judged(verdict) for verdict in judged))}"


def table(head: tuple[str, ...], lines: Iterator[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    rules = tuple("---" for _ in head)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rules, *lines))


def _judged(verdict: Verdict) -> tuple[str, ...]:
    target, found = verdict.target, verdict.found
    least, median = ("", "") if found is None else (number(found[0]), number(found[1]))
    return target.case, str(target.measure), target.must, least, median, verdict.words


def _section(section: Section) -> str:
    head = ("case", "candidate", "least", "median", "runs", "× the first")
    tables = table(head, (line for row in section.rows for line in _lines(row)))
    return f"## {section.name.replace('_', ' ').capitalize()}\n\n{section.about}\n\n{tables}"


def _lines(row: Row) -> Iterator[tuple[str, ...]]:
    first = next(iter(row.seconds.values()), None)
    for name, times in row.seconds.items():
        ratio = "" if first is None else number(times.least / first.least)
        yield row.case, name, duration(times.least), duration(times.median), str(times.runs), ratio
    for name, value in row.numbers.items():
        yield row.case, name, number(value), "", "", ""


def number(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 1e-6)} µs"
