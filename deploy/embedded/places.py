"""Where things are: the checkout, its environment, its state, and short folders for sockets."""

import hashlib
import os
import socket
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.say import Trouble

WINDOWS = os.name == "nt"
# A socket's address has room for 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET = 100


@dataclass(frozen=True)
class Places:
    """The checkout at ``root`` and its lasting state at ``state`` (both absolute)."""

    root: Path
    state: Path

    @classmethod
    def of(cls, root: Path) -> "Places":
        """Return the places of the checkout at ``root``; ``DESK_STATE`` moves its state."""
        state = os.environ.get("DESK_STATE", "")
        return cls(root.resolve(), Path(state).resolve() if state else root.resolve() / "var")

    @property
    def venv(self) -> Path:
        """Return the folder of the project's own Python environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Return the interpreter of that environment."""
        return self.venv / ("Scripts/python.exe" if WINDOWS else "bin/python")

    @property
    def logs(self) -> Path:
        """Return the folder the started programs write their logs into."""
        return self.state / "log"

    def make(self) -> None:
        """Create the state folders; only their owner may look into what is private."""
        self.state.mkdir(parents=True, exist_ok=True)
        # Others may pass through (PostgreSQL may have to run as another user), not list.
        self.state.chmod(0o711)
        for name in ("log", "private", "pids"):
            (self.state / name).mkdir(exist_ok=True)
            (self.state / name).chmod(0o700)


def fingerprint(path: Path) -> str:
    """Return ten hexadecimal digits that stand for a path."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def socket_folder(state: Path, name: str, *, uid: int | None = None) -> Path:
    """Return a private folder whose sockets have addresses under 100 bytes.

    It lies inside ``state`` where that is short enough and the file system can hold sockets,
    else in the runtime or temporary folder under a name derived from ``state``. ``uid`` gives
    it to another user. Raises ``Trouble`` when somebody else owns the name already.
    """
    inside = state / "sockets" / name
    if fits(inside) and (uid is None or reachable(state, uid)):
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.parent.chmod(0o711)
        claim(inside, uid)
        if holds_sockets(inside):
            return inside
    base = Path(os.environ.get("XDG_RUNTIME_DIR", "") or tempfile.gettempdir())
    outside = base / f"desk-{fingerprint(state)}-{name}"
    if uid is not None or not fits(outside) or not os.access(base, os.W_OK):
        outside = Path("/tmp") / outside.name
    claim(outside, uid)
    return outside


def fits(folder: Path) -> bool:
    """Tell whether PostgreSQL's longest socket name fits into an address in ``folder``."""
    return len(os.fsencode(folder / ".s.PGSQL.5432.lock")) < LONGEST_SOCKET


def claim(folder: Path, uid: int | None = None) -> None:
    """Make ``folder`` a real folder of mode 0700 of ours (or of ``uid``), or raise ``Trouble``."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    mine = {os.geteuid(), uid} if uid is not None else {os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in mine:
        raise Trouble(
            f"{folder} belongs to somebody else.",
            f"Remove {folder}, or set XDG_RUNTIME_DIR to a folder of your own.",
        )
    folder.chmod(0o700)
    if uid is not None and found.st_uid != uid:
        os.chown(folder, uid, -1)


def holds_sockets(folder: Path) -> bool:
    """Tell whether the file system under ``folder`` can hold sockets (shared disks often not)."""
    trial = folder / "trial"
    trial.unlink(missing_ok=True)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as opened:
            opened.bind(str(trial))
    except OSError:
        return False
    finally:
        trial.unlink(missing_ok=True)
    return True


def reachable(path: Path, uid: int) -> bool:
    """Tell whether the user ``uid`` may walk into the folder, or read the file, at ``path``."""
    for place in (path, *path.parents):
        found = place.stat()
        bits = found.st_mode >> 6 if found.st_uid == uid else found.st_mode
        needed = stat.S_IXOTH if stat.S_ISDIR(found.st_mode) else stat.S_IROTH
        if not bits & needed:
            return False
    return True


def free_port() -> int:
    """Return a TCP port of this machine that nobody listens on at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port
