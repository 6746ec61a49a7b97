"""The public face: what can be imported, and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mnemonist as mn

ALLOWED = {
    "mnemonist",
    "numpy",
    "array_api_compat",
    "lazy_loader",
    "cython_runtime",  # no package: compiled modules make it
    "charset_normalizer",  # numpy.f2py takes it where it is installed, as `make bench` does
}
HEAVY = {"torch", "sklearn", "matplotlib", "numba", "typer", "rich", "PIL", "scipy", "pandas"}


def loaded(code: str) -> set[str]:
    """Return the third-party packages that a fresh interpreter has loaded after some code."""
    script = (
        f"import sys; before = set(sys.modules); {code}; import sysconfig, os\n"
        "site = sysconfig.get_paths()['purelib'], sysconfig.get_paths()['platlib']\n"
        "new = {m.split('.')[0] for m in set(sys.modules) - before if not m.split('.')[0] in sys.stdlib_module_names}\n"
        "print(' '.join(sorted(m for m in new if not m.startswith('_'))))"
    )
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


def test_importing_mnemonist_loads_numpy_and_little_else() -> None:
    packages = loaded("import mnemonist")
    assert "mnemonist" in packages
    assert packages <= ALLOWED


def test_a_recall_loads_nothing_more() -> None:
    packages = loaded(
        "import mnemonist as mn; m = mn.kernel_memory(); m.store([[1., 2.], [3., 4.]]); m.recall([1., 2.])"
    )
    assert packages <= ALLOWED
    assert not packages & HEAVY


def test_what_files_need_is_loaded_with_the_first_file() -> None:
    modules = loaded_modules("import mnemonist as mn; mn.kernel_memory().store([[1.0, 2.0]])")
    assert not {name for name in modules if name.startswith(("mnemonist.data", "mnemonist.archive"))}


def test_names_are_loaded_when_they_are_first_used() -> None:
    assert loaded_modules("import mnemonist as mn; mn.Outcome") >= {"mnemonist.dynamics.outcome"}
    assert not {name for name in loaded_modules("import mnemonist as mn; dir(mn)") if name.startswith("mnemonist.")}


def loaded_modules(code: str) -> set[str]:
    """Return the modules of mnemonist that a fresh interpreter has loaded after some code."""
    script = f"{code}; import sys; print(*[name for name in sys.modules if name.startswith('mnemonist')])"
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


def test_all_is_exactly_what_is_importable() -> None:
    assert sorted(mn.__all__) == mn.__all__
    assert all(getattr(mn, name).__doc__ for name in mn.__all__)
    assert set(mn.__all__) <= set(dir(mn))


def test_type_checkers_are_told_of_all_of_it() -> None:
    stub = ast.parse(Path(mn.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    told = [alias for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(alias.name for alias in told) == mn.__all__
    assert all(alias.asname == alias.name for alias in told)  # or they would be the stub's own


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (lambda: mn.Kernel, "mnemonist.Bilinear"),
        (lambda: mn.patterns, "mnemonist.stores"),
        (lambda: small().recall([1.0, 0.0]).parts, "Recall.components"),
        (lambda: small().usual_dynamics, "default_dynamics"),
        (lambda: pair().whole, "PairRecall.joint"),
        (lambda: mn.diagnose(small()).likeness, "Diagnosis.coherence"),
    ],
)
def test_a_name_that_moved_names_the_new_one(old, new) -> None:
    with pytest.raises(mn.errors.Moved, match=new):
        old()


def small() -> mn.AssociativeMemory:
    memory = mn.kernel_memory(8.0)
    memory.store([[1.0, 0.0], [0.0, 1.0]])
    return memory


def pair() -> mn.PairRecall:
    memory = mn.BidirectionalMemory()
    memory.store([[1, 1]], [[1]])
    return memory.recall(left=[1, 1])
