"""Show that a refactoring changed no answer: the same recalls by an earlier commit and by the present source.

    python tools/compare_answers.py [--old COMMIT]

Both versions answer one list of questions (`tools/answers`), each in processes of its own: every model, asked in every
way. All that an answer says is compared bit for bit, type, dtype, shape and bytes; NaN equals NaN. The list is asked
twice, because which kernels serve may depend on what a process did before: *cold*, small recalls only; and *warm*,
large ones first, so that all kernels are loaded.

Where an answer is not the same it is *equal to rounding*, told in roundings of the dtype that its state is computed in,
relative to the largest number of the field; or *different*. Exit status 1 where one is different, or equal to rounding
and not in `ALLOWED`. Where the earlier version crashed there is nothing to compare; it is said. The earlier source, its
answers and compiled kernels stay in the system's folder of temporary files, where the next run finds them. Run it from
the repository.
"""

import argparse
import hashlib
import os
import pickle
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

FIRST = "01e414c"  # 0.1
MOST = 1000.0  # roundings


class Allowed(NamedTuple):
    """Recalls that may differ by rounding, `mode: name` with * for anything, the reason in words, and how far."""

    recalls: str
    reason: str
    most: float = MOST


_BY_SIZE = "0.1 asked a kernel what a state is once any memory had loaded it; now the size of this one decides"
_MASKED = "0.1 left hidden coordinates to array code"
_CONVERTED = "0.1 left cues of another dtype than the patterns to array code"

ALLOWED = (
    Allowed("warm: large, kernel, 40: known, free", f"{_MASKED}; float32, and at rest this energy is nearly 0", 4000),
    Allowed("warm: large, *: known, free", _MASKED),
    Allowed("warm: large, *: threads, known", _MASKED),
    Allowed("warm: large, *: float32", _CONVERTED),
    Allowed("warm: dense 20, scaled*", _BY_SIZE),
    Allowed("warm: exponential*", _BY_SIZE),
    Allowed("warm: Dot(), *, Binary(): *", _BY_SIZE),
    Allowed("warm: pairs, Softmax*", _BY_SIZE),
)

MODES = ("cold", "warm")
HERE = Path(__file__).resolve().parent
KEPT = Path(tempfile.gettempdir()) / "mnemonist-answers"
IDENTICAL, ROUNDED, DIFFERENT = "identical", "to rounding", "different"

Told = tuple[str, Any]  # a type by its name, and an array
Answer = dict[str, Told]


class Found(NamedTuple):
    """How a field of the new answer is beside the old one, and by how many roundings it is off."""

    how: str
    roundings: float = 0.0
    note: str = ""


# --- comparing ---------------------------------------------------------------------------------------------------


def compared(old: Answer, new: Answer) -> dict[str, Found]:
    """Return how each field of an answer is beside the old one."""
    eps = _eps(old)
    found = {what: _beside(old.get(what), new.get(what), eps) for what in old | new}
    for place in ("", "one: "):
        ids, weights = (f"{place}top.{name}" for name in ("ids", "weights"))
        if ids in found and found[ids].how == DIFFERENT != found[weights].how and _tied(old, new, ids, weights, eps):
            found[ids] = Found(ROUNDED, note="of equal weights")
    return found


def _eps(answer: Answer) -> float:
    """Return the rounding of the dtype that a state is computed in."""
    dtype = next((answer[name][1].dtype for name in ("state", "states") if name in answer), np.dtype("f8"))
    return float(np.finfo(dtype if dtype.kind == "f" else "f8").eps)


