"""Benchmarks are whole: every case is found, every target of the issues stands there, a run is told as tables."""

import math
import subprocess
from pathlib import Path

import numpy as np
import pytest

import benchmarks.cases
import mnemonist as mn
from benchmarks import machine, rivals, timing
from benchmarks.cases import cases
from benchmarks.fresh import measured
from benchmarks.growth import Line
from benchmarks.headlines import README, told
from benchmarks.machine import READ, SGEMM, Machine, per_product
from benchmarks.obstacles import obstacles
from benchmarks.performance import DOCS, chapter, public_calls
from benchmarks.public import EVERYTHING, NEAREST, READ_OF, STATE, UPDATES, public, updates
from benchmarks.report import duration, number, report
from benchmarks.results import Results, Section
from benchmarks.row import Row
from benchmarks.targets import LINES, Number, Ratio, Target, verdicts
from benchmarks.timing import QUICK, WHOLE, Effort, Times, in_turn

SPEED = {
    "softmax, K = 100 000, N = 256, 1 cue": 3,
    "4 and 16 cues": 2,
    "64 and 256 cues": 2,
    "1024 cues": 2,
    "packed ±1, N = 1024, K = 100 000, full softmax recall": 5,
    "async sweep, dense n = 3, N = 1000, K = 2000, 64 cues": 2,
    "classical network by weight matrix, N = 2000, 64 cues": 1,
    "streamed from file (warm cache)": 3,
    "two local Dask workers": 1,
    "first call": 12,  # two for each kind of kernel
}
PUBLIC = {
    "recall of one update, state only, 1 and 16 cues": 2,
    "recall of two updates, everything, 1 cue": 1,
    "cues in float64, and half hidden": 4,  # two for each model
    "packed ±1, N = 1024, K = 100 000, recall to rest, everything": 2,
    "first recall of a classical network": 2,
    "small recalls": 4,
    "import": 1,
}
LAYERS = {
    "forward and backward of a layer of softmax, one step": 2,  # with and without a mask
    "forward and backward of a layer of softmax, five steps": 2,
    "a step of training": 1,
}
ISSUES = SPEED | PUBLIC | LAYERS
HERE = Machine("a processor", 2, 24.0, "Linux", {"numpy": "2.4"}, "abc123", 200.0, 15.0)


@pytest.fixture(autouse=True)
def at_once(monkeypatch) -> None:
    monkeypatch.setattr(timing, "REST", 0.0)


def results(*rows: Row) -> Results:
    return Results("whole", 12.0, HERE, ["faiss"], [Section("softmax", "What it measures.", list(rows))])


def softmax(fused: float) -> Row:
    times = {"update": Times(0.01, 0.012, 7), "fused attention": Times(fused, fused, 7)}
    return Row("softmax", K=100_000, N=256, B=1, seconds=times, numbers={"peak, MiB": 3.0})


def test_of_what_is_missed_it_is_told_how_near_the_bound_is_to_what_the_machine_takes() -> None:
    missed, reached = softmax(0.02), softmax(0.05)
    for row, lines in ((missed, 1), (reached, 0)):
        row.seconds[READ], row.seconds[SGEMM] = Times(0.006, 0.006, 7), Times(0.001, 0.001, 7)
        told = "\n".join(obstacles(results(row)))
        assert told.count("fused attention ÷ update") == lines
        assert told.count("| 10 ms | 8 ms | 6 ms | 75 % |") == lines


def test_every_file_of_cases_is_a_case_that_says_what_it_measures() -> None:
    found = cases()
    files = {path.stem for path in Path(benchmarks.cases.__file__).parent.glob("*.py")} - {"__init__"}
    assert {case.name for case in found} == files
    assert all(case.about and callable(case.rows) for case in found)


def test_the_targets_are_those_of_the_issues_line_by_line() -> None:
    assert {line.words: len(line.targets) for line in LINES} == ISSUES
    assert all((target.least is None) != (target.most is None) for line in LINES for target in line.targets)


@pytest.mark.parametrize(("fused", "words"), [(0.03, "reached"), (0.02, "**not reached**")])
def test_a_target_is_judged_by_the_least_times(fused, words) -> None:
    judged = {str(v.target.measure): v for v in verdicts([softmax(fused)]) if v.found}
    assert list(judged) == ["fused attention ÷ update"]  # no other candidate was there
    assert judged["fused attention ÷ update"].words == words
    assert judged["fused attention ÷ update"].found == pytest.approx((fused / 0.01, fused / 0.012))


def test_bounds_hold_from_both_sides() -> None:
    assert Target("", Ratio("a", "b"), least=2.0).reached(2.0)
    assert not Target("", Ratio("a", "b"), least=2.0).reached(1.9)
    assert Target("", Number("MiB"), most=0.5).reached(0.5)
    assert not Target("", Number("MiB"), most=0.5).reached(0.6)


def test_a_report_has_every_target_every_row_and_what_was_passed_over() -> None:
    text = report(results(softmax(0.03)))
    assert "passed over: faiss" in text
    assert f"1 of 1 measured targets are reached; {sum(ISSUES.values())} there are" in text
    assert text.count("not measured |") == sum(ISSUES.values()) - 1
    assert "| softmax, K = 100 000, N = 256, 1 cue | fused attention | 30 ms | 30 ms | 7 | 3 |" in text
    assert "| softmax, K = 100 000, N = 256, 1 cue | peak, MiB | 3 |" in text


