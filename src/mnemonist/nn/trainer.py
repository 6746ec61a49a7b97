r"""Training: a memory is trained as it is used, with part of each cue hidden.

    each epoch: all rows once, in a new order, B at a time; in each row a share `hide` of the features is 0, unknown
    each step:  ξ ← optimiser(∂ loss(D(v), label)/∂ξ) at the rate of the schedule;  average ← a · average + (1 − a) ξ,
                a = min(average, (1 + t)/(10 + t)) at step t

An epoch is a function of the weights before it, the seed and its number: a training that is killed and resumed is the
same as one that is not, to the last bit on the same machine. The averaged weights, if any, are those that are judged
and kept.

Source: hidden inputs, Vincent et al. 2008 (denoising autoencoders); averages, Polyak & Juditsky 1992, as
`torch.optim.swa_utils` has them. Shapes: inputs are (M, N); labels are (M,).
"""

import math
import os
import zlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel

from mnemonist.core.number import check_count, check_whole
from mnemonist.data.plain_file import checked_path
from mnemonist.data.tensor_layout import refuse
from mnemonist.errors import Diverged, InvalidArgument, InvalidType, shown
from mnemonist.nn.checkpoint import read_checkpoint, settings_that_differ, write_checkpoint
from mnemonist.nn.checks import check_share
from mnemonist.nn.training import Epoch, Training, check_classes, check_rows, error_rate

_KIND = "training"


def cosine(progress: float) -> float:
    """Return the share of the full rate at a progress from 0 to 1: it rises over the first 2 %, then falls as a cosine.

    >>> cosine(0.01), cosine(0.5), cosine(1.0)
    (0.4998766..., 0.5, 0.0)
    """
    return min(1.0, progress / 0.02) * (1 + math.cos(math.pi * progress)) / 2


def constant(progress: float) -> float:
    """Return 1."""
    return 1.0


def _sum(inputs: Tensor, labels: Tensor) -> int:
    """Return a checksum of what is learned from."""
    rows = inputs.detach().cpu().contiguous().view(torch.uint8).numpy()
    return zlib.crc32(labels.cpu().numpy().tobytes(), zlib.crc32(rows))


