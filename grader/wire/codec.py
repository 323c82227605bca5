"""The one door to the wire's language: values to bytes and back, over the closed table of types in `frame`.

Nothing outside the table has a tag: no pickle, no object arrays, no names that are looked up.
"""

from __future__ import annotations

from typing import Any

from grader.wire.decoder import Decoder, Resolve
from grader.wire.encoder import Encoder, Refer
from grader.wire.frame import (
    DEFAULT_CAPS,
    TRUSTED_CAPS,
    Caps,
    DecodeError,
    EncodeError,
    FunctionHandle,
    ObjectHandle,
)

__all__ = [
    "DEFAULT_CAPS",
    "TRUSTED_CAPS",
    "Caps",
    "DecodeError",
    "Decoder",
    "EncodeError",
    "Encoder",
    "FunctionHandle",
    "ObjectHandle",
    "decode",
    "encode",
]


def encode(value: Any, refer: Refer | None = None, caps: Caps = DEFAULT_CAPS) -> bytes:
    """One value as a frame. Raises EncodeError."""
    return Encoder(refer, caps).encode(value)


def decode(frame: bytes | bytearray, resolve: Resolve | None = None, caps: Caps = DEFAULT_CAPS) -> Any:
    """The value of a frame. Raises DecodeError and nothing else."""
    return Decoder(frame, resolve, caps).decode()
