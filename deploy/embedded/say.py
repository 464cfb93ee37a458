"""What the launcher says on the console: one line per step, and one sentence per trouble."""

import sys
import time

_BEGAN = time.monotonic()


class Trouble(Exception):
    """Something the person at the keyboard can mend; ``hint`` says how."""

    def __init__(self, what: str, hint: str = "") -> None:
        """Keep the sentence ``what`` went wrong and the ``hint`` what to do about it."""
        super().__init__(what)
        self.hint = hint


def step(text: str) -> None:
    """Print one progress line with the seconds since the start."""
    write(f"[{time.monotonic() - _BEGAN:5.1f} s] {text}")


def loudly(text: str) -> None:
    """Print a line nobody can overlook, on standard error."""
    line = "!" * 78
    sys.stdout.flush()
    sys.stderr.write(f"{line}\n! {text}\n{line}\n")
    sys.stderr.flush()


def trouble(problem: Trouble) -> None:
    """Print what went wrong and what to do, on standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"\nStopped: {problem}\n")
    if problem.hint:
        sys.stderr.write(f"What to do: {problem.hint}\n")
    sys.stderr.flush()


def write(text: str = "") -> None:
    """Print one plain line; a console that cannot show Chinese gets question marks, no crash."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()
