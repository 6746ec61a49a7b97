"""Changes of a table: what some of its cells become, all others staying what they were."""

from collections.abc import Mapping
from typing import Any

Changes = Mapping[str, Mapping[int, Any]]  # of a column by name, the new values by row


def by_row(changes: Changes) -> dict[int, dict[str, Any]]:
    """Return new values by row, then by column.

    >>> by_row({"a": {0: 1, 2: 5}, "b": {2: 6}})
    {0: {'a': 1}, 2: {'a': 5, 'b': 6}}
    """
    rows: dict[int, dict[str, Any]] = {}
    for name, cells in changes.items():
        for row, value in cells.items():
            rows.setdefault(row, {})[name] = value
    return dict(sorted(rows.items()))
