"""Every verdict has a sentence and a mark."""

from __future__ import annotations

import pytest

from grader.model.verdict import Blame, Verdict
from grader.report.wording import SENTENCES, Mark, mark_of


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_worded_by_whose_fault_it_is(verdict: Verdict) -> None:
    sentence, mark = SENTENCES[verdict], mark_of(verdict)
    ours = verdict.blame in (Blame.STAFF, Blame.MACHINE)
    assert sentence.startswith("Withheld: our fault.") is ours
    assert (mark is Mark.WITHHELD) is ours
    assert (mark is Mark.PASSED) is (verdict is Verdict.PASSED)


def test_the_sentences_and_signs_differ() -> None:
    assert len(set(SENTENCES.values())) == len(Verdict)
    assert len({mark.sign for mark in Mark}) == len(Mark)
