"""Answer a list of recalls, and write down all they say: `python -m answers cold|warm FILE`.

The file is a pickle of where mnemonist lies and of {name: {what: (type, array)}}. What an answer says is read in an
order that is drawn for each.
"""

import pickle
import sys
import tempfile
from pathlib import Path
from random import Random

import mnemonist as mn
from answers.questions import Question, questions
from answers.reading import Told, reads_of, told


def answered(name: str, ask: Question) -> dict[str, Told]:
    """Return all that the answer to a question says."""
    answer = None

    def asked() -> None:
        nonlocal answer
        answer = ask()

    refusal = told(asked)
    if answer is None:
        return {"answer": refusal}
    reads = reads_of(answer)
    return {what: told(reads[what]) for what in Random(name).sample(sorted(reads), len(reads))}


def main() -> None:
    """Answer everything."""
    mode, path = sys.argv[1:]
    found: dict[str, dict[str, Told]] = {}
    with tempfile.TemporaryDirectory() as tempfile.tempdir:  # where files of patterns go
        for name, ask in questions(mode):
            assert name not in found, name
            found[name] = answered(name, ask)
    part = Path(f"{path}.part")
    part.write_bytes(pickle.dumps((mn.__file__, found)))
    part.replace(path)


if __name__ == "__main__":
    main()
