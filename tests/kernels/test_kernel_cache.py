"""Whatever surrounds the kernels, a process answers: by kernels compiled anew or by their slow twins, said once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import math, warnings
import numpy as np
import mnemonist as mn
from mnemonist.kernels import loading
loading._work.seconds = math.inf
memory = mn.hebbian()
rows = np.random.default_rng(0).choice([-1.0, 1.0], size=(3, 64))
memory.store(rows)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    for _ in range(2):
        assert (memory.recall(rows).state == rows).all()
print(len(said), *[warning.message for warning in said])
"""


def ask(**environment: str) -> str:
    """Return how many warnings a fresh process said, and which."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK], capture_output=True, text=True, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A folder of kernels that were kept."""
    folder = tmp_path_factory.mktemp("kernels")
    assert ask(NUMBA_CACHE_DIR=str(folder)) == "0\n"
    return folder


def cut(file: Path, bytes_left: int) -> None:
    os.truncate(file, bytes_left)


def zeroed(file: Path, where: int) -> None:
    """Overwrite a block by zeros, as a machine that lost its power may find it."""
    with file.open("r+b") as stream:
        stream.seek(where)
        stream.write(bytes(4096))


DAMAGE = {
    "an index cut short": ("*.nbi", lambda file: cut(file, 50)),
    "an index that is empty": ("*.nbi", lambda file: cut(file, 0)),
    "code cut short": ("*.nbc", lambda file: cut(file, 5000)),
    "code that is empty": ("*.nbc", lambda file: cut(file, 0)),
    "code overwritten by zeros": ("*.nbc", lambda file: zeroed(file, 2000)),
    "a folder in the place of code": ("*.nbi", lambda file: (file.unlink(), file.mkdir())),
}


OFTEN = ("an index cut short", "code overwritten by zeros")  # the others run as slow


@pytest.mark.parametrize(
    "damage", [name if name in OFTEN else pytest.param(name, marks=pytest.mark.slow) for name in DAMAGE]
)
def test_damaged_kernels_are_compiled_and_kept_anew_and_that_is_said_once(damage, filled, tmp_path):
    pattern, harm = DAMAGE[damage]
    folder = shutil.copytree(filled, tmp_path / "kernels")
    for file in folder.rglob(pattern):
        harm(file)
    said = ask(NUMBA_CACHE_DIR=str(folder))
    assert said.startswith("1 mnemonist: compiled kernels kept on disk could not be read")
    if "folder" not in damage:  # which nobody but its owner may take away
        assert ask(NUMBA_CACHE_DIR=str(folder)) == "0\n"


def test_whole_kernels_are_read_in_silence(filled):
    before = {file: file.stat().st_mtime_ns for file in filled.rglob("*")}
    assert ask(NUMBA_CACHE_DIR=str(filled)) == "0\n"
    assert {file: file.stat().st_mtime_ns for file in filled.rglob("*")} == before


def test_where_no_folder_will_do_each_process_compiles_and_says_so_once(tmp_path):
    said = ask(NUMBA_CACHE_DIR="/proc/nowhere", NUMBA_CACHE_LOCATOR_CLASSES="UserProvidedCacheLocator")
    assert said.startswith("1 mnemonist: compiled kernels cannot be kept on disk")


def test_a_full_disk_keeps_nothing_and_that_is_said_once(tmp_path):
    full = "import os, numba.core.caching as c; c.IndexDataCacheFile._open_for_write = lambda *a: FULL()\n"
    fails = (
        "class FULL:\n    def __enter__(self): raise OSError(28, os.strerror(28))\n    def __exit__(self, *a): ...\n"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", full + fails + ASK], capture_output=True, text=True, check=False,
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    assert told.stdout.startswith("1 mnemonist: compiled kernels cannot be kept on disk"), told.stderr
    assert "No space left on device" in told.stdout


def test_without_compilation_the_slow_twins_serve(tmp_path):
    said = ask(NUMBA_DISABLE_JIT="1")
    assert (
        said == "1 mnemonist: large memories are slower here, because Numba does not run (NUMBA_DISABLE_JIT is set).\n"
    )


@pytest.mark.parametrize("failure", ["RuntimeError('no LLVM')", "AttributeError('no LLVM')", "SystemError('no LLVM')"])
def test_a_numba_that_fails_to_load_is_none(failure, tmp_path):
    (tmp_path / "numba.py").write_text(f"raise {failure}\n")
    said = ask(PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert said == "1 mnemonist: large memories are slower here, because Numba does not run (no LLVM).\n"
