"""What is no whole file of a memory is refused in one sentence, and what is no memory of ours when it is saved."""

import json
import os
from typing import Any

import numpy as np
import pytest

import mnemonist as mn
from archive.kinds import KINDS
from mnemonist.data import memory_file, tensor_file
from mnemonist.data.memory_file import write_memory
from mnemonist.data.tensor_file import open_tensors, source
from mnemonist.data.tensor_layout import header_of
from mnemonist.errors import InvalidType, MissingExtra, UnreadableFile, UnwritableFile
from mnemonist.stores.dense import DensePatterns


def refused(path: Any, match: str = "must be") -> None:
    with pytest.raises(UnreadableFile, match=match) as caught:
        mn.load(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: must ")
    assert "\n" not in sentence


@pytest.fixture
def saved(tmp_path) -> bytes:
    KINDS["classical, int8, holes"]().memory.save(tmp_path / "memory")
    return (tmp_path / "memory").read_bytes()


def test_what_is_not_there_or_no_file_is_refused(tmp_path) -> None:
    refused(tmp_path / "none", "No such file")
    refused(tmp_path, "it is a folder or a device")
    refused("/dev/zero" if os.path.exists("/dev/zero") else tmp_path, "it is a folder or a device")
    with pytest.raises(InvalidType, match="path must be the name of a file"):
        mn.load(3)  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "a device")
    with pytest.raises(UnwritableFile, match="must be a file"):
        mn.kernel_memory().save(tmp_path / "pipe")


def test_a_file_cut_short_anywhere_is_refused(tmp_path, saved) -> None:
    for size in {*range(0, 40), *range(40, len(saved), 97), *range(len(saved) - 40, len(saved))}:
        (tmp_path / "memory").write_bytes(saved[:size])
        refused(tmp_path / "memory")
    (tmp_path / "memory").write_bytes(saved + b"\0")
    refused(tmp_path / "memory", "by its header it has")


def test_a_file_with_any_byte_changed_is_refused(tmp_path, saved) -> None:
    for place in {*range(0, 700), *range(700, len(saved), 11), *range(len(saved) - 40, len(saved))}:
        wrong = bytearray(saved)
        wrong[place] ^= 1 << place % 8
        (tmp_path / "memory").write_bytes(wrong)
        refused(tmp_path / "memory")


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"\x93NUMPY" + b"\0" * 99, b"a,b\n1,2\n", b"\0" * 99]
)
def test_other_files_are_refused(tmp_path, content) -> None:
    (tmp_path / "memory").write_bytes(content)
    refused(tmp_path / "memory", "its first bytes are not those of one")


def test_safetensors_of_another_program_are_refused(tmp_path) -> None:
    for texts in ({}, {"format": "pt"}, {"format": "mnemonist"}):
        header = header_of(texts, {"a": (np.dtype("<f4"), (2,))})
        (tmp_path / "memory").write_bytes(header.raw + b"\0" * 8)
        refused(tmp_path / "memory", "it has no checksums, so another program wrote it")
    tensor_file.write_tensors(str(tmp_path / "memory"), {"format": "other"}, {})
    refused(tmp_path / "memory", "another program wrote it")


def test_a_newer_format_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(memory_file, "VERSION", 2)
    mn.kernel_memory().save(tmp_path / "memory")
    monkeypatch.setattr(memory_file, "VERSION", 1)
    refused(tmp_path / "memory", "must be of a format that this version knows, 1 at most; it is of 2.*Install a newer")


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "F64", "shape": [2**40, 2**20], "data_offsets": [0, 2**63]}},
        {"a": {"dtype": "F64", "shape": [2**62, 2**62], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F64", "shape": [-1], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F64", "shape": [True], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F64", "shape": [1.0], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F4", "shape": [1], "data_offsets": [0, 8]}},
        {"a": {"dtype": ["F64"], "shape": [1], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F64", "shape": [1], "data_offsets": [8, 16]}},
        {"a": {"dtype": "F64", "shape": [1]}},
        {"a": 3},
        {"__metadata__": {"format": 3}},
        {"__metadata__": []},
        [],
        3,
    ],
)
def test_a_header_that_claims_what_is_not_there_is_refused(tmp_path, header) -> None:
    text = json.dumps(header).encode()
    (tmp_path / "memory").write_bytes(len(text).to_bytes(8, "little") + text + b"\0" * 8)
    refused(tmp_path / "memory")


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":1,"a":2}', b"\xff\xfe", b'{"a":' + b"9" * 5000 + b"}", b"{}"])
def test_a_header_of_odd_json_is_refused(tmp_path, text) -> None:
    (tmp_path / "memory").write_bytes(len(text).to_bytes(8, "little") + text)
    refused(tmp_path / "memory")
    (tmp_path / "memory").write_bytes((2**63).to_bytes(8, "little") + text)
    refused(tmp_path / "memory", "its first bytes")


