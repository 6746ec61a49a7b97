r"""The bibliography: what the package is made of, as BibTeX.

Entries are kept in `references.bib`, one blank line between two; `docs/references.md` is made of them.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def bibliography() -> Mapping[str, str]:
    """Return every entry by its key, in the order of the keys.

    >>> bibliography()["hopfield1982"].splitlines()[0]
    '@article{hopfield1982,'
    """
    text = (resources.files("mnemonist.diagnosis") / "references.bib").read_text(encoding="utf-8")
    entries = [entry.strip() for entry in text.split("\n\n")]
    return {re.match(r"@\w+\{(\w+),", entry)[1]: entry for entry in entries if entry}  # type: ignore[index]


def fields(entry: str) -> dict[str, str]:
    """Return the fields of an entry, without the braces that keep capitals.

    >>> fields(bibliography()["burns2023"])["title"]
    'Simplicial Hopfield networks'
    """
    found = re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE)
    return {name: re.sub(r"[{}]", "", value) for name, value in found}
