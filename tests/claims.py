r"""Claims of the literature: what is claimed, what the program measured, and whether that holds.

A test that takes the fixture `claim` records what it found; `make claims` runs them all and writes docs/claims.md.

    claim("N/(4 ln N) patterns are all fixed", "McEliece et al. 1987", measured=share, least=0.95)
    claim("m at load 0.1", "Amit et al. 1985", measured=m, near=0.998, within=0.001)
    claim("K = min(N, M) pairs are held", "Kosko 1988", measured=share, near=1.0, within=0.1, holds=False)

The last is a claim that does not hold as printed: the test fails where it does.
"""

import ast
import json
import platform
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
HOLDS, FAILS = "holds", "**does not hold as printed**"


@dataclass(frozen=True)
class Claim:
    """One row of the table."""

    what: str
    source: str
    expected: str
    measured: str
    verdict: str


class Claims:
    """The claims that one test makes: called with each, it asserts that it holds, or that it does not."""

    def __init__(self, record: Callable[[Claim], None]) -> None:
        self._record = record

    def __call__(
        self, what: str, source: str, *, measured: float, near: float | None = None, within: float = 0.0,
        least: float | None = None, most: float | None = None, holds: bool = True,
    ) -> None:  # fmt: skip
        """Record a claim and assert it: `near` ± `within`, or at `least`, at `most`; with holds=False that it fails."""
        low, high = (near - within, near + within) if near is not None else (least, most)
        assert low is not None or high is not None, "a claim needs near, least or most"
        found = float(measured)
        inside = (low is None or low <= found) and (high is None or found <= high)
        expected = _expected(near, within, least, most)
        self._record(Claim(what, source, expected, _number(found), HOLDS if holds else FAILS))
        assert inside == holds, f"{what} ({source}): measured {found!r}, expected {expected}, holds={holds}"


def _expected(near: float | None, within: float, least: float | None, most: float | None) -> str:
    if near is not None:
        return _number(near) + (f" ± {_number(within)}" if within else "")
    if least is not None and most is not None:
        return f"{_number(least)} … {_number(most)}"
    return f"≥ {_number(least)}" if least is not None else f"≤ {_number(most)}"


def _number(x: float | None) -> str:
    return f"{x:.6g}".replace("-", "−")


# --- what pytest calls ---------------------------------------------------------------------------------------------


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Claims:
    """A function that records a claim of the literature and asserts it."""
    properties = request.node.user_properties
    return Claims(lambda made: properties.append(("claim", json.dumps(asdict(made)))))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--claims", metavar="FILE", help="write the table of the claims that ran to this file")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "claim" in getattr(item, "fixturenames", ()):
            item.add_marker("claim")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    path = config.getoption("--claims")
    if path is None or hasattr(config, "workerinput"):  # a worker knows only its own share
        return
    if terminalreporter.stats.get("failed") or terminalreporter.stats.get("error"):
        terminalreporter.write_line(f"{path} was not written: a claim failed")
        return
    rows = list(_rows(terminalreporter.stats.get("passed", [])))
    Path(path).write_text(table(rows), encoding="utf-8")
    terminalreporter.write_line(f"wrote {len(rows)} claims to {path}")


def _rows(reports: list[Any]) -> Iterator[tuple[str, Claim]]:
    """Yield (test, claim) in the order of the files."""
    called = (report for report in reports if report.when == "call")
    for report in sorted(called, key=lambda report: report.location[:2]):
        for name, value in report.user_properties:
            if name == "claim":
                yield report.nodeid, Claim(**json.loads(value))


# --- the table -----------------------------------------------------------------------------------------------------


def table(rows: list[tuple[str, Claim]]) -> str:
    """Return docs/claims.md of (test, claim), a section for each file of tests."""
    failing = sum(claim.verdict == FAILS for _, claim in rows)
    lines = [
        "# Claims of the literature, and what was measured",
        "",
        f"{len(rows)} claims, {failing} of which do not hold as printed. Each row is written by the test that its last",
        "column names; `make claims` runs those tests and writes this file. Nothing here is typed in by hand. What is",
        "expected is the paper's number, or what its theory gives at these sizes, with the tolerance of the test.",
        "",
        f"Measured with {_versions()}, at commit {_commit()}.",
    ]
    for path, group in groupby(rows, key=lambda row: row[0].partition("::")[0]):
        lines += ["", f"## {_title(ROOT / path)}", ""]
        lines += ["| claim | source | expected | measured | verdict | test |", "| --- | --- | --- | --- | --- | --- |"]
        for test, claim in group:
            name = test.partition("::")[2].partition("[")[0].split("::")[-1]
            cells = (claim.what, claim.source, claim.expected, claim.measured, claim.verdict, f"[{name}](../{path})")
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _title(path: Path) -> str:
    """Return the first sentence of a file of tests."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem).splitlines()[0].rstrip(".")


def _versions() -> str:
    return f"Python {platform.python_version()} and NumPy {np.__version__} on {platform.machine()}"


def _commit() -> str:
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout.strip() or "unknown"
