r"""Parts of the mathematics some of whose numbers are learned: a β, a gain, an offset.

A separation or a Lagrangian is a frozen dataclass of numbers. Where some are tensors they become parameters or buffers
of a module, under their own names, and the part is made again of what these are when it is asked: so it follows
`load_state_dict`, `to`, and the calls of `torch.func` that put other tensors in their place.
"""

from dataclasses import fields, replace
from typing import Any

from torch import Tensor, nn

from mnemonist.errors import InvalidArgument


class Learned(nn.Module):
    """Hold a frozen `part`, the tensors among its fields as parameters, or as buffers where they are none.

    >>> import torch
    >>> from mnemonist import Softmax
    >>> held = Learned(Softmax(torch.nn.Parameter(torch.tensor(2.0))))
    >>> [name for name, _ in held.named_parameters()], held.part.beta.item()
    (['beta'], 2.0)
    """

    def __init__(self, part: Any) -> None:
        super().__init__()
        self._plain = part
        self._tensors = tuple(each.name for each in fields(part) if isinstance(getattr(part, each.name), Tensor))
        for name in self._tensors:
            value = getattr(part, name)
            if isinstance(value, nn.Parameter):
                self.register_parameter(name, value)
            else:
                self.register_buffer(name, value)
        if self._tensors:  # or copies of them would be held twice, and travel with every copy of the module
            self._plain = replace(part, **dict.fromkeys(self._tensors, 1.0))

    @property
    def part(self) -> Any:
        """The part, of the tensors as they are now."""
        if not self._tensors:
            return self._plain
        return replace(self._plain, **{name: getattr(self, name) for name in self._tensors})

    def extra_repr(self) -> str:
        """Return the part as it is written; a number that is learned shows as its name."""
        shown = ", ".join(
            f"{each.name}={'learned' if each.name in self._tensors else repr(getattr(self._plain, each.name))}"
            for each in fields(self._plain)
        )
        return f"{type(self._plain).__name__}({shown})"


def check_numbers(who: str, part: Any) -> None:
    """Refuse a part with a word in place of a number, which only a memory of stored patterns can choose."""
    for name in ("beta", "scale"):
        if isinstance(getattr(part, name, None), str):
            raise InvalidArgument(
                f"{who}: {name} of {type(part).__name__} must be a number; got {getattr(part, name)!r}, which only a "
                "memory that stores patterns can choose. Pass a number."
            )
