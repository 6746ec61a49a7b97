"""What a text memory is given: checked, and refused in one sentence where it cannot be held or asked."""

from collections.abc import Hashable, Iterable
from typing import Any

from mnemonist.core.number import as_float
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.tasks.sentences import plain_form

WHO = "TextMemory"


def checked_sentences(given: Any) -> list[str]:
    """Return sentences as a list of strings that each hold a letter."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InvalidType(
            f"{WHO}.add: sentences must be a list of strings; got {shown(given)}. Pass [sentence] for a single one."
        )
    texts = list(given)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise InvalidType(
                f"{WHO}.add: sentences must be strings; got {shown(text)} at {place}. Decode it, or leave it out."
            )
        if not plain_form(text):
            raise InvalidArgument(
                f"{WHO}.add: sentences must hold a letter each; got {shown(text)} at {place}. Leave it out."
            )
    return [str(text) for text in texts]


def checked_labels(given: Any, count: int) -> list[Hashable | None]:
    """Return labels, None where there is none, one for each of `count` sentences."""
    if given is None:
        return [None] * count
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InvalidType(
            f"{WHO}.add: labels must be a list of one for each sentence; got {shown(given)}. Pass a list."
        )
    found = list(given)
    if len(found) != count:
        raise InvalidArgument(
            f"{WHO}.add: labels must be one for each of the {count} sentences; got {len(found)}. Write None where "
            "there is none."
        )
    for label in found:
        if not isinstance(label, Hashable):
            raise InvalidType(f"{WHO}.add: labels must be hashable; got {shown(label)}. Pass strings or numbers.")
    return found


def checked_cue(method: str, cue: Any) -> str:
    """Return a cue that is a string."""
    if not isinstance(cue, str):
        raise InvalidType(f"{WHO}.{method}: cue must be a string; got {shown(cue)}. Pass one cue at a time.")
    return str(cue)


def check_settings(compare: Any, false_answers: Any, embed: Any) -> None:
    """Refuse settings that say nothing."""
    if compare not in ("edit", None):
        raise InvalidArgument(f"{WHO}: compare must be 'edit' or None; got {shown(compare)}. Leave it out.")
    share = as_float(false_answers)
    if share is None or not 0 < share < 1:
        raise InvalidArgument(
            f"{WHO}: false_answers must be a share between 0 and 1; got {shown(false_answers)}. Pass 0.01 for one "
            "false answer to a hundred cues that have none."
        )
    if embed is not None and not callable(embed):
        raise InvalidType(
            f"{WHO}: embed must be a function of a list of strings; got {shown(embed)}. Leave it out for wordllama."
        )
