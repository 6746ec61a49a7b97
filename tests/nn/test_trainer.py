"""Training is a function of its arguments, may be killed and resumed, and says what is wrong."""

from pathlib import Path

import pytest
import torch

import mnemonist as mn
from mnemonist.nn import DenseAssociativeClassifier, MemoryMomentum, Trainer, constant, cosine, error_rate, power_loss

LETTERS = torch.randn(3, 16, generator=torch.Generator().manual_seed(7)).sign()


def data(rows: int = 60, *, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return three letters, a tenth of their pixels flipped, and which they are."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(rows) % 3
    flips = (torch.rand(rows, 16, generator=generator) < 0.1).float()
    return LETTERS[labels] * (1 - 2 * flips), labels


def made(kind: str = "adamw", **options) -> Trainer:
    torch.manual_seed(0)
    model = DenseAssociativeClassifier(6, 16, 3, degree=3, spread=0.05)
    if kind == "adamw":
        return Trainer(model, torch.optim.AdamW(model.parameters(), 0.1), **options)
    return Trainer(model, MemoryMomentum(model.parameters(), 0.05), loss=lambda d, y: power_loss(d, y, 2), **options)


class Killed(Exception):
    """What ends a training in the middle."""


def killer(at: int):
    def report(epoch) -> None:
        if epoch.number == at:
            raise Killed

    return report


@pytest.mark.parametrize("kind", ["adamw", "paper"])
def test_it_learns_to_tell_damaged_letters_apart(kind: str) -> None:
    trainer = made(kind)
    training = trainer.fit(*data(), epochs=12, batch=20, validation=data(90, seed=1))
    assert [epoch.number for epoch in training.epochs] == list(range(1, 13))
    assert training.epochs[-1].loss < training.epochs[0].loss / 3
    assert training.epochs[-1].error == error_rate(trainer.model, *data(90, seed=1))
    assert training.epochs[-1].error <= 0.03


@pytest.mark.parametrize(("kind", "options"), [("adamw", {"average": 0.9}), ("paper", {"scale": lambda p: 4 - 2 * p})])
def test_killed_and_resumed_it_is_the_same_as_uninterrupted(tmp_path: Path, kind: str, options) -> None:
    more = {"epochs": 6, "batch": 25, "validation": data(30, seed=1)}
    whole = made(kind, **options)
    expected = whole.fit(*data(), **more)
    for at in (1, 4):
        path = str(tmp_path / f"{at}.safetensors")
        with pytest.raises(Killed):
            made(kind, **options).fit(*data(), **more, checkpoint=path, report=killer(at))
        torch.manual_seed(123)  # what else is drawn meanwhile does not matter
        again, ran = made(kind, **options), []
        assert again.fit(*data(), **more, checkpoint=path, report=ran.append) == expected
        assert [epoch.number for epoch in ran] == list(range(at + 1, 7))  # not from the start again
        torch.testing.assert_close(again.model.patterns, whole.model.patterns, rtol=0, atol=0)
        assert again.model.scale == whole.model.scale


def test_early_stop_leaves_the_best(tmp_path: Path) -> None:
    validation = data(90, seed=1)
    path = str(tmp_path / "stopped.safetensors")
    trainer = made(rate=constant, hide=0.0)
    training = trainer.fit(*data(), epochs=200, batch=20, validation=validation, patience=3, checkpoint=path)
    assert len(training.epochs) == training.best_epoch.number + 3 < 200
    assert error_rate(trainer.model, *validation) == training.best_epoch.error
    again = made(rate=constant, hide=0.0)
    again.fit(*data(), epochs=200, batch=20, validation=validation, patience=3, checkpoint=path)
    torch.testing.assert_close(again.model.patterns, trainer.model.patterns, rtol=0, atol=0)


def test_the_best_is_left_though_patience_came_after_a_kill(tmp_path: Path) -> None:
    path, validation = str(tmp_path / "best.safetensors"), data(90, seed=1)
    more = {"epochs": 30, "batch": 20, "validation": validation, "checkpoint": path}
    with pytest.raises(Killed):
        made(rate=constant).fit(*data(), **more, report=killer(25))
    trainer = made(rate=constant)
    training = trainer.fit(*data(), **more, patience=50)
    assert error_rate(trainer.model, *validation) == training.best_epoch.error


def test_a_model_keeps_its_mode() -> None:
    trainer = made()
    trainer.model.eval()
    trainer.fit(*data(), epochs=1, batch=20)
    assert not trainer.model.training


def test_labels_may_be_of_any_whole_numbers() -> None:
    inputs, labels = data()
    found = [
        made().fit(inputs, labels.to(dtype), epochs=1, batch=20) for dtype in (torch.int64, torch.int32, torch.uint8)
    ]
    assert found[0] == found[1] == found[2]


def test_weights_that_are_no_numbers_after_the_last_step_are_found() -> None:
    model = DenseAssociativeClassifier(6, 16, 3)
    trainer = Trainer(model, torch.optim.SGD(model.parameters(), torch.inf), rate=constant)
    with pytest.raises(mn.errors.Diverged, match="weights must stay finite"):
        trainer.fit(*data(), epochs=1, batch=60)


def test_a_share_of_each_row_is_hidden() -> None:
    seen = []

    class Watching(DenseAssociativeClassifier):
        def forward(self, inputs):
            if self.training:
                seen.append((inputs == 0).float())
            return super().forward(inputs)

    model = Watching(2, 1000, 3)
    trainer = Trainer(model, torch.optim.SGD(model.parameters(), 0.01), hide=0.25)
    trainer.fit(torch.ones(40, 1000), torch.arange(40) % 3, epochs=2, batch=20)
    hidden = torch.cat(seen)
    assert abs(float(hidden.mean()) - 0.25) < 0.01  # sd .0015
    assert len({tuple(row.tolist()) for row in hidden}) == 80


def test_the_average_is_what_is_judged_and_kept() -> None:
    trainer = made(average=0.9)
    trainer.fit(*data(), epochs=2, batch=20)
    torch.testing.assert_close(trainer.model.patterns, trainer.judged.patterns, rtol=0, atol=0)
    plain = made()
    plain.fit(*data(), epochs=2, batch=20)
    assert not torch.allclose(plain.model.patterns, trainer.model.patterns)


def test_a_long_average_forgets_the_start() -> None:
    trainer = made(average=0.9999)
    training = trainer.fit(*data(), epochs=12, batch=20, validation=data(90, seed=1))
    assert training.epochs[-1].error <= 0.1


def test_the_schedule_rises_and_falls() -> None:
    rates = [cosine((step + 1) / 1000) for step in range(1000)]
    assert max(rates) > 0.998
    assert rates[0] < 0.06
    assert rates[-1] == 0
    assert rates[20:] == sorted(rates[20:], reverse=True)


def test_a_loss_that_is_no_number_ends_it_at_its_step_and_keeps_the_weights() -> None:
    inputs, labels = data()
    inputs[17, 3] = torch.nan
    trainer = made()
    with pytest.raises(mn.errors.Diverged, match=r"it was nan at step \d of epoch 1, .* mend NaN in the inputs"):
        trainer.fit(inputs, labels, epochs=3, batch=20)
    assert torch.isfinite(trainer.model.patterns).all()
    assert issubclass(mn.errors.Diverged, ArithmeticError)


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "one.safetensors")
    made().fit(*data(), epochs=2, batch=20, checkpoint=path)
    with pytest.raises(mn.errors.InvalidArgument, match="epochs = 2 there and 3 here"):
        made().fit(*data(), epochs=3, batch=20, checkpoint=path)
    model = DenseAssociativeClassifier(9, 16, 3)
    other = Trainer(model, torch.optim.AdamW(model.parameters(), 0.1))
    with pytest.raises(mn.errors.InvalidArgument, match=r"\[6, 19\].* there and .*\[9, 19\].* here"):
        other.fit(*data(), epochs=2, batch=20, checkpoint=path)
    model = DenseAssociativeClassifier(6, 16, 3, degree=4)
    other = Trainer(model, torch.optim.AdamW(model.parameters(), 0.1))
    with pytest.raises(mn.errors.InvalidArgument, match=r"RectifiedPower\(3\) there and .*RectifiedPower\(4\) here"):
        other.fit(*data(), epochs=2, batch=20, checkpoint=path)
    model = DenseAssociativeClassifier(6, 16, 3)
    other = Trainer(model, torch.optim.AdamW(model.parameters(), 0.2))
    with pytest.raises(mn.errors.InvalidArgument, match=r"optimiser.lr = 0.1 there and 0.2 here"):
        other.fit(*data(), epochs=2, batch=20, checkpoint=path)
    with pytest.raises(mn.errors.InvalidArgument, match=r"data = .* there and .* here"):
        made().fit(*data(seed=5), epochs=2, batch=20, checkpoint=path)
    (tmp_path / "one.safetensors").write_bytes(b"\x80\x04}q\x00.")  # a pickle
    with pytest.raises(mn.errors.UnreadableFile, match="it has 6 bytes"):
        made().fit(*data(), epochs=2, batch=20, checkpoint=path)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Trainer(3, None), "model must be a torch Module; got int"),
        (lambda: Trainer(made().model, "adam"), "optimiser must be a torch Optimizer; got str"),
        (lambda: made(hide=1.0), "hide must be below 1; got 1.0"),
        (lambda: made(average=-0.1), "average must be a finite number >= 0"),
        (lambda: made(rate=0.1), "rate must be a function; got 0.1"),
        (lambda: Trainer(torch.nn.Linear(3, 2), made().optimiser), "optimiser must be of the model's parameters"),
        (lambda: made(loss=lambda d, y: d).fit(*data(), epochs=1), "loss must return one number"),
        (lambda: made().fit(*data(), validation=data()[0]), "validation must be a pair"),
        (lambda: made().fit(*data(), validation=data(), patience=0), "patience must be a whole number >= 1"),
        (lambda: made().fit(*data(), checkpoint=3), "checkpoint must be a path"),
        (lambda: made().fit(data()[0], data()[1] > 0), "got torch.bool"),
        (lambda: error_rate(torch.nn.Unflatten(1, (4, 4)), *data()), r"must make logits \(B, C\)"),
        (lambda: made(seed=-1), "seed must be a whole number >= 0"),
        (lambda: made().fit([[1.0]], [0]), "inputs must be a tensor; got list"),
        (lambda: made().fit(torch.zeros(4, 16, dtype=torch.int64), torch.zeros(4)), "inputs must be rows of floats"),
        (lambda: made().fit(torch.zeros(0, 16), torch.zeros(0, dtype=torch.long)), "inputs must be rows of floats"),
        (lambda: made().fit(torch.zeros(4, 16), torch.zeros(4)), "labels must be 4 whole numbers"),
        (lambda: made().fit(torch.zeros(4, 16), torch.zeros(3, dtype=torch.long)), r"of shape \(3,\)"),
        (lambda: made().fit(torch.zeros(4, 16), torch.tensor([0, 1, 2, 3])), "labels must be from 0 to 2"),
        (lambda: made().fit(torch.zeros(4, 17), torch.zeros(4, dtype=torch.long)), "must have N = 16 columns"),
        (lambda: made().fit(*data(), epochs=0), "epochs must be a whole number >= 1"),
        (lambda: made().fit(*data(), patience=3), "patience must come with validation"),
        (lambda: made().fit(*data(), validation=(torch.zeros(2), torch.zeros(2))), r"validation\[0\] must be rows"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(call, sentence: str) -> None:
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()
