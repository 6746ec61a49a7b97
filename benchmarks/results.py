"""One run, kept: the machine, every row, and which packages were passed over. JSON in and out."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.machine import Machine
from benchmarks.row import Row


@dataclass(frozen=True)
class Section:
    """A file of cases: its name, what it says of itself, and what it found."""

    name: str
    about: str
    rows: list[Row]


@dataclass(frozen=True)
class Results:
    """What a run found, how hard it tried, and how many seconds it took in all."""

    effort: str
    seconds: float
    machine: Machine
    passed_over: list[str]
    sections: list[Section]

    @property
    def rows(self) -> list[Row]:
        """The rows of all sections."""
        return [row for section in self.sections for row in section.rows]

    def of(self, name: str, **sizes: int) -> list[Row]:
        """Return the rows of this name and these sizes, by K, N and B."""
        found = [row for row in self.rows if row.name == name]
        found = [row for row in found if all(getattr(row, letter) == size for letter, size in sizes.items())]
        return sorted(found, key=lambda row: (row.K, row.N, row.B))

    def save(self, path: Path) -> None:
        """Write the results as JSON."""
        sections = [
            {"name": part.name, "about": part.about, "rows": [row.plain() for row in part.rows]}
            for part in self.sections
        ]
        whole = {
            "effort": self.effort, "seconds": self.seconds, "machine": asdict(self.machine),
            "passed_over": self.passed_over, "sections": sections,
        }  # fmt: skip
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Results":
        """Return the results that were saved there."""
        whole = json.loads(path.read_text(encoding="utf-8"))
        sections = [
            Section(part["name"], part["about"], [Row.read(row) for row in part["rows"]]) for part in whole["sections"]
        ]
        return cls(**(whole | {"machine": Machine(**whole["machine"]), "sections": sections}))
