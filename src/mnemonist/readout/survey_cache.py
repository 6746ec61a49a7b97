"""Surveys made on the way: an update that confirms a rest looks at the very state that is asked about afterwards.

The second and later updates of few cues survey the patterns in the same pass; where such an update changes nothing,
its survey is the one of the resting state. States are known by their bytes, so only time depends on what is kept.

Shapes: state (B, N).
"""

from typing import Any

import numpy as np

from mnemonist._array import Array
from mnemonist.kernels.softmax_survey import SoftmaxSurvey

_MOST = 32  # surveys of one cue that are kept


class SurveyCache:
    """The surveys of the states that were read last, and the states that readouts led to."""

    def __init__(self) -> None:
        self._surveys: dict[bytes, tuple[SoftmaxSurvey, int]] = {}  # of which row
        self._next: frozenset[bytes] = frozenset()

    def __reduce__(self) -> Any:
        return SurveyCache, ()

    def led_to(self, state: Array) -> bool:
        """Say whether all these states are what earlier readouts led to: so this is no first update."""
        return bool(self._next) and self._next.issuperset(_keys(state))

    def note(self, state: Array) -> None:
        """Note where a readout leads."""
        self._next = frozenset(_keys(state))

    def keep(self, state: Array, survey: SoftmaxSurvey) -> None:
        """Keep the survey of these states, and of those before as many as there is room for."""
        kept = {key: (survey, row) for row, key in enumerate(_keys(state))}
        older = [item for item in self._surveys.items() if item[0] not in kept]
        self._surveys = dict(older[len(kept) - _MOST :] if len(kept) < _MOST else ()) | kept

    def survey(self, state: Array) -> SoftmaxSurvey | None:
        """Return the survey of these states, if all are kept."""
        surveys = self._surveys
        if not surveys or len(state) > _MOST:
            return None
        found = [surveys.get(key) for key in _keys(state)]
        if any(one is None for one in found):
            return None
        kept = [(one[0], one[1]) for one in found if one is not None]
        fields = (np.stack([getattr(survey, name)[row] for survey, row in kept]) for name in SoftmaxSurvey._fields[1:])
        return SoftmaxSurvey(kept[0][0].patterns, *fields)


def _keys(state: Array) -> list[bytes]:
    return [row.tobytes() for row in state]
