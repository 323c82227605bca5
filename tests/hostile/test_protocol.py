"""A process that breaks the protocol at any step, or says anything at all, never passes a test."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from grader.judge.score import Outcome, judge
from grader.judge.student import Student
from grader.model.verdict import Blame, Verdict
from grader.wire.codec import encode
from grader.wire.messages import Confined, Loaded, Returned, to_tuple
from tests.judge.submitting import WALL, FakeServer, Peer, child_of

ANSWERS = (0.1437, 2.5519, 7.9021)
STEPS = ("confined", "loaded", "first", "second", "third")
MESSAGES = (
    *(Confined(WALL), Loaded({"f": True})),
    *(Returned(id_, value, 0) for id_, value in enumerate(ANSWERS, start=1)),
)
FRAMES = tuple(encode(to_tuple(message)) for message in MESSAGES)
FUZZED = 1000


def verdict_of(script: Callable[[Peer], None]) -> Verdict:
    """What a test of three calls says of a peer that plays `script`, from the submission on."""
    error: BaseException | None = None
    with child_of(FakeServer(script), "", call_seconds=0.2) as child:
        try:
            child.open()
            student = Student(child)
            for number, answer in enumerate(ANSWERS):
                assert student.f(number) == answer
        except Exception as caught:
            error = caught
        kinds = ["number"] * len(ANSWERS)
        return judge(Outcome(error=error, fatal=child.fatal, kinds=child.kinds, expected_kinds=kinds))[0]


def conversation(say: Callable[[Peer, int], None]) -> Callable[[Peer], None]:
    """An honest peer but for what it says: `say` is asked for each step once it is due."""

    def script(peer: Peer) -> None:
        peer.receive()
        for step in range(len(STEPS)):
            if step > 1:
                peer.receive()
            say(peer, step)

    return script


def honest(peer: Peer, step: int) -> None:
    """The right frame."""
    peer.send_frame(FRAMES[step])


def twice(peer: Peer, step: int) -> None:
    """The right frame, and once more."""
    peer.send_frame(FRAMES[step])
    peer.send_frame(FRAMES[step])


def half(peer: Peer, step: int) -> None:
    """The beginning of the right frame, then nothing ever."""
    peer._channel._sock.sendall(len(FRAMES[step]).to_bytes(4, "little") + FRAMES[step][:-1])
    peer.close()


def another(peer: Peer, step: int) -> None:
    """What would be due next, or was due before."""
    peer.send_frame(FRAMES[(step + 1) % len(FRAMES)])


PATIENCE = ("is silent", 0)
BREACHES = {
    "dies": lambda peer, step: peer.close(),
    "dies in the middle": half,
    "is silent": lambda peer, step: None,
    "says another thing": another,
    "says it twice": twice,
}


def test_the_honest_peer_passes() -> None:
    """The control: without it the tests below would prove nothing."""
    assert verdict_of(conversation(honest)) is Verdict.PASSED


# A child that never confines itself is given half a minute; tests/judge has that without the wait.
CASES = [(breach, step) for breach in BREACHES for step in range(len(STEPS)) if (breach, step) != PATIENCE]


@pytest.mark.parametrize(("breach", "step"), CASES, ids=[f"{STEPS[step]} {breach}" for breach, step in CASES])
def test_a_breach_at_any_step(breach: str, step: int) -> None:
    """Nobody's fault but the student's once the wall stands, the machine's before; never a pass."""
    verdict = verdict_of(
        conversation(lambda peer, now: (BREACHES[breach] if now == step else honest)(peer, now))
    )
    if breach == "says it twice" and step == len(STEPS) - 1:
        assert verdict is Verdict.PASSED  # all three answers were right, and nobody listens any more
    elif step == 0 and breach != "says it twice":
        assert verdict is Verdict.SANDBOX_ERROR
    else:
        assert verdict.blame is Blame.STUDENT


def anything(peer: Peer, dice: random.Random) -> None:
    """Noise in a frame, noise without one, or a damaged reply that was wrong to begin with."""
    wrong = bytearray(encode(to_tuple(Returned(1, 0.5, 0))))
    for _ in range(dice.randint(1, 4)):
        wrong[dice.randrange(len(wrong))] = dice.randrange(256)
    kind = dice.randrange(3)
    if kind == 0:
        peer.send_frame(dice.randbytes(dice.randrange(40)))
    elif kind == 1:
        peer._channel._sock.sendall(dice.randbytes(dice.randrange(40)))
    else:
        peer.send_frame(bytes(wrong))
    peer.close()


def test_a_peer_that_says_anything_never_scores() -> None:
    """Several hundred fuzzed conversations; also none of them is taken for a fault of ours."""
    dice, seen = random.Random(20261125), set()

    def say(peer: Peer, step: int) -> None:
        honest(peer, step) if step < 2 else anything(peer, dice)

    for _ in range(FUZZED):
        verdict = verdict_of(conversation(say))
        assert verdict.blame is Blame.STUDENT
        seen.add(verdict)
    assert {Verdict.BAD_REPLY, Verdict.CRASHED, Verdict.WRONG} <= seen
