"""docs/claims.md is that of the tests there are: no claim is missing, and none is left of a test that is gone."""

import ast
import re
from pathlib import Path

from claims import ROOT


def claiming() -> dict[str, set[str]]:
    """Return, for each file of tests, the tests that take the fixture `claim`."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and "claim" in [argument.arg for argument in node.args.args]:
                found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(node.name)
    return found


def test_the_table_has_every_test_that_claims_and_no_other() -> None:
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    listed: dict[str, set[str]] = {}
    for name, path in re.findall(r"\[(test_\w+)\]\(\.\./([\w/.]+)\) \|$", page, re.MULTILINE):
        listed.setdefault(path, set()).add(name)
    assert sum(map(len, claiming().values())) > 40
    assert listed == claiming()


def test_the_table_counts_its_rows() -> None:
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.endswith(") |")]
    count, failing = re.search(r"^(\d+) claims, (\d+) of which", page, re.MULTILINE).groups()
    assert len(rows) == int(count)
    assert sum("does not hold as printed" in row for row in rows) == int(failing)
    assert Path(ROOT / "docs" / "claims.md").stat().st_size < 200_000
