"""The figures of docs/performance.md: times on log axes, shares of the machine's limit, and peak memory."""

from pathlib import Path
from typing import Any

from benchmarks.cases.scaling import ABOVE, HELD, PEAK, UPDATE
from benchmarks.growth import limit, lines, ours
from benchmarks.machine import READ, SGEMM
from benchmarks.results import Results
from mnemonist.plotting.canvas import INK, PALE, QUIET, Canvas

_COLOURS = {"softmax, 1 cue": "#4dabf7", "softmax": "#1864ab", "dense": "#e8590c", "weight": "#2b8a3e"}
_WORDS = {"K": "memories K", "N": "neurons N", "B": "cues B"}
_FIXED = {
    "K": "softmax: N = 256; dense: N = 1024",
    "N": "softmax: K = 16 384; dense: K = 1024",
    "B": "softmax: K = 65 536, N = 256; others: 1024",
}


def draw(results: Results, folder: Path) -> None:
    """Write time.png and limits.png into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _times(results).savefig(folder / "performance-time.png")
    _limits(results).savefig(folder / "performance-limits.png")


def _times(results: Results) -> Any:
    """Draw the time of an update against K, N and B, and the machine's limit of softmax."""
    canvas = Canvas(11.0, 4.3)
    for place, letter in enumerate("KNB"):
        axes = canvas.axes(0.7 + 3.4 * place, 0.5, 3.1, 3.05)
        _dress(axes, f"{_WORDS[letter]}\n{_FIXED[letter]}")
        for line in lines(results, letter):
            colour = next(c for name, c in _COLOURS.items() if line.regime.startswith(name))
            axes.plot(line.sizes, line.seconds, "o-", color=colour, ms=3.5, lw=1.6, label=line.regime)
            if line.regime.startswith("softmax"):
                axes.plot(line.sizes, [limit(row) for row in line.rows], ":", color=colour, lw=1.4)
        axes.set_ylim(1e-5, 3)
        if place:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel("seconds", color=INK, fontsize=9)
    handles = {
        name: h for axes in canvas.figure.axes for h, name in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    handles.pop("softmax")
    handles["the machine's limit"] = canvas.figure.axes[0].plot([], [], ":", color=_COLOURS["softmax"], lw=1.4)[0]
    canvas.figure.legend(handles.values(), handles, loc="upper center", ncols=len(handles), frameon=False, fontsize=9)
    return canvas.figure


def _limits(results: Results) -> Any:
    """Draw how near softmax updates come to the machine's limits, and what memory a recall takes."""
    canvas = Canvas(11.0, 4.0)
    shares = canvas.axes(0.7, 0.4, 4.4, 2.9)
    rows = results.of(UPDATE, K=65_536, N=256)
    _dress(shares, "cues B")
    shares.set_title("share of the machine, softmax, K = 65 536, N = 256", fontsize=9, color=INK)
    for name, words, colour in ((READ, "memory read", "#4dabf7"), (SGEMM, "sgemm", "#1864ab")):
        shares.plot(
            [r.B for r in rows], [r.seconds[name].least / ours(r) for r in rows], "o-", color=colour, label=words
        )
    shares.set(yscale="linear", ylim=(0, 1.1))
    shares.axhline(1, color=PALE, lw=1, zorder=0)
    shares.legend(frameon=False, fontsize=9)
    memory = canvas.axes(6.2, 0.4, 4.4, 2.9)
    _dress(memory, "memories K")
    memory.set_title("MiB, softmax, N = 128", fontsize=9, color=INK)
    few, many = results.of(PEAK, B=1), results.of(PEAK, B=256)
    memory.plot([r.K for r in few], [r.numbers[HELD] for r in few], "o-", color=QUIET, label="the patterns")
    memory.plot(
        [r.K for r in many], [r.K * r.B * 4 / 2**20 for r in many], "--", color=QUIET, label="all scores of 256 cues"
    )
    for rows, words, colour in ((few, "a recall of 1 cue, above", "#4dabf7"), (many, "of 256 cues, above", "#1864ab")):
        memory.plot([r.K for r in rows], [max(r.numbers[ABOVE], 0.1) for r in rows], "o-", color=colour, label=words)
    memory.set_ylim(0.1, 1e4)
    memory.legend(frameon=False, fontsize=9, loc="upper left")
    return canvas.figure


def _dress(axes: Any, words: str) -> None:
    axes.set(xscale="log", yscale="log")
    axes.set_xlabel(words, color=INK, fontsize=9)
    axes.tick_params(colors=INK, labelsize=8, which="both")
    axes.grid(color=PALE, lw=0.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(QUIET)
