"""A memory of sentences finds, fills, names, and says where it knows nothing."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mnemonist.errors import EmptyMemory, InvalidArgument, InvalidType, MissingExtra, UnknownId
from mnemonist.tasks import TextMemory
from mnemonist.tasks.sentences import plain_form
from mnemonist.tasks.typos import cut, typos, without_words

PROVERBS = (Path(__file__).parents[2] / "examples/data/proverbs.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def memory() -> TextMemory:
    return TextMemory(PROVERBS[:300])


def share_found(memory: TextMemory, damage, count: int = 120) -> float:
    """Return how many damaged sentences come back; what is not answered counts as lost."""
    rng = np.random.default_rng(3)
    asked = rng.integers(300, size=count)
    found = [memory.find(damage(PROVERBS[i], rng)) for i in asked]
    return float(np.mean([bool(one) and one[0].id == i for one, i in zip(found, asked, strict=True)]))


def test_one_letter_inserted_or_left_out_loses_no_sentence(memory) -> None:
    for at in range(0, 300, 7):
        text, place = PROVERBS[at], at % len(PROVERBS[at])
        for cue in (text[:place] + "x" + text[place:], text[:place] + text[place + 1 :]):
            assert memory.find(cue)[0].id == at


@pytest.mark.parametrize(("share", "least"), [(0.3, 0.95), (0.4, 0.9)])
def test_sentences_come_back_from_typos(memory, share, least) -> None:
    assert share_found(memory, lambda text, rng: typos(plain_form(text), share, rng)) >= least


def test_a_stored_sentence_given_whole_is_certain(memory) -> None:
    for at in range(0, 300, 11):
        found = memory.find(PROVERBS[at].upper())[0]
        assert (found.sentence.casefold(), found.certainty) == (PROVERBS[at].casefold(), 1)
    letters = TextMemory("abcdefghij"[:5].split() + list("xyz"))
    assert [letters.find(one)[0].id for one in ("abcde", "x", "y", "z")] == [0, 1, 2, 3]


def test_long_texts_take_no_longer_than_short_ones() -> None:
    memory = TextMemory([f"word{i} and more " * 80 for i in range(3)], compare="edit")
    assert memory.find("word2 and more word2 and more")[0].id == 2


def test_half_a_sentence_and_half_of_its_words_are_enough(memory) -> None:
    assert share_found(memory, lambda text, rng: cut(text, 0.5, rng)) >= 0.9
    assert share_found(memory, lambda text, rng: without_words(text, 0.3, rng)) >= 0.8


def test_what_was_never_stored_is_seldom_answered(memory) -> None:
    rng = np.random.default_rng(4)
    others = [typos(plain_form(text), share, rng) for text in PROVERBS[300:] for share in (0.0, 0.2)]
    assert np.mean([bool(memory.find(cue)) for cue in others]) <= 0.04  # six of 150; one in a hundred is promised
    assert memory.find("colourless green ideas sleep furiously") == []
    assert memory.find("qwx zzv kkjh") == []
    assert memory.find("") == memory.find(" \t") == memory.find("[MASK]") == []


def test_certainties_are_what_answers_are_worth(memory) -> None:
    rng = np.random.default_rng(5)
    found = [(memory.find(typos(PROVERBS[i], 0.35, rng), n=3), i) for i in rng.integers(300, size=100)]
    told = [(one[0].certainty, one[0].id == i) for one, i in found if one]
    assert abs(np.mean([c for c, _ in told]) - np.mean([right for _, right in told])) < 0.1
    assert all(0 <= one[1].certainty <= one[0].certainty <= 1 for one, _ in found if len(one) > 1)


def test_case_blanks_and_compatible_letters_make_no_difference() -> None:
    memory = TextMemory(["Straße und Fluß", "ﬁne weather", "ΑΒΓ δεζ", "日本語の文です", "emoji 🙂 here"])
    for cue, id in (("STRASSE UND FLUSS", 0), ("fine   WEATHER", 1), ("αβγ ΔΕΖ", 2), ("日本語の文です", 3)):
        assert memory.find(cue)[0].id == id
    assert memory.find("EMOJI 🙂 HERE")[0].sentence == "emoji 🙂 here"


def test_equal_sentences_are_told_by_the_smallest_id() -> None:
    memory = TextMemory(["A rose is a rose.", "Something else entirely", "a rose IS a rose."])
    assert memory.find("a rose is a rose")[0].id == 0
    assert memory.copies(2) == [0, 2]
    memory.forget(0)
    assert memory.find("a rose is a rose")[0].id == 2
    with pytest.raises(UnknownId):
        memory.copies(0)


def test_sentences_are_added_later_and_forgotten() -> None:
    memory = TextMemory()
    assert len(memory) == 0
    with pytest.raises(EmptyMemory, match="Call add first"):
        memory.find("hello")
    assert memory.add(PROVERBS[:30]).tolist() == list(range(30))
    assert memory.add(["The brook babbles over the pebbles at noon."]).tolist() == [30]
    assert memory.find("the brok babbles ovr pebbles at non")[0].id == 30
    memory.forget([30, 3])
    assert memory.find("the brok babbles ovr pebbles at non") == []
    assert len(memory) == 29
    assert memory.add(["x y z"]).tolist() == [31]  # ids are never given twice
    assert memory.ids.tolist() == [i for i in range(32) if i not in (3, 30)]
    with pytest.raises(UnknownId, match="30"):
        memory.forget([0, 30])
    assert len(memory) == 30


def test_a_memory_of_one_sentence_answers_it_and_no_other() -> None:
    memory = TextMemory(["A journey of a thousand miles begins with a single step."])
    assert memory.find("a jurney of a thosand miles begins")[0].id == 0
    assert memory.find("the price of tea in china") == []


def test_gaps_are_filled_with_words_as_they_are_written(memory) -> None:
    word, share = memory.fill("The [MASK] of the LORD is strength to the upright")[0]
    assert word in ("way", "fear")
    assert share > 0.4
    assert memory.fill("a false balance is abomination to the [MASK]", n=1)[0][0] == "LORD"
    shares = [share for _, share in memory.fill("the [MASK] of the wicked", n=10_000)]
    assert shares == sorted(shares, reverse=True)
    assert np.isclose(sum(shares), 1)


def test_each_of_several_gaps_is_asked_by_its_number(memory) -> None:
    cue = "A false [MASK] is abomination to the [MASK]: but a just weight is his delight."
    assert [memory.fill(cue, n=1, mask=mask)[0][0] for mask in (0, 1)] == ["balance", "LORD"]
    with pytest.raises(InvalidArgument, match="mask must be a whole number >= 0 and <= 1; got 2"):
        memory.fill(cue, mask=2)


def test_a_gap_among_unknown_words_is_not_filled(memory) -> None:
    assert memory.fill("[MASK]") == memory.fill("xqz [MASK] zzv") == []
    with pytest.raises(InvalidArgument, match=r"must hold \[MASK\]"):
        memory.fill("no gap at all")


def of_letters(texts: list[str]) -> np.ndarray:
    """Return an embedding: which letters a text has."""
    return np.array([[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts], float)


def test_any_embedding_tells_what_is_near_in_meaning() -> None:
    memory = TextMemory(PROVERBS[:200], embed=of_letters)
    found = memory.similar(PROVERBS[8][::-1], n=2)
    assert found[0].id == 8
    assert found[0].certainty >= found[1].certainty
    assert memory.similar("zzzz xxxx jjjj qqqq") == memory.similar("") == []


def test_meaning_is_wordllamas_unless_told_otherwise() -> None:
    memory = TextMemory(["The dog sleeps in the garden.", "Stocks fell sharply on Monday.", "She cooked soup."])
    assert memory.similar("share prices dropped")[0].id == 1


@pytest.mark.parametrize(
    "answer", [lambda texts: texts, lambda texts: np.zeros(3), lambda texts: np.full((1, 2), np.nan)]
)
def test_what_is_no_embedding_is_refused(answer) -> None:
    with pytest.raises(InvalidArgument, match="embed must return"):
        TextMemory(["one", "two"], embed=answer).similar("one")


def test_labels_come_with_their_shares() -> None:
    memory = TextMemory()
    memory.add(["unlabelled words"])
    with pytest.raises(EmptyMemory, match="must have a label"):
        memory.label("x")
    memory.add([f"the cat {word} at night" for word in ("purrs", "hunts", "sleeps")], labels=["cat"] * 3)
    memory.add([f"a ship {word} to sea" for word in ("sails", "drifts", "goes")], labels=["ship"] * 3)
    label, other = memory.label("the cats purring at night")
    assert (label[0], other[0]) == ("cat", "ship")
    assert label[1] > 0.7
    assert np.isclose(label[1] + other[1], 1)


def test_labels_are_told_by_meaning_too_where_an_embedding_is_given() -> None:
    memory = TextMemory(embed=of_letters)
    memory.add(["aaa bbb", "aab bba", "xxx yyy", "xyx yxy"], labels=[0, 0, 1, 1])
    assert memory.label("ab ab ab")[0][0] == 0


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda m: m.add("one string"), InvalidType, "sentences must be a list of strings"),
        (lambda m: m.add(None), InvalidType, "sentences must be a list of strings"),
        (lambda m: m.add(["a", 3]), InvalidType, "sentences must be strings; got 3 at 1"),
        (lambda m: m.add(["a", " "]), InvalidArgument, "must hold a letter each; got ' ' at 1"),
        (lambda m: m.add(["a"], labels=["x", "y"]), InvalidArgument, "labels must be one for each of the 1 sentences"),
        (lambda m: m.add(["a"], labels="x"), InvalidType, "labels must be a list"),
        (lambda m: m.add(["a"], labels=[["x"]]), InvalidType, "labels must be hashable"),
        (lambda m: m.find(3), InvalidType, "cue must be a string"),
        (lambda m: m.find("a", n=0), InvalidArgument, "n must be a whole number"),
        (lambda m: m.fill(["a"]), InvalidType, "cue must be a string"),
        (lambda m: m.forget("a"), InvalidType, "ids must be whole numbers"),
        (lambda m: TextMemory(compare="no"), InvalidArgument, "compare must be 'edit' or None"),
        (lambda m: TextMemory(false_answers=0), InvalidArgument, "false_answers must be a share"),
        (lambda m: TextMemory(embed=3), InvalidType, "embed must be a function"),
        (lambda m: TextMemory(seed=-1), InvalidArgument, "seed must be a whole number"),
    ],
)
def test_bad_calls_are_refused_in_a_sentence_and_change_nothing(call, error, says, memory) -> None:
    with pytest.raises(error) as refused:
        call(memory)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")
    assert len(memory) == 300


@pytest.mark.parametrize(("package", "ask"), [("rapidfuzz", "find"), ("wordllama", "similar")])
def test_a_missing_extra_names_itself(package, ask, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=r"pip install 'mnemonist\[text\]'"):
        getattr(TextMemory(["one two three", "four five six"]), ask)("one two")


def test_pieces_alone_find_without_edit_distance(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    memory = TextMemory(PROVERBS[:60], compare=None)
    assert memory.find(typos(PROVERBS[5], 0.1, np.random.default_rng(0)))[0].id == 5
