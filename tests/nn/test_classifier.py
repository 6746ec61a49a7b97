"""A trained memory answers by energy differences, and is the dense memory of its patterns."""

import copy
import itertools
import pickle

import numpy as np
import pytest
import torch

import mnemonist as mn
from mnemonist.nn import DenseAssociativeClassifier

ROWS = torch.tensor([[-1.0, -1.0, -1.0], [-1.0, 1.0, 1.0], [1.0, -1.0, 1.0], [1.0, 1.0, -1.0]])  # x, y, x XOR y


def made(degree: int = 3, *, rectified: bool = True, scale: float = 5.0, signs: bool = False):
    """Return a classifier of 20 memories, 30 features and 4 classes in float64, and 12 rows."""
    torch.manual_seed(0)
    model = DenseAssociativeClassifier(20, 30, 4, degree, rectified, scale=scale, spread=0.5).double()
    rows = torch.randn(12, 30, dtype=torch.float64).sign()
    if signs:
        model.patterns.data = torch.randn(20, 34, dtype=torch.float64).sign()
    return model, rows


def units(on: int | None) -> torch.Tensor:
    """Return class units, all off but one."""
    x = -torch.ones(12, 4, dtype=torch.float64)
    if on is not None:
        x[:, on] = 1
    return x


@pytest.mark.parametrize(("degree", "rectified"), [*itertools.product((1, 2, 3, 6), (True, False))])
def test_an_answer_is_how_far_the_energy_falls_when_a_class_is_turned_on(degree: int, rectified: bool) -> None:
    model, rows = made(degree, rectified=rectified)
    falls = [model.energy(rows, units(None)) - model.energy(rows, units(on)) for on in range(4)]
    torch.testing.assert_close(model(rows), torch.stack(falls, dim=-1), rtol=1e-10, atol=1e-10)


def test_a_label_is_the_unit_that_is_on() -> None:
    model, rows = made()
    torch.testing.assert_close(model.energy(rows, torch.full((12,), 2)), model.energy(rows, units(2)))


def test_an_energy_is_minus_the_lagrangian_of_the_core() -> None:
    model, rows = made()
    scores = torch.cat([rows, units(1)], dim=-1) @ model.patterns.T
    torch.testing.assert_close(model.energy(rows, units(1)), -mn.RectifiedPower(3, 5.0).lagrangian(scores))


def test_what_memories_add_up_to_is_the_answer() -> None:
    model, rows = made()
    labels = torch.arange(12) % 4
    torch.testing.assert_close(model.contributions(rows, labels).sum(-1), model(rows)[torch.arange(12), labels])


@pytest.mark.parametrize(
    ("degree", "rectified", "solved"),
    [
        (1, False, False),
        (2, False, False),
        (3, False, True),
        (4, False, False),
        (5, False, True),
        (1, True, False),
        (2, True, True),
        (3, True, True),
        (4, True, True),
    ],
)
def test_four_stored_rows_answer_xor_from_the_degree_that_theory_says(degree, rectified, solved) -> None:
    model = DenseAssociativeClassifier(4, 2, 1, degree, rectified)
    model.patterns.data = ROWS.clone()
    right = torch.sign(model(ROWS[:, :2])[:, 0]) == ROWS[:, 2]
    assert bool(right.all()) == solved


def test_a_dense_memory_of_its_patterns_has_the_same_energies_and_gives_the_same_answers() -> None:
    model, rows = made(signs=True, scale=1.0)
    memory = mn.dense_memory(3, rectified=True)
    memory.store(model.patterns.detach().numpy())
    cues = torch.cat([rows, units(None)], dim=-1).numpy()
    np.testing.assert_allclose(memory.energy(cues), model.energy(rows, units(None)).detach(), rtol=1e-12)
    recall = memory.recall(
        cues, known=np.ones(34, bool), clamped=np.arange(34) < 30, dynamics=mn.Synchronous(), max_steps=1
    )
    np.testing.assert_array_equal(recall.state[:, 30:], torch.sign(model(rows)).detach().numpy())


def test_a_graded_memory_of_its_patterns_has_the_same_differences() -> None:
    model, rows = made(scale=5.0)
    before = model(rows).detach()
    model.normalise()
    assert float(model.patterns.detach().abs().max()) == 1
    torch.testing.assert_close(model(rows).detach(), before, rtol=1e-10, atol=1e-10)
    memory = mn.graded_memory(degree=3, rectified=True, scale=model.scale)
    memory.store(model.patterns.detach().numpy())
    off, *on = (memory.energy(torch.cat([rows, units(k)], dim=-1).numpy()) for k in (None, 0, 1, 2, 3))
    np.testing.assert_allclose(np.stack([off - each for each in on], axis=-1), before, rtol=1e-9, atol=1e-9)


