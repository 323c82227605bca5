"""Members of hostile archives: each attack is refused in plain words, each cap is tested at n and n + 1."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.collect.archive import SUBMISSION, Archive, Caps
from grader.collect.names import Refused
from tests.collect.crafting import DEVICE, LINK, Entry, craft, deflate

SMALL = Caps(archive_bytes=1 << 20, members=10, file_bytes=200_000, total_bytes=300_000, ratio=10)


def read_all(data: bytes, caps: Caps = SUBMISSION) -> dict[str, bytes]:
    archive = Archive(data, caps)
    return {member.name: archive.read(member) for member in archive.members}


def noise(size: int) -> bytes:
    """Bytes that cannot be packed."""
    return bytes((index * index * 2654435761 >> 13) & 255 for index in range(size))


@pytest.mark.parametrize("method", [0, 8])
def test_reads_stored_and_deflated_members(method: int) -> None:
    content = bytes(range(256)) * 700
    assert read_all(craft(Entry("a.py", content, method))) == {"a.py": content}


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}\.py", fullmatch=True), st.binary(max_size=3000), max_size=5)
)
def test_reads_everything_that_zipfile_writes(files: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert read_all(buffer.getvalue()) == files


HONEST = craft(Entry("a.py", b"x = 1\n" * 50), Entry("b.py", b"y = 2\n"))


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(0, len(HONEST) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_archive_is_read_right_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(HONEST)
    for at, value in changes:
        data[at] = value
    try:
        contents = read_all(bytes(data)).values()
    except Refused:
        return
    assert set(contents) <= {b"x = 1\n" * 50, b"y = 2\n", b""}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_all(b"PK\x03\x04" + data)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([Entry("../a.py")], "'../a.py' leads out of its folder"),
        ([Entry("a/../../b.py")], "leads out of its folder"),
        ([Entry("./a.py")], "leads out of its folder"),
        ([Entry("a//b.py")], "leads out of its folder"),
        ([Entry("/etc/passwd")], "'/etc/passwd' is an absolute path"),
        ([Entry("C:a.py")], "'C:a.py' is an absolute path"),
        ([Entry("..\\a.py")], "has a backslash in its name"),
        ([Entry("a.py\0.txt")], "has control characters in its name"),
        ([Entry("a\n.py")], "has control characters in its name"),
        ([Entry(b"\xff.py")], "has control characters in its name"),
        ([Entry("")], "a file name of 0 characters"),
        ([Entry("a" * 1001)], "a file name of 1001 characters"),
        ([Entry("folder/")], "'folder/' is a folder"),
        ([Entry("a.py", b"/etc/passwd", mode=LINK)], "'a.py' is not a regular file (a link or a device)"),
        ([Entry("a.py", mode=DEVICE)], "'a.py' is not a regular file (a link or a device)"),
        ([Entry("a.py", mode=0o010644)], "is not a regular file"),
        ([Entry("a.py", b"1"), Entry("a.py", b"2")], "'a.py' is there twice"),
        ([Entry("a.py", b"1"), Entry("A.PY", b"2")], "is there twice"),
        ([Entry("ﬁle.py", b"1"), Entry("file.py", b"2")], "is there twice"),
        ([Entry("a.py", flags=0x801)], "'a.py' is encrypted"),
        ([Entry("a.py", flags=0x841)], "'a.py' is encrypted"),
        ([Entry("a.py", method=12)], "packed by method 12"),
        ([Entry("a.py", method=99)], "packed by method 99"),
        ([Entry("a.py", flags=0x820)], "only stored and deflated are read"),
        ([Entry("a.py", b"12", central={"crc": 1}, local={"crc": 1})], "its checksum is wrong"),
        ([Entry("a.py", b"12", central={"size": 9}, local={"size": 9})], "unpacks to 2 bytes where 9 were"),
        ([Entry("a.py", b"12", packed=b"\xff\xff\xff")], "'a.py' is damaged: Error -3"),
        ([Entry("a.py", b"12", packed=deflate(b"12")[:-1])], "does not end where it should"),
        ([Entry("a.py", b"12", packed=deflate(b"12") + b"!")], "does not end where it should"),
        ([Entry("a.py", b"", packed=b"")], "does not end where it should"),
    ],
)
def test_refuses_an_odd_member(entries: list[Entry], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_all(craft(*entries))
    assert reason in str(caught.value)


def test_leaves_out_what_operating_systems_and_python_add() -> None:
    junk = ["__MACOSX/", "__MACOSX/._a.py", ".DS_Store", "__pycache__/", "__pycache__/a.cpython-311.pyc"]
    assert read_all(craft(Entry("a.py", b"1"), *map(Entry, junk))) == {"a.py": b"1"}


def test_the_archive_itself_has_a_cap() -> None:
    data = craft(Entry("a.py"))
    assert read_all(data, Caps(archive_bytes=len(data), members=1, file_bytes=1, total_bytes=1)) == {
        "a.py": b""
    }
    with pytest.raises(Refused, match=f"the archive has {len(data)} bytes, more than {len(data) - 1}"):
        Archive(data, Caps(archive_bytes=len(data) - 1, members=1, file_bytes=1, total_bytes=1))


@pytest.mark.parametrize("method", [0, 8])
def test_one_file_has_a_cap(method: int) -> None:
    assert len(read_all(craft(Entry("a.py", noise(200_000), method)), SMALL)["a.py"]) == 200_000
    with pytest.raises(Refused, match=r"'a\.py' unpacks to more than 200000 bytes"):
        read_all(craft(Entry("a.py", noise(200_001), method)), SMALL)


def test_all_files_together_have_a_cap() -> None:
    parts = Entry("a.py", noise(200_000)), Entry("b.py", noise(100_000))
    assert len(read_all(craft(*parts), SMALL)) == 2
    with pytest.raises(Refused, match="the archive unpacks to more than 300000 bytes"):
        read_all(craft(*parts, Entry("c.py", b"!")), SMALL)


def test_reading_one_member_again_and_again_counts_too() -> None:
    archive = Archive(craft(Entry("a.py", noise(150_000))), SMALL)
    for _ in range(2):
        archive.read(archive.members[0])
    with pytest.raises(Refused, match="the archive unpacks to more than 300000 bytes"):
        archive.read(archive.members[0])


def test_a_bomb_is_refused_by_its_ratio_and_not_by_its_word() -> None:
    bomb = Entry("a.py", b"0" * 190_000, central={"size": 5}, local={"size": 5})
    with pytest.raises(Refused, match=r"'a\.py' unpacks to more than 10 times its packed size"):
        read_all(craft(bomb), SMALL)
    assert read_all(craft(Entry("a.py", b"0" * 65_536)), SMALL)


def test_a_bomb_is_noticed_before_it_has_grown() -> None:
    data = craft(Entry("a.py", b"", packed=deflate(bytes(300 << 20)), central={"size": 1}, local={"size": 1}))
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="unpacks to more than"):
            read_all(data)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_a_deflated_member_may_be_longer_than_one_step_by_any_length() -> None:
    for size in (65_535, 65_536, 65_537, 131_072, 131_330):
        content = (noise(1000) * 132)[:size]
        assert read_all(craft(Entry("a.py", content))) == {"a.py": content}


def test_the_end_of_a_long_match_that_zlib_holds_back_is_not_lost() -> None:
    content = b"0" * 65_537
    assert read_all(craft(Entry("a.py", content))) == {"a.py": content}
