"""`python -m benchmarks.performance [RUN.json]`: write docs/performance.md and the README's ratios from a whole run.

Every number in the words is computed from the run, so the words are true of whatever was measured; a test holds that
docs/performance.md and the README are what docs/performance.json gives.
"""

import argparse
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases.scaling import ABOVE, DENSE, HELD, MATRIX, PEAK, UPDATE
from benchmarks.growth import crossing, each, limit, lines, ours
from benchmarks.headlines import README, told
from benchmarks.machine import READ, SGEMM
from benchmarks.obstacles import obstacles
from benchmarks.public import EVERYTHING, NEAREST, READ_OF, STATE, UPDATES
from benchmarks.report import duration, number, table, targets_table
from benchmarks.results import Results
from benchmarks.row import Row, spaced

DOCS = Path(__file__).parent.parent / "docs"
RUN = Path(__file__).parent / "results" / "whole.json"


def chapter(results: Results) -> str:
    """Return docs/performance.md."""
    parts = [
        "# Performance",
        "What a recall costs, how that grows, and what limits it. `make performance` measures everything in one run "
        "and writes this page; every number in it is computed from [performance.json](performance.json), and true of "
        "that machine and commit only.",
        f"> {results.machine}",
        targets_table(results),
        *obstacles(results),
        "## The public call",
        public_calls(results),
        "## Time against K, N and B",
        "![Times of updates on log axes, against K, N and B](images/performance-time.png)",
        _growing(results),
        "## What limits each regime",
        "![Share of the machine's limits against B, and peak memory against K](images/performance-limits.png)",
        *_limiting(results),
        "## Peak memory",
        *_memory(results),
    ]
    return "\n\n".join(_wrapped(block) for part in parts for block in part.split("\n\n")) + "\n"


def public_calls(results: Results) -> str:
    """Return what users call, beside the update, as a table."""
    head = ("case", "updates", "one update", STATE, NEAREST, EVERYTHING)
    return (
        "An update is one step, computed by the model. A recall is what a user calls: it checks what it is given, "
        "makes updates until all cues rest (*one step*: a single one), and finds out what is then read of it. In "
        "brackets stands how many times as long as one update it takes.\n\n" + table(head, _calls(results))
    )


def _calls(results: Results) -> Iterator[tuple[str, ...]]:
    scaled = (UPDATE, DENSE, MATRIX)
    for row in results.rows:
        if (
            row.name not in scaled
            and next(iter(row.seconds), None) in ("update", "sweep")
            and EVERYTHING in row.seconds
        ):
            made = f"{row.numbers[UPDATES]:.0f}" if UPDATES in row.numbers else ""
            yield row.case, made, duration(ours(row)), *(_times_as_long(row, name) for name in READ_OF)


def _times_as_long(row: Row, name: str) -> str:
    """Return how long a recall takes, and how many updates' time that is; nothing where it was not measured."""
    taken = row.seconds.get(name)
    return "" if taken is None else f"{duration(taken.least)} ({number(taken.least / ours(row))})"


def _growing(results: Results) -> str:
    """Return exponents and costs as a table."""
    head = ("regime", "grows as", "from", "to", "time", "per memory, neuron and cue")
    return (
        "Times are the least of several. Exponents are slopes over the three largest sizes; a weight matrix knows no "
        "K, and its cost is per pair of neurons and cue.\n\n" + table(head, _exponents(results))
    )


def _exponents(results: Results) -> Iterator[tuple[str, ...]]:
    for letter in "KNB":
        for line in lines(results, letter):
            first, last = line.rows[0], line.rows[-1]
            sizes = spaced(line.sizes[0]), spaced(line.sizes[-1])
            times = f"{duration(ours(first))} … {duration(ours(last))}"
            yield line.regime, f"{letter}^{line.exponent:.2f}", *sizes, times, f"{number(each(last))} ns"


