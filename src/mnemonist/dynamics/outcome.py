"""How the movement of a state ended: a short list of sentences."""

from enum import Enum


class Outcome(Enum):
    """How the movement of a state ended; the value is a sentence with advice."""

    CONVERGED = "The state rests: another update would not change it."
    MAX_STEPS = "All max_steps updates were made before it was seen to rest. For rest raise max_steps, or loosen tol."
    CYCLE = "The state came back to one it had left: it goes round for ever. Unless it should, use Asynchronous()."
    ONE_STEP = "This model has no energy to descend: one readout was made. Use dot or Euclidean to iterate."
    UNANSWERED = "No memory that shares anything with this cue knows all that it asks: what none knows stays unknown."
    OUT_OF_REACH = "No memory reaches as far as this state: nothing pulls on it. Pass a smaller beta."

    def __repr__(self) -> str:
        return f"Outcome.{self.name}"

    def __str__(self) -> str:
        return str(self.value)
