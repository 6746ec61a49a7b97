"""The page's parts of tables: holes and how sure, labels, outliers."""

from collections.abc import Iterator, Mapping, Sequence

from tools.tasks import summary
from tools.tasks.markdown import OURS, grid, lost, number, seconds, table, winner
from tools.tasks.summary import Found

HOW = {"cells 0.2": "20 % of cells", "cells 0.4": "40 % of cells", "blocks": "blocks"}
WHY_HOLES = {
    "chained ridge": "where one line through all rows holds, what is local only adds variance",
    "chained trees": "a tree picks the columns that say something of the missing one, a distance counts them all",
    "knn tuned": "where a few nearest rows say all, a line through them adds noise",
    "mean/mode": "where the columns say nothing of one another, all that is learned is noise",
}
WHY_LABELS = {
    "logistic": "where one plane parts the classes, all rows together draw it better than those that are near",
    "svc": "its margin is fitted to the labels, and rows far from it count for nothing",
    "knn tuned": "where a few nearest rows say all, a line through them adds noise",
    "gradient boosting": "thresholds on single columns leave out columns that say nothing; a distance counts them all",
    "ridge": "where one line serves all rows, local lines only add variance",
    "svr": "its width is searched in cross-validation, beside its margin",
}
WHY_OUTLIERS = {
    "lof 20": "it compares a row's density with that of its neighbours, where one β serves all of a memory",
    "knn 5": "five neighbours are five everywhere, where one β sums over many rows, and blurs, if columns are many",
    "isolation forest": "it cuts column by column, and so is not led astray by columns that say nothing",
    "one-class svm": "it draws one smooth border around everything, and its width is that of all rows",
}


def imputation(found: Found) -> Iterator[str]:
    """Tell what fills holes, how sure the memory is, and what new rows give."""
    yield (
        f"{len(found['tables'])} tables (1000 rows at most) lose a part of their cells, by {found['seeds']} seeds, "
        "and fill themselves; *blocks* are half the columns of 40 % of the rows. Errors are root mean squares in "
        "standard deviations of each column. A tuned KNNImputer chooses k and weights by hiding known cells, as the "
        f"memory chooses; ridge and trees are chained, one target a variable, the trees by {found['tree_seeds']} "
        "seeds. Ranks are over all tables and ways to hide, by the seeds that all have.\n\n"
    )
    errors, right = (summary.mean_of_means(found["filled"], value, of=("how", "table")) for value in ("error", "right"))
    each = summary.means(found["filled"], "error", "table", "method")
    yield f"{winner(errors, higher=False)}; of options, {_lower(winner(right, higher=True))}. "
    yield lost(each, found["tables"], found["methods"], higher=False, by=0.01)
    yield _why(each, found["tables"], found["methods"], WHY_HOLES, 0.01, higher=False) + "\n\n"
    yield from _holes(found)
    yield "![Every method by table](tasks-imputation.png)\n\nHollow marks lie beyond the edge. What always says the "
    yield "commonest option is left out below.\n\n### How sure\n\n"
    yield from _sure(found)
    yield "![Confidence told, and share that was right](tasks-reliability.png)\n\n### New rows\n\n"
    new = summary.means(found["new"], "error", "how", "method")
    options = summary.means(found["new"], "right", "how", "method")
    yield f"30 % of rows are new, and filled from the others, which lack nothing, by {found['new_seeds']} seeds. "
    yield f"{winner(summary.mean_of_means(found['new'], 'error', of=('how', 'table')), higher=False)}.\n\n"
    yield "Error of numbers:\n\n" + grid(_named(new), list(HOW.values()), found["held_out"], higher=False)
    yield "Options right:\n\n" + grid(_named(options), list(HOW.values()), found["held_out"], higher=True)


def _holes(found: Found) -> Iterator[str]:
    some, methods = summary.fair(found), found["methods"]
    for value, words, higher in (("error", "Error of numbers", False), ("right", "Options right", True)):
        for how, told in HOW.items():
            lines = [line for line in found["filled"] if line["how"] == how]
            each = summary.means(lines, value, "table", "method")
            tables = [name for name in found["tables"] if (name, OURS) in each]
            ranked = summary.ranks([line for line in some if line["how"] == how], value, ("table",), higher=higher)
            more = {"mean": summary.mean_of_means(lines, value, of=("table",)), "mean rank": ranked}
            yield f"{words}, {told}:\n\n" + grid(each, tables, methods, higher=higher, more=more)
    spent = summary.mean_of_means(found["filled"], "seconds", of=("how", "table"))
    yield "Seconds of one thread to choose and to fill, mean of all tables: "
    yield ", ".join(f"{name} {seconds(spent[name])}" for name in methods) + ".\n\n"


