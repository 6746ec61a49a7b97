"""`mnemonist memorise` keeps in one file what `mnemonist recall` needs to give just what the original would."""

import json
import os

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import mnemonist as mn
from cli.recalling import FACES, RNG, paint, pixels, run
from mnemonist.cli import app
from mnemonist.data import numpy_file as bundle
from mnemonist.data.memory_file import open_memory
from mnemonist.recall.saving import save_with

pytestmark = pytest.mark.filterwarnings("ignore::mnemonist.errors.LostPatterns")

MODELS = [
    "kernel:beta=auto",
    "modern:beta=8",
    "spherical",
    "graded",
    "classical",
    "dense:degree=4",
    "model-b",
    "hebbian",
]


def cli(*args, code=0):
    result = CliRunner().invoke(app, [str(arg) for arg in args], env={"COLUMNS": "100"})
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def files(place):
    """Return the bytes of a file, or of all files of a folder by name."""
    if os.path.isdir(place):
        return {name: (place / name).read_bytes() for name in os.listdir(place)}
    return place.read_bytes()


def rounded(told):
    """Return what was told with numbers of four digits: images are bytes, which are floats a tile at a time."""
    if isinstance(told, (dict, list)):
        items = told.items() if isinstance(told, dict) else enumerate(told)
        return {key: rounded(value) for key, value in items}
    return float(f"{round(told, 6):.4g}") + 0.0 if isinstance(told, float) else told


def both(here, memories, cues, out, *options, model="kernel:beta=auto", raw=()):
    """Restore from the original and from what was memorised of it, and compare all that comes of it."""
    cli("memorise", memories, "-o", "kept.mnemonist", "--force", "-m", model, *raw)
    told = [
        json.loads(run(source, cues, "-o", f"{name}{out}", "--json", *options, *more).stdout)
        for name, source, more in (("a", memories, ("-m", model, *raw)), ("b", "kept.mnemonist", ()))
    ]
    assert told[0].pop("out") != told[1].pop("out")
    assert rounded(told[0]) == rounded(told[1])
    assert files(here / f"a{out}") == files(here / f"b{out}")


@pytest.mark.parametrize("model", MODELS)
def test_pictures_are_restored_as_from_their_folder(here, model):
    torn = FACES.copy()
    torn[torn == 128] = 129
    torn[:, 3:] = 128
    paint(here / "torn", torn)
    both(here, "faces", "torn", "", "--hidden", "0.5", model=model)


@pytest.mark.parametrize("model", [model for model in MODELS if model != "hebbian"])
@pytest.mark.parametrize("raw", [(), ("--raw",)])
def test_a_table_is_restored_as_from_the_table(here, model, raw):
    rows = RNG.normal(size=(12, 4)) * [1, 10, 1000, 0.1]
    text = ["a,b,c,d", *(",".join(f"{number:.4f}" for number in row) for row in rows)]
    (here / "rows.csv").write_text("\n".join(text))
    (here / "holes.csv").write_text("\n".join(["a,b,c,d", *(f"{row[: row.rindex(',')]}," for row in text[1:5])]))
    both(here, "rows.csv", "holes.csv", ".csv", model=model, raw=raw)


@pytest.mark.parametrize("dtype", ["f4", "f8", "u1", "?"])
def test_an_array_is_restored_as_from_the_array(here, dtype):
    rows = RNG.integers(0, 2, size=(9, 4, 5)).astype(dtype)
    np.save("rows.npy", rows)
    cues = rows[:4].astype("f8")
    cues[:, 0] = 0.5
    np.save("cues.npy", cues)
    both(here, "rows.npy", "cues.npy", ".npy", "--hidden", "0.5")


def test_rows_with_holes_are_restored_as_from_these(here):
    rows = RNG.normal(size=(9, 6))
    rows[2, 3] = rows[4, 1] = np.nan
    np.save("rows.npy", rows)
    np.save("cues.npy", np.nan_to_num(rows[:3]) + 0.1)
    for model in ("kernel:beta=auto", "classical"):
        both(here, "rows.npy", "cues.npy", f"{model[0]}.npy", "--noisy", model=model)


@pytest.mark.parametrize("model", ["kernel:beta=auto", "classical", "spherical"])
def test_a_large_file_is_restored_from_as_it_lies(here, model, monkeypatch):
    monkeypatch.setattr(bundle, "_LARGE", 1000)
    rows = RNG.normal(size=(50, 6))
    np.save("rows.npy", rows)
    cues = rows[:4] + 0.01
    cues[:, 0] = 9
    np.save("cues.npy", cues)
    both(here, "rows.npy", "cues.npy", ".npy", "--hidden", "9", model=model)
    assert mn.load("kept.mnemonist").landscape.reader.patterns.volatile == (model == "kernel:beta=auto")