def rewritten(path: Any, kind: str, change: Any) -> Any:
    """Save a memory of a kind, and write it anew with its description and arrays changed."""
    KINDS[kind]().memory.save(path)
    with open_tensors(str(path)) as file:
        memory = json.loads(file.header.texts["memory"])
        arrays = {name: file.read(name)[0] for name in file.header.entries}
    change(memory, arrays)
    write_memory(str(path), memory, {name: source(array) for name, array in arrays.items()})
    return path


def put(name: str, value: Any, *place: Any) -> Any:
    """Return a change of an array: that value at a place, or in its stead."""

    def change(memory: Any, arrays: Any) -> None:
        if place:
            arrays[name][place] = value
        else:
            arrays[name] = value

    return change


def say(value: Any, *way: str) -> Any:
    """Return a change of the description: that value at the end of a way into it; None takes it out."""

    def change(memory: Any, arrays: Any) -> None:
        for step in way[:-1]:
            memory = memory[step]
        memory[way[-1]] = value

    return change


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("kernel", put("patterns.rows", np.nan, 1, 2), "NaN or infinity"),
        ("kernel", put("patterns.rows", np.inf, -1, -1), "NaN or infinity"),
        ("kernel", put("patterns.rows", np.zeros((6, 12), np.int8)), "dtype"),
        ("kernel", put("patterns.rows", np.zeros(12)), "shape"),
        ("kernel", put("patterns.rows", np.zeros((0, 12))), "none"),
        ("kernel", put("patterns.ids", 5, 0), "do not ascend"),
        ("kernel", put("patterns.ids", -1, 0), "do not ascend"),
        ("kernel", put("patterns.ids", 99, -1), "do not ascend"),
        ("kernel", put("patterns.ids", np.arange(5)), "shape"),
        ("kernel", put("other", np.zeros(3)), "belongs to nothing"),
        ("kernel", say("other", "kind"), "does not know"),
        ("kernel", say(1, "other"), "does not know"),
        ("kernel", say(1, "patterns", "other"), "does not know"),
        ("kernel", say(True, "patterns", "next_id"), "whole number"),
        ("kernel", say("packed", "patterns", "kind"), "never keeps"),
        ("kernel", say(None, "patterns"), "no description"),
        ("kernel", say({"tensor": "none"}, "patterns", "rows"), "has no rows"),
        ("kernel", say({"tensor": "patterns.ids"}, "patterns", "rows"), "dtype"),
        ("kernel", say("gpu", "patterns", "rows", "library"), "unknown library"),
        ("kernel", say(-1.0, "separation", "beta"), "beta must be"),
        ("kernel", say("much", "separation", "beta"), "beta must be"),
        ("kernel", say("binary", "neurons", "kind"), "is none"),
        ("kernel", say("softmax", "neurons", "kind"), "does not know"),
        ("kernel", say({"scalar": "object", "value": 1}, "separation", "beta"), "unknown dtype"),
        ("kernel, holes", put("patterns.known", False, 2), "known must be True somewhere"),
        ("kernel, holes", put("patterns.known", False, slice(None), 0), "not 0 where they are unknown"),
        ("kernel, values, float32", put("patterns.values", np.zeros((3, 1))), "shape"),
        ("spherical", put("patterns.rows", np.ones((6, 12))), "length 1"),
        ("graded", put("patterns.rows", 2.0, 0, 0), "from -1 to 1"),
        ("potts", put("patterns.rows", 1, 0, slice(None)), "one-hot"),
        ("torch, ±1", put("patterns.rows", 0.5, 0, 0), "-1 or \\+1"),
        ("classical", put("patterns.plus", 2**63, 0, 0, 0), "no neurons"),
        ("classical", put("patterns.plus", 1, 0, 0, 200), "no neurons"),
        ("classical", say(65, "patterns", "width"), "shape"),
        ("classical", say("object", "patterns", "dtype"), "unknown dtype"),
        ("classical, int8, holes", put("patterns.known", 0, 0, 0, 1), "where they are unknown|nothing is known"),
        ("hebbian", put("learned", np.zeros((3, 3))), "shape"),
        ("hebbian", put("bias", np.zeros(3)), "bias of shape"),
        ("perceptron", put("strengths", np.zeros((1, 12))), "shape"),
        ("sequence", put("sequences.ids", 0, 0), "not every pattern once"),
        ("sequence", put("sequences.lengths", 9, 0), "do not add up"),
        ("sequence", put("sequences.lengths", -1, 0), "do not add up"),
        ("simplicial", put("simplices.2", 99, 0, 1), "do not fit"),
        ("simplicial", put("totals.2", np.zeros(3)), "shape"),
        ("random features", put("folded", np.zeros(3)), "shape"),
        ("pairs", say([20, 5], "widths"), "not as wide"),
        ("pairs", say("softmax", "joint", "kind"), "does not know"),
        ("pairs, exponential", say(2.0, "joint", "separation", "beta"), "another memory than its own"),
        ("layered, b", put("bias", np.zeros(2)), "bias of shape"),
    ],
)  # fmt: skip
def test_a_description_that_does_not_fit_its_arrays_is_refused(tmp_path, kind, change, reason) -> None:
    refused(rewritten(tmp_path / "memory", kind, change), reason)


