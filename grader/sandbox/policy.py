"""What a student's process may do. Data only; `landlock`, `seccomp` and `confine` enforce it.

Everything not named here is refused: system calls answer EPERM, files cannot be opened.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

# System calls that Python, numpy and torch need to compute, print, and start threads. Grouped as in man 2
# syscalls.
ALLOWED_SYSCALLS = """
    read write readv writev pread64 pwrite64 preadv preadv2 lseek
    recvfrom recvmsg sendto sendmsg
    close close_range dup dup2 dup3 pipe pipe2 eventfd2
    open openat stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2
    getdents getdents64 readlink readlinkat getcwd chdir fchdir
    poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait
    mmap munmap mprotect mremap madvise brk membarrier get_mempolicy
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause
    alarm setitimer getitimer
    futex futex_waitv set_robust_list get_robust_list set_tid_address rseq
    getpid getppid gettid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups getresuid getresgid
    sched_yield sched_getaffinity sched_getparam sched_getscheduler getpriority
    sched_get_priority_max sched_get_priority_min
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times
    getrusage getrlimit uname sysinfo getrandom getcpu
    wait4 waitid restart_syscall exit exit_group arch_prctl
""".split()

CLONE_THREAD = 0x00010000
# fcntl: descriptor flags and duplicates, but no owner: a signal must not reach anyone.
FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
# ioctl: TCGETS (isatty), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
IOCTL_COMMANDS = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)
PRCTL_OPTIONS = (15, 16, 0x53564D41)  # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA

OPEN_FILES = 64
RESERVED_BYTES = 2**30  # address space that may be mapped without being used
# Of the whole user, so it must leave room for a desktop's; the kernel does not count it for root.
TASKS = 4096

READABLE_SYSTEM_PATHS = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/dev/urandom",
)
WRITABLE_DEVICES = ("/dev/null",)


def readable_paths() -> tuple[Path, ...]:
    """The Python installation and the system's libraries: what lazy imports may still read behind the
    wall."""
    installed = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = f"{sys.base_prefix}/lib"
    candidates = [Path(path) for path in (*sorted(installed), base, *READABLE_SYSTEM_PATHS)]
    return tuple(path for path in candidates if path.exists())