def test_one_picture_is_memorised_too(here):
    Image.fromarray(FACES[0]).save("one.png")
    both(here, "one.png", "one.png", ".png")
    np.testing.assert_array_equal(pixels("b.png"), FACES[0])


def test_a_memory_of_files_is_a_memory_in_python_too(here):
    told = cli("memorise", "faces", "-o", "faces.mnemonist", "-m", "dense").stdout
    assert told.startswith("dense: 5 memories (4×6 pixels, grey) in faces.mnemonist, ")
    memory = mn.load("faces.mnemonist")
    assert repr(memory) == "AssociativeMemory(Dot(), Power(degree=3, scale=1.0), Binary())  # K=5, N=24"


def test_info_says_at_a_glance_what_a_file_holds(here):
    cli("memorise", "faces", "-o", "faces.mnemonist", "-m", "classical")
    page = cli("info", "faces.mnemonist").stdout
    for words in ("classical", "5 memories", "24 numbers each", "float64, as bits", "0.png, 1.png", "KiB", "none"):
        assert words in page
    told = json.loads(cli("info", "faces.mnemonist", "--json").stdout)
    assert (told["model"], told["K"], told["N"], told["kept"]) == ("classical", 5, 24, "packed")
    assert told["bytes"] == os.stat("faces.mnemonist").st_size


@pytest.mark.parametrize(
    ("make", "n", "k"),
    [
        (mn.kernel_memory, None, 0),
        (lambda: mn.HopfieldNetwork(np.ones((3, 3))), 3, 0),
        (lambda: mn.RandomFeatureMemory(1.0, features=8), None, 0),
        (mn.BidirectionalMemory, None, 0),
    ],
)
def test_info_speaks_of_memories_without_patterns_too(here, make, n, k):
    make().save("memory")
    told = json.loads(cli("info", "memory", "--json").stdout)
    assert (told["N"], told["K"], told["model"], told["kept"]) == (n, k, None, None)
    assert "memories" in cli("info", "memory").stdout


def refused(*args):
    before = sorted(os.listdir("."))
    result = cli(*args, code=2)
    assert (result.stdout, result.stderr.count("\n"), result.stderr[:7]) == ("", 1, "Error: ")
    assert sorted(os.listdir(".")) == before
    return result.stderr


def test_what_cannot_be_memorised_or_told_is_refused_in_a_sentence(here):
    cli("memorise", "faces", "-o", "faces.mnemonist")
    kept = (here / "faces.mnemonist").read_bytes()
    assert "--force to replace it" in refused("memorise", "faces", "-o", "faces.mnemonist")
    assert "must end in .mnemonist" in refused("memorise", "faces", "-o", "faces.npy")
    assert "must exist" in refused("memorise", "none", "-o", "none.mnemonist")
    assert "No such file" in refused("info", "none")
    assert "a folder" in refused("info", "faces")
    assert "--model and --raw must be left out" in refused(
        "recall", "faces.mnemonist", "faces", "-o", "x", "-m", "modern"
    )
    paint(here / "small", FACES[:, :2])
    assert "must have the size of what faces.mnemonist holds" in refused(
        "recall", "faces.mnemonist", "small", "-o", "x"
    )
    (here / "faces.mnemonist").write_bytes(kept[:-9])
    assert "must be a whole file of a memory" in refused("recall", "faces.mnemonist", "faces", "-o", "x")
    mn.hebbian().save("alone.mnemonist")
    assert "`mnemonist memorise` made" in refused("recall", "alone.mnemonist", "faces", "-o", "x")
    cli("memorise", "faces", "-o", "faces.mnemonist", "--force")
    assert (here / "faces.mnemonist").read_bytes() == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("names", ["a"]),
        ("names", 3),
        ("form", "other"),
        ("frames", [[1]]),
        ("frames", [["PNG", "L", []]]),
        ("plain", None),
    ],
)
def test_what_a_file_says_of_its_rows_is_not_believed(here, name, value):
    cli("memorise", "faces", "-o", "faces.mnemonist", "-m", "classical")
    with open_memory("faces.mnemonist") as file:
        task = dict(file.task) | {name: value}
    if value is None:
        del task[name]
    save_with(mn.load("faces.mnemonist"), "faces.mnemonist", task, {"rows": FACES.reshape(5, -1).astype("f4")})
    assert "must be a whole file of a memory" in refused("recall", "faces.mnemonist", "faces", "-o", "x")
    assert len(mn.load("faces.mnemonist")) == 5
