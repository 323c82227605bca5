"""Only regular files are read, and none is opened to find out."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.collect.names import Refused
from grader.collect.regular import read_regular


def test_reads_content_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x\r\n")
    os.utime(path, (1_800_000_000, 1_800_000_000))
    file = read_regular(path, 3)
    assert (file.content, file.modified) == (b"x\r\n", datetime.fromtimestamp(1_800_000_000, UTC))


def test_refuses_one_byte_more_than_the_cap(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"1234")
    assert read_regular(tmp_path / "a.py", 4).content == b"1234"
    with pytest.raises(Refused, match=r"'a\.py' has more than 3 bytes"):
        read_regular(tmp_path / "a.py", 3)


def test_refuses_a_file_that_says_it_is_empty_and_is_not() -> None:
    with pytest.raises(Refused, match="'status' has more than 10 bytes"):
        read_regular("/proc/self/status", 10)


def test_refuses_a_link_even_to_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x")
    (tmp_path / "link.py").symlink_to("real.py")
    with pytest.raises(Refused, match=r"'link\.py' is a symbolic link; links are not followed"):
        read_regular(tmp_path / "link.py", 100)


def test_refuses_pipes_sockets_devices_and_folders_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "socket"))
    server.close()
    for path in (tmp_path / "pipe", tmp_path / "socket", Path("/dev/zero"), tmp_path):
        with pytest.raises(Refused, match="is not a regular file"):
            read_regular(path, 100)


def test_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"'a\.py' cannot be read: No such file or directory"):
        read_regular(tmp_path / "a.py", 100)