def _beside(old: Told | None, new: Told | None, eps: float) -> Found:
    if old is None or new is None:
        return Found(DIFFERENT, note=f"{'nothing' if old is None else old[0]} → {'nothing' if new is None else new[0]}")
    (was, a), (now, b) = old, new
    if (was, a.dtype, a.shape) != (now, b.dtype, b.shape):
        return Found(DIFFERENT, note=f"{was} {a.dtype} {a.shape} → {now} {b.dtype} {b.shape}")
    if a.dtype.kind != "f":
        return Found(IDENTICAL if (a == b).all() else DIFFERENT, note=f"{np.count_nonzero(a != b)} of {a.size}")
    if np.where(np.isnan(a), 0, a).tobytes() == np.where(np.isnan(b), 0, b).tobytes() and _same(np.isnan, a, b):
        return Found(IDENTICAL)
    if not (_same(np.isnan, a, b) and _same(np.isposinf, a, b) and _same(np.isneginf, a, b)):
        return Found(DIFFERENT, note="NaN or infinite elsewhere")
    off = _off(a, b) / eps
    return Found(ROUNDED if off <= MOST else DIFFERENT, off)


def _same(test: Any, a: Any, b: Any) -> bool:
    return bool((test(a) == test(b)).all())


def _off(a: Any, b: Any) -> float:
    """Return the largest difference relative to the largest number."""
    a, b = (x[np.isfinite(x)].astype(np.float64) for x in (a, b))
    size = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
    return float(np.abs(a - b).max(initial=0) / size) if size else 0.0


def _tied(old: Answer, new: Answer, ids: str, weights: str, eps: float) -> bool:
    """Say whether ids differ only among memories of equal weight: each has its weight in both, or the last."""
    (a, b), (f, g) = ([answer[name][1] for answer in (old, new)] for name in (ids, weights))
    if a.shape != b.shape:
        return False
    pairs = [np.atleast_2d(x) for x in (a, b, f, g)]
    for mine, theirs, own, other in zip(*pairs, strict=True):
        there = dict(zip(theirs.tolist(), other.tolist(), strict=True))
        for one, weight in zip(mine.tolist(), own.tolist(), strict=True):
            if abs(there.get(one, other[-1]) - weight) > MOST * eps * abs(weight):
                return False
    return True


# --- asking ------------------------------------------------------------------------------------------------------


def answers(sources: dict[str, Path]) -> dict[str, dict[str, dict[str, Answer]]]:
    """Return what each source answers in each mode, by the names of the questions; all are asked side by side."""
    with tempfile.TemporaryDirectory() as scratch:
        outs = {(name, mode): Path(scratch, f"{name} {mode}") for name in sources for mode in MODES}
        outs |= {("old", mode): KEPT / f"answers-{mode}-{_circumstances(sources['old'])}" for mode in MODES}
        asked = {key: _ask(sources[key[0]], key[1], out) for key, out in outs.items() if not out.exists()}
        if any([process.wait() for process in asked.values()]):
            raise SystemExit("compare_answers: a source did not answer all questions.")
        found: dict[str, dict[str, dict[str, Answer]]] = {mode: {} for mode in MODES}
        for (name, mode), out in outs.items():
            where, found[mode][name] = pickle.loads(out.read_bytes())
            if not Path(where).is_relative_to(sources[name]):
                out.unlink()
                raise SystemExit(f"compare_answers: the {name} source is {sources[name]}; but {where} answered.")
        return found


def _ask(source: Path, mode: str, out: Path) -> subprocess.Popen[bytes]:
    """Begin to answer in a new process."""
    more = {
        "PYTHONPATH": os.pathsep.join(map(str, (source, HERE))),
        "NUMBA_CACHE_DIR": str(KEPT / f"kernels-{_kernels(source)}"),
    }
    return subprocess.Popen([sys.executable, "-m", "answers", mode, str(out)], env=os.environ | more)


def _circumstances(source: Path) -> str:
    """Return a name of all that the old answers depend on: the questions, the source, the packages, the processors."""
    questions = b"".join(path.read_bytes() for path in sorted((HERE / "answers").glob("*.py")))
    packages = sorted(f"{one.name} {one.version}" for one in metadata.distributions())
    told = [source.name, sys.version, *packages, os.cpu_count(), os.environ.get("OMP_NUM_THREADS")]
    return hashlib.sha256(questions + repr(told).encode()).hexdigest()[:16]


