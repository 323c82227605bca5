"""What a student handed in: a few files, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Files of one student for one topic. `name` is for people, `sha256` identifies the content."""

    topic: str
    name: str
    files: Mapping[str, bytes]

    @property
    def sha256(self) -> str:
        """Hash over names, lengths and contents, in the order of the names."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            content = self.files[name]
            digest.update(f"{len(name.encode())}:{name}{len(content)}:".encode())
            digest.update(content)
        return digest.hexdigest()
