"""The margins of a small topic: of right and wrong work, with one thread and two."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.judge.engine import Engine
from grader.judge.spec import JudgeSpec
from grader.verify.margins import Margin, Margins, measure_margins, measured_variants
from grader.verify.margins_table import draw_margins, margins_to_json
from grader.verify.prove import Kind, Variant, as_submission
from tests.judge.topics import make_topic, verdicts

REFERENCE = """
def half(x):
    return x / 2

def third(x):
    return x / 3
"""
TESTS = '''
import pytest
from grader.judge.testing import assert_close

@pytest.mark.points(3)
def test_t01_half(student):
    """half."""
    for x in (1.0, 2.0):
        assert_close(student.half(x), x / 2, rtol=0.0, atol=1e-3, what=f"half of {x}")

@pytest.mark.points(3)
def test_t02_third(student):
    """third."""
    assert_close(student.third(3.0), 1.0, rtol=0.0, atol=1e-3, what="a third")
    assert_close(student.third(0.0), 0.0, rtol=0.0, atol=1e-3, what="nothing")
'''


def variant(name: str, kind: Kind, half: str = "x / 2", third: str = "x / 3") -> Variant:
    source = REFERENCE.replace("x / 2", half).replace("x / 3", third)
    return Variant(name=name, kind=kind, source=source)


VARIANTS = (
    variant("reference", Kind.REFERENCE),
    variant("stub", Kind.STUB, "1 / 0", "1 / 0"),
    variant("rough", Kind.ACCEPTED, "x / 2 + 5e-4 * (x == 2)", "x / 3 + 5e-5"),
    variant("far", Kind.WRONG, "x / 2 + 1", "x / 3 + 1"),
    variant("near", Kind.WRONG, "x / 2 + 4e-3", "None"),
)


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> JudgeSpec:
    return make_topic(tmp_path_factory.mktemp("root"), TESTS, REFERENCE)


def measure(spec: JudgeSpec, declared: dict[str, str]) -> Margins:
    return measure_margins(spec, measured_variants(spec, VARIANTS), declared, ("a", "b"), workers=1)


@pytest.fixture(scope="module")
def found(spec: JudgeSpec) -> Margins:
    return measure(spec, {})


def figures(margin: Margin) -> list[object]:
    return [
        pair for seen in (margin.accepted, margin.caught) for pair in ((seen.by, seen.error) if seen else ())
    ]


def test_the_nearest_right_and_the_nearest_wrong_answer(found: Margins) -> None:
    half, third, nothing = found.margins
    assert figures(half) == ["rough", pytest.approx(0.5), "near", pytest.approx(4.0)]
    assert figures(third) == ["rough", pytest.approx(0.05), "far", pytest.approx(1000.0)]
    assert figures(nothing) == ["rough", pytest.approx(0.05)]  # no wrong one comes so far
    assert (half.shown.what, half.shown.rtol, half.shown.atol) == ("half of 2.0", 0.0, 1e-3)


def test_a_narrow_margin_is_a_violation_on_both_sides(found: Margins) -> None:
    where = f"{found.margins[0].key} (test_task.py:{found.margins[0].shown.line})"
    assert found.violations == (
        f"{where}: rough comes to 0.5 of the tolerance, where at most 0.1 leaves room for another machine",
        f"{where}: near is caught by 4 times the tolerance only, where 10 times is a clear difference",
    )


def test_declared_margins(spec: JudgeSpec, found: Margins) -> None:
    narrow, wide, _ = (margin.key for margin in found.margins)
    reasons = {narrow: "rough is as good as float32 can be", wide: "a mistake", "t09.abcdef": "a mistake"}
    assert measure(spec, reasons).violations == (
        f"margins: {wide} is wide enough; remove it from submissions.yaml",
        "margins: there is no assertion t09.abcdef any more; remove it from submissions.yaml",
    )


def test_margins_as_a_table(found: Margins) -> None:
    title, head, half, _, nothing, legend = draw_margins(found).splitlines()
    assert title == "task: 3 assertions with a tolerance, seeds a, b"
    assert head.split() == "assertion line rtol atol accepted by caught by".split()
    shown = found.margins[0]
    assert half.split() == [shown.key, str(shown.shown.line), "0", "0.001", "0.5", "rough", "4", "near"]
    assert nothing.split()[4:] == ["0.05", "rough", "-", "-"]
    assert legend.startswith("accepted, caught: errors of right and wrong work")


def test_margins_as_plain_data(found: Margins) -> None:
    data = margins_to_json(found)
    assert data["seeds"] == ["a", "b"]
    assert data["violations"] == list(found.violations)
    half, _, nothing = data["margins"]
    assert half.pop("accepted") == {"error": pytest.approx(0.5), "by": "rough"}
    assert half.pop("caught") == {"error": pytest.approx(4.0), "by": "near"}
    line = found.margins[0].shown.line
    assert half == {
        "key": found.margins[0].key,
        "file": "test_task.py",
        "line": line,
        "what": "half of 2.0",
        "rtol": 0.0,
        "atol": 1e-3,
    }
    assert nothing["caught"] is None


def test_infinity_is_a_text_in_plain_data(spec: JudgeSpec) -> None:
    """JSON has no infinity. Here the wrong one gives None for a number."""
    pair = (VARIANTS[0], VARIANTS[4])
    data = margins_to_json(measure_margins(spec, pair, {}, ("a",), workers=1))
    assert data["margins"][1]["caught"] == {"error": "inf", "by": "near"}


def test_every_variant_ticks(spec: JudgeSpec) -> None:
    ticks: list[None] = []
    measure_margins(spec, VARIANTS[:2], {}, ("a", "b"), workers=1, on_result=lambda: ticks.append(None))
    assert len(ticks) == 2


def test_a_numpy_topic_has_no_threads_to_vary(spec: JudgeSpec) -> None:
    assert [one.name for one in measured_variants(spec, VARIANTS)] == ["reference", "rough", "far", "near"]


THREADS = '''
import pytest

@pytest.mark.points(6)
def test_t01_threads(student):
    """As many threads as the variant asks for, at work on a product large enough to be shared out."""
    assert student.threads() == THREADS, "another number of threads"
    assert student.product() == 512.0, "a wrong product"
'''
THREADED = """
import torch

def threads():
    return torch.get_num_threads()

def product():
    return float((torch.ones(512, 512) @ torch.ones(512, 512)).softmax(-1).sum())
"""


@pytest.fixture
def specs(tmp_path: Path) -> dict[int, JudgeSpec]:
    """A torch topic whose test asks for one thread, and one whose test asks for two."""
    return {
        count: make_topic(
            tmp_path / str(count),
            THREADS.replace("THREADS", str(count)),
            THREADED if count == 1 else THREADED + "torch.set_num_threads(2)\n",
            libraries=("numpy", "torch"),
        )
        for count in (1, 2)
    }


def test_two_threads_in_a_forked_child(specs: dict[int, JudgeSpec]) -> None:
    """The variant of two threads has them, behind the wall, and computes with them."""
    reference = Variant(name="reference", kind=Kind.REFERENCE, source=THREADED)
    variants = measured_variants(specs[1], [reference])
    assert [one.name for one in variants] == ["reference", "reference (2 threads)"]
    assert variants[1].kind is Kind.REFERENCE
    engine = Engine(specs[1])
    for spec, variant in zip(specs.values(), variants, strict=True):
        engine.turn(spec)
        submission = as_submission(spec, variant.name, variant.source)
        assert verdicts(engine.judge(submission, "seed")) == {"t01": "PASSED"}
    engine.stop()
