"""A result is written whole or not at all, and only where it was allowed to go."""

import os
import stat
import subprocess
import sys

import pytest

from mnemonist.data.atomic_write import check_file, check_folder, whole_file, whole_folder
from mnemonist.errors import InvalidArgument, UnwritableFile


def test_a_file_takes_the_place_of_an_older_one(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    with whole_file(tmp_path / "a.csv") as draft:
        draft.write_text("new")
        assert (tmp_path / "a.csv").read_text() == "old"
    assert (tmp_path / "a.csv").read_text() == "new"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_who_reads_the_old_file_meanwhile_reads_it_to_its_end(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    with (tmp_path / "a.csv").open() as reader:
        with whole_file(tmp_path / "a.csv") as draft:
            draft.write_text("new")
        assert reader.read() == "old"


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_file_that_fails_half_way_leaves_nothing_and_keeps_the_old(tmp_path, failure):
    def fail():
        with whole_file(tmp_path / "a.csv") as draft:
            draft.write_text("half")
            raise failure

    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(failure):
        fail()
    assert (tmp_path / "a.csv").read_text() == "old"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_folder_appears_whole(tmp_path):
    with whole_folder(tmp_path / "out") as draft:
        (draft / "a").write_text("1")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "a").read_text() == "1"
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_that_fails_half_way_leaves_nothing(tmp_path):
    def fail():
        with whole_folder(tmp_path / "out") as draft:
            (draft / "a").write_text("1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert os.listdir(tmp_path) == []


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "out").mkdir()
    check_folder(tmp_path / "out")
    with whole_folder(tmp_path / "out") as draft:
        (draft / "a").write_text("1")
    assert os.listdir(tmp_path / "out") == ["a"]


def test_a_folder_filled_by_another_meanwhile_is_left_alone(tmp_path):
    def race():
        with whole_folder(tmp_path / "out") as draft:
            (draft / "a").write_text("mine")
            (tmp_path / "out").mkdir()
            (tmp_path / "out" / "a").write_text("theirs")

    with pytest.raises(UnwritableFile, match="must be a place that can be written"):
        race()
    assert (tmp_path / "out" / "a").read_text() == "theirs"
    assert os.listdir(tmp_path) == ["out"]


def test_a_link_keeps_pointing_to_the_file_that_was_replaced(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with whole_file(tmp_path / "link.csv") as draft:
        draft.write_text("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_what_is_written_is_as_readable_as_any_new_file(tmp_path):
    (tmp_path / "plain").write_text("")
    (tmp_path / "folder").mkdir()
    with whole_file(tmp_path / "a.csv") as draft:
        draft.write_text("")
    with whole_folder(tmp_path / "out"):
        pass

    def rights(name):
        return stat.S_IMODE((tmp_path / name).stat().st_mode)

    assert rights("a.csv") == rights("plain")
    assert rights("out") == rights("folder")


def test_places_that_cannot_be_filled_are_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("")
    for out, reason in [
        ("full", "must be a new or an empty folder"),
        ("file", "it is a file"),
        ("none/out", "must lie in a folder that exists"),
        ("file/out", "must lie in a folder that exists"),
        ("x" * 300, "File name too long"),
    ]:
        with pytest.raises(UnwritableFile, match=reason):
            check_folder(tmp_path / out)
    (tmp_path / "dir.csv").mkdir()
    for out, reason in [
        ("dir.csv", "it is a folder"),
        ("a.npy", r"must end in \.csv.*it ends in \.npy\."),
        ("a", r"it has no ending\."),
        ("none/a.csv", "must lie in a folder that exists"),
    ]:
        with pytest.raises((InvalidArgument, UnwritableFile), match=reason):
            check_file(tmp_path / out, (".csv",))


def test_what_exists_is_refused_unless_it_may_be_replaced(tmp_path):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(UnwritableFile, match=r"it exists already\..*--force"):
        check_file(tmp_path / "a.csv", (".csv",))
    check_file(tmp_path / "a.csv", (".csv",), replace=True)
    check_folder(tmp_path, replace=True)


def test_in_a_folder_that_may_be_replaced_files_of_the_same_names_are(tmp_path):
    (tmp_path / "out").mkdir()
    for name in ("a", "b"):
        (tmp_path / "out" / name).write_text("old")
    with whole_folder(tmp_path / "out", replace=True) as draft:
        for name in ("b", "c"):
            (draft / name).write_text("new")
        assert (tmp_path / "out" / "b").read_text() == "old"
    assert {file.name: file.read_text() for file in (tmp_path / "out").iterdir()} == {
        "a": "old",
        "b": "new",
        "c": "new",
    }
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("check", [check_folder, lambda out: check_file(out, (".csv",))])
def test_a_folder_where_nothing_can_be_written_is_found_before_the_work(tmp_path, monkeypatch, check):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(UnwritableFile, match=r"can be written; Permission denied"):
        check(tmp_path / "a.csv")


def test_checking_leaves_nothing_behind(tmp_path):
    check_folder(tmp_path / "out")
    check_file(tmp_path / "a.csv", (".csv",))
    assert os.listdir(tmp_path) == []


# --- modes, links, and what killed writers leave ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_what_is_replaced_keeps_its_mode_and_nobody_else_reads_the_draft(tmp_path, mode):
    out = tmp_path / "a.csv"
    out.write_text("old")
    out.chmod(mode)
    with whole_file(out) as draft:
        assert stat.S_IMODE(draft.stat().st_mode) & ~mode & 0o077 == 0
        draft.write_text("new")
    assert out.read_text() == "new"
    assert stat.S_IMODE(out.stat().st_mode) == mode


def test_files_of_a_folder_keep_their_modes(tmp_path):
    out = tmp_path / "out"
    out.mkdir(0o755)
    (out / "a").write_text("old")
    (out / "a").chmod(0o600)
    with whole_folder(out, replace=True) as draft:
        assert stat.S_IMODE(draft.stat().st_mode) == 0o700
        (draft / "a").write_text("new")
        (draft / "b").write_text("new")
    assert stat.S_IMODE((out / "a").stat().st_mode) == 0o600
    assert stat.S_IMODE(out.stat().st_mode) == 0o755


def test_an_empty_folder_that_is_filled_keeps_its_mode(tmp_path):
    (tmp_path / "out").mkdir(0o750)
    with whole_folder(tmp_path / "out") as draft:
        (draft / "a").write_text("1")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o750


def test_a_link_that_leads_round_is_no_place(tmp_path):
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    for replace in (False, True):
        with pytest.raises(UnwritableFile, match="leads round to itself"):
            check_file(tmp_path / "a.csv", (".csv",), replace=replace)
        with pytest.raises(UnwritableFile, match="leads round to itself"):
            check_folder(tmp_path / "a.csv", replace=replace)
    assert (tmp_path / "a.csv").is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_no_place(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    for replace in (False, True):
        with pytest.raises(UnwritableFile, match="must be a file; it is a pipe"):
            check_file(tmp_path / "a.csv", (".csv",), replace=replace)


KILLED = """
import os, signal, sys
from pathlib import Path
from mnemonist.data.atomic_write import whole_file, whole_folder
with (whole_folder if sys.argv[2] == "folder" else whole_file)(Path(sys.argv[1])) as draft:
    (draft / "a" if draft.is_dir() else draft).write_text("half")
    print("writing", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.skipif(os.name == "nt", reason="this system has no locks that end with a process")
@pytest.mark.parametrize(("kind", "name"), [("folder", "out"), ("file", "out.csv")])
def test_the_next_writer_removes_what_a_killed_one_left_and_nothing_else(tmp_path, kind, name):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path / name), kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout.readline() == b"writing\n"
    drafts = set(os.listdir(tmp_path))
    assert len(drafts) == 2  # the second knew that the first one lives
    writers[0].kill()
    writers[0].wait()
    stranger = tmp_path / f".other.{'0' * 12}"
    stranger.write_text("not ours")
    with whole_folder(tmp_path / name) if kind == "folder" else whole_file(tmp_path / name) as draft:
        (draft / "a" if kind == "folder" else draft).write_text("whole")
        assert len(drafts & set(os.listdir(tmp_path))) == 1
    assert stranger.exists()
    writers[1].kill()
    for writer in writers:
        writer.communicate()