class Trainer:
    """Trains a `model` that makes logits (B, C) of inputs (B, N), by an optimiser of torch or `MemoryMomentum`.

    `loss` is called with logits and labels; `rate` and `scale` are schedules, functions of the progress from 0 to 1:
    what the optimiser's rate is multiplied with, and the scale of the memory. `average` is how much of an average of
    the weights a step leaves, .9995 say; 0 keeps none. Everything random is drawn from `seed`.
    """

    def __init__(
        self, model: Module, optimiser: Optimizer, *, loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
        rate: Callable[[float], float] = cosine, scale: Callable[[float], float] | None = None, hide: float = 0.4,
        average: float = 0.0, seed: int = 0,
    ) -> None:  # fmt: skip
        for name, given, kind in (("model", model, Module), ("optimiser", optimiser, Optimizer)):
            if not isinstance(given, kind):
                raise InvalidType(
                    f"Trainer: {name} must be a torch {kind.__name__}; got {type(given).__name__}. Pass one."
                )
        for name, given in (("loss", loss), ("rate", rate), ("scale", scale)):
            if not callable(given) and not (name == "scale" and given is None):
                raise InvalidType(f"Trainer: {name} must be a function; got {shown(given)}. Pass cosine, for example.")
        if scale is not None and not hasattr(model, "scale"):
            raise InvalidArgument(
                f"Trainer: scale must be of a model that has one; got {type(model).__name__}. Leave it out."
            )
        trained = {id(weights) for weights in model.parameters()}
        if not any(id(weights) in trained for group in optimiser.param_groups for weights in group["params"]):
            raise InvalidArgument(
                "Trainer: optimiser must be of the model's parameters; got none of them. Make it anew."
            )
        check_share("Trainer", "hide", hide)
        check_share("Trainer", "average", average)
        self.model, self.optimiser = model, optimiser
        self._loss, self._rate, self._scale, self._hide = loss, rate, scale, float(hide)
        self._seed = check_whole("Trainer", "seed", seed, least=0, most=2**40)
        self._decay = float(average)
        self._average = AveragedModel(model, avg_fn=self._averaged) if average else None

    @property
    def judged(self) -> Module:
        """The model that is judged: of averaged weights, where there is an average."""
        return self.model if self._average is None else self._average.module

    def fit(
        self, inputs: Tensor, labels: Tensor, *, epochs: int = 40, batch: int = 500,
        validation: tuple[Tensor, Tensor] | None = None, patience: int | None = None, checkpoint: str | None = None,
        report: Callable[[Epoch], None] | None = None,
    ) -> Training:  # fmt: skip
        """Train on inputs (M, N) and labels (M,), and leave the model with what was judged last.

        After each epoch `report` is called; with a `validation` pair the share of wrong answers is measured, and with
        `patience` training stops after so many epochs without a better one, and leaves the best. A `checkpoint` is
        written after each epoch; where the file exists already, training goes on from it. Raises `Diverged` where the
        loss is no number, `UnreadableFile` where the checkpoint is broken, `InvalidArgument` where it is of another
        training: of other data, another model, optimiser or seed; losses and schedules cannot be compared.
        """
        who = "Trainer.fit"
        labels = check_rows(who, inputs, labels)
        check_classes(who, self.model, inputs, labels)
        check_count(who, "epochs", epochs)
        check_count(who, "batch", batch)
        validation = self._checked(validation, patience)
        training = Training(())
        settings = {"epochs": epochs, "batch": batch, "data": _sum(inputs, labels)} | self._settings()
        place = None if checkpoint is None else str(checked_path(who, "checkpoint", checkpoint))
        if place is not None and os.path.exists(place):
            training = self._resume(place, settings)
        was_training = self.model.training
        while len(training.epochs) < epochs and not training.is_over(patience):
            epoch = self._epoch(inputs, labels, len(training.epochs), epochs, batch)
            if validation is not None:
                epoch = epoch._replace(error=error_rate(self.judged, *validation))
            training = training.after(epoch, self.judged)
            if place is not None:
                write_checkpoint(place, _KIND, self._state(training, settings))
            if report is not None:
                report(epoch)
        self._keep(training, best=patience is not None)
        self.model.train(was_training)
        return training

    def _checked(self, validation: tuple[Tensor, Tensor] | None, patience: int | None) -> tuple[Tensor, Tensor] | None:
        """Return validation with labels as int64, or refuse what is none, and patience without it."""
        who = "Trainer.fit"
        if patience is not None:
            check_count(who, "patience", patience)
        if validation is None:
            if patience is not None:
                raise InvalidArgument(f"{who}: patience must come with validation; got none. Pass a pair of both.")
            return None
        if not isinstance(validation, (tuple, list)) or len(validation) != 2:
            raise InvalidArgument(
                f"{who}: validation must be a pair of inputs and labels; got {shown(validation)}. Pass both in a tuple."
            )
        inputs, labels = validation
        labels = check_rows(who, inputs, labels, names=("validation[0]", "validation[1]"))
        check_classes(who, self.model, inputs, labels, name="validation[1]")
        return inputs, labels

    # --- one epoch -----------------------------------------------------------------------------------------------

    def _epoch(self, inputs: Tensor, labels: Tensor, number: int, epochs: int, batch: int) -> Epoch:
        """Train through all rows once; the seed and the number decide in which order, and which features are hidden."""
        self.model.train()
        steps, total = -(-len(inputs) // batch), 0.0
        with torch.random.fork_rng():
            torch.manual_seed(self._seed * 1_000_003 + number)
            for step, rows in enumerate(torch.randperm(len(inputs)).to(inputs.device).split(batch)):
                progress = (number * steps + step + 1) / (epochs * steps)
                loss = self._step(self._hidden(inputs[rows]), labels[rows], progress)
                if not math.isfinite(loss):
                    raise Diverged(
                        f"Trainer.fit: the loss must stay finite; it was {loss} at step {step + 1} of epoch "
                        f"{number + 1}, at {self._rate(progress):.2g} of the full rate. The weights are those before "
                        "that step. Lower the optimiser's rate, raise the memory's scale, or mend NaN in the inputs."
                    )
                total += loss * len(rows)
        if not all(bool(torch.isfinite(weights).all()) for weights in self.model.parameters()):
            raise Diverged(
                f"Trainer.fit: the weights must stay finite; they are not after the last step of epoch {number + 1}. "
                "Lower the optimiser's rate."
            )
        return Epoch(number + 1, total / len(inputs), None)

    def _step(self, cues: Tensor, labels: Tensor, progress: float) -> float:
        """Make one step and return the loss before it; none where that is no number."""
        for group in self.optimiser.param_groups:
            group["lr"] = group.setdefault("initial_lr", group["lr"]) * self._rate(progress)
        if self._scale is not None:
            for model in {self.model, self.judged}:
                model.scale = self._scale(progress)
        loss = self._loss(self.model(cues), labels)
        if not isinstance(loss, Tensor) or loss.ndim:
            raise InvalidType(
                f"Trainer.fit: loss must return one number, a tensor; got {shown(loss)}. Sum it, or average."
            )
        value = float(loss.detach())
        if math.isfinite(value):
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            if self._average is not None:
                self._average.update_parameters(self.model)
        return value

    def _averaged(self, average: Tensor, weights: Tensor, steps: Tensor) -> Tensor:
        """Return the average one step later: at first over the last few, so that the start is forgotten."""
        kept = min(self._decay, (1 + int(steps)) / (10 + int(steps)))
        return average.lerp(weights, 1 - kept)

    def _hidden(self, rows: Tensor) -> Tensor:
        """Return rows with a share of their features at 0, other ones in each."""
        if not self._hide:
            return rows
        bits = torch.empty(-(-rows.numel() // 4), dtype=torch.int64, device=rows.device)
        levels = bits.random_(-(2**63), None).view(torch.int16)[: rows.numel()].view(rows.shape)  # each of 16 bits
        return rows * (levels >= round(self._hide * 2**16) - 2**15)

    # --- what lasts ----------------------------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        """Return what decides how training goes, as far as it can be told; a loss and a schedule cannot."""
        told = {
            f"optimiser.{name}": list(value) if isinstance(value, tuple) else value
            for group in self.optimiser.param_groups
            for name, value in (group | {"lr": group.get("initial_lr", group["lr"])}).items()
            if name not in ("params", "initial_lr") and not isinstance(value, Tensor)
        }
        return {
            "model": f"{type(self.model).__name__} {getattr(self.model, 'power', '')}".strip(),
            "optimiser": type(self.optimiser).__name__, "hide": self._hide, "average": self._decay,
            "seed": self._seed, **told,
        }  # fmt: skip

    def _state(self, training: Training, settings: dict[str, Any]) -> dict[str, Any]:
        average = None if self._average is None else self._average.state_dict()
        return {"settings": settings, "model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(),
                "average": average, "training": training.state()}  # fmt: skip

    def _resume(self, checkpoint: str, settings: dict[str, Any]) -> Training:
        """Take up the state of a checkpoint and return how far it had come."""
        state = read_checkpoint(checkpoint, _KIND)
        try:
            differing = "; ".join(settings_that_differ(settings, state["settings"]))
            shapes = [
                {name: list(x.shape) for name, x in of.items() if isinstance(x, Tensor)}
                for of in (self.model.state_dict(), state["model"])
            ]
            if not differing and shapes[0] != shapes[1]:
                differing = f"the model holds {shapes[1]} there and {shapes[0]} here"
            if not differing:
                self.model.load_state_dict(state["model"])
                self.optimiser.load_state_dict(state["optimiser"])
                if self._average is not None:
                    self._average.load_state_dict(state["average"])
                return Training.from_state(state["training"])
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError):
            refuse(checkpoint, "it does not hold all of a training")
        raise InvalidArgument(
            f"Trainer.fit: checkpoint must be of this training; {checkpoint} is of another: {differing}. "
            "Give another name, or remove it to begin anew."
        )

    def _keep(self, training: Training, *, best: bool) -> None:
        """Leave the model with the best weights, where these are asked for, else with those that are judged."""
        if best and training.best is not None:
            self.model.load_state_dict(training.best)
        elif self._average is not None:
            self.model.load_state_dict(self._average.module.state_dict())
