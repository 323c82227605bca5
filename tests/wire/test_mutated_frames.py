"""A hundred thousand damaged frames: each gives a value or a DecodeError, quickly and in bounded memory."""

from __future__ import annotations

import random
import resource
import struct
import time
import warnings

import numpy as np
import torch

from grader.wire.codec import DecodeError, FunctionHandle, ObjectHandle, decode, encode
from grader.wire.dtypes import NUMPY_CODES, TORCH_NAMES
from tests.wire.strategies import make_array, make_tensor

FRAMES, SECONDS, EXTRA_KILOBYTES = 100_000, 30.0, 200_000
LENGTHS = (0, 1, 127, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1)


def corpus() -> list[bytes]:
    """Valid frames of every type."""
    arrays = [make_array(name, (2, 3), "C", 1) for name in NUMPY_CODES]
    tensors = [make_tensor(name, (3,), True, 2) for name in TORCH_NAMES]
    values: list[object] = [
        None,
        [True, False, 3, -(2**70), 2.5, 1 + 2j, "text\ud800", b"bytes"],
        {"key": (1, 2.0), 3: {"x", b"y", None, (1, 2)}, None: []},
        [[[[[[1]]]]]],
        ("Returned", 3, np.zeros((2, 2)), 17),
        ("Raised", 4, ["ValueError", "Exception"], "text", "traceback"),
        [ObjectHandle(3, "Model", True), FunctionHandle(1)],
        [np.dtype("float32"), torch.bfloat16, np.float32(1.5), np.bool_(True)],
        *arrays,
        *tensors,
        arrays,
        tensors,
    ]
    return [encode(value) for value in values]


def flip(frame: bytes, rng: random.Random, frames: list[bytes]) -> bytes:
    """A few bits the other way round."""
    damaged = bytearray(frame)
    for _ in range(rng.randint(1, 4)):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def cut(frame: bytes, rng: random.Random, frames: list[bytes]) -> bytes:
    """The beginning only."""
    return frame[: rng.randrange(len(frame))]


def splice(frame: bytes, rng: random.Random, frames: list[bytes]) -> bytes:
    """The beginning of one, the end of another."""
    other = rng.choice(frames)
    return frame[: rng.randrange(len(frame) + 1)] + other[rng.randrange(len(other) + 1) :]


def stretch(frame: bytes, rng: random.Random, frames: list[bytes]) -> bytes:
    """A length, count or side replaced by a tempting one."""
    at = rng.randrange(len(frame))
    return frame[:at] + struct.pack("<I", rng.choice(LENGTHS)) + frame[at + 4 :]


def noise(frame: bytes, rng: random.Random, frames: list[bytes]) -> bytes:
    """Random bytes after a likely tag."""
    return rng.choice(b"NTFiIdcsbltSmgaxyYhk").to_bytes(1) + rng.randbytes(rng.randrange(60))


def test_a_hundred_thousand_damaged_frames() -> None:
    """Seeded, so that a failure can be repeated: `frame` is in the traceback."""
    rng, frames = random.Random(20260101), corpus()
    mutations = (flip, cut, splice, stretch, noise)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    decoded, refusals = 0, set[str]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number in range(FRAMES):
            frame = mutations[number % len(mutations)](rng.choice(frames), rng, frames)
            try:
                decode(frame)
                decoded += 1
            except DecodeError as error:
                refusals.add(str(error).split()[-1])
    assert time.process_time() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < EXTRA_KILOBYTES
    assert len(refusals) > 10  # many different ones, none of them empty
    assert FRAMES * 0.05 < decoded < FRAMES * 0.6
