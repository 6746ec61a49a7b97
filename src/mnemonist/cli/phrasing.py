"""Phrasing: the library's sentences as the command line says them, without the names of functions and arguments."""

import re

from mnemonist import Kind, Outcome
from mnemonist.errors import MnemonistError, UnreadableFile, UnwritableFile, sentence_of
from mnemonist.memories.catalogue import CATALOGUE

_MEMORIES = ("AssociativeMemory", "HopfieldNetwork", "LayeredMemory")
_PLACES = {"store": ("patterns ", "MEMORIES"), "recall": ("cues ", "CUES")}  # a method, what it is given, where that is
_WHOLE = "known must be True everywhere for "
_MODEL = {option for entry in CATALOGUE.values() for option in entry.options}
_OPTIONS = {"hidden": ("must be a value", "must be in ", "must be a number"), "tolerance": ("must be a number",)}
_WORDS = {
    "max_steps": "--max-steps",
    "Real()": "real neurons",
    "Binary()": "±1 neurons",
    "Sphere()": "a model of directions",
    "Graded()": "a model of graded neurons",
    "beta= of Softmax": "beta=",
    "take Softmax.": "take exponential.",
    "Use hebbian()": "Take hebbian",
    "(an even Power, RectifiedPower, Softmax)": "(an even degree, rectified=true, or beta)",
    ", lower the margin, or raise epochs.": ", or lower the margin.",
}
_ADVICE = {
    Outcome.MAX_STEPS: "All --max-steps updates were made before it was seen to rest. Raise --max-steps.",
    Outcome.CYCLE: "The state came back to one it had left, and would go round for ever. Take another model.",
    Outcome.ONE_STEP: "This model has no energy to descend: one readout was made.",
}


def spoken(error: MnemonistError) -> str:
    """Return what the library says with the words of the command line.

    >>> from mnemonist.errors import InvalidArgument
    >>> spoken(InvalidArgument("Softmax: beta must be a finite number > 0; got -1.0. Pass one in that range."))
    '--model: beta must be a finite number > 0; got -1.0. Pass one in that range.'
    """
    if isinstance(error, (UnreadableFile, UnwritableFile)):  # of a file that may be named as a part of the library
        return str(error)
    who, must = _placed(error.who, error.must)
    got = "" if error.got.startswith("Got ") else error.got  # parts of a model, which --model does not name
    parts = (who, *(_worded(part) for part in (must, got, error.fix)))
    return str(error) if parts == (error.who, error.must, error.got, error.fix) else sentence_of(*parts)


def _placed(who: str, must: str) -> tuple[str, str]:
    """Return which argument or option is meant, and what must hold of it."""
    owner, _, method = who.partition(".")
    argument, place = _PLACES.get(method, ("", ""))
    if owner in _MEMORIES and argument and must.startswith(argument):
        return place, must.removeprefix(argument)
    if owner in _MEMORIES and method == "store" and must.startswith(_WHOLE):
        rule, reason = must.removeprefix(_WHOLE).split("(", 1)
        return place, f"must be whole for {rule}{reason[reason.rindex('), ') + 1 :]}"
    if owner in _MEMORIES and method:
        return "recall", must
    if who in _OPTIONS and must.startswith(_OPTIONS[who]):
        return f"--{who}", must
    first, _, rest = must.partition(" ")
    part = who.isidentifier() and who[0].isupper()
    return (
        "--model" if part and (first in _MODEL or (first.endswith("()") and rest.startswith("needs"))) else who
    ), must


def _worded(text: str) -> str:
    for library, words in _WORDS.items():
        text = text.replace(library, words)
    return text


def advice(word: Outcome | Kind) -> str:
    """Return what an outcome or a kind means, and what to do about it."""
    return _ADVICE.get(word, word.value) if isinstance(word, Outcome) else str(word.value)


def as_text(sentence: str) -> str:
    """Return a sentence in which models stand as `--model` takes them.

    >>> as_text("dense_memory(degree=3) holds all; projection() holds 3 of 4; (Gardner 1988).")
    'dense:degree=3 holds all; projection holds 3 of 4; (Gardner 1988).'
    """
    return re.sub(
        r"\b([a-z]+?)(?:_memory)?\((|[a-z]+=[^)]*)\)", lambda m: m[1] + (f":{m[2]}" if m[2] else ""), sentence
    )


def percent(value: float) -> str:
    """Return a share in per cent, that is not said to be all or nothing where it is not quite.

    >>> percent(0.996), percent(0.7), percent(0.004)
    ('over 99%', '70%', 'under 1%')
    """
    return "over 99%" if 0.99 < value < 1 else "under 1%" if 0 < value < 0.01 else f"{value:.0%}"
