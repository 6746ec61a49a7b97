"""What CONTRIBUTING shows, runs: parts of each kind that are not in the package, and their tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_parts_that_contributing_shows_keep_their_contracts(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
    files = dict(re.findall(r"^`(\w+\.py)`[^`]*```python\n(.*?)```", text, flags=re.DOTALL | re.MULTILINE))
    parts = ("threshold.py", "minkowski.py", "box.py", "half_patterns.py")
    assert set(files) == {*parts, *(f"test_{part}" for part in parts)}
    for name, code in files.items():
        (tmp_path / name).write_text(code, encoding="utf8")
    shared = (ROOT / "tests" / "conftest.py").read_text(encoding="utf8")
    (tmp_path / "conftest.py").write_text(re.sub(r"max_examples=\d+", "max_examples=8", shared), encoding="utf8")
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)  # a worktree tests its own source
    before = [os.path.abspath(path) for path in given if path]
    paths = os.pathsep.join([*before, str(tmp_path), str(ROOT / "tests")])
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", ".", "."],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed is not None
    assert int(passed[1]) > 100