def test_results_are_read_back_as_they_were(tmp_path) -> None:
    saved = results(softmax(0.03), Row("import"))
    saved.save(tmp_path / "run.json")
    assert Results.load(tmp_path / "run.json") == saved


def test_candidates_take_turns_as_often_as_patience_allows() -> None:
    called: list[str] = []
    found = in_turn({name: lambda name=name: called.append(name) for name in "ab"}, Effort("some", 3, 10.0))
    assert "".join(called) == "aabb" + "aabb" * 3  # two trials each; then an untimed call before each time
    assert {times.runs for times in found.values()} == {3}
    assert in_turn({"a": lambda: None}, Effort("none", 3, 0.0))["a"].runs == 1


def test_a_quick_run_measures_fewer_sizes() -> None:
    assert WHOLE.of((1, 2), (1,)) == (1, 2)
    assert QUICK.of((1, 2), (1,)) == (1,)


def test_a_package_that_is_not_there_is_passed_over(monkeypatch) -> None:
    monkeypatch.setattr(rivals, "PACKAGES", ("numpy", "no_such_package"))
    assert rivals.passed_over() == ["no_such_package"]


def test_sgemm_is_told_for_the_products_of_the_case() -> None:
    times = per_product({"sgemm": Times(1.0, 2.0, 7)}, machine._SQUARE**3 / 2)
    assert times["sgemm"] == Times(0.5, 1.0, 7)


def test_the_chapter_on_performance_is_what_its_run_gives() -> None:
    run = Results.load(DOCS / "performance.json")
    assert (DOCS / "performance.md").read_text(encoding="utf-8") == chapter(run)


def test_the_readme_tells_the_ratios_of_that_run() -> None:
    text = README.read_text(encoding="utf-8")
    assert told(text, Results.load(DOCS / "performance.json")) == text


def test_a_case_that_was_run_measures_all_that_its_targets_ask() -> None:
    rows = Results.load(DOCS / "performance.json").rows
    cases_run = {row.case for row in rows}
    assert all(verdict.found for verdict in verdicts(rows) if verdict.target.case in cases_run)


def test_of_a_recall_is_read_what_a_candidate_says() -> None:
    memory = mn.kernel_memory(4.0)
    memory.store(np.eye(3))
    made: list[mn.Recall] = []

    def recall() -> mn.Recall:
        made.append(memory.recall(np.eye(3)[:2]))
        return made[-1]

    found = {name: candidate() for name, candidate in public(recall).items()}
    assert list(found) == [STATE, NEAREST, EVERYTHING]
    assert len(made) == 3
    for name, values in found.items():
        assert len(values) == len(READ_OF[name])
        np.testing.assert_allclose(values[0], np.eye(3)[:2], atol=0.2)
    assert found[NEAREST][1].tolist() == [0, 1]
    fields = {field for field in READ_OF[EVERYTHING] if hasattr(made[0], field)}
    assert {"state", "energy", "steps", "outcome", "nearest", "overlap", "kind", "values", "top"} < fields
    assert updates(made[0]) == {UPDATES: made[0].steps.max()}


def test_what_times_an_update_times_the_public_call_too() -> None:
    for path in Path(benchmarks.cases.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert path.stem == "__init__" or ".step(" not in text or "public(" in text, path.stem


def test_the_recall_of_earlier_runs_said_everything_at_once() -> None:
    row = Row.read({"name": "a", "K": 1, "N": 1, "B": 1, "seconds": {"recall": [1.0, 2.0, 3]}, "numbers": {}})
    assert row.seconds == {EVERYTHING: Times(1.0, 2.0, 3)}


def test_the_chapter_tells_what_is_called_beside_the_update() -> None:
    asked = {name: Times(0.01 * (i + 1), 1.0, 7) for i, name in enumerate((STATE, EVERYTHING))}
    times = {"update": Times(0.01, 1.0, 7), **asked}
    row = Row("softmax", K=10, N=10, B=1, seconds=times, numbers={UPDATES: 2.0})
    line = "| softmax, K = 10, N = 10, 1 cue | 2 | 10 ms | 10 ms (1) |  | 20 ms (2) |"
    assert line in public_calls(results(row))
    assert "K = 10" not in public_calls(results(softmax(0.02)))  # which no recall was timed of


def test_slow_code_in_a_new_process_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        measured("time.sleep(60)", limit=0.2)
    assert measured('print(json.dumps({"twice": 2 * n}))', n=2) == {"twice": 4.0}


def test_lines_of_growth_have_slopes() -> None:
    rows = [Row("", K=size, seconds={"ours": Times(1e-3 * size**2, 1.0, 7)}) for size in (1, 10, 100, 1000)]
    assert math.isclose(Line("a regime", "K", rows).exponent, 2.0)


def test_numbers_have_three_digits_and_times_their_unit() -> None:
    assert [number(x) for x in (1234.5, 12.345, 0.0012345)] == ["1234", "12.3", "0.00123"]
    assert [duration(x) for x in (2.0, 0.0123, 4.5e-5)] == ["2 s", "12.3 ms", "45 µs"]
    assert math.isclose(QUICK.affords(0.1), 3)
