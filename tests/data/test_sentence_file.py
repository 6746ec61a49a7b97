"""Text files give the sentences in them, whatever their encoding, and say what is no text."""

import gzip
import textwrap

import pytest

from mnemonist.data.sentence_file import read_text, sentences_in
from mnemonist.errors import UnreadableFile


def test_a_line_is_a_sentence() -> None:
    found = sentences_in(b"One thing.\n\n  Another thing \r\n---\nLast", "x")
    assert found.sentences == ("One thing.", "Another thing", "Last")
    assert found.lines == (1, 3, 5)
    assert found.whole_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_encodings_are_told_from_the_bytes(encoding) -> None:
    assert sentences_in("Où est l'été ?\nÀ la mer".encode(encoding), "x").sentences == ("Où est l'été ?", "À la mer")


def test_lines_broken_by_width_are_put_together() -> None:
    sentences = ("It was late.", '"Who is there?" he asked, and nobody said a word in that dark and empty house.')
    text = "\n\n".join(textwrap.fill(" ".join(sentences * 3), 44) for _ in range(2)) + "\n\nThen it was still."
    found = sentences_in(text.encode(), "x")
    assert found.sentences == (*sentences * 6, "Then it was still.")
    assert found.lines[:3] == (1, 1, 3)
    assert found.lines[-1] == text.count("\n") + 1
    assert not found.whole_lines


def test_short_lines_in_small_letters_stay_lines() -> None:
    found = sentences_in(b"the cat sat\nthe dog ran off\na bird\nthe end" * 5, "x")
    assert found.whole_lines


def test_a_gzip_file_is_read_and_one_cut_short_is_refused(tmp_path) -> None:
    whole = gzip.compress(b"one sentence\nand another\n" * 50)
    (tmp_path / "a.gz").write_bytes(whole)
    assert read_text(tmp_path / "a.gz").sentences[0] == "one sentence"
    with pytest.raises(UnreadableFile, match="gzip cannot unpack it"):
        sentences_in(whole[:40], "a.gz")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no words"),
        (b" \n--\n\n", "no words"),
        (b"a\x00b\x01", "no text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no text"),
    ],
)
def test_what_holds_no_sentence_is_refused(content, says) -> None:
    with pytest.raises(UnreadableFile, match=says):
        sentences_in(content, "name")
