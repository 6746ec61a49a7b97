"""Which library an array comes from: the only module that asks.

Everything else is written once against the Python array API standard and takes its functions from the namespace
`xp` of the arrays it was given: NumPy by default, a torch tensor stays a torch tensor, on its device, with autograd.
"""

import importlib
import sys
from functools import cache
from typing import Any

import array_api_compat
import numpy as np

from mnemonist.errors import InvalidArgument, InvalidType, MissingExtra

Array = Any
Namespace = Any


def namespace(*arrays: Array) -> Namespace:
    """Return the array namespace that all the given arrays share; None is passed over.

    Raises `InvalidType` where they come from two libraries.
    """
    for a in arrays:
        if type(a) is not np.ndarray and a is not None:
            break
    else:
        return _numpy_namespace()
    if all(a is None or is_torch(a) for a in arrays):
        return _torch_namespace()
    try:
        return array_api_compat.array_namespace(*(a for a in arrays if a is not None))
    except TypeError:
        kinds = sorted({type(a).__module__.split(".")[0] for a in arrays if a is not None})
        raise InvalidType(
            f"mnemonist: all arrays must come from one library; got {' and '.join(kinds)}. "
            "Convert one side, for example with numpy.asarray or torch.as_tensor."
        ) from None


@cache
def _numpy_namespace() -> Namespace:
    """Return NumPy's namespace; wrapping it takes as long as importing NumPy, so that is left to the first use."""
    return array_api_compat.array_namespace(np.empty(0))


def _torch_namespace() -> Namespace:
    """Return torch's namespace in a way that torch.compile can follow."""
    if "array_api_compat.torch" not in sys.modules:
        importlib.import_module("array_api_compat.torch")
    return sys.modules["array_api_compat.torch"]


def is_array(x: Any) -> bool:
    """Say whether `x` is an array of a known library."""
    return type(x) is np.ndarray or is_torch(x) or bool(array_api_compat.is_array_api_obj(x))


@cache
def is_real(xp: Namespace, dtype: Any) -> bool:
    """Say whether a dtype is that of real numbers, floats or whole ones."""
    return bool(xp.isdtype(dtype, ("real floating", "integral")))


@cache
def is_floating(xp: Namespace, dtype: Any) -> bool:
    """Say whether a dtype is that of real floats."""
    return bool(xp.isdtype(dtype, "real floating"))


def as_array(x: Any, like: Array | None = None, *, what: str = "mnemonist: arrays") -> Array:
    """Return `x` if it is an array, else an array of it (a list, a number), of the library of `like`.

    `what` complains of what can be none.
    """
    if type(x) is np.ndarray:
        return x
    if isinstance(x, np.ma.MaskedArray):
        raise InvalidType(f"{what} must be plain; got a masked array. Pass x.filled(numpy.nan), and known=~x.mask.")
    if isinstance(x, np.ndarray):
        return np.asarray(x)  # of a kind that multiplies in another way, as numpy.matrix does
    if is_array(x):
        return x
    try:
        values = np.asarray(x)
    except ValueError:
        raise InvalidArgument(f"{what} must be rectangular; got rows of several lengths. Fill them up.") from None
    except Exception as failure:  # whatever says it can be an array, and cannot
        raise InvalidType(
            f"{what} must be of numbers; got {type(x).__name__}, which is none ({failure}). Pass an array."
        ) from None
    return values if like is None else beside(values, like)


def named_array(who: str, name: str, given: Any, like: Array | None = None) -> tuple[Array, Namespace]:
    """Return an array and its library, that of `like`; what is none is refused in the words of who was given it."""
    try:
        array = as_array(given, like)
        return array, namespace(array, like)
    except (InvalidArgument, InvalidType) as error:
        must = f"{name} {error.must.removeprefix('all ').removeprefix('arrays ')}"
        raise type(error)(who=who, must=must, got=error.got, fix=error.fix) from None


def to_numpy(x: Array) -> np.ndarray[Any, Any]:
    """Return `x` as a NumPy array on the host, cut off from any autograd graph; copies only where it must."""
    if type(x) is np.ndarray:
        return x
    if array_api_compat.is_torch_array(x):
        return x.detach().cpu().numpy()  # type: ignore[no-any-return]
    if array_api_compat.is_numpy_array(x):
        return np.asarray(x)
    return np.from_dlpack(x)


