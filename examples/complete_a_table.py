"""A table with holes, completed: penguins, of whom a tenth of what is known was hidden, and what came back.

    python examples/complete_a_table.py [penguins.png]

Each hidden cell is told from the penguins that are alike in what is left, and beside it stands what one would fill in
otherwise: the column's median, or its most frequent word. How sure the memory says it is, is held against how often it
is right; a number counts as right within half the spread of its column.
"""

import csv
import statistics
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from mnemonist.tasks import RecordMemory

TABLE = Path(__file__).parent / "data" / "penguins.csv"
NUMBERS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
WORDS = ("species", "island", "sex")
INK, LINE = "#2a5d84", "#b8442f"


def main(out: str = "penguins.png") -> None:
    """Hide, complete, compare, and draw."""
    with TABLE.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    whole = {name: [row[name] for row in rows] for name in rows[0]}
    rng = np.random.default_rng(0)
    hidden = {name: hide(cells, rng) for name, cells in whole.items() if name in NUMBERS + WORDS}
    torn = whole | {name: blanked(whole[name], places) for name, places in hidden.items()}

    memory = RecordMemory.from_table(torn)
    done = memory.complete()
    print(memory.schema)
    print(f"\n{done}; numbers by {done.choice.numbers}; categories by {done.choice.categories}\n")
    sure, right = [], []
    for name, places in hidden.items():
        known = [cell for cell in torn[name] if cell]
        usual = str(statistics.median(map(float, known))) if name in NUMBERS else Counter(known).most_common(1)[0][0]
        tell(name, whole, done.frame, usual, places)
        column = list(whole).index(name)
        sure += [done.confidence[row, column] for row in places]
        right += [fits(name, whole, done.frame[name][row], row) for row in places]
    print(f"\n{np.mean(sure):.0%} sure on average, {np.mean(right):.0%} right")
    draw(whole, done, hidden["body_mass_g"], out)


def hide(cells: list[str], rng: np.random.Generator) -> list[int]:
    """Return a tenth of the rows in which a cell is known."""
    known = [row for row, cell in enumerate(cells) if cell]
    return sorted(rng.choice(known, len(known) // 10, replace=False).tolist())


def blanked(cells: list[str], places: list[int]) -> list[str]:
    """Return cells of which some are empty."""
    return ["" if row in places else cell for row, cell in enumerate(cells)]


def tell(name: str, whole: dict[str, list[str]], filled: dict[str, list[str]], usual: str, places: list[int]) -> None:
    """Print how far filled cells are from the true ones, and how far the usual value is."""
    if name in WORDS:
        ours, theirs = (
            np.mean([whole[name][row] == (filled[name][row] if mine else usual) for row in places])
            for mine in (True, False)
        )
        print(f"{name:18} {ours:6.0%} right    most frequent {theirs:6.0%}")
        return
    truth = np.array([float(whole[name][row]) for row in places])
    ours = np.sqrt(np.mean((truth - [float(filled[name][row]) for row in places]) ** 2))
    theirs = np.sqrt(np.mean((truth - float(usual)) ** 2))
    print(f"{name:18} {ours:6.1f} off      median        {theirs:6.1f}")


def fits(name: str, whole: dict[str, list[str]], value: str, row: int) -> bool:
    """Say whether a filled cell is right."""
    if name in WORDS:
        return whole[name][row] == value
    spread = np.std([float(cell) for cell in whole[name] if cell])
    return bool(abs(float(whole[name][row]) - float(value)) <= spread / 2)


def draw(whole: dict[str, list[str]], done: object, places: list[int], out: str) -> None:
    """Draw true against filled masses, each with its standard error."""
    column = list(whole).index("body_mass_g")
    truth = [float(whole["body_mass_g"][row]) for row in places]
    filled = [float(done.frame["body_mass_g"][row]) for row in places]
    figure = Figure(figsize=(5.6, 5.2), layout="constrained")
    axes = figure.subplots()
    ends = min(truth + filled) - 200, max(truth + filled) + 200
    axes.plot(ends, ends, color=LINE, linewidth=1)
    axes.errorbar(truth, filled, yerr=done.spread[places, column], fmt="o", color=INK, elinewidth=0.8, markersize=4)
    axes.set(
        xlabel="true mass, g", ylabel="filled, ± standard error", title="Hidden masses of penguins", aspect="equal"
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(out, dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:])
