"""The public face: what can be imported, and what importing it costs."""

import subprocess
import sys
from types import ModuleType

import mnemonist as mn

ALLOWED = {
    "mnemonist",
    "numpy",
    "array_api_compat",
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


def test_all_is_exactly_what_is_importable() -> None:
    public = {
        name for name, value in vars(mn).items() if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert set(mn.__all__) - {"errors"} == public
    assert all(getattr(mn, name).__doc__ for name in mn.__all__)
