"""Dates as numbers: days since 1970-01-01, written in the one form in which a column has them.

Of 3/4/2020 the month comes first, unless some cell of the column can only have the day first. A date that is told lies
between those that were seen, or beyond by what these span and a year.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_DAY = 86400.0  # seconds
_YEAR = 366.0  # days
_EPOCH = dt.datetime(1970, 1, 1)
_PARTS = {"d": "day", "m": "month", "H": "hour"}
_SOME = 200  # dates that tell how they are spelt
_DAYS = (
    "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y.%m.%d", "%d.%m.%y", "%m/%d/%y",
    "%d/%m/%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y-%m",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", "T%H:%M:%SZ", " %H:%M:%S.%f", "T%H:%M:%S.%f")


@dataclass(frozen=True)
class Date:
    """A day, or a time to `step` seconds; `form` is how it is spelt, `bare` the parts without a zero ahead, `first` and
    `last` the days that were seen.
    """

    form: str = "%Y-%m-%d"
    step: float = _DAY
    bare: str = ""
    zone: dt.tzinfo | None = None
    dated: bool = False  # the frame has dates, not times
    first: float = field(default=-math.inf, repr=False)
    last: float = field(default=math.inf, repr=False)

    size = 0

    def code(self, value: Any) -> float:
        """Return the days since 1970, NaN of what is no date of this form."""
        if isinstance(value, str):
            try:
                value = dt.datetime.strptime(value.strip(), self.form)
            except ValueError:
                return math.nan
        if isinstance(value, dt.datetime):
            moved = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
            return (moved - _EPOCH).total_seconds() / _DAY
        return float((value - _EPOCH.date()).days) if isinstance(value, dt.date) else math.nan

    def value(self, code: float) -> Any:
        """Return the date, rounded to the step, not much before or after those that were seen."""
        margin = self.last - self.first + _YEAR
        day = min(max(float(code), self.first - margin), self.last + margin)
        seconds = round(day * _DAY / self.step) * self.step
        try:
            moment = _EPOCH + dt.timedelta(seconds=seconds)
        except OverflowError:
            moment = dt.datetime.min if seconds < 0 else dt.datetime.max
        if self.zone is not None:
            return moment.replace(tzinfo=dt.UTC).astimezone(self.zone)
        return moment.date() if self.dated else moment

    def spelt(self, code: float) -> str:
        """Return the date as the column writes it."""
        moment = self.value(code)
        text = self.form
        for part in self.bare:
            text = text.replace(f"%{part}", str(getattr(moment, _PARTS[part])))
        return str(moment.strftime(text))

    def fitted(self, texts: Sequence[str], decimal: str) -> "Date":
        """Return it in the form of other cells, where these have one."""
        found = date_of(texts)
        return replace(found, first=self.first, last=self.last) if found else self

    def widened(self, values: Sequence[Any], days: Sequence[float]) -> "Date":
        """Return it with room for other dates; those of a frame may be finer, and have a zone."""
        wider = replace(self, first=min(self.first, *days), last=max(self.last, *days)) if days else self
        moments = [value for value in values if isinstance(value, dt.date)]
        if not moments:
            return wider
        new = date_of_moments(moments)
        return replace(wider, step=min(self.step, new.step), zone=self.zone or new.zone, dated=self.dated and new.dated)


def date_of(texts: Sequence[str]) -> Date | None:
    """Return the one form in which all texts are dates; of 3/4/2020 alone that with the month first.

    >>> date_of(["3/14/2020", "12/1/2020"])
    Date(form='%m/%d/%Y', step=86400.0, bare='dm', zone=None, dated=False)
    >>> date_of(["31.12.2020", "soon"]) is None
    True
    """
    distinct = list(dict.fromkeys(text.strip() for text in texts))
    if not distinct or not any(mark in distinct[0] for mark in "-/. ") or len(distinct[0]) > 30:
        return None
    for form in (day + time for time in _TIMES for day in _DAYS):
        date = Date(form)
        if all(not math.isnan(date.code(text)) for text in distinct):
            step = 1e-6 if "%f" in form else 1.0 if "%S" in form else 60.0 if "%M" in form else _DAY
            days = [date.code(text) for text in distinct]
            return Date(form, step, _bare(form, step, distinct), first=min(days), last=max(days))
    return None


def date_of_moments(values: Sequence[dt.date]) -> Date:
    """Return what holds the dates and times of a frame, as finely as these are."""
    days = [Date().code(value) for value in values]
    first, last = min(days), max(days)
    moments = [value for value in values if isinstance(value, dt.datetime)]
    if not moments:
        return Date(dated=True, first=first, last=last)
    fractions = {m.microsecond for m in moments}
    whole = all(m.hour == m.minute == m.second == m.microsecond == 0 for m in moments)
    step = _DAY if whole else 1.0 if fractions == {0} else 1e-6 if any(f % 1000 for f in fractions) else 1e-3
    return Date(step=step, zone=moments[0].tzinfo, first=first, last=last)


def _bare(form: str, step: float, texts: Sequence[str]) -> str:
    """Return the parts of dates that stand without a zero ahead, in the way that writes most of them as they are."""
    ways = [Date(form, step, "".join(part for part in bare if f"%{part}" in form)) for bare in ("", "dm", "H", "dmH")]
    some = texts[:_SOME]
    return max(ways, key=lambda way: sum(way.spelt(way.code(text)) == text for text in some)).bare
