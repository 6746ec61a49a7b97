"""The page docs/tasks.md: how good, then every part in words and tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.tasks import page_others, page_tables
from tools.tasks.markdown import table
from tools.tasks.targets import verdicts

TITLES = {
    "imputation": "Tables with holes", "labels": "Labels and numbers", "outliers": "Rows that do not fit",
    "ratings": "Ratings", "text": "Text", "maps": "Maps between spaces", "sizes": "A large table",
    "spreadsheets": "Real files",
}  # fmt: skip
TELLERS = {
    name: getattr(page_tables if hasattr(page_tables, name) else page_others, name) for name in TITLES
}  # fmt: skip
HEAD = """# Tasks: measured

What memories do for tables, labels, ratings, text and maps, on data that nobody prepared, beside what one would use
otherwise on the same split. `make tasks` measures, draws and writes this page; `python -m tools.tasks.imputation` is
one part of it. The best of each row is bold. Where a memory loses, the page says so.

"""


def page(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page of parts as they were kept: found, seconds, commit, processor, threads."""
    found = {name: kept[name]["found"] for name in TITLES if name in kept}
    parts = [HEAD, *_how_good(found)]
    for name, part in found.items():
        parts += [f"## {TITLES[name]}\n\n", *TELLERS[name](part), f"*{_origin(kept[name])}*\n\n"]
    missing = [title.lower() for name, title in TITLES.items() if name not in kept]
    if missing:
        parts.append(f"Not measured: {', '.join(missing)}.\n")
    return "".join(parts).rstrip() + "\n"


def _how_good(found: Mapping[str, Any]) -> Iterator[str]:
    judged = verdicts(found)
    yield f"## How good\n\n{sum(one.reached for one in judged)} of {len(judged)} targets are reached.\n\n"
    lines = [
        [TITLES[one.part], one.what, one.must, one.measured, "reached" if one.reached else "**missed**"]
        for one in judged
    ]
    yield table(["part", "what", "must", "measured", ""], lines)


def _origin(kept: Mapping[str, Any]) -> str:
    minutes = kept["seconds"] / 60
    return f"{minutes:.1f} minutes on {kept['processor']}, {kept['threads']} threads, commit {kept['commit']}."
