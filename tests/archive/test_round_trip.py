"""What was saved is loaded the same, to the last bit, and goes on the same."""

import numpy as np
import pytest

import mnemonist as mn
from archive.alike import go_on, same, same_answers
from archive.kinds import KINDS
from mnemonist.archive.memories import KINDS as MADE
from mnemonist.core.parts import PARTS
from mnemonist.networks.rules import RULES
from mnemonist.recall.inventory import Inventory
from mnemonist.recall.saving import Saved, describe

pytestmark = pytest.mark.filterwarnings("ignore::mnemonist.errors.LostPatterns")


@pytest.mark.parametrize("kind", KINDS)
def test_a_loaded_memory_is_the_one_that_was_saved(kind, tmp_path) -> None:
    given, path = KINDS[kind](), tmp_path / "memory"
    given.memory.save(path)
    loaded = mn.load(path)
    assert type(loaded) is type(given.memory)
    same_answers(given.memory, loaded, given.cues)
    if given.more is not None:
        same(go_on(given.memory, given.more), go_on(loaded, given.more))
        same_answers(given.memory, loaded, given.cues)


@pytest.mark.parametrize("kind", KINDS)
def test_saving_what_was_loaded_writes_the_same_file(kind, tmp_path) -> None:
    KINDS[kind]().memory.save(tmp_path / "one")
    mn.load(tmp_path / "one").save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_ids_are_never_given_again(tmp_path) -> None:
    memory = mn.kernel_memory(1.0)
    memory.store(np.eye(3))
    memory.forget([2])
    memory.save(tmp_path / "memory")
    assert mn.load(tmp_path / "memory").store(np.eye(3)).tolist() == [3, 4, 5]


def test_every_public_memory_and_part_is_saved_by_one_of_the_kinds() -> None:
    public = [getattr(mn, name) for name in mn.__all__]
    classes = [each for each in public if isinstance(each, type)]
    memories = {each for each in classes if issubclass(each, Saved)}
    assert {type(KINDS[kind]().memory) for kind in KINDS} == memories
    assert {each.saved_as for each in memories} == set(MADE)
    parts = {cls for cls in classes if cls.__module__.startswith("mnemonist.core.")}
    no_part = {mn.LayerNorm, mn.Logistic, mn.Mean, mn.LocalLinear}  # layers of hierarchies, and ways to be asked
    assert parts - no_part <= set(PARTS.values())
    assert {cls for cls in classes if hasattr(cls, "unlearn")} <= set(RULES.values())
    told = "".join(f"{describe(Inventory('test'), KINDS[kind]().memory)}" for kind in KINDS)
    inside = {"centred-dot"}  # no memory of the package has it as its own
    assert [short for short in {*PARTS, *RULES} - inside if f"'kind': '{short}'" not in told] == []


def test_patterns_in_files_are_copied_and_stay_in_the_file(tmp_path, rng) -> None:
    rows = rng.normal(size=(500, 16)).astype(np.float32)
    np.save(tmp_path / "a.npy", rows[:200])
    np.save(tmp_path / "b.npy", rows[200:])
    memory = mn.kernel_memory(2.0)
    memory.store(mn.MappedPatterns(tmp_path / "a.npy", tmp_path / "b.npy"), values=np.arange(500.0))
    memory.save(tmp_path / "memory")
    before = memory.recall(rows[:3] + 0.1)
    for name in "ab":
        (tmp_path / f"{name}.npy").unlink()
    loaded = mn.load(tmp_path / "memory")
    patterns = loaded.landscape.patterns
    assert isinstance(patterns, mn.MappedPatterns)
    assert patterns.files[0].path == str(tmp_path / "memory")
    after = loaded.recall(rows[:3] + 0.1)
    same(before.nearest, after.nearest)
    np.testing.assert_allclose(before.state, after.state, rtol=1e-6)
    same(loaded.patterns, rows)
    loaded.save(tmp_path / "memory")  # onto the file that it reads
    same(mn.load(tmp_path / "memory").recall(rows[:3] + 0.1).state, after.state)
    same(loaded.recall(rows[:3] + 0.1).state, after.state)


def test_some_patterns_of_files_keep_their_ids(tmp_path, rng) -> None:
    np.save(tmp_path / "a.npy", rng.choice([-1, 1], size=(40, 9)).astype(np.int16))
    memory = mn.dense_memory(3)
    memory.store(mn.MappedPatterns(tmp_path / "a.npy").part(5, 25))
    memory.save(tmp_path / "memory")
    loaded = mn.load(tmp_path / "memory")
    assert loaded.ids.tolist() == list(range(5, 25))
    same(loaded.patterns, memory.patterns)


def test_loaded_tensors_are_tensors_of_the_same_dtype(tmp_path) -> None:
    import torch

    for dtype in (torch.float32, torch.float64):
        memory = mn.kernel_memory(2.0)
        memory.store(torch.eye(3, dtype=dtype))
        memory.save(tmp_path / "memory")
        loaded = mn.load(tmp_path / "memory").patterns
        assert isinstance(loaded, torch.Tensor)
        assert loaded.dtype == dtype
