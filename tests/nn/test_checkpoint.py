"""Checkpoints come back as they were written, are plain safetensors, and are refused where they are damaged."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st

import mnemonist as mn
from mnemonist.nn.checkpoint import read_checkpoint, write_checkpoint

STATE = {
    "none": None,
    "settings": {"rate": 0.1, "betas": [0.9, 0.999], "name": "x", "on": True},
    "optimiser": {0: {"step": torch.tensor(3.0), "moment": torch.arange(6.0).reshape(2, 3)}, 1: {}},
    "halves": torch.ones(2, dtype=torch.bfloat16) / 3,
    "wide": torch.tensor([2.0**-40, 1e300], dtype=torch.float64),
    "counts": torch.tensor([1, 2**40]),
    "empty": torch.zeros(0, 3),
}


def same(one, other) -> bool:
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    write_checkpoint(str(tmp_path / "x"), "training", STATE)
    assert same(read_checkpoint(str(tmp_path / "x"), "training"), STATE)


def test_any_tool_reads_the_tensors(tmp_path: Path) -> None:
    write_checkpoint(str(tmp_path / "x"), "training", STATE)
    tensors = safetensors.torch.load_file(tmp_path / "x")
    torch.testing.assert_close(tensors["/optimiser/0/moment"], torch.arange(6.0).reshape(2, 3))


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_damaged_file_is_what_was_saved_or_refused(tmp_path_factory, place: int, byte: int) -> None:
    path = tmp_path_factory.mktemp("damaged") / "x"
    write_checkpoint(str(path), "training", STATE)
    whole = bytearray(path.read_bytes())
    whole[place % len(whole)] = byte
    path.write_bytes(whole)
    with suppress(mn.errors.UnreadableFile):
        assert same(read_checkpoint(str(path), "training"), STATE)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    write_checkpoint(str(tmp_path / "x"), "memory", STATE)
    with pytest.raises(mn.errors.UnreadableFile, match="it holds a memory, not a training"):
        read_checkpoint(str(tmp_path / "x"), "training")
    memory = mn.kernel_memory(1.0)
    memory.store(np.eye(3))
    memory.save(tmp_path / "y")
    with pytest.raises(mn.errors.UnreadableFile, match=r"none of this version of mnemonist\.nn"):
        read_checkpoint(str(tmp_path / "y"), "training")


def test_what_cannot_be_kept_is_named_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(mn.errors.InvalidType, match="settings/rule must be a tensor, a number"):
        write_checkpoint(str(tmp_path / "x"), "training", {"settings": {"rule": object()}})
    assert not (tmp_path / "x").exists()
