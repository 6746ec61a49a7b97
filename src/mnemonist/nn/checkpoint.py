"""Checkpoints: nested dicts and lists of numbers and tensors, such as a state_dict, in one safetensors file.

What is no tensor stands in the file's text as JSON, each tensor under the name of its place. Files are checksummed,
replaced whole or not at all, and hold nothing that runs: no pickle is ever loaded.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mnemonist import __version__
from mnemonist.data.tensor_file import open_tensors, source, write_tensors
from mnemonist.data.tensor_layout import refuse
from mnemonist.errors import InvalidType

_FORMAT = "mnemonist-nn"
_KEPT = (
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint8, torch.bool,
)  # fmt: skip
_VERSION = "1"


def write_checkpoint(path: str, kind: str, state: Mapping[str, Any]) -> None:
    """Write a state of some kind, whole or not at all, in place of what there was. Raises `UnwritableFile`."""
    tensors: dict[str, np.ndarray[Any, Any]] = {}
    told = _described(state, "", tensors)
    texts = {"format": _FORMAT, "version": _VERSION, "mnemonist": __version__, "kind": kind, "state": json.dumps(told)}
    write_tensors(path, texts, {name: source(array) for name, array in tensors.items()})


def read_checkpoint(path: str, kind: str) -> dict[str, Any]:
    """Return the state of that kind that a file holds, on the CPU. Raises `UnreadableFile`."""
    with open_tensors(path) as file:
        texts = file.header.texts
        if texts.get("format") != _FORMAT or texts.get("version") != _VERSION:
            refuse(path, "it is none of this version of mnemonist.nn")
        if texts.get("kind") != kind:
            refuse(path, f"it holds a {texts.get('kind')}, not a {kind}")
        tensors = {name: torch.from_numpy(file.read(name)[0]) for name in file.header.entries}
    try:
        return dict(_taken(json.loads(texts["state"]), tensors))
    except (KeyError, ValueError, TypeError, AttributeError, StopIteration, RecursionError):
        refuse(path, "its description is not one")


def _described(value: Any, place: str, tensors: dict[str, np.ndarray[Any, Any]]) -> Any:
    """Return a value as JSON, its tensors put aside under their places."""
    if isinstance(value, Tensor) and value.dtype in _KEPT and value.layout == torch.strided:
        array = value.detach().cpu()
        tensors[place] = (array.float() if array.dtype is torch.bfloat16 else array).contiguous().numpy()
        return {"tensor": place, "dtype": str(value.dtype).removeprefix("torch.")}
    if isinstance(value, Mapping):
        return {"items": [[key, _described(each, f"{place}/{key}", tensors)] for key, each in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_described(each, f"{place}/{i}", tensors) for i, each in enumerate(value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise InvalidType(
        f"checkpoint: {place.lstrip('/')} must be a tensor, a number, a text, or a dict or list of these; got "
        f"{type(value).__name__}. Keep it out of the state_dict."
    )


def _taken(told: Any, tensors: Mapping[str, Tensor]) -> Any:
    """Return the value that JSON describes."""
    if isinstance(told, list):
        return [_taken(each, tensors) for each in told]
    if not isinstance(told, dict):
        return told
    if "tensor" in told:
        dtype = next(kept for kept in _KEPT if str(kept) == f"torch.{told['dtype']}")
        return tensors[told["tensor"]].to(dtype)
    return {key: _taken(each, tensors) for key, each in told["items"]}


def settings_that_differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words which settings of two trainings differ."""
    for name in one.keys() | other.keys():
        if one.get(name) != other.get(name):
            yield f"{name} = {other.get(name)} there and {one.get(name)} here"
