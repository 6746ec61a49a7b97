"""The one way to write a model as text: `name:option=value,option=value`.

dense:degree=3      modern:beta=8      kernel:beta=auto      spherical:degree=4      perceptron:margin=0.5
"""

from typing import Any

from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.memories.catalogue import CATALOGUE, Entry
from mnemonist.recall.pattern_memory import PatternMemory


def model(text: str) -> PatternMemory:
    """Return the memory that a text names. Raises `InvalidArgument`, listing what is possible.

    >>> model("dense:degree=4")
    AssociativeMemory(Dot(), Power(degree=4, scale=1.0), Binary())  # empty
    """
    if not isinstance(text, str):
        raise InvalidType(f"model: text must be a string; got {shown(text)}. Write for example dense:degree=3.")
    name, _, rest = text.strip().partition(":")
    if name not in CATALOGUE:
        raise InvalidArgument(
            f"model: the name must be one of {', '.join(CATALOGUE)}; got {shown(name)}. See `mnemonist models`."
        )
    entry = CATALOGUE[name]
    given = [_option(entry, part) for part in rest.split(",") if part.strip()]
    options = dict(given)
    if len(options) < len(given):
        raise InvalidArgument(f"model {name}: an option must be given once; got {shown(rest)}. Leave one out.")
    return entry.build(**options)


def _option(entry: Entry, text: str) -> tuple[str, Any]:
    """Return the option that `name=value` says, read."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or name not in entry.options:
        possible = ", ".join(f"{option}=" for option in entry.options) or "none"
        raise InvalidArgument(
            f"model {entry.name}: the options are {possible}; got {shown(text.strip())}. "
            f"Write {entry.name}{_hint(entry)}."
        )
    try:
        return name, entry.options[name].read(value)
    except ValueError:
        raise InvalidArgument(
            f"model {entry.name}: {name} must be {entry.options[name].read.__doc__}; got {shown(value)}. "
            f"Write {entry.name}{_hint(entry)}."
        ) from None


def _hint(entry: Entry) -> str:
    return "".join(f":{option}={'auto' if option == 'beta' else '4'}" for option in list(entry.options)[:1])