def test_the_class_is_a_hidden_label_that_recall_brings_back() -> None:
    model, _ = made()
    model.patterns.data[:, :30] = torch.randn(20, 30, dtype=torch.float64).sign()
    model.patterns.data[:, 30:] = 2 * torch.nn.functional.one_hot(torch.arange(20) % 4, 4) - 1.0
    rows = model.memories.detach()[:12].clone()
    rows[:, :4] *= -1  # damaged
    memory = mn.graded_memory(degree=3, rectified=True, scale=1.0)
    memory.store(model.patterns.detach().numpy())
    recall = memory.recall(np.concatenate([rows.numpy(), np.zeros((12, 4))], axis=1), known=np.arange(34) < 30)
    np.testing.assert_array_equal(recall.state[:, 30:].argmax(1), model(rows).argmax(1).numpy())
    np.testing.assert_array_equal(recall.state[:, 30:].argmax(1), np.arange(12) % 4)


def test_one_row_is_answered_as_in_a_batch_and_no_rows_give_none() -> None:
    model, rows = made()
    torch.testing.assert_close(model(rows[3]), model(rows)[3])
    assert model(rows[:0]).shape == (0, 4)
    assert model(rows.reshape(3, 4, 30)).shape == (3, 4, 4)


def test_it_lasts_with_the_scale_that_a_schedule_gave_it() -> None:
    model, rows = made()
    model.scale = 7.0
    other = made()[0]
    other.load_state_dict(model.state_dict())
    for same in (other, copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert same.scale == 7.0
        torch.testing.assert_close(same(rows), model(rows), rtol=0, atol=0)
    assert "20 memories, 30 features, 4 classes, RectifiedPower(degree=3, scale=7.0)" in repr(model)


def test_under_autocast_differences_keep_their_precision() -> None:
    model, rows = made()
    model, rows = model.float(), rows.float()
    with torch.autocast("cpu", torch.bfloat16):
        found = model(rows)
        found.sum().backward()
    assert found.dtype == torch.float32
    exact = model(rows).detach()
    torch.testing.assert_close(found.detach(), exact, rtol=0.1, atol=0.05 * float(exact.abs().max()))


def test_it_is_saved_and_loaded_the_same_to_the_last_bit(tmp_path) -> None:
    model, rows = made(degree=4, rectified=False, scale=3.0)
    model.save(tmp_path / "memory.safetensors")
    same = DenseAssociativeClassifier.load(tmp_path / "memory.safetensors")
    torch.testing.assert_close(same(rows), model(rows), rtol=0, atol=0)
    assert repr(same) == repr(model)
    (tmp_path / "memory.safetensors").write_bytes(b"\x80\x04}q\x00.")
    with pytest.raises(mn.errors.UnreadableFile):
        DenseAssociativeClassifier.load(tmp_path / "memory.safetensors")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: DenseAssociativeClassifier(0, 3, 2), "memories must be a whole number"),
        (lambda: DenseAssociativeClassifier(5, 3.5, 2), "features must be a whole number"),
        (lambda: DenseAssociativeClassifier(5, 3, 2, degree=0), "degree must be a whole number"),
        (lambda: DenseAssociativeClassifier(5, 3, 2, rectified="yes"), "rectified must be True or False"),
        (lambda: DenseAssociativeClassifier(5, 3, 2, scale=0), "scale must be"),
        (lambda: made()[0](torch.zeros(2, 29)), r"must have N = 30 columns; got shape \(2, 29\)"),
        (lambda: made()[0](torch.zeros(2, 30, dtype=torch.int64)), "must be a tensor of floats; got torch.int64"),
        (lambda: made()[0](np.zeros((2, 30))), "must be a tensor of floats; got ndarray"),
        (lambda: made()[0].energy(made()[1], torch.zeros(3)), r"or of units \(12, 4\); got \(3,\)"),
        (lambda: made()[0](made()[1].float()), "inputs must be torch.float64, as patterns are; got torch.float32"),
        (lambda: made()[0].energy(made()[1], [0, 1]), "got list"),
        (lambda: made()[0].contributions(made()[1], torch.zeros(1)), "labels must be 12 whole numbers"),
        (lambda: DenseAssociativeClassifier(5, 3, 2, spread=-1.0), "spread must be a finite number >= 0"),
        (lambda: made()[0].energy(made()[1], torch.full((12,), 4)), "labels must be from 0 to 3"),
        (lambda: made()[0].contributions(made()[1], torch.full((12,), -1)), "they are from -1 to -1"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(call, sentence: str) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
