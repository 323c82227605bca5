"""What to change, for exceptions that say more about where a submission runs than about what is wrong.

On a student's own machine the file, the library and the keyboard were there.
"""

from __future__ import annotations

from collections.abc import Sequence

EXIT = 'Remove the call of exit() or quit(), or put it under `if __name__ == "__main__":`.'
INPUT = "Remove it: nobody answers input() here."
BREAKPOINT = "Remove the breakpoint: nobody sits at the debugger here."
LIBRARY = (
    "It is not installed where this is graded. Do without it; if it is a file of your own, hand it in beside "
    "the module."
)
PLOTS = (
    'Nobody looks at plots here: import the library and draw under `if __name__ == "__main__":`, or in '
    "another file."
)
RELATIVE = "Import your own files without the dot: `from helper import name`."
ENCODING = (
    "Save the file as UTF-8 (your editor's `Save with encoding`), or say its encoding in the first line."
)
NO_WRITING = "Here files cannot be written and folders cannot be listed; keep everything in memory."
NO_FILE = (
    "Only what is handed in is there, as modules to import; no data, and no folder of yours. Make what you "
    "need in the code."
)
NO_NETWORK = "There is no network here: do without what the code fetches, or write it into the module."
NO_PROCESS = "Here programs cannot be started, and sockets and event loops cannot be made."
THREADS = "Leave the number of threads to the grader: torch lets it be set only once, and here it is set."

# (class of the exception, a text in its message, advice); the first that fits.
_ADVICE = (
    ("SystemExit", "", EXIT),
    ("BdbQuit", "", BREAKPOINT),
    ("EOFError", "EOF when reading a line", INPUT),
    *(
        ("ModuleNotFoundError", f"No module named '{name}'", PLOTS)
        for name in ("matplotlib", "seaborn", "plotly")
    ),
    ("ModuleNotFoundError", "No module named", LIBRARY),
    ("ImportError", "attempted relative import", RELATIVE),
    ("SyntaxError", "'utf-8' codec can't decode", ENCODING),
    ("SyntaxError", "null bytes", ENCODING),
    ("ValueError", "null bytes", ENCODING),  # Python 3.11.3 and older
    ("SyntaxError", "unknown encoding", ENCODING),
    ("SyntaxError", "encoding problem", ENCODING),
    ("PermissionError", "[Errno 13] Permission denied: ", NO_WRITING),
    ("OSError", "[Errno 30]", NO_WRITING),  # the root of the second wall is read-only
    ("PermissionError", "[Errno 13]", NO_PROCESS),  # no file is named: a semaphore of multiprocessing
    ("FileNotFoundError", "temporary directory", NO_WRITING),
    ("FileNotFoundError", "", NO_FILE),
    ("PermissionError", "[Errno 1]", NO_PROCESS),
    ("URLError", "", NO_NETWORK),
    ("gaierror", "", NO_NETWORK),
    ("RuntimeError", "open file failed", NO_WRITING),  # torch.save
    ("RuntimeError", "cannot set number of interop threads", THREADS),
)


def advise(bases: Sequence[str], text: str) -> str:
    """Advice from the names of an exception's classes and its message; empty where its own words do."""
    fitting = (advice for name, part, advice in _ADVICE if name in bases and part in text)
    return next(fitting, "")
