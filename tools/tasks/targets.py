"""What must be reached, and what was: computed of what the parts found, never typed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tools.tasks import summary
from tools.tasks.summary import Found

OURS = "memory"
JUDGES_OF_LABELS = ("knn tuned", "logistic", "svc")


class Verdict(NamedTuple):
    """One target: of what part, what must be, what was measured, and whether that is enough."""

    part: str
    what: str
    must: str
    measured: str
    reached: bool


def verdicts(found: Mapping[str, Found]) -> list[Verdict]:
    """Return the verdicts of all parts that were measured."""
    return [Verdict(name, *one) for name, judge in JUDGES.items() if name in found for one in judge(found[name])]


Judged = Iterator[tuple[str, str, str, bool]]


def imputation(found: Found) -> Judged:
    """Judge holes, new rows, confidence."""
    errors = summary.mean_of_means(found["filled"], "error", of=("how", "table"))
    share = errors[OURS] / errors["knn tuned"]
    yield "error of numbers ÷ tuned KNNImputer's", "≤ .93", f"{share:.3f}", share <= 0.93
    right = summary.mean_of_means(found["filled"], "right", of=("how", "table"))
    yield (
        "options right, against tuned KNNImputer",
        "≥ it",
        _two(right, "knn tuned", 3),
        right[OURS] >= right["knn tuned"],
    )
    ranks = summary.ranks(summary.fair(found), "error", ("how", "table"))
    first = summary.best(ranks, higher=False)
    rival = summary.best(ranks, higher=False, among=[name for name in ranks if name != OURS])
    yield (
        "mean rank of its errors, and the next",
        "the best",
        f"{ranks[OURS]:.2f}, {rival} {ranks[rival]:.2f}",
        first == OURS,
    )
    new = summary.mean_of_means(found["new"], "error", of=("how", "table"))
    yield "new rows: error, against tuned KNNImputer", "≤ it", _two(new, "knn tuned", 3), new[OURS] <= new["knn tuned"]
    off = summary.mean_known(summary.calibration_error(found, "options", name) for name in found["tables"])
    yield "expected calibration error of options, mean of tables", "≤ .08", f"{off:.3f}", off <= 0.08
    share = summary.mean_known(summary.coverage(found, name) for name in found["tables"])
    yield "numbers within 90 % bands, mean of tables", "85–95 %", f"{100 * share:.1f} %", 0.85 <= share <= 0.95


def labels(found: Found) -> Judged:
    """Judge accuracy and R²."""
    some = [line for line in found["lines"] if line["table"] in found["classes"]]
    if some:
        right = summary.mean_of_means(some, "score", of=("table",))
        rival = summary.best(right, higher=True, among=JUDGES_OF_LABELS)
        yield (
            "mean accuracy, against the best of k-NN, logistic, SVC", "≥ it − .005", _two(right, rival, 4),
            right[OURS] >= right[rival] - 0.005,
        )  # fmt: skip
    for name in found["numbers"]:
        score = summary.means([line for line in found["lines"] if line["table"] == name], "score", "method")
        yield (
            f"R² of {name}, against tuned k-NN",
            "≥ it",
            _two(score, "knn tuned", 3),
            score[OURS] >= score["knn tuned"],
        )


def outliers(found: Found) -> Judged:
    """Judge the area under the ROC curve."""
    for protocol in found["protocols"]:
        area = summary.mean_of_means(
            [line for line in found["lines"] if line["protocol"] == protocol], "auroc", of=("table",)
        )
        yield (
            f"{protocol}: mean AUROC, against LOF(20)",
            "≥ it + .02",
            _two(area, "lof 20", 3),
            area[OURS] >= area["lof 20"] + 0.02,
        )


def ratings(found: Found) -> Judged:
    """Judge ranking and stars."""
    gain, error = (summary.means(found["lines"], value, "method") for value in ("ndcg", "rmse"))
    ours = gain["projection memory"]
    for rival, least, words in (("item-knn", 1.25, "≥ 1.25"), ("truncated svd", 0.99, "≥ .99")):
        yield f"NDCG@10 ÷ that of {rival}", words, f"{ours / gain[rival]:.3f}", ours >= least * gain[rival]
    share = error["memory of films"] / error["user + item bias"]
    yield "RMSE of stars ÷ that of user + item bias", "≤ .98", f"{share:.3f}", share <= 0.98


def text(found: Found) -> Judged:
    """Judge sentences and masked words."""
    for damage, least in (("typos 30 %", 0.99), ("typos 40 %", 0.97)):
        right = found["sentences"]["damage"][damage]["right"]
        yield f"sentences back, {damage}", f"≥ {100 * least:.0f} %", f"{100 * right:.1f} %", right >= least
    line = found["sentences"]["damage"]["typos 30 %"]
    share, ms = line["answered where 1 % are false"], line["ms, one alone (median)"]
    yield "answered, at 1 % false answers, typos 30 %", "≥ 95 %", f"{100 * share:.1f} %", share >= 0.95
    yield "ms a question", "≤ 5", f"{ms:.1f}", ms <= 5
    first = {name: way["top-1"] for name, way in found["words"]["ways"].items()}
    ours, rival = first["memory and left × right"], first["left × right 5-grams"]
    yield "masked words: top-1, against left × right 5-grams", "≥ it", f"{ours:.3f}, {rival:.3f}", ours >= rival


def maps(found: Found) -> Judged:
    """Judge maps."""
    right = summary.mean_of_means(found["lines"], "found", of=("spaces",))
    yield (
        "the right one of 300, mean of all spaces, against ridge",
        "≥ it",
        _two(right, "ridge", 3),
        right[OURS] >= right["ridge"],
    )


def sizes(found: Found) -> Judged:
    """Judge a large table."""
    mean, local = found["methods"]["memory, mean"], found["methods"]["memory, local linear"]
    yield "seconds, mean", "≤ 3", f"{mean['seconds']:.1f}", mean["seconds"] <= 3
    yield "seconds, local linear", "≤ 8", f"{local['seconds']:.1f}", local["seconds"] <= 8
    extra = max(mean["extra"], local["extra"])
    yield "extra memory, in tables", "≤ 2", f"{extra:.1f}", extra <= 2


def spreadsheets(found: Found) -> Judged:
    """Judge real files."""
    count, fine = found["tables"], found["accepted"]
    yield f"{count} real CSVs accepted and completed", "all", f"{fine}", fine == count
    faults = len(found["faults"])
    yield "columns that come back with another type or other decimals", "none", f"{faults}", faults == 0


JUDGES: dict[str, Callable[[Found], Any]] = {
    "imputation": imputation, "labels": labels, "outliers": outliers, "ratings": ratings, "text": text, "maps": maps,
    "sizes": sizes, "spreadsheets": spreadsheets,
}  # fmt: skip


def _two(values: Mapping[str, float], rival: str, digits: int) -> str:
    return f"{values[OURS]:.{digits}f}, {rival} {values[rival]:.{digits}f}"