def device(x: Array) -> Any:
    """Return the device that holds `x`."""
    return "cpu" if type(x) is np.ndarray else array_api_compat.device(x)


def beside(values: Any, like: Array) -> Array:
    """Return NumPy values as an array of the library, and on the device, of `like`."""
    if type(values) is type(like) is np.ndarray:
        return values
    return namespace(like).asarray(values, device=device(like))


def computing_dtype(xp: Namespace, *arrays: Array) -> Any:
    """Return the real floating dtype to compute in: the widest that the arrays need, and float32 at least.

    Whole numbers of 32 bits and more need float64, as in result_type.
    """
    return xp.float64 if any(_is_wide(xp, a.dtype) for a in arrays) else xp.float32


@cache
def _is_wide(xp: Namespace, dtype: Any) -> bool:
    if xp.isdtype(dtype, "real floating"):
        return bool(xp.finfo(dtype).bits > 32)
    return bool(xp.isdtype(dtype, "integral") and xp.iinfo(dtype).bits > 16)


def is_torch(x: Any) -> bool:
    """Say whether `x` is a torch tensor, in a way that torch.compile can follow."""
    return "torch" in sys.modules and isinstance(x, sys.modules["torch"].Tensor)


def library_of(x: Array) -> str:
    """Return the name of the library that an array comes from: "numpy", "torch" or another."""
    return "torch" if is_torch(x) else namespace(x).__name__.removeprefix("array_api_compat.").split(".")[0]


def as_torch(values: np.ndarray[Any, Any]) -> Array:
    """Return NumPy values, not copied, as a torch tensor, which imports torch. Raises `MissingExtra` without it."""
    try:
        return importlib.import_module("torch").from_numpy(values)
    except ImportError as error:
        raise MissingExtra("mnemonist.load: tensors need PyTorch: pip install 'mnemonist[torch]'.") from error


def fused_attention(queries: Array, rows: Array, beta: Any) -> Array:
    """Return softmax(β queries · rowsᵀ) rows (B, N) of torch tensors by torch's kernel, which keeps no (B, K)."""
    attention = sys.modules["torch"].nn.functional.scaled_dot_product_attention
    memories = rows[None, None, :, :]
    return attention((beta * queries)[None, None, :, :], memories, memories, scale=1.0)[0, 0, :, :]


def leading(x: Array, count: int) -> Array:
    """Return the `count` largest entries of each row of `x` (..., K), falling; torch selects them, as ONNX can."""
    if is_torch(x):
        return sys.modules["torch"].topk(x, count, dim=-1).values
    return namespace(x).sort(x, axis=-1, descending=True)[..., :count]


def largest(x: Array, count: int) -> tuple[Array, Array]:
    """Return the `count` largest entries of each row of `x` (B, K), falling, and their columns; ties by column."""
    xp = namespace(x)
    count = min(count, x.shape[-1])
    least = _least_of_largest(x, count)
    tied = x == least
    places = count - xp.sum(xp.astype(x > least, xp.int64), axis=-1, keepdims=True)
    chosen = (x > least) | (tied & (xp.cumulative_sum(xp.astype(tied, xp.int64), axis=-1) <= places))
    columns = xp.reshape(xp.nonzero(chosen)[1], (x.shape[0], count))
    values = xp.take_along_axis(x, columns, axis=-1)
    falling = xp.argsort(values, axis=-1, descending=True, stable=True)
    return xp.take_along_axis(values, falling, axis=-1), xp.take_along_axis(columns, falling, axis=-1)


def _least_of_largest(x: Array, count: int) -> Array:
    """Return the least of the `count` largest entries of each row, (B, 1); NumPy and torch select it in O(K)."""
    if array_api_compat.is_numpy_array(x):
        place = x.shape[-1] - count
        return np.partition(x, place, axis=-1)[..., place : place + 1]
    if array_api_compat.is_torch_array(x):
        return sys.modules["torch"].topk(x, count, dim=-1).values[..., -1:]
    return namespace(x).sort(x, axis=-1, descending=True)[..., count - 1 : count]
