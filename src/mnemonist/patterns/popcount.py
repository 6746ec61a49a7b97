"""How many bits of a word are 1: an instruction where the processor has one, in vectors too; Numba has none of its own.

Imported by kernels only.
"""

from typing import Any

from numba.extending import intrinsic


@intrinsic
def popcount(typing: Any, word: Any) -> Any:
    """Return the number of bits of a word that are 1."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return word(word), generate
