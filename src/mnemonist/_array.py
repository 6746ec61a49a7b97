"""Which library an array comes from: the only module that asks.

Everything else is written once against the Python array API standard and takes its functions from the namespace
`xp` of the arrays it was given: NumPy by default, a torch tensor stays a torch tensor, on its device, with autograd.
"""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import array_api_compat
import numpy as np

from mnemonist.errors import InvalidType

Array = Any
Namespace = Any

_NUMPY = array_api_compat.array_namespace(np.empty(0))


def namespace(*arrays: Array) -> Namespace:
    """Return the array namespace that all the given arrays share; None is passed over.

    Raises `InvalidType` where they come from two libraries.
    """
    if all(a is None or type(a) is np.ndarray for a in arrays):
        return _NUMPY
    if "torch" in sys.modules and all(a is None or isinstance(a, sys.modules["torch"].Tensor) for a in arrays):
        return _torch_namespace()
    try:
        return array_api_compat.array_namespace(*(a for a in arrays if a is not None))
    except TypeError:
        kinds = sorted({type(a).__module__.split(".")[0] for a in arrays if a is not None})
        raise InvalidType(
            f"mnemonist: all arrays must come from one library; got {' and '.join(kinds)}. "
            "Convert one side, for example with numpy.asarray or torch.as_tensor."
        ) from None


def _torch_namespace() -> Namespace:
    """Return torch's namespace in a way that torch.compile can follow."""
    if "array_api_compat.torch" not in sys.modules:
        importlib.import_module("array_api_compat.torch")
    return sys.modules["array_api_compat.torch"]


def as_array(x: Any) -> Array:
    """Return `x` if it is an array of a known library, else a NumPy array of it (a list, a data frame, a number)."""
    return x if array_api_compat.is_array_api_obj(x) else np.asarray(x)


def to_numpy(x: Array) -> np.ndarray[Any, Any]:
    """Return `x` as a NumPy array on the host, cut off from any autograd graph; copies only where it must."""
    if array_api_compat.is_torch_array(x):
        return x.detach().cpu().numpy()  # type: ignore[no-any-return]
    if array_api_compat.is_numpy_array(x):
        return np.asarray(x)
    return np.from_dlpack(x)


def device(x: Array) -> Any:
    """Return the device that holds `x`."""
    return array_api_compat.device(x)


def beside(values: Any, like: Array) -> Array:
    """Return NumPy values as an array of the library, and on the device, of `like`."""
    return namespace(like).asarray(values, device=device(like))


def computing_dtype(xp: Namespace, *arrays: Array) -> Any:
    """Return the real floating dtype to compute in: the widest of the arrays', and float32 at least."""
    wide = any(xp.isdtype(a.dtype, "real floating") and xp.finfo(a.dtype).bits > 32 for a in arrays)
    return xp.float64 if wide else xp.float32


def largest(x: Array, count: int) -> tuple[Array, Array]:
    """Return the `count` largest entries of each row of `x` (B, K), falling, and their columns; ties by column.

    NumPy and torch select in O(K); any other library sorts.
    """
    xp = namespace(x)
    count = min(count, x.shape[-1])
    select: Callable[[Array, int], Array] = _by_sorting
    if array_api_compat.is_numpy_array(x):
        select = _by_partition
    elif array_api_compat.is_torch_array(x):
        select = _by_topk
    columns = xp.sort(select(x, count), axis=-1)
    values = xp.take_along_axis(x, columns, axis=-1)
    falling = xp.argsort(values, axis=-1, descending=True, stable=True)
    return xp.take_along_axis(values, falling, axis=-1), xp.take_along_axis(columns, falling, axis=-1)


def _by_partition(x: Array, count: int) -> Array:
    return np.argpartition(x, x.shape[-1] - count, axis=-1)[..., x.shape[-1] - count :]


def _by_topk(x: Array, count: int) -> Array:
    return sys.modules["torch"].topk(x, count, dim=-1).indices


def _by_sorting(x: Array, count: int) -> Array:
    return namespace(x).argsort(x, axis=-1, descending=True, stable=True)[..., :count]
