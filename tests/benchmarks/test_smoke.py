"""The benchmark's parts that need no peer: the same verdicts everywhere. Nothing is timed here."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from benchmarks import contender, outcome, per_submission
from benchmarks.contender import Unfit, run_quietly
from benchmarks.hidden import hidden_tests, module_of, points, run_in_notebook
from benchmarks.outcome import Batch, Outcome, disagreements, table
from benchmarks.submissions import Handed, hand_in, known_variants, reference_path
from benchmarks.usage import PeakMemory, children, tree, tree_cpu_seconds
from grader.errors import InputError

TOPIC = "norm_layers"


@pytest.fixture
def processors():
    """The benchmark pins its process; the tests after this one want their processors back."""
    before = os.sched_getaffinity(0)
    yield before
    os.sched_setaffinity(0, before)


def test_ours_floor_and_pytest_agree(tmp_path):
    contenders = [per_submission.make(name, TOPIC, tmp_path / name) for name in ("ours", "floor", "pytest")]
    handed = hand_in(TOPIC, 3, tmp_path / "handed_in")[1:]  # an accepted and a wrong one
    compared, batches = per_submission.time_batches(contenders, handed, repeats=1)
    assert compared == handed
    assert list(batches) == ["ours", "floor", "pytest"]
    assert all(batch.cpu_seconds > 0 and batch.wall_seconds > 0 for [batch] in batches.values())
    verdicts = contenders[0].verdicts(handed)
    assert verdicts[handed[0].student] == set(hidden_tests(TOPIC))
    assert verdicts[handed[1].student] < set(hidden_tests(TOPIC))


def test_outcome_of_the_floor(tmp_path, processors):
    handed = hand_in(TOPIC, 1, tmp_path)
    memory = per_submission.measure_memory("floor", TOPIC, handed, processors)
    assert memory.peak_bytes > 2**24


def test_rotation_takes_every_kind(tmp_path):
    handed = hand_in(TOPIC, 5, tmp_path)
    kinds = [each.variant.partition("/")[0] for each in handed]
    assert kinds == ["reference", "accepted", "wrong", "reference", "accepted"]
    assert handed[1].variant != handed[4].variant
    assert all(each.path.is_file() and each.path.name == f"{TOPIC}.py" for each in handed)


def test_unknown_topic():
    with pytest.raises(InputError, match="there is no topic 'nothing'"):
        reference_path("nothing")


def test_notebook_namespace_is_graded_as_a_module():
    namespace = {"__name__": "__main__"}
    exec(next(known_variants(TOPIC))[1], namespace)
    name = next(iter(hidden_tests(TOPIC)))
    run_in_notebook(TOPIC, name, namespace)
    namespace["norm_stats"] = lambda x, kind: (x, x)
    with pytest.raises(AssertionError, match="norm_stats"):
        run_in_notebook(TOPIC, name, namespace)


def test_notebook_module_knows_the_file_of_its_code():
    namespace = {"__name__": "__main__"}
    exec(compile("class A:\n    def f(self): pass", "cell-7", "exec"), namespace)
    assert module_of("t", namespace).__file__ == "cell-7"
    assert module_of("t", {}).__file__ is None


def test_points_stand_on_the_tests():
    assert sum(points(function) for function in hidden_tests(TOPIC).values()) == 26


def test_tests_with_other_fixtures_are_refused(monkeypatch):
    def test_t01(tmp_path):
        """Needs what a notebook's cell does not have."""

    monkeypatch.setitem(sys.modules, "autotests.odd.test_odd", type(sys)("test_odd"))
    monkeypatch.setattr(sys.modules["autotests.odd.test_odd"], "test_t01", test_t01, raising=False)
    with pytest.raises(ValueError, match="test_t01 has parameters other than reference, rng, student"):
        hidden_tests("odd")


def test_disagreement_is_told():
    handed = [Handed(student="s", variant="wrong/x", path=Path("x.py"))]
    verdicts = {"ours": {"s": frozenset({"t1", "t2"})}, "otter": {"s": frozenset({"t2", "t3"})}}
    assert disagreements(verdicts, handed) == ["  wrong/x: only ours passes ['t1'], only otter passes ['t3']"]


def test_disagreement_stops_the_benchmark(tmp_path):
    class Fixed(per_submission.Contender):
        def __init__(self, name, passed):
            super().__init__(TOPIC, tmp_path)
            self.name, self.passed = name, passed

        def run(self, handed):
            pass

        def verdicts(self, handed):
            return {each.student: frozenset(self.passed) for each in handed}

    handed = [Handed(student="s", variant="reference", path=Path("x.py"))]
    both = [Fixed("ours", {"t1"}), Fixed("otter", {"t1"})]
    assert len(per_submission.race(both, handed, 2)["otter"]) == 2
    with pytest.raises(Unfit, match="the verdicts differ, so the times mean nothing"):
        per_submission.race([Fixed("ours", {"t1"}), Fixed("otter", set())], handed, 1)


def test_command_that_fails(tmp_path):
    with pytest.raises(Unfit, match=r"ended with 3:\nlast words"):
        run_quietly([sys.executable, "-c", "print('last words'); raise SystemExit(3)"], tmp_path)
    assert run_quietly([sys.executable, "-c", "print('fine')"], tmp_path) == "fine\n"


def test_peers_are_not_asked_when_left_out():
    options = per_submission.parse_arguments(["--only", "floor"])
    assert options.only == ["ours", "floor"]
    assert per_submission.parse_arguments([]).only == list(per_submission.NAMES)


def test_numbers_of_the_command_line(capsys):
    with pytest.raises(SystemExit) as error:
        per_submission.parse_arguments(["--repeats", "0"])
    assert error.value.code == 2
    assert "start at 1" in capsys.readouterr().err


def test_main_says_what_is_wrong(capsys, processors):
    assert per_submission.main(["--topic", "nothing", "--only", "ours"]) == 1
    assert "benchmark: " in capsys.readouterr().err


def test_json_holds_ratios_and_versions(monkeypatch, tmp_path):
    monkeypatch.setattr(outcome, "OUT", tmp_path / "out")
    batches = {"ours": [0.1, 0.2], "otter": [1.0, 4.0]}
    outcomes = [
        Outcome(
            name=name,
            what="peer",
            submissions=2,
            batches=[
                Batch(wall_seconds=wall, cpu_seconds=wall * (2 if name == "ours" else 1)) for wall in walls
            ],
            peak_bytes=1,
            memory_kind="PSS",
        )
        for name, walls in batches.items()
    ]
    data = json.loads(outcome.save(TOPIC, outcomes).read_text())
    assert data["contenders"][1]["wall_ratios"] == pytest.approx([10, 20])
    assert data["contenders"][1]["cpu_ratios"] == pytest.approx([5, 10])
    assert data["packages"]["numpy"]
    assert data["tests"] == 12
    text = table(TOPIC, outcomes)
    assert "12 tests, 2 submissions, 2 repeats" in text
    assert "15.00" in text  # the median ratio of wall times
    assert "7.50" in text  # and of CPU times


def test_usage_of_a_tree_of_processes(processors):
    command = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7)); print(input())'])"
    )
    with (
        PeakMemory(processors) as memory,
        contender.subprocess.Popen([sys.executable, "-c", command], stdin=-1, stdout=-1) as process,
    ):
        assert process.pid in children(os.getpid())
        while len(tree(process.pid)) < 2 or tree_cpu_seconds(process.pid) < 0.05:
            assert process.poll() is None
        process.communicate(b"done\n")
    assert memory.peak_bytes > 2**20
    assert tree_cpu_seconds(process.pid) == 0  # it has gone
