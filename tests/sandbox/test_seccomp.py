"""The filter's compiler: what it needs, and that it always makes the same filter."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pytest

from grader.sandbox import policy, seccomp


class Broken(MetaPathFinder):
    """A pyseccomp whose library is missing."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Fails as ctypes does."""
        if name == "pyseccomp":
            raise OSError("libseccomp.so.2: cannot open shared object file")


def test_available_here() -> None:
    """No reason why not."""
    assert seccomp.available() is None


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the package to install."""
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    assert str(seccomp.available()).startswith("pyseccomp: ")


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the library to install."""
    monkeypatch.delitem(sys.modules, "pyseccomp", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    assert seccomp.available() == "libseccomp: libseccomp.so.2: cannot open shared object file"


def test_the_filter_is_deterministic_and_small() -> None:
    """Compiled once, loaded in every child; the kernel takes at most 4096 instructions."""
    compiled = seccomp.compile_filter()
    assert compiled == seccomp.compile_filter()
    assert len(compiled) % 8 == 0
    assert 50 < len(compiled) // 8 < 1000


def test_a_call_that_this_machine_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older libseccomp does not know the newest names: left out, without a word."""
    compiled = seccomp.compile_filter()
    monkeypatch.setattr(policy, "ALLOWED_SYSCALLS", [*policy.ALLOWED_SYSCALLS, "no_such_call"])
    assert seccomp.compile_filter() == compiled


def test_nothing_dangerous_is_allowed() -> None:
    """Whoever lengthens the list meets this test first."""
    dangerous = """
        socket socketpair connect bind listen accept accept4 fork vfork clone clone3 execve execveat
        kill tkill tgkill ptrace process_vm_readv process_vm_writev process_madvise pidfd_open
        pidfd_getfd pidfd_send_signal mount umount2 unshare setns chroot pivot_root prctl prlimit64
        setrlimit ioctl fcntl io_uring_setup keyctl add_key request_key bpf perf_event_open
        userfaultfd memfd_create shmget shmat msgget semget mq_open unlink unlinkat rename renameat
        renameat2 mkdir mkdirat rmdir link linkat symlink symlinkat chmod fchmod fchmodat chown
        fchown lchown fchownat truncate ftruncate utimensat mknod mknodat setuid setgid
        setresuid setpriority sched_setaffinity sched_setscheduler personality init_module
        kexec_load reboot swapon quotactl name_to_handle_at open_by_handle_at seccomp
        landlock_restrict_self inotify_init1 fanotify_init
    """.split()
    assert not set(dangerous) & set(policy.ALLOWED_SYSCALLS)


def test_readable_paths_exist_and_hold_no_home() -> None:
    """The installation and the system's libraries, and only what is there."""
    paths = policy.readable_paths()
    assert all(path.exists() for path in paths)
    assert not [
        path for path in paths if str(path) in ("/", "/home", "/root", "/etc", "/tmp", "/proc", "/usr")
    ]
