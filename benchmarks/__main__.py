"""`python -m benchmarks [--quick] [--only CASE …] [--out FOLDER]`: measure, print, and save as JSON and Markdown."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.cases import Case, cases
from benchmarks.machine import this_machine
from benchmarks.report import report
from benchmarks.results import Results, Section
from benchmarks.rivals import passed_over
from benchmarks.timing import QUICK, WHOLE, Effort

FOLDER = Path(__file__).parent / "results"


def measure(chosen: list[Case], effort: Effort) -> Results:
    """Return what these cases find, saying on stderr where it is."""
    begin = time.perf_counter()
    machine, sections = this_machine(effort), []
    for case in chosen:
        found = []
        for row in case.rows(effort):
            print(f"{time.perf_counter() - begin:5.0f} s  {row.case}", file=sys.stderr)
            found.append(row)
        sections.append(Section(case.name, case.about, found))
    return Results(effort.name, time.perf_counter() - begin, machine, passed_over(), sections)


def main() -> None:
    """Measure what is asked for."""
    known = {case.name: case for case in cases()}
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how fast recall is.")
    asked.add_argument("--quick", action="store_true", help="fewer sizes and runs, under a minute")
    asked.add_argument("--only", nargs="+", choices=sorted(known), default=sorted(known), help="these cases")
    asked.add_argument("--out", type=Path, default=FOLDER, help="the folder that gets whole.json, whole.md")
    told = asked.parse_args()
    results = measure([known[name] for name in told.only], QUICK if told.quick else WHOLE)
    told.out.mkdir(parents=True, exist_ok=True)
    results.save(told.out / f"{results.effort}.json")
    text = report(results)
    (told.out / f"{results.effort}.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