def test_parts_that_are_not_ours_are_refused_when_they_are_saved(tmp_path) -> None:
    class Mine(mn.Softmax):
        """A separation of a user's."""

    class MyMemory(mn.AssociativeMemory):
        """A memory of a user's."""

    for memory in (
        mn.AssociativeMemory(mn.Dot(), Mine(1.0), mn.Real()),
        MyMemory(mn.Dot(), mn.Softmax(1.0), mn.Real()),
    ):
        with pytest.raises(InvalidType, match=r"\.save: .* must be of .*mnemonist's own classes"):
            memory.save(tmp_path / "memory")
    with pytest.raises(InvalidType, match="path must be the name of a file"):
        mn.kernel_memory().save(3)  # type: ignore[arg-type]
    assert os.listdir(tmp_path) == []


def test_stores_that_are_not_ours_are_refused_when_they_are_saved(tmp_path, monkeypatch) -> None:
    class Mine(DensePatterns):
        """A store of a user's."""

    monkeypatch.setattr(mn.AssociativeMemory, "_store_for", lambda memory, rows: Mine())
    memory = mn.kernel_memory(1.0)
    memory.store(np.eye(2))
    with pytest.raises(InvalidType, match=r"in a store of mnemonist's own.*they lie in Mine"):
        memory.save(tmp_path / "memory")


def test_places_that_are_none_are_refused_when_they_are_saved_to(tmp_path) -> None:
    for place, reason in ((tmp_path, "must be a file"), (tmp_path / "no" / "a", "folder that exists"), ("a\0", "null")):
        with pytest.raises(UnwritableFile, match=reason):
            mn.kernel_memory().save(place)


def test_arrays_of_other_libraries_are_refused(tmp_path) -> None:
    import array_api_strict

    memory = mn.kernel_memory(1.0)
    memory.store(array_api_strict.asarray([[1.0, 2.0]]))
    with pytest.raises(InvalidType, match="must be an array of NumPy or torch"):
        memory.save(tmp_path / "memory")


def test_tensors_without_torch_name_the_extra(tmp_path, monkeypatch) -> None:
    KINDS["torch"]().memory.save(tmp_path / "memory")
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"pip install 'mnemonist\[torch\]'"):
        mn.load(tmp_path / "memory")
