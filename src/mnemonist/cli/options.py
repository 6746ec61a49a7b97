"""Options that hold several values, as the command line takes them."""

from mnemonist.errors import InvalidArgument


def whole_numbers(option: str, text: str, least: int, most: int) -> tuple[int, ...]:
    """Return the whole numbers of a list such as 1,2,3, each once, in order. Raises `InvalidArgument`.

    >>> whole_numbers("--degrees", "3, 2,3", 1, 100)
    (2, 3)
    """
    found = set()
    for part in text.split(","):
        number = part.strip()
        if not (number.isascii() and number.isdecimal() and len(number) < 10 and least <= int(number) <= most):
            raise InvalidArgument(
                f"{option}: must be whole numbers from {least} to {most}, with commas between; got {text!r:.40}. "
                f"Write {option} 2,3 for example."
            )
        found.add(int(number))
    return tuple(sorted(found))
