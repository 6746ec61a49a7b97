r"""Synapses over the windows of feature maps: a convolution, and pooling.

    Convolution     E = −⟨g₂, W * g₁⟩                                  p₂ = W * g₁,  p₁ the transposed convolution of g₂
    Pooling         E = −Σ_w g₂_w · mean_{i in w} g₁_i                 p₁ spreads g₂ evenly over each window
    Pooling(β)      E = −Σ_w g₂_w · β⁻¹ log mean_{i in w} exp(β g₁_i)  p₁ gives g₂ to the largest, by softmax

W * g is what torch calls a convolution, without a bias: that is a synapse of its own. Pooling(β) goes from the mean to
the maximum as β grows; it is concave in g₁ only where g₂ ≥ 0, so its steps are looked at.

Source: Krotov 2021, arXiv:2107.06446. Shapes: g₁ is (..., C, H, W), g₂ is (..., C′, H′, W′), E is (...).
"""

import math

import torch
from torch import Tensor, nn

from mnemonist.core.number import check_number, check_whole
from mnemonist.errors import InvalidArgument
from mnemonist.nn.synapses.synapse import Synapse, check_floats


class Convolution(Synapse):
    """Couplings that are the same at each place, between maps of `inputs` and of `outputs` channels.

    The `kernel` is that many pixels square, `stride` and `padding` as of torch.

    >>> synapse = Convolution(1, 4, 3, stride=2, padding=1)
    >>> synapse(torch.ones(5, 1, 8, 8), torch.ones(5, 4, 4, 4)).shape
    torch.Size([5])
    """

    concave: bool = True

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        for name, n in (("inputs", inputs), ("outputs", outputs), ("kernel", kernel), ("stride", stride)):
            check_whole("Convolution", name, n, least=1)
        check_whole("Convolution", "padding", padding, least=0)
        self.stride, self.padding = stride, padding
        size = math.sqrt(max(inputs, outputs / stride**2) * kernel**2)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel) / size)

    def forward(self, *activations: Tensor) -> Tensor:
        """Return −⟨g₂, W * g₁⟩ (...)."""
        check_floats("Convolution", activations, self.weight.dtype)
        (below, above), leading = _maps("Convolution", activations, self.weight.shape[1::-1])
        heard = torch.nn.functional.conv2d(below, self.weight, stride=self.stride, padding=self.padding)
        return _against("Convolution", heard, above).reshape(leading)

    def extra_repr(self) -> str:
        """Return its sizes."""
        outputs, inputs, kernel, _ = self.weight.shape
        return f"{inputs}, {outputs}, {kernel}, stride={self.stride}, padding={self.padding}"


class Pooling(Synapse):
    """One neuron above for each window of `kernel` by `kernel` below; `stride` is the kernel unless given.

    Their mean, or with `beta` > 0, in units of one over an activation, what goes to their maximum.

    >>> g, ones = torch.tensor([[[0.0, 8.0], [0.0, 0.0]]]), torch.ones(1, 1, 1)
    >>> Pooling(2)(g, ones), Pooling(2, beta=100.0)(g, ones)
    (tensor(-2.), tensor(-7.9861))
    """

    def __init__(self, kernel: int, *, stride: int | None = None, beta: float | None = None) -> None:
        super().__init__()
        self.kernel = check_whole("Pooling", "kernel", kernel, least=1)
        self.stride = self.kernel if stride is None else check_whole("Pooling", "stride", stride, least=1)
        if beta is not None:
            check_number("Pooling", "beta", beta, least=0, strict=True, fix="Leave it out for the mean.")
        self.beta = beta
        self.concave = beta is None

    def forward(self, *activations: Tensor) -> Tensor:
        """Return −Σ g₂ · what is pooled of g₁ (...)."""
        check_floats("Pooling", activations)
        (below, above), leading = _maps("Pooling", activations, (None, None))
        if min(below.shape[-2:]) < self.kernel:
            raise InvalidArgument(
                f"Pooling: maps below must be {self.kernel} pixels high and wide at least; got "
                f"{tuple(below.shape[-2:])}. Pass a smaller kernel."
            )
        if self.beta is None:
            pooled = torch.nn.functional.avg_pool2d(below, self.kernel, self.stride)
        else:
            windows = below.unfold(-2, self.kernel, self.stride).unfold(-2, self.kernel, self.stride).flatten(-2)
            pooled = (torch.logsumexp(self.beta * windows, -1) - 2 * math.log(self.kernel)) / self.beta
        return _against("Pooling", pooled, above).reshape(leading)

    def extra_repr(self) -> str:
        """Return its sizes."""
        return f"{self.kernel}, stride={self.stride}" + ("" if self.beta is None else f", beta={self.beta:g}")


def _maps(
    who: str, activations: tuple[Tensor, ...], channels: tuple[int | None, ...]
) -> tuple[tuple[Tensor, Tensor], tuple[int, ...]]:
    """Return the maps below and above, each with one leading axis, and the leading axes that they had."""
    fits = len(activations) == 2 and all(
        g.ndim >= 3 and n in (None, g.shape[-3]) for g, n in zip(activations, channels, strict=True)
    )
    if not fits or activations[0].shape[:-3] != activations[1].shape[:-3]:
        sizes = [f"(..., {'C' if n is None else n}, height, width)" for n in channels]
        raise InvalidArgument(
            f"{who}: activations must be of two layers of maps, {' below and '.join(sizes)} above, with the same "
            f"leading axes; got {' and '.join(str(tuple(g.shape)) for g in activations)}. Name the layer below first."
        )
    leading = tuple(activations[0].shape[:-3])
    below, above = (g.reshape(-1 if g.numel() else 0, *g.shape[-3:]) for g in activations)
    return (below, above), leading


def _against(who: str, heard: Tensor, above: Tensor) -> Tensor:
    """Return −⟨g₂, heard⟩ of each map."""
    if heard.shape[1:] != above.shape[1:]:
        raise InvalidArgument(
            f"{who}: the layer above must be {tuple(heard.shape[1:])}, as the layer below makes it; got "
            f"{tuple(above.shape[1:])}. Give it that shape, or pass another kernel, stride or padding."
        )
    return -(heard * above).sum((-3, -2, -1))
