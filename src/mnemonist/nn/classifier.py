r"""The trained dense associative memory: memories with a visible and a class part, which answer by energy differences.

    E(v, x) = −Σ_μ F((ξ_μ·v + η_μ·x)/T)                v the features, x_α = ±1 the class units, F = [·]₊ⁿ or (·)ⁿ
    D_α(v) = E(v, all off) − E(v, α on)                the answer is the α of the largest D

The class is a hidden label: v is clamped, all units are off, and the one that would lower the energy most is turned on.
Memories ξ (K, N) and votes η (K, C) are one array, `patterns` (K, N + C), as a memory that stores them has it. Degree 2
and 3 learn features, each voting for several classes; from 20 on prototypes, each voting for one.

Source: Krotov & Hopfield 2016, arXiv:1606.01164, §4 (there c_α = tanh D_α). Shapes: v is (B, N); D is (B, C).
"""

import os
from typing import Any, Self

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from mnemonist.core.number import check_count, check_flag, check_number
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.data.tensor_layout import refuse
from mnemonist.errors import InvalidArgument, InvalidType
from mnemonist.nn.checkpoint import read_checkpoint, write_checkpoint
from mnemonist.nn.energy_differences import energy_differences
from mnemonist.nn.training import check_classes_of_rows, check_labels

_KIND = "dense associative classifier"


