"""Options that hold several values, as the command line takes them."""

import re

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


def level_or_colour(text: str) -> float | tuple[float, float, float]:
    """Return what hides: a number, or the colour (r, g, b) in [0, 1] of #rrggbb. Raises `InvalidArgument`.

    >>> level_or_colour("0.5"), level_or_colour("#ff0033")
    (0.5, (1.0, 0.0, 0.2))
    """
    if re.fullmatch("#[0-9a-fA-F]{6}", text):
        red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return red, green, blue
    try:
        return float(text)
    except ValueError:
        raise InvalidArgument(
            f"--hidden: must be a number, or a colour of an image as '#ff00ff'; got {text!r:.40}. Write --hidden 0."
        ) from None
