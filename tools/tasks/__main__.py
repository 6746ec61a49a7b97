"""Measures all tasks, draws, and writes docs/tasks.md.

    python -m tools.tasks [--keep] [--only imputation,labels] [--seeds N] [--tables a,b] [--transformer-seconds 900]

Each part has a process of its own, one after the other; what it found is kept in docs/tasks/PART.json. `--keep` takes
up those that are of the present commit of src and tools, so that a run that was ended goes on; `--only` leaves the
others as they are. A part that fails is told, and is not on the page. `--seeds` and `--tables` are for trying out.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import this_machine
from benchmarks.timing import QUICK
from tools.tasks.figures import draw
from tools.tasks.page import TITLES, page

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
_WIDE = ("sizes",)  # which are timed on all processors
_OPTIONS = {"text": ("transformer_seconds",), "imputation": ("seeds", "tables"), "labels": ("seeds", "tables"),
            "outliers": ("seeds", "tables"), "ratings": ("seeds",), "maps": ("seeds",)}  # fmt: skip


def main() -> None:
    """Measure what is asked for, and write the page of all that is kept."""
    given = _asked()
    parts = given.only.split(",") if given.only else list(TITLES)
    if unknown := [name for name in parts if name not in TITLES]:
        raise SystemExit(f"tools.tasks: --only must be some of {', '.join(TITLES)}; got {unknown[0]!r}.")
    given.out.joinpath("tasks").mkdir(parents=True, exist_ok=True)
    machine, began = this_machine(QUICK), time.perf_counter()
    about = {"commit": commit(), "processor": machine.processor, "threads": machine.threads}
    for name in parts:
        place = given.out / "tasks" / f"{name}.json"
        if given.keep and place.exists() and json.loads(place.read_text())["commit"] == about["commit"]:
            print(f"{name}: kept", flush=True)
            continue
        print(f"{name}, after {time.perf_counter() - began:.0f} s", flush=True)
        if (found := measured(name, given)) is not None:
            place.write_text(compact(about | found), encoding="utf-8")
    kept = {path.stem: json.loads(path.read_text()) for path in sorted(given.out.joinpath("tasks").glob("*.json"))}
    draw({name: one["found"] for name, one in kept.items()}, given.out)
    (given.out / "tasks.md").write_text(page(kept), encoding="utf-8")
    print(f"{given.out / 'tasks.md'}, after {time.perf_counter() - began:.0f} s")


def measured(name: str, given: Any) -> dict[str, Any] | None:
    """Return what a part found in a process of its own, and in how many seconds; None if it failed, which is told."""
    words = [
        word
        for option in _OPTIONS.get(name, ())
        if (value := getattr(given, option)) is not None
        for word in (f"--{option.replace('_', '-')}", str(value))
    ]
    environment = os.environ | ({} if name in _WIDE else {"OMP_NUM_THREADS": "1"})
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "found.json")
        ran = subprocess.run([sys.executable, "-m", f"tools.tasks.{name}", "--json", str(place), *words], cwd=ROOT,
                             env=environment, stdout=sys.stderr, check=False)  # fmt: skip
        if ran.returncode or not place.exists():
            print(f"{name} FAILED with {ran.returncode}, and is not on the page anew", flush=True)
            return None
        return {"seconds": time.perf_counter() - began, "found": json.loads(place.read_text())}


def commit() -> str:
    """Return the last commit that touched what is measured, with a + where files differ from it."""
    told = [
        subprocess.run(["git", *words, "--", "src", "tools"], capture_output=True, text=True, check=False, cwd=ROOT)
        for words in (["log", "-1", "--format=%h"], ["status", "--porcelain", "--untracked-files=no"])
    ]
    return (told[0].stdout.strip() or "unknown") + ("+" if told[1].stdout.strip() else "")


def compact(kept: dict[str, Any]) -> str:
    """Return JSON with each line of what was found on one line."""
    rows: list[str] = []

    def named(row: Any) -> str:
        rows.append(json.dumps(row, ensure_ascii=False))
        return f"@{len(rows) - 1}@"

    found = {
        name: [named(row) for row in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for name, value in kept["found"].items()
    }
    text = json.dumps(kept | {"found": found}, indent=1, ensure_ascii=False)
    for place, row in enumerate(rows):
        text = text.replace(f'"@{place}@"', row, 1)
    return text + "\n"


def _asked() -> Any:
    asked = argparse.ArgumentParser(prog="python -m tools.tasks", description="Measure what memories are for.")
    asked.add_argument("--keep", action="store_true", help="take up parts of the present commit")
    asked.add_argument("--only", help="these parts, parted by commas")
    asked.add_argument("--seeds", type=int, help="fewer seeds, to try out")
    asked.add_argument("--tables", help="these tables, to try out")
    asked.add_argument("--transformer-seconds", type=float, help="its training; 900 unless told")
    asked.add_argument("--out", type=Path, default=DOCS, help="the folder of the page, to try out")
    return asked.parse_args()


if __name__ == "__main__":
    main()
