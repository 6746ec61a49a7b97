"""Write docs/references.md from the package's bibliography: `python tools/make_references.py`."""

from pathlib import Path

from mnemonist.diagnosis.bibliography import bibliography, fields

OUT = Path(__file__).parent.parent / "docs" / "references.md"


def page() -> str:
    """Return the page, by first author and year."""
    head = [
        "# References",
        "",
        "What the package is made of. `mnemonist.cite(memory)` prints the BibTeX of what a memory uses; all of it is",
        "in [references.bib](../src/mnemonist/diagnosis/references.bib). This page: `python tools/make_references.py`.",
        "",
    ]
    return "\n".join([*head, *(line(key, entry) for key, entry in bibliography().items())]) + "\n"


def line(key: str, entry: str) -> str:
    """Return one entry as a line of Markdown."""
    of = fields(entry)
    authors = [" ".join(reversed(name.split(", "))) for name in of["author"].split(" and ")]
    who = ", ".join("et al." if name == "others" else name for name in authors)
    where = of.get("journal") or of.get("booktitle") or ""
    place = " ".join(part for part in (where, of.get("volume", ""), of.get("pages", "").replace("--", "–")) if part)
    links = [f"[arXiv:{of['eprint']}](https://arxiv.org/abs/{of['eprint']})"] if "eprint" in of else []
    links += [f"[doi:{of['doi']}](https://doi.org/{of['doi']})"] if "doi" in of else []
    return f"- `{key}` {who} ({of['year']}). {of['title']}. " + ". ".join([*([f"*{place}*"] if place else []), *links])


if __name__ == "__main__":
    OUT.write_text(page(), encoding="utf-8")
