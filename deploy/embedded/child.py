"""A started program: its log, its leash, its end."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.embedded.places import WINDOWS

_LARGEST_LOG = 20 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def leash(number: int) -> Callable[[], None] | None:
    """Return what a new process runs before its program: die by ``number`` with its parent."""
    if _libc is None:
        return None
    parent = os.getpid()
    prctl = _libc.prctl

    def before_program() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_program


@dataclass
class Child:
    """A program to keep running; ``patience`` is in seconds, before it is stopped by force.

    ``stop_signal`` asks it to finish, ``hard_signal`` to finish at once. ``record`` is the file
    that remembers its process, so that a start after a crash of the launcher can end it.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    record: Path
    env: Mapping[str, str]
    cwd: Path
    stop_signal: signal.Signals = signal.SIGTERM
    hard_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    identity: Mapping[str, Any] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0

    def start(self) -> None:
        """Start the program with its output appended to the log."""
        self.trim_log()
        options: dict[str, Any] = dict(self.identity)
        if WINDOWS:
            options["creationflags"] = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        else:
            # A session of its own: Ctrl-C reaches the launcher alone, which stops in order.
            options |= {"start_new_session": True, "preexec_fn": leash(self.stop_signal)}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.cwd,
                **options,
            )
        self.started = time.monotonic()
        self.record.write_text(
            json.dumps({"pid": self.process.pid, "born": born(self.process.pid)}), encoding="utf-8"
        )

    def alive(self) -> bool:
        """Tell whether the program runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, *, patience: float | None = None) -> None:
        """Ask, wait, insist; afterwards nothing of the program's group is left."""
        if self.process is None:
            return
        waits = self.patience if patience is None else patience
        for number, seconds in ((self.stop_signal, waits), (self.hard_signal, 5.0)):
            if not self.alive():
                break
            _send(self.process, number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self.sweep()
        self.record.unlink(missing_ok=True)

    def insist(self) -> None:
        """Tell the program to finish at once, without waiting for it."""
        if self.process is not None and self.alive():
            _send(self.process, self.hard_signal)

    def sweep(self) -> None:
        """End what is left of the program's group, such as the children of a killed worker."""
        if self.process is None:
            return
        kill_group(self.process.pid)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def trim_log(self) -> None:
        """Keep the log under 20 MB and one older part (opened for appending, so this is safe)."""
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            older = self.log.with_suffix(".old.log")
            older.write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)

    def tail(self, lines: int = 12) -> str:
        """Return the last lines of the log."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as opened:
            opened.seek(0, os.SEEK_END)
            opened.seek(max(0, opened.tell() - 8192))
            text = opened.read().decode("utf-8", "replace")
        return "\n".join(text.splitlines()[-lines:])


def _send(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    if WINDOWS:
        process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
    else:
        process.send_signal(number)


def kill_group(pid: int) -> None:
    """Kill every process of the group ``pid``; silent when there is none."""
    if WINDOWS:
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def born(pid: int) -> str:
    """Return what tells the process ``pid`` from a later one of the same number, or ''."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        if stat.exists():
            # Field 22 counts from the last ")" (the name before it may hold spaces).
            ticks = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if ticks[0] == "Z":
                return ""
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
            return f"{boot} {ticks[19]}"
        if WINDOWS:
            return ""
        listed = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return listed.stdout.strip()


def end_leftovers(records: Path, *, patience: float = 30.0) -> list[str]:
    """Stop the programs an interrupted launcher left running; return their names.

    A record names a process by number and birth, so a foreign process that got the same
    number later is never touched.
    """
    ended = []
    for record in sorted(records.glob("*.json")):
        try:
            noted = json.loads(record.read_text(encoding="utf-8"))
            pid, birth = int(noted["pid"]), str(noted["born"])
        except (ValueError, KeyError, TypeError):
            record.unlink(missing_ok=True)
            continue
        if birth and born(pid) == birth:
            ended.append(record.stem)
            number = signal.SIGINT if record.stem == "postgres" else signal.SIGTERM
            os.kill(pid, number)
            until = time.monotonic() + patience
            while born(pid) == birth and time.monotonic() < until:
                time.sleep(0.05)
        if birth and not WINDOWS and (record.stem in ended):
            kill_group(pid)
        record.unlink(missing_ok=True)
    return ended
