"""The class that `grader demo` plays: who they are and what each of them hands in.

Their work is made from the course's own known submissions: the stub, accepted and wrong ones, and a few that
try their luck. The tricks below run only behind the wall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.verify.prove import Kind, Variant

STUDENTS = (
    "ada alan albert alonzo annie barbara claude donald edsger edith emmy evelyn frances geoffrey grace hedy "
    "ida jean joan john judea karen katherine ken leslie lotfi lynn margaret marvin mary maurice niklaus "
    "noam norbert paul radia richard robin rosalind sophie stephen sylvia tim tony vint warren whitfield "
    "yorick"
).split()

# What a student may try at the top of a module: each line of thought costs its author, and nobody else.
TRICKS = {
    "exits": "import os\nos._exit(0)\n",
    "reads_files": "open('/etc/passwd').read()\n",
    "floods": "while True:\n    print('x' * 65536)\n",
    "eats_memory": "hoard = bytearray(64 * 2**30)\n",
    "forks": "import os\nwhile True:\n    os.fork()\n",
    "patches_numpy": "import numpy as np\nnp.isclose = np.testing.assert_allclose = lambda *a, **k: True\n",
    "kills": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
    "forges_a_reply": "import os\nos.write(3, b'\\x05\\x00\\x00\\x00' + b'N' * 5)\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """What one student hands in for one topic."""

    student: str
    variant: str
    source: str


def play(variants: Sequence[Variant]) -> Iterator[HandIn]:
    """One hand-in a student: a third right, most others wrong in a known way, some stubs, some tricks."""
    by_kind = {kind: [variant for variant in variants if variant.kind is kind] for kind in Kind}
    right, stub = [*by_kind[Kind.REFERENCE], *by_kind[Kind.ACCEPTED]], by_kind[Kind.STUB][0]
    wrong, tricks = by_kind[Kind.WRONG] or [stub], list(TRICKS)
    for number, student in enumerate(STUDENTS):
        if number % 6 == 5 and number % 12 != 11:
            trick = tricks[number // 6 % len(tricks)]
            yield HandIn(student=student, variant=trick, source=f"{stub.source}\n\n{TRICKS[trick]}")
            continue
        chosen = stub if number % 12 == 11 else wrong[number % len(wrong)]
        if number % 3 == 0:
            chosen = right[number // 3 % len(right)]
        yield HandIn(student=student, variant=chosen.name, source=chosen.source)