def _kernels(source: Path) -> str:
    """Return a name of what is compiled: Numba itself looks at the file of a kernel only, not at those it imports."""
    files = [path for path in sorted(source.rglob("*.py")) if any(word in path.read_text() for word in _COMPILED)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


_COMPILED = ("numba", "compiled import")


def source_of(commit: str, repository: Path) -> Path:
    """Return the folder with the `src` of a commit."""
    full = _git(repository, "rev-parse", "--verify", f"{commit}^{{commit}}").decode().strip()
    if not (folder := KEPT / full).exists():
        KEPT.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as scratch:
            with tarfile.open(fileobj=BytesIO(_git(repository, "archive", full, "src"))) as archive:
                archive.extractall(scratch, filter="data")
            os.replace(Path(scratch, "src"), folder)
    return folder


def _git(repository: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=repository, capture_output=True, check=True).stdout


# --- telling -----------------------------------------------------------------------------------------------------


def report(mode: str, old: dict[str, Answer], new: dict[str, Answer]) -> Iterator[tuple[str, bool]]:
    """Yield lines, and whether each tells of something that must not be."""
    table: dict[str, list[Found]] = {}
    told: Counter[str] = Counter()
    for name in old | new:
        if "crashed" in {kind for kind, _ in old.get(name, {}).values()}:
            yield f"{mode}: {name}: not compared, for the earlier version crashes", False
            continue
        found = compared(old.get(name, {}), new.get(name, {}))
        told["refusals" if "answer" in old.get(name, {}) else "recalls"] += 1
        for what, one in found.items():
            table.setdefault(what.removeprefix("one: ").removeprefix("memory: "), []).append(one)
        if any(one.how != IDENTICAL for one in found.values()):
            yield _line(f"{mode}: {name}", found)
    yield f"\n{mode}: {told['recalls']} recalls and {told['refusals']} refusals", False
    yield f"{'field':18}{IDENTICAL:>12}{ROUNDED:>14}{DIFFERENT:>12}{'most roundings':>17}", False
    for what, several in sorted(table.items()):
        counts = Counter(one.how for one in several)
        most = max((one.roundings for one in several if one.how == ROUNDED), default=0.0)
        yield f"{what:18}{counts[IDENTICAL]:12}{counts[ROUNDED]:14}{counts[DIFFERENT]:12}{most:17.3g}", False
    yield "", False


def _line(name: str, found: dict[str, Found]) -> tuple[str, bool]:
    """Return the line of a recall that is not identical."""
    apart = {what: one for what, one in found.items() if one.how != IDENTICAL}
    allowed = next((one for one in ALLOWED if fnmatch(name, one.recalls)), Allowed(name, "", 0.0))
    reason, wrong = allowed.reason, any(_too_far(one, allowed.most) for one in apart.values())
    details = [
        f"{what} {one.how}" + (f", {one.roundings:.3g} roundings" if one.roundings else "") + f" {one.note}".rstrip()
        for what, one in apart.items()
    ]
    return f"{'' if wrong else 'allowed: '}{name}: {'; '.join(details)}{f' ({reason})' if reason else ''}", wrong


def _too_far(found: Found, most: float) -> bool:
    return not 0 < found.roundings <= most if found.how == DIFFERENT else found.roundings > most or not most


def main() -> None:
    """Compare, tell, and fail where an answer changed."""
    asked = argparse.ArgumentParser(description="Show that a refactoring changed no answer.")
    asked.add_argument("--old", default=FIRST, metavar="COMMIT", help=f"what to compare with; {FIRST} unless given")
    repository = Path(_git(Path.cwd(), "rev-parse", "--show-toplevel").decode().strip())
    sources = {"old": source_of(asked.parse_args().old, repository), "new": repository / "src"}
    failed = 0
    for mode, found in answers(sources).items():
        for line, wrong in report(mode, found["old"], found["new"]):
            sys.stdout.write(f"{line}\n")
            failed += wrong
    sys.stdout.write(f"{failed} answers changed\n" if failed else "No answer changed.\n")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
