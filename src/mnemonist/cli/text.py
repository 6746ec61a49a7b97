"""`mnemonist text`: sentences back from damaged cues, words in gaps, and what is near in meaning."""

import json as documents
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mnemonist.cli.phrasing import percent
from mnemonist.cli.progress import patience
from mnemonist.cli.report import printable
from mnemonist.data.sentence_file import Sentences, read_text
from mnemonist.errors import InvalidArgument
from mnemonist.tasks.text import TextMemory
from mnemonist.tasks.words import with_gaps

CORPUS = typer.Argument(
    metavar="CORPUS",
    readable=False,
    show_default=False,
    help="What to remember: a text file, a sentence a line or in paragraphs, gzipped or not; - is standard input.",
)
CUE = typer.Argument(
    metavar="CUE",
    show_default=False,
    help="A sentence with typos, or a part of one; or one with [cyan]\\[MASK][/cyan] in place of words.",
)
MANY = typer.Option(
    "--n", "-n", metavar="N", min=1, show_default="5 words, 2 sentences", help="The most answers to show."
)
MEANING = typer.Option("--meaning", help="Find what is near in meaning, by wordllama, rather than in letters.")
JSON = typer.Option("--json", help="Print one JSON document instead of a table.")
WORDS, SENTENCES = 5, 2  # shown unless told otherwise: a sentence and its runner-up
_DOUBT = 0.5  # certainty, or share of a word, below which an answer is called a guess


@dataclass(frozen=True)
class Answers:
    """What was asked ("find", "fill" or "similar"), and of each gap, or once, the answers: rows of a table."""

    asked: str
    rows: tuple[tuple[dict[str, Any], ...], ...]

    @property
    def known(self) -> bool:
        """Whether there is any answer."""
        return any(self.rows)


def text(
    corpus: Annotated[str, CORPUS],
    cue: Annotated[str, CUE],
    n: Annotated[int | None, MANY] = None,
    meaning: Annotated[bool, MEANING] = False,
    json: Annotated[bool, JSON] = False,
) -> None:
    """Find the sentence of CORPUS that CUE was damaged from, or the words that may stand where it says \\[MASK].

    How sure is what such answers were worth on sentences of CORPUS that were damaged on purpose; where nothing known
    fits it says so: of a hundred cues that have no answer, one gets one. Words in place of \\[MASK] have their shares
    of the evidence.

    [bold]Examples[/bold]

    mnemonist text proverbs.txt "a roling stome gathers no mos"

    mnemonist text proverbs.txt "the early bird catches the \\[MASK]"

    mnemonist text proverbs.txt "haste is costly" --meaning
    """
    if meaning and None in with_gaps(cue):
        raise InvalidArgument("text: --meaning and [MASK] exclude each other; both were given. Leave one out.")
    if not any(map(str.isalnum, cue)):
        raise InvalidArgument("text: CUE must hold letters; it holds none. Write some words.")
    with patience() as progress:
        progress.add_task("Reading", total=None)
        held = read_text(corpus)
        progress.add_task("Remembering", total=None)
        answers = _asked(TextMemory(held.sentences), held, cue, n, meaning)
    if json:
        typer.echo(_document(answers, corpus, cue, held))
        return
    _show(Console(), answers, held)


def _asked(memory: TextMemory, held: Sentences, cue: str, n: int | None, meaning: bool) -> Answers:
    """Return what the memory answers."""
    gaps = with_gaps(cue).count(None)
    if gaps:
        each = (memory.fill(cue, n or WORDS, mask=mask) for mask in range(gaps))
        return Answers("fill", tuple(tuple({"word": word, "share": share} for word, share in one) for one in each))
    found = (memory.similar if meaning else memory.find)(cue, n or SENTENCES)
    rows = ({"sentence": one.sentence, "line": held.lines[one.id], "certainty": one.certainty} for one in found)
    return Answers("similar" if meaning else "find", (tuple(rows),))


def _document(answers: Answers, corpus: str, cue: str, held: Sentences) -> str:
    """Return everything as one JSON document."""
    content = {
        "corpus": corpus,
        "sentences": len(held.sentences),
        "cut": "lines" if held.whole_lines else "sentences",
        "cue": cue,
        "asked": answers.asked,
        "known": answers.known,
        "answers": [list(rows) for rows in answers.rows],
    }
    return documents.dumps(content, indent=2, allow_nan=False, ensure_ascii=False)


def _show(console: Console, answers: Answers, held: Sentences) -> None:
    """Print a table for each gap, or one, and a closing sentence for each; then what CORPUS was taken for."""
    for number, rows in enumerate(answers.rows, start=1):
        if rows:
            console.print(_table(rows))
        head = f"[MASK] {number}: " if len(answers.rows) > 1 else ""
        console.print(Text(head + " ".join(_said(answers.asked, rows)), style="" if rows else "yellow"), soft_wrap=True)
    count, unit = len(held.sentences), "line" if held.whole_lines else "sentence"
    console.print(Text(f"{count} {unit}{'' if count == 1 else 's'} of the corpus were remembered.", style="dim"))


def _table(rows: tuple[dict[str, Any], ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, justify="left" if name in ("word", "sentence") else "right")
    for row in rows:
        table.add_row(*(f"{v:.3f}" if isinstance(v, float) else Text(printable(str(v))) for v in row.values()))
    return table


def _said(asked: str, rows: tuple[dict[str, Any], ...]) -> Iterator[str]:
    """Say how sure the first answer is, and what the runner-up has; or that nothing is known."""
    if not rows:
        yield {
            "find": "Nothing I know: no sentence is near enough to be told from chance.",
            "fill": "Nothing I know: no word beside the gap is in the corpus.",
            "similar": "Nothing I know is like it in meaning.",
        }[asked]
        return
    measure = {"find": "certainty", "fill": "share", "similar": "certainty"}[asked]
    first, *rest = (float(row[measure]) for row in rows)
    sure = {"find": "sure", "fill": "of the evidence", "similar": "of the sentences are no nearer to any other"}[asked]
    yield f"{percent(first)} {sure}" + (f", the runner-up {percent(rest[0])}." if rest else ".")
    if first < _DOUBT:
        yield "That is a guess."
