"""UNTRUSTED SIDE. The zygote: warm, single-threaded, without a secret; it forks children and ends them.

    python -P -s -m grader.worker.zygote CONTROL_FD CONFIG

CONFIG is JSON: `{"libraries": ["numpy"], "sandbox": "required", "group": null}`; a group is the file of a
control group to join.

Over a SOCK_SEQPACKET socket (each packet a tuple of the wire's codec):

    judge                                    zygote
      ("spawn", n) + [socket, pipe]  ──►       fork; the child keeps the two descriptors
      ("end", n, patience)           ──►       wait as long as patience lasts, SIGKILL, wait
                                     ◄──     ("ended", n, status, cpu seconds, peak kilobytes, was alive)
                                     ◄──     ("ready", wall) or ("failed", reason), once, at the start

A child that ended by itself is reaped by "end" just the same: its status tells. When the judge goes, the
socket ends and so does the zygote, and the kernel ends the children.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import sysconfig
from pathlib import Path

from grader.sandbox import namespaces, policy, privileges
from grader.sandbox.confine import NoWall, Wall
from grader.wire.codec import decode, encode
from grader.worker.heap import prepare_forks
from grader.worker.serve import run_child
from grader.worker.warm import warm_up

PACKET_BYTES = 4096


def main() -> None:
    """Warm up, prepare the wall, fork on request until the judge hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    config = json.loads(sys.argv[2])
    try:
        if config["group"]:
            Path(config["group"]).write_text(str(os.getpid()))
        inside = config["sandbox"] != "none" and namespaces.missing() is None
        if inside:
            namespaces.enter()
        wall = prepare(config["libraries"], config["sandbox"], own_root=inside)
    except (NoWall, OSError, ImportError) as error:
        control.send(encode(("failed", f"{type(error).__name__}: {error}")))
        return
    control.send(encode(("ready", wall.name)))
    serve_forks(control, wall)


def prepare(libraries: list[str], sandbox: str, *, own_root: bool) -> Wall:
    """Everything that is done once. The order matters: see the comments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge, which then hangs up
    warm_up(libraries)
    wall = Wall.prepare(sandbox)  # looks for libseccomp, so before most files have gone
    if own_root:
        namespaces.change_root(policy.readable_paths())
    privileges.drop_root(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib"))
    privileges.drop_capabilities()
    # A change of user resets both of these.
    privileges.die_with_parent()
    privileges.set_undumpable()
    keep_installed_paths()
    gc.collect()
    prepare_forks()
    gc.freeze()
    return wall


def keep_installed_paths() -> None:
    """Drop everything but the installation from `sys.path`: a checkout's folder does not concern a student's
    import."""
    installed = {
        os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
    sys.path[:] = [
        path for path in sys.path if any(os.path.realpath(path).startswith(root) for root in installed)
    ]


def serve_forks(control: socket.socket, wall: Wall) -> None:
    """Fork and end children, one request after the other."""
    children: dict[int, int] = {}
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, PACKET_BYTES, 2)
        if not packet:
            return
        verb, number, *patience = decode(packet)
        if verb == "spawn":
            pid = os.fork()
            if pid == 0:
                privileges.die_with_parent()
                run_child(descriptors[0], descriptors[1], wall)
            children[number] = pid
            for descriptor in descriptors:
                os.close(descriptor)
        else:
            control.send(encode(("ended", number, *end_child(children.pop(number), *patience))))


def end_child(pid: int, patience_seconds: float) -> tuple[int, float, int, bool]:
    """Wait a little for a child that is about to end, then SIGKILL it.

    Returns its wait status, CPU seconds, peak kilobytes, and whether it was still alive when it was killed.
    """
    descriptor = os.pidfd_open(pid)
    ending = select.poll()
    ending.register(descriptor, select.POLLIN)
    was_alive = not ending.poll(patience_seconds * 1000)
    os.close(descriptor)
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, was_alive


if __name__ == "__main__":
    main()
