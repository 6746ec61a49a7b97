"""Random states as scikit-learn has them: None, a seed, or a generator; a memory takes a seed."""

from typing import Any

from sklearn.utils import check_random_state

from mnemonist.recall.request import seed_of


def seed_from(who: str, random_state: Any) -> int:
    """Return a seed: that which was given, or one drawn."""
    if random_state is None or hasattr(random_state, "randint"):
        return int(check_random_state(random_state).randint(2**31 - 1))
    return seed_of(who, random_state)
