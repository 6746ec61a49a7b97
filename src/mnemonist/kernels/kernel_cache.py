"""What was compiled, kept on disk: Numba's own cache, whose failures cost time and never an answer.

What cannot be read (a file cut short or overwritten, of another user) is compiled anew and kept anew; what cannot be
kept (a full disk, a folder that is read only) is compiled again by the next process. The first such failure of a
process is said in a warning. Code goes with its SHA-256: Numba would run whatever stands in the file.
"""

import hashlib
import pickle
import warnings
from collections.abc import Callable
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache, NullCache
from numba.core.serialize import dumps


def kernel_cache(kernel: Callable[..., Any]) -> Any:
    """Return the cache of a kernel; one that keeps nothing where there is no folder for it."""
    try:
        return KernelCache(kernel)
    except Exception as failure:  # no folder, a locator that is not there, a source that is not
        _say_once(_NOT_KEPT, failure)
        return NullCache()


class _Checked(CompileResultCacheImpl):  # type: ignore[misc]
    """How code is kept: with a digest."""

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        """Return a name of its own, for what Numba keeps under its name has no digest."""
        return f"checked-{super().get_filename_base(fullname, abiflags)}"

    def reduce(self, cres: Any) -> tuple[bytes, bytes]:
        code = dumps(super().reduce(cres))
        return hashlib.sha256(code).digest(), code

    def rebuild(self, target_context: Any, payload: tuple[bytes, bytes]) -> Any:
        digest, code = payload
        if hashlib.sha256(code).digest() != digest:
            raise ValueError("its digest is another")
        return super().rebuild(target_context, pickle.loads(code))


class KernelCache(FunctionCache):  # type: ignore[misc]
    """Numba's cache of a function: what fails in it is passed over."""

    _impl_class = _Checked

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for these types, or None."""
        try:
            return super().load_overload(sig, target_context)
        except Exception as failure:  # broken pickles raise nearly anything
            _say_once(_NOT_READ, failure)
            self._begin_anew()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for these types, if that can be."""
        try:
            super().save_overload(sig, data)
        except Exception as failure:
            _say_once(_NOT_KEPT, failure)

    def _begin_anew(self) -> None:
        """Forget what is on disk, if that can be."""
        try:
            self.flush()
        except Exception:
            self.disable()


_NOT_READ = "compiled kernels kept on disk could not be read and were compiled anew ({}). If this is said again, point"
_NOT_KEPT = "compiled kernels cannot be kept on disk, so each process compiles them ({}). Point"


class _Said:
    """Whether a failure was said in this process."""

    def __init__(self) -> None:
        self.once = False


_said = _Said()


def _say_once(what: str, failure: Exception) -> None:
    """Warn of the first failure: those after it have the same cause."""
    if _said.once:
        return
    _said.once = True
    reason = str(failure).partition("\n")[0].rstrip(".") or type(failure).__name__
    warnings.warn(
        f"mnemonist: {what.format(reason)} NUMBA_CACHE_DIR to a folder of your own that has room.", stacklevel=2
    )
