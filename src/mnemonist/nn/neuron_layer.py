r"""A layer of neurons in a hierarchy: a Lagrangian, the shape of what it reads, and how fast it follows.

    g = ∂L/∂x         E = α (x·g − L)         τ dx/dt = p − α x,   p what synapses pull with

A layer may be a vector (N,), a set of tokens (T, D) or feature maps (C, H, W). Its Lagrangian reads the neurons along
one `axis`, and L is summed over the others: softmax along −3 lets the channels of each pixel compete, along None all
neurons of the layer. A size of None is that of whatever comes, as the number of tokens.

Source: Krotov 2021, arXiv:2107.06446. Shapes: x, g, p are (..., *shape); E is (...).
"""

from typing import Any

import torch
from torch import Tensor, nn

from mnemonist.core.lagrangian import Lagrangian
from mnemonist.core.number import check_number, is_whole
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown
from mnemonist.nn.learned import Learned, check_numbers


class NeuronLayer(nn.Module):
    """Neurons of one `lagrangian`, (N,) or of another `shape`, with time constant `tau` ≥ 0; at 0 they follow at once.

    `decay` ≥ 0 is α, which only scales the layer's own energy; `axis`, counted from the end, is the one that the
    Lagrangian reads, None all of them. Tensors among the numbers of the Lagrangian become parameters or buffers.

    >>> from mnemonist import Softmax
    >>> layer = NeuronLayer(Softmax(2.0), (3, 4), axis=-2)
    >>> layer.activation(torch.zeros(5, 3, 4))[0, :, 0]
    tensor([0.3333, 0.3333, 0.3333])
    >>> layer.energy(torch.zeros(5, 3, 4)).shape
    torch.Size([5])
    """

    def __init__(
        self, lagrangian: Lagrangian, shape: int | tuple[int | None, ...], *, tau: float = 1.0, decay: float = 1.0,
        axis: int | None = -1,
    ) -> None:  # fmt: skip
        super().__init__()
        _check_lagrangian(lagrangian)
        self.shape = checked_shape("NeuronLayer", shape)
        check_number("NeuronLayer", "tau", tau, least=0)
        check_number("NeuronLayer", "decay", decay, least=0)
        if axis is not None and not is_whole(-axis if isinstance(axis, int) else axis, 1, len(self.shape)):
            raise InvalidArgument(
                f"NeuronLayer: axis must be a whole number from {-len(self.shape)} to -1, or None for all; "
                f"got {shown(axis)}. Count from the end."
            )
        self.tau, self.decay, self.axis = float(tau), float(decay), axis
        self.learned = Learned(lagrangian)

    @property
    def lagrangian(self) -> Lagrangian:
        """The Lagrangian, of its parameters as they are now."""
        part: Lagrangian = self.learned.part
        return part

    def activation(self, x: Tensor) -> Tensor:
        """Return g = ∂L/∂x (..., *shape) of currents."""
        return self._back(self.lagrangian.activation(self._along(x)), x)

    def energy(self, x: Tensor, g: Tensor | None = None) -> Tensor:
        """Return α (x·g − L) (...) of currents (..., *shape); g where it is known."""
        own, lagrangian = self._along(x), self.lagrangian
        g = lagrangian.activation(own) if g is None else self._along(g)
        each = (own * g).sum(-1) - lagrangian.lagrangian(own)
        return self.decay * each.sum(tuple(range(-self._rest, 0))) if self._rest else self.decay * each

    def current(self, g: Tensor) -> Tensor:
        """Return currents (..., *shape) whose activations these are.

        Raises `IllegalCombination` where the Lagrangian does not tell them, for several may have the same.
        """
        current = getattr(self.lagrangian, "current", None)
        if current is None:
            raise IllegalCombination(
                f"NeuronLayer.current: the Lagrangian must tell currents from activations; "
                f"{type(self.lagrangian).__name__} does not, for several currents have the same. Pass currents."
            )
        return self._back(current(self._along(g)), g)

    def extra_repr(self) -> str:
        """Return the shape, and what is not as usual."""
        more = [f"{name}={value:g}" for name, value in (("tau", self.tau), ("decay", self.decay)) if value != 1]
        return ", ".join([str(self.shape), *more, *([f"axis={self.axis}"] if self.axis != -1 else [])])

    @property
    def _rest(self) -> int:
        """How many axes L is summed over."""
        return 0 if self.axis is None else len(self.shape) - 1

    def _along(self, x: Tensor) -> Tensor:
        """Return x with what the Lagrangian reads along its last axis."""
        if self.axis is None:
            return x.flatten(x.ndim - len(self.shape))
        return x if self.axis == -1 else x.movedim(self.axis, -1)

    def _back(self, x: Tensor, like: Tensor) -> Tensor:
        if self.axis is None:
            return x.reshape(like.shape)
        return x if self.axis == -1 else x.movedim(-1, self.axis)


class InputLayer(nn.Module):
    """What synapses read and nothing moves: a mask, a context, what a sense goes on to say. It has no energy.

    >>> InputLayer(3).activation(torch.ones(3))
    tensor([1., 1., 1.])
    """

    def __init__(self, shape: int | tuple[int | None, ...]) -> None:
        super().__init__()
        self.shape = checked_shape("InputLayer", shape)

    def activation(self, x: Tensor) -> Tensor:
        """Return what is given."""
        return x

    def current(self, g: Tensor) -> Tensor:
        """Return what is given."""
        return g

    def extra_repr(self) -> str:
        """Return the shape."""
        return str(self.shape)


def fits(layer: NeuronLayer | InputLayer, shape: tuple[int, ...]) -> bool:
    """Say whether a tensor of this shape, less leading axes, is one of a layer."""
    ours = shape[len(shape) - len(layer.shape) :] if len(shape) >= len(layer.shape) else ()
    return len(ours) == len(layer.shape) and all(
        m == n or (n is None and m > 0) for n, m in zip(layer.shape, ours, strict=True)
    )


def checked_shape(who: str, shape: Any) -> tuple[int | None, ...]:
    """Return the shape of a layer, of one whole number or several, or refuse what is none."""
    sizes = shape if isinstance(shape, (tuple, list, torch.Size)) else (shape,)
    if not sizes or not all(n is None or is_whole(n, 1) for n in sizes):
        raise InvalidArgument(
            f"{who}: shape must be a whole number >= 1, or a tuple of such; got {shown(shape)}. "
            "Pass (N,), (T, D) or (C, H, W)."
        )
    return tuple(None if n is None else int(n) for n in sizes)


def _check_lagrangian(lagrangian: Any) -> None:
    if not isinstance(lagrangian, Lagrangian):
        raise InvalidType(
            f"NeuronLayer: lagrangian must be a Lagrangian; got {shown(lagrangian)}. "
            "Pass Real(), Graded(gain), Softmax(beta), LayerNorm() or another."
        )
    check_numbers("NeuronLayer", lagrangian)
