"""What a recall found, in terms of the memories: a short list of sentences.

Source of the mixtures: Amit, Gutfreund & Sompolinsky 1985; of the 0.9: Ramsauer et al. 2021, arXiv:2008.02217, §2.
"""

from enum import Enum


class Kind(Enum):
    """What a state is, in terms of the memories; the value is a sentence."""

    MEMORY = "One memory: the state is nearer to it than half the way from there to the next one."
    MIRROR = "One memory with every sign turned: an even power stores both."
    MIXTURE = "A blend of several memories. Separate more sharply: a higher degree or beta."
    SPURIOUS = "Neither a memory nor a blend of a few: store less, or separate more sharply, if it should be one."
    UNDECIDED = "No few memories stand out: a discrete site has no value, or the weights are spread over most."
    UNFAMILIAR = "The cue is unlike all that is stored: hardly any memory is as far from the others. See familiarity."
    UNKNOWN = "The memory keeps no patterns, so there is nothing to compare the state with."

    def __repr__(self) -> str:
        return f"Kind.{self.name}"

    def __str__(self) -> str:
        return str(self.value)