def _sure(found: Found) -> Iterator[str]:
    yield (
        "The confidence of an option is the chance that it is right, that of a number the chance that it lies within "
        "half a standard deviation; of each, the expected calibration error (ten bins, all seeds and ways to hide "
        "together). Bands of ± 1.645 spreads should hold 90 % of the numbers.\n\n"
    )
    columns = {
        name: [
            *(summary.calibration_error(found, kind, name) for kind in ("options", "numbers")),
            100 * summary.coverage(found, name),
        ]
        for name in found["tables"]
    }
    columns["*mean*"] = [summary.mean_known(column) for column in zip(*columns.values(), strict=True)]
    lines = [[name.replace("_", " "), *map(number, some, (3, 3, 1))] for name, some in columns.items()]
    yield table(["", "calibration error, options", "numbers", "% within 90 % bands"], lines)


def labels(found: Found) -> Iterator[str]:
    """Tell labels and numbers of rows."""
    yield (
        f"A row's label, or a number, is hidden as any other cell. {found['folds']} folds, all features standardised; "
        "the others are tuned inside of the training folds, `AssociativeClassifier` and `AssociativeRegressor` are "
        "as they are. Gradient boosting is there for reference.\n\n"
    )
    each = summary.means(found["lines"], "score", "table", "method")
    for rows, methods, words in (
        (found["classes"], found["classifiers"], "Accuracy"),
        (found["numbers"], found["regressors"], "R²"),
    ):
        if not rows:
            continue
        lines = [line for line in found["lines"] if line["table"] in rows]
        mean = summary.mean_of_means(lines, "score", of=("table",))
        yield f"{winner(mean, higher=True)}. {lost(each, rows, methods, higher=True, by=0.005)}"
        yield _why(each, rows, methods, WHY_LABELS, 0.005) + "\n\n"
        yield f"{words}:\n\n" + grid(each, rows, methods, higher=True, more={"mean": mean})
        spent = summary.mean_of_means(lines, "seconds", of=("table",))
        yield "Seconds of one thread to choose and to fit: "
        yield ", ".join(f"{name} {seconds(spent[name])}" for name in methods) + ".\n\n"
    yield "![Accuracy against the best of three, and R²](tasks-labels.png)\n\n"


def outliers(found: Found) -> Iterator[str]:
    """Tell rows that do not fit."""
    yield (
        "Each class of a table in turn is odd (of more than ten classes, ten), all others are usual. Learned are 70 "
        "% of the usual rows, alone, or with odd ones among them, a twentieth; told apart are the rest. Area under the "
        f"ROC curve; {found['seeds']} seeds.\n\n"
    )
    for protocol in found["protocols"]:
        lines = [line for line in found["lines"] if line["protocol"] == protocol]
        each, mean = (
            summary.means(lines, "auroc", "table", "method"),
            summary.mean_of_means(lines, "auroc", of=("table",)),
        )
        yield f"{protocol.capitalize()}: {_lower(winner(mean, higher=True))}. "
        yield lost(each, found["tables"], found["methods"], higher=True, by=0.01)
        yield _why(each, found["tables"], found["methods"], WHY_OUTLIERS, 0.01) + "\n\n"
        more = {"mean": mean, "mean rank": summary.ranks(lines, "auroc", ("table",), higher=True)}
        yield grid(each, found["tables"], found["methods"], higher=True, more=more)
    spent = summary.means(found["lines"], "seconds", "method")
    yield "Seconds of one thread, of a fit and its scores: "
    yield ", ".join(f"{name} {seconds(spent[name])}" for name in found["methods"]) + ".\n\n"
    yield "![Area under the ROC curve by table](tasks-outliers.png)\n\n"


def _named(values: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    return {(HOW[how], method): value for (how, method), value in values.items()}


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _why(each: Mapping[tuple[str, str], float], rows: Sequence[str], methods: Sequence[str], why: Mapping[str, str],
         by: float, *, higher: bool = True) -> str:  # fmt: skip
    """Say what probably makes the difference, of each that is better somewhere."""
    ahead = []
    for name in rows:
        some = {method: each[name, method] for method in methods if (name, method) in each}
        first = summary.best(some, higher=higher)
        ahead += [first] if (some[first] - some[OURS]) * (1 if higher else -1) >= by else []
    told = [f"{name}: {why[name]}" for name in dict.fromkeys(ahead) if name in why]
    return f" Why, as far as we see: {'; '.join(told)}." if told else ""
