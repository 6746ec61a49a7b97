"""The figures of docs/tasks.md: every method by table, how sure and how often right, and what the other parts found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mnemonist.plotting.canvas import INK, PALE, QUIET, Canvas
from tools.tasks import summary
from tools.tasks.summary import Found

# Okabe & Ito's colours, and a form for each method, so that nobody needs the colour.
STYLES: dict[str, tuple[str, str]] = {
    "memory": ("#d55e00", "D"), "knn tuned": ("#0072b2", "o"), "knn 5": ("#56b4e9", "o"), "mean/mode": ("#868e96", "x"),
    "chained ridge": ("#009e73", "^"), "ridge": ("#009e73", "^"), "logistic": ("#009e73", "^"),
    "chained trees": ("#e69f00", "s"), "gradient boosting": ("#e69f00", "s"), "isolation forest": ("#e69f00", "s"),
    "svc": ("#cc79a7", "v"), "svr": ("#cc79a7", "v"), "one-class svm": ("#cc79a7", "v"),
    "kernel ridge": ("#cc79a7", "v"), "lof 20": ("#0072b2", "P"),
}  # fmt: skip
OURS = "memory"


def draw(found: Mapping[str, Found], folder: Path) -> list[str]:
    """Write a figure of each part that was measured, and return the names of their files."""
    drawn = []
    for name, (part, figure) in FIGURES.items():
        if part in found:
            figure(found[part]).savefig(folder / f"tasks-{name}.png")
            drawn.append(f"tasks-{name}.png")
    return drawn


def imputation(found: Found) -> Any:
    """Errors of numbers over those of tuned KNNImputer, and options right more than it, by table and way to hide."""
    canvas, methods = Canvas(11.0, 8.6), [name for name in found["methods"] if name != "knn tuned"]
    errors, right = (
        summary.means(summary.fair(found), value, "how", "table", "method") for value in ("error", "right")
    )
    for place, how in enumerate(found["how"]):
        for row, (values, words) in enumerate(((errors, "error of numbers ÷ tuned KNNImputer's (line)"),
                                               (right, "options right, points above the same"))):  # fmt: skip
            tables = [name for name in found["tables"] if (how, name, OURS) in values]
            axes = canvas.axes(1.25 + 3.25 * place, 0.85 + 3.95 * row, 3.0, 3.2)

            def beside(name: str, method: str, values: Any = values, how: str = how, row: int = row) -> float:
                one, other = values.get((how, name, method), np.nan), values[how, name, "knn tuned"]
                return 100 * (one - other) if row else one / other

            shown = methods[1:] if row else methods  # the commonest option is far behind
            _dots(axes, tables, shown, beside, limits=(-22, 22) if row else (0.5, 1.6))
            axes.axvline(0 if row else 1, color=STYLES["knn tuned"][0], lw=1.2, zorder=1)
            axes.set_xlabel(words, fontsize=8.5, color=INK)
            if row == 0:
                axes.set_title(_told(how), fontsize=10, color=INK)
            if place:
                axes.tick_params(labelleft=False)
    _legend(canvas, methods)
    return canvas.figure


def reliability(found: Found) -> Any:
    """How often answers were right against how sure they were, and how many numbers lay within their bands."""
    canvas = Canvas(11.0, 4.4)
    for place, (kind, words) in enumerate((("options", "options: right"), ("numbers", "numbers: within ½ sd"))):
        axes = canvas.axes(0.75 + 3.45 * place, 0.7, 2.9, 2.9)
        _dress(axes)
        axes.plot([0, 1], [0, 1], color=PALE, lw=1.2, zorder=0)
        count, sure, right = (x[summary.bins(found, kind)[:, 0] > 30] for x in summary.bins(found, kind).T)
        share, told = right / count, sure / count
        axes.errorbar(
            told, share, 2 * np.sqrt(share * (1 - share) / count), color=STYLES[OURS][0], marker="D", ms=5, lw=1.5
        )
        for place_of, (x, y, n) in enumerate(zip(told, share, count, strict=True)):
            off, side = ((6, -10), "left") if place_of % 2 else ((-6, 5), "right")
            axes.annotate(_thousands(n), (x, y), off, textcoords="offset points", fontsize=7, color=QUIET, ha=side)
        axes.set(xlim=(0, 1.08), ylim=(0, 1.04), aspect="auto")
        axes.set_xlabel("confidence told", fontsize=8.5, color=INK)
        axes.set_title(words, fontsize=10, color=INK)
        if place == 0:
            axes.set_ylabel("share that was", fontsize=8.5, color=INK)
    axes = canvas.axes(8.35, 0.7, 2.4, 2.9)
    axes.axvspan(0.85, 0.95, color="#e9ecef", zorder=0)
    tables = [name for name in found["tables"] if np.isfinite(summary.coverage(found, name))]
    _dots(axes, tables, [OURS], lambda name, _: summary.coverage(found, name), limits=(0.75, 1.0))
    axes.axvline(0.9, color=QUIET, lw=1)
    axes.set_title("numbers within 90 % bands", fontsize=10, color=INK)
    axes.set_xlabel("share; wanted in grey", fontsize=8.5, color=INK)
    canvas.text(
        5.5, 0.25, "How sure the memory was, and how often right; beside each point, of how many cells", fontsize=10
    )
    return canvas.figure


def labels(found: Found) -> Any:
    """Accuracy in points above the best of three others, and R²."""
    canvas = Canvas(11.0, 4.6)
    scores = summary.means(found["lines"], "score", "table", "method")
    axes = canvas.axes(1.25, 0.8, 4.3, 3.1)
    rivals = [name for name in found["classifiers"] if name not in (OURS, "gradient boosting")]

    def above(name: str, method: str) -> float:
        return 100 * (scores[name, method] - max(scores[name, rival] for rival in rivals))

    if found["classes"]:
        _dots(axes, found["classes"], found["classifiers"], above, limits=(-8, 3))
    axes.axvline(0, color=QUIET, lw=1, zorder=1)
    axes.set_xlabel("accuracy, points above the best of knn, logistic, svc", fontsize=8.5, color=INK)
    axes = canvas.axes(6.65, 0.8, 4.1, 3.1)
    if found["numbers"]:
        _dots(axes, found["numbers"], found["regressors"], lambda name, method: scores[name, method], limits=(0.2, 1.0))
    axes.set_xlabel("R²", fontsize=8.5, color=INK)
    _legend(canvas, list(dict.fromkeys([*found["classifiers"], *found["regressors"]])))
    return canvas.figure


def outliers(found: Found) -> Any:
    """Area under the ROC curve by table."""
    canvas = Canvas(11.0, 4.2)
    areas = summary.means(found["lines"], "auroc", "protocol", "table", "method")
    for place, protocol in enumerate(found["protocols"]):
        axes = canvas.axes(1.25 + 4.95 * place, 0.9, 4.6, 2.6)
        _dots(axes, found["tables"], found["methods"], lambda t, m, p=protocol: areas[p, t, m], limits=(0.45, 1.0))
        axes.set_title(f"{protocol} training rows", fontsize=10, color=INK)
        axes.set_xlabel("area under the ROC curve", fontsize=8.5, color=INK)
        if place:
            axes.tick_params(labelleft=False)
    _legend(canvas, found["methods"])
    return canvas.figure


def ratings(found: Found) -> Any:
    """NDCG of ranking, RMSE of stars."""
    canvas = Canvas(10.0, 2.7)
    for place, (value, words) in enumerate(
        (("ndcg", "NDCG@10: more is better"), ("rmse", "RMSE of stars: less is better"))
    ):
        axes = canvas.axes(1.75 + 4.75 * place, 0.45, 2.7, 1.75 if value == "ndcg" else 0.75)
        _bars(axes, summary.means(found["lines"], value, "method"), words)
    return canvas.figure


def maps(found: Found) -> Any:
    """The right one of 300, by spaces."""
    canvas = Canvas(8.0, 3.4)
    right = summary.means(found["lines"], "found", "spaces", "method")
    axes = canvas.axes(1.65, 0.75, 6.0, 1.95)
    _dots(axes, found["spaces"], found["methods"], lambda s, m: right[s, m], limits=(0.0, 1.0))
    axes.set_xlabel("share of cues whose right one of 300 is nearest", fontsize=8.5, color=INK)
    _legend(canvas, found["methods"])
    return canvas.figure


def words(found: Found) -> Any:
    """Masked words told first, by way, with milliseconds and updates."""
    ways = found["words"]["ways"]
    canvas = Canvas(8.6, 0.34 * len(ways) + 1.2)
    axes = canvas.axes(2.45, 0.5, 4.0, 0.34 * len(ways))
    _bars(axes, {name: way["top-1"] for name, way in ways.items()}, "masked words told first",
          notes=[f"{way['ms']:.1f} ms, {way['updates']:.0f} updates" for way in ways.values()])  # fmt: skip
    return canvas.figure


FIGURES: dict[str, tuple[str, Callable[[Found], Any]]] = {
    "imputation": ("imputation", imputation), "reliability": ("imputation", reliability), "labels": ("labels", labels),
    "outliers": ("outliers", outliers), "ratings": ("ratings", ratings), "maps": ("maps", maps),
    "words": ("text", words),
}  # fmt: skip


# --- how things are drawn -------------------------------------------------------------------------------------------


def _dots(axes: Any, tables: Sequence[str], methods: Iterable[str], value: Callable[[str, str], float], *,
          limits: tuple[float, float]) -> None:  # fmt: skip
    """Draw one row a table, one mark a method, side by side; what lies beyond the limits stands at the edge, hollow."""
    _dress(axes)
    (low, high), methods = limits, list(methods)
    for method in sorted(methods, key=lambda name: name == OURS):
        colour, form = STYLES[method]
        beside = 0.5 * (methods.index(method) / (len(methods) - 1) - 0.5) if len(methods) > 1 else 0.0
        for row, name in enumerate(tables):
            x = value(name, method)
            inside = low <= x <= high
            size, above = (6.0, 4) if method == OURS else (5.0, 3)
            axes.plot(np.clip(x, low, high), row + beside, form, color=colour, ms=size, clip_on=False,
                      mfc=colour if inside else "white", mew=1.2, zorder=above)  # fmt: skip
    axes.set(xlim=limits, ylim=(len(tables) - 0.4, -0.6), yticks=range(len(tables)))
    axes.set_yticklabels([name.replace("_", " ") for name in tables], fontsize=8.5, color=INK)
    axes.grid(visible=False)
    for row in range(1, len(tables)):
        axes.axhline(row - 0.5, color="#e9ecef", lw=0.8, zorder=0)
    axes.tick_params(axis="y", length=0)


def _bars(axes: Any, values: Mapping[str, float], words: str, *, notes: Sequence[str] = ()) -> None:
    _dress(axes)
    names = list(values)
    for row, name in enumerate(names):
        ours = OURS in name
        axes.barh(row, values[name], 0.68, color=STYLES[OURS][0] if ours else "#adb5bd")
        note = f"{values[name]:.3f}" + (f"   {notes[row]}" if notes else "")
        axes.annotate(note, (values[name], row), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    axes.set(yticks=range(len(names)), ylim=(len(names) - 0.4, -0.6))
    axes.set_yticklabels(names, fontsize=8.5, color=INK)
    axes.set_title(words, fontsize=10, color=INK, loc="left")
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)


def _dress(axes: Any) -> None:
    axes.tick_params(colors=INK, labelsize=8)
    axes.grid(color="#e9ecef", lw=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(QUIET)


def _legend(canvas: Canvas, methods: Sequence[str]) -> None:
    axes = canvas.figure.axes[0]
    handles = [axes.plot([], [], STYLES[name][1], color=STYLES[name][0], ms=6, mew=1.2)[0] for name in methods]
    canvas.figure.legend(handles, methods, loc="upper center", ncols=len(methods), frameon=False, fontsize=9,
                         handletextpad=0.2, columnspacing=1.4,
                         bbox_to_anchor=(0.53, 1 - 0.06 / canvas.height))  # fmt: skip


def _told(how: str) -> str:
    return (
        "blocks: half the columns of 40 % of rows"
        if how == "blocks"
        else f"{100 * float(how.split()[1]):.0f} % of cells"
    )


def _thousands(count: float) -> str:
    return f"{count / 1000:.0f}k" if count >= 1000 else f"{count:.0f}"