class DenseAssociativeClassifier(Module):
    """K `memories` of N `features` and C `classes`; F is a power of `degree`, of positive overlaps only if `rectified`.

    `scale` T is the temperature of the paper, β = T⁻ⁿ: it divides overlaps. Patterns begin as normal numbers of mean 0
    and spread `spread`, drawn from torch's generator. Features should be about −1 … 1, and 0 where they are unknown.

    >>> _ = torch.manual_seed(0)
    >>> model = DenseAssociativeClassifier(memories=8, features=3, classes=2, degree=3)
    >>> model(torch.ones(5, 3)).shape, model.memories.shape, model.votes.shape
    (torch.Size([5, 2]), torch.Size([8, 3]), torch.Size([8, 2]))
    """

    def __init__(
        self, memories: int, features: int, classes: int, degree: int = 3, rectified: bool = True, *,
        scale: float = 1.0, spread: float = 0.005,
    ) -> None:  # fmt: skip
        super().__init__()
        who = type(self).__name__
        for name, count in (("memories", memories), ("features", features), ("classes", classes)):
            check_count(who, name, count)
        check_flag(who, "rectified", rectified)
        check_number(who, "spread", spread, least=0)
        self.features, self.classes = int(features), int(classes)
        self.separation = (RectifiedPower if rectified else Power)(degree, scale)
        self.patterns = Parameter(torch.empty(int(memories), self.features + self.classes))
        self.reset_parameters(0.0, spread)

    def reset_parameters(self, mean: float = 0.0, spread: float = 0.005) -> None:
        """Draw all patterns anew, from torch's generator."""
        torch.nn.init.normal_(self.patterns, mean, spread)

    @property
    def memories(self) -> Tensor:
        """ξ (K, N): the visible part of the patterns, a view of them."""
        return self.patterns[:, : self.features]

    @property
    def votes(self) -> Tensor:
        """η (K, C): for and against which classes each memory votes, a view of the patterns."""
        return self.patterns[:, self.features :]

    @property
    def scale(self) -> float:
        """T, which may be set: it is a schedule's to change."""
        return float(self.separation.scale)

    @scale.setter
    def scale(self, scale: float) -> None:
        self.separation = type(self.separation)(self.separation.degree, scale)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return D (B, C): by how much the energy of features (B, N) falls when a class unit alone is turned on.

        One row (N,) gives (C,). D are logits: softmax of them, as cross-entropy takes, or tanh, as in the paper.
        """
        rows = self._checked(inputs)
        return energy_differences(self._off(rows), self.votes, self.separation).reshape(
            *inputs.shape[:-1], self.classes
        )

    def energy(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Return E (B,) of features (B, N) and class units (B, C) in −1 … 1, or labels (B,) of those that are on."""
        rows, units = self._checked(inputs), labels
        if isinstance(labels, Tensor) and labels.shape == inputs.shape[:-1] and not labels.is_floating_point():
            on = check_classes_of_rows(f"{type(self).__name__}.energy", labels.reshape(-1), len(rows))
            check_labels(f"{type(self).__name__}.energy", on, self.classes)
            units = (2 * torch.nn.functional.one_hot(on, self.classes) - 1).reshape(*labels.shape, self.classes)
        if not isinstance(units, Tensor) or units.shape != (*inputs.shape[:-1], self.classes):
            shape = tuple(labels.shape) if isinstance(labels, Tensor) else type(labels).__name__
            raise InvalidArgument(
                f"{type(self).__name__}.energy: labels must be a tensor of whole numbers {tuple(inputs.shape[:-1])} or "
                f"of units {(*inputs.shape[:-1], self.classes)}; got {shape}. Pass one for each row."
            )
        scores = torch.cat([rows, units.reshape(-1, self.classes).to(rows.dtype)], dim=-1) @ self.patterns.T
        return -self.separation.lagrangian(scores).reshape(inputs.shape[:-1])

    def contributions(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Return what each memory adds to D of the label (B,) of each row (B, N), as (B, K)."""
        who, rows = f"{type(self).__name__}.contributions", self._checked(inputs)
        labels = check_classes_of_rows(who, labels, len(rows))
        check_labels(who, labels, self.classes)
        b, c = self._off(rows) / self.scale, self.votes[:, labels].T / self.scale
        power = self.separation.degree
        return self.separation.kept(b + 2 * c) ** power - self.separation.kept(b) ** power

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def normalise(self) -> Self:
        """Divide patterns and scale by the largest number in the patterns: no energy changes, and all fit into −1 … 1.

        Then a `graded_memory(degree=n, rectified=True, scale=T)` can store them, and has the same energies.
        """
        largest = self.patterns.abs().max().clamp_min(torch.finfo(self.patterns.dtype).tiny)
        self.patterns /= largest
        self.scale = self.scale / float(largest)
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the memory to one safetensors file, whole or not at all. Raises `UnwritableFile`."""
        told = {"features": self.features, "degree": self.separation.degree, "scale": self.scale,
                "rectified": isinstance(self.separation, RectifiedPower), "patterns": self.patterns}  # fmt: skip
        write_checkpoint(os.fsdecode(path), _KIND, told)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return the memory of a file that `save` wrote, in its dtype. Raises `UnreadableFile`."""
        told = read_checkpoint(os.fsdecode(path), _KIND)
        try:
            (memories, width), features = told["patterns"].shape, told["features"]
            model = cls(memories, features, width - features, told["degree"], told["rectified"], scale=told["scale"])
            model.patterns = Parameter(told["patterns"])
        except (KeyError, AttributeError, TypeError, ValueError):
            refuse(os.fsdecode(path), "it holds no patterns that fit")
        return model

    def _off(self, rows: Tensor) -> Tensor:
        """Return b (B, K): the overlaps with all class units at −1."""
        return torch.nn.functional.pad(rows, (0, self.classes), value=-1.0) @ self.patterns.T

    def _checked(self, inputs: Tensor) -> Tensor:
        """Return rows (B, N), or refuse what are none."""
        if not isinstance(inputs, Tensor) or not inputs.is_floating_point():
            raise InvalidType(
                f"{type(self).__name__}: inputs must be a tensor of floats; got "
                f"{inputs.dtype if isinstance(inputs, Tensor) else type(inputs).__name__}. Convert it, about -1 to 1."
            )
        if inputs.ndim == 0 or inputs.shape[-1] != self.features:
            raise InvalidArgument(
                f"{type(self).__name__}: inputs must have N = {self.features} columns; got shape "
                f"{tuple(inputs.shape)}. Flatten images first."
            )
        if inputs.dtype != self.patterns.dtype and not torch.is_autocast_enabled(inputs.device.type):
            raise InvalidType(
                f"{type(self).__name__}: inputs must be {self.patterns.dtype}, as patterns are; got {inputs.dtype}. "
                "Convert one, by inputs.to() or model.to()."
            )
        return inputs.reshape(-1, self.features)

    def get_extra_state(self) -> dict[str, Any]:
        """Return what a state_dict holds beside the patterns: the power, and the scale, which a schedule may change."""
        return {"power": self.power, "scale": self.scale}

    def set_extra_state(self, state: dict[str, Any]) -> None:
        """Take it up again. Raises `InvalidArgument` where it is of another power."""
        if state["power"] != self.power:
            raise InvalidArgument(
                f"{type(self).__name__}: state_dict must be of the same power, {self.power}; got {state['power']}. "
                "Make the memory with that degree."
            )
        self.scale = state["scale"]

    @property
    def power(self) -> str:
        """F in words."""
        return f"{type(self.separation).__name__}({self.separation.degree})"

    def extra_repr(self) -> str:
        """Return what `print` shows."""
        return f"{self.patterns.shape[0]} memories, {self.features} features, {self.classes} classes, {self.separation}"
