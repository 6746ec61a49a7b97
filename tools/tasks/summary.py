"""What the parts found, summed up: means, ranks, calibration, by table and method.

`found` is what `measure` of a part gives, as JSON holds it: see the parts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

Found = Mapping[str, Any]


def means(lines: Iterable[Found], value: str, *by: str) -> dict[Any, float]:
    """Return the mean of a value by keys, a tuple where there are several; what is null does not count."""
    found = defaultdict(list)
    for line in lines:
        if line.get(value) is not None:
            key = tuple(line[name] for name in by)
            found[key if len(by) > 1 else key[0]].append(line[value])
    return {key: float(np.mean(some)) for key, some in found.items()}


def mean_of_means(lines: Iterable[Found], value: str, *, of: Sequence[str], by: str = "method") -> dict[str, float]:
    """Return the mean by method of means by what is told, so that every table counts once."""
    inner = means(lines, value, by, *of)
    found = defaultdict(list)
    for (name, *_), one in inner.items():
        found[name].append(one)
    return {name: float(np.mean(some)) for name, some in found.items()}


def ranks(lines: Iterable[Found], value: str, of: Sequence[str], *, higher: bool = False) -> dict[str, float]:
    """Return the mean rank of each method over what is told, 1 the best; ties share."""
    inner, groups = means(lines, value, "method", *of), defaultdict(dict)
    for (name, *group), one in inner.items():
        groups[tuple(group)][name] = -one if higher else one
    most = max(map(len, groups.values()))
    found = defaultdict(list)
    for group in groups.values():
        if len(group) == most:
            values = np.array(list(group.values()))
            order = (values[:, None] > values).sum(axis=1) + ((values[:, None] == values).sum(axis=1) + 1) / 2
            for name, place in zip(group, order, strict=True):
                found[name].append(float(place))
    return {name: float(np.mean(some)) for name, some in found.items()}


def fair(found: Found) -> list[Found]:
    """Return the fillings by seeds that every method has, the slow ones too."""
    return [line for line in found["filled"] if line["seed"] < found["tree_seeds"]]


def bins(found: Found, kind: str, table: str | None = None) -> Any:
    """Return (bins, 3): how many of the memory's answers were so sure, their confidences summed, and how many right."""
    lines = [line for line in found["filled"] if "sure" in line and table in (None, line["table"])]
    return np.sum([line["sure"][kind] for line in lines], axis=0)


def calibration_error(found: Found, kind: str, table: str | None = None) -> float:
    """Return the expected calibration error of answers, NaN without any."""
    count, sure, right = bins(found, kind, table).T
    return float(np.abs(sure - right).sum() / count.sum()) if count.sum() else float("nan")


def coverage(found: Found, table: str) -> float:
    """Return the share of hidden numbers within the 90 % band, NaN without any."""
    lines = [line for line in found["filled"] if "sure" in line and line["table"] == table]
    count = sum(line["numbers"] for line in lines)
    return sum(line["sure"]["covered"] for line in lines) / count if count else float("nan")


def mean_known(values: Iterable[float]) -> float:
    """Return the mean of what is no NaN."""
    return float(np.nanmean(list(values)))


def best(values: Mapping[str, float], *, higher: bool, among: Iterable[str] | None = None) -> str:
    """Return the name of the best value."""
    names = list(values if among is None else (name for name in among if name in values))
    return (max if higher else min)(names, key=lambda name: values[name])
