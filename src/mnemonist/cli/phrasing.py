"""Words: the library's sentences as the command line says them, without the names of functions and arguments."""

import re

from mnemonist import Kind, Outcome

_WHO = "AssociativeMemory|Softmax|Power|RectifiedPower|Perceptron|Graded"
_MEMORY = "(?:AssociativeMemory|HopfieldNetwork|LayeredMemory)"
_SPOKEN = (
    (rf"^{_MEMORY}\.store: patterns", "MEMORIES:"),
    (
        rf"^{_MEMORY}\.store: known must be True everywhere for (\w+)\(.*\), which",
        r"MEMORIES: must be whole for \1, which",
    ),
    (r"\bUse hebbian\(\)", "Take hebbian"),
    (rf"^{_MEMORY}\.recall: cues", "CUES:"),
    (rf"^{_MEMORY}\.\w+: ", "recall: "),
    (r", lower the margin, or raise epochs\.", ", or lower the margin."),
    (rf"^({_WHO}): (?=beta|degree|scale|margin|gain|\w+\(\) needs)", "--model: "),
    (r"^hidden: (?=must be (a value|in |a number))", "--hidden: "),
    (r"^tolerance: (?=must be a number)", "--tolerance: "),
    (r"\bmax_steps\b", "--max-steps"),
    (r" Got \w+\(.*\)\.$", ""),
    (r"\bReal\(\)", "real neurons"),
    (r"\bBinary\(\)", "±1 neurons"),
    (r"\bSphere\(\)", "a model of directions"),
    (r"\bGraded\(\)", "a model of graded neurons"),
    (r"beta= of Softmax", "beta="),
    (r"take Softmax\.", "take exponential."),
    (r"\(an even Power, RectifiedPower, Softmax\)", "(an even degree, rectified=true, or beta)"),
)
_ADVICE = {
    Outcome.MAX_STEPS: "The state still moved when --max-steps was reached. Raise --max-steps.",
    Outcome.CYCLE: "The state came back to one it had left, and would go round for ever. Take another model.",
    Outcome.ONE_STEP: "This model has no energy to descend: one readout was made.",
}


def spoken(sentence: str) -> str:
    """Return what the library says with the words of the command line.

    >>> spoken("Softmax: beta must be a finite number > 0; got -1.0. Pass one in that range.")
    '--model: beta must be a finite number > 0; got -1.0. Pass one in that range.'
    """
    for pattern, words in _SPOKEN:
        sentence = re.sub(pattern, words, sentence)
    return sentence


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
