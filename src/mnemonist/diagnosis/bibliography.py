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


def brief(key: str) -> str:
    """Return an entry as authors and year, and where to find it: its number at arXiv, or journal, volume and page.

    >>> brief("krotov2016"), brief("storkey1999")
    ('Krotov & Hopfield 2016, arXiv:1606.01164', 'Storkey & Valabregue 1999, Neural Networks 12:869')
    """
    of = fields(bibliography()[key])
    names = [name.partition(",")[0] for name in of["author"].split(" and ")]
    who = " & ".join(names) if len(names) < 3 else f"{names[0]} et al."
    if "eprint" in of:
        return f"{who} {of['year']}, arXiv:{of['eprint']}"
    where = next(of[name] for name in ("shortjournal", "journal", "series", "booktitle") if name in of)
    place = f" {of['volume']}:{of['pages'].partition('-')[0]}" if "volume" in of else ""
    return f"{who} {of['year']}, {where}{place}"
