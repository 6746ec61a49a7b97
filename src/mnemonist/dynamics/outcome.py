"""How a recall ended, and what it found: two short lists of sentences.

Source of the mixtures: Amit, Gutfreund & Sompolinsky 1985; of the 0.9: Ramsauer et al. 2021, arXiv:2008.02217, §2.
"""

from enum import Enum


class Outcome(Enum):
    """How the movement of a state ended; the value is a sentence with advice."""

    CONVERGED = "The state rests: another update would not change it."
    MAX_STEPS = "The state still moved when max_steps was reached. Raise max_steps, or loosen tol."
    CYCLE = "The state came back to one it had left: it goes round for ever. Unless it should, use Asynchronous()."
    ONE_STEP = "This model has no energy to descend: one readout was made. Use dot or Euclidean to iterate."
    OUT_OF_REACH = "No memory reaches as far as this state: nothing pulls on it. Pass a smaller beta."

    def __repr__(self) -> str:
        return f"Outcome.{self.name}"


class Kind(Enum):
    """What a state is, in terms of the memories; the value is a sentence."""

    MEMORY = "One memory."
    MIRROR = "One memory with every sign turned: an even power stores both."
    MIXTURE = "A blend of several memories. Separate more sharply: a higher degree or beta."
    SPURIOUS = "A resting place that is neither a memory nor a blend of a few. Store less, or separate more sharply."
    UNDECIDED = "No few memories stand out: a discrete site has no value, or the weights are spread over most."
    UNKNOWN = "The memory keeps no patterns, so there is nothing to compare the state with."

    def __repr__(self) -> str:
        return f"Kind.{self.name}"