def _limiting(results: Results) -> Iterator[str]:
    """Yield what limits softmax, sweeps and weight matrices, in words."""
    rows = results.of(UPDATE, K=65_536, N=256)
    one, most = rows[0], rows[-1]
    turn = crossing(rows, lambda row: row.seconds[SGEMM].least > row.seconds[READ].least)
    yield (
        f"**Few cues: memory.** A softmax update must read every pattern once. With {_many(one)} it takes "
        f"{duration(ours(one))}, {number(ours(one) / one.seconds[READ].least)} times as long as the read alone."
    )
    yield (
        f"**Many cues: multiplication.** 2 K N B multiplications and as many sums are made, and from "
        f"{_many(turn or most)} on they take longer than the read. With {_many(most)} an update takes "
        f"{duration(ours(most))}: {_percent(limit(most) / ours(most))} of what sgemm alone would allow, "
        f"{_percent(1 - limit(most) / ours(most))} for the exponentials, the sums and the calls."
    )
    table_of = [(str(row.B), duration(ours(row)), duration(limit(row)), *_bound(row)) for row in rows]
    yield table(("cues", "update", "the machine's limit", "set by", "share reached"), iter(table_of))
    dense, matrix = results.of(DENSE, K=1024, N=1024, B=64)[0], results.of(MATRIX, N=1024, B=64)[0]
    yield (
        f"**Sweeps of a dense memory: arithmetic in cache.** Deciding a neuron takes a sum over all K memories, so a "
        f"sweep of {_many(dense)} at K = N = 1024 makes {number(dense.K * dense.N * dense.B / 1e6)} million steps, "
        f"{number(each(dense))} ns each. Rows of a neuron stay in cache, and time grows as "
        f"K^{_exponent(results, 'K'):.2f}, N^{_exponent(results, 'N'):.2f}."
    )
    yield (
        f"**Weight matrices: the fields.** All fields are one product with the matrix, "
        f"N² multiplications a cue; then only neurons that change cost a column of N. A sweep of {_many(matrix)} at "
        f"N = {matrix.N} takes {duration(ours(matrix))}, {number(each(matrix))} ns per pair of neurons and cue."
    )


def _memory(results: Results) -> Iterator[str]:
    few, many = results.of(PEAK, B=1), results.of(PEAK, B=256)
    last = many[-1]
    yield (
        f"Scores never exist for all memories and cues at once: {spaced(last.K)} memories and {last.B} cues would have "
        f"{number(last.K * last.B * 4 / 2**20)} MiB of them, and the whole recall takes "
        f"{number(last.numbers[ABOVE])} MiB beside the patterns. What a process held before the recall is not counted; "
        "where one cue is too little for the kernels, 256 are the first to load them, and Numba is in their figure."
    )
    pairs = zip(few, many, strict=True)
    made = (
        (spaced(a.K), number(a.numbers[HELD]), number(a.numbers[ABOVE]), number(b.numbers[ABOVE])) for a, b in pairs
    )
    yield table(("memories", "patterns, MiB", "above them, 1 cue", "above them, 256 cues"), made)


def _bound(row: Row) -> tuple[str, str]:
    return SGEMM if limit(row) > row.seconds[READ].least else "memory", _percent(limit(row) / ours(row))


def _exponent(results: Results, letter: str) -> float:
    return next(line for line in lines(results, letter) if line.regime.startswith("dense")).exponent


def _many(row: Row) -> str:
    return "1 cue" if row.B == 1 else f"{row.B} cues"


def _wrapped(block: str) -> str:
    """Return a paragraph in lines; a table or a picture as it is."""
    if block.startswith(("|", "!", "#")):
        return block
    quoted = "> " if block.startswith("> ") else ""
    return textwrap.fill(block, 120, subsequent_indent=quoted, break_long_words=False, break_on_hyphens=False)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def main() -> None:
    """Write the page, its figures and its JSON."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.performance", description="Write docs/performance.md.")
    asked.add_argument("run", nargs="?", type=Path, default=RUN, help="what a whole run saved")
    run = asked.parse_args().run
    from benchmarks.figures import draw

    results = Results.load(run)
    (DOCS / "performance.md").write_text(chapter(results), encoding="utf-8")
    if run.resolve() != (DOCS / "performance.json").resolve():
        shutil.copyfile(run, DOCS / "performance.json")
    README.write_text(told(README.read_text(encoding="utf-8"), results), encoding="utf-8")
    draw(results, DOCS / "images")


if __name__ == "__main__":
    main()
