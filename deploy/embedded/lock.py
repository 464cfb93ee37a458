"""One launcher per checkout: an operating system's lock, which no crash can leave behind."""

import json
import os
import sys
from pathlib import Path
from typing import Any

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        # Only byte 4096 is locked, so that others can still read who holds the lock.
        os.lseek(handle, 4096, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Held(Exception):
    """Somebody alive holds the lock; ``facts`` is what they wrote into it."""

    def __init__(self, facts: dict[str, Any]) -> None:
        """Keep the holder's ``facts``: ``pid``, and ``address`` once it is known."""
        super().__init__("held")
        self.facts = facts


class Lock:
    """An exclusive lock on a file; the file's text tells others who holds it."""

    def __init__(self, path: Path) -> None:
        """Take the lock or raise ``Held``; a file left by a dead process is no hindrance."""
        self.handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self.handle)
        except OSError:
            text = os.read(self.handle, 4000)
            os.close(self.handle)
            raise Held(_facts(text)) from None
        self.tell()

    def tell(self, **facts: object) -> None:
        """Write who holds the lock, for a second start to read."""
        text = json.dumps({"pid": os.getpid(), **facts}).encode()
        os.lseek(self.handle, 0, os.SEEK_SET)
        os.write(self.handle, text)
        os.ftruncate(self.handle, len(text))

    def release(self) -> None:
        """Give the lock back."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


def _facts(text: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
