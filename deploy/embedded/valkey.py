"""A Valkey server of our own: appends every write to disk, evicts nothing, private socket."""

import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import wheels
from deploy.embedded.child import Child
from deploy.embedded.places import Places, socket_folder


@dataclass
class Valkey:
    """One server: ``program``, its ``data`` folder, its ``socket`` file."""

    program: Path
    data: Path
    socket: Path
    durable: bool = True

    @classmethod
    def of(cls, places: Places, *, durable: bool) -> "Valkey":
        """Return the server of this checkout."""
        where = socket_folder(places.state, "vk") / "valkey.sock"
        return cls(wheels.valkey(places), places.state / "valkey", where, durable)

    @property
    def url(self) -> str:
        """Return the address the software connects to."""
        return f"unix://{self.socket}"

    def prepare(self) -> None:
        """Make the data folder; clear away the socket of a server that died."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)

    def child(self, log: Path, record: Path, env: Mapping[str, str]) -> Child:
        """Return the server as a program to keep running."""
        command: list[str | Path] = [self.program, "--port", "0"]
        command += ["--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.data]
        command += ["--appendonly", "yes" if self.durable else "no", "--save", ""]
        command += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
        return Child(
            name="valkey",
            command=command,
            log=log,
            record=record,
            env=env,
            cwd=self.data,
            hard_signal=signal.SIGTERM,
        )

    def ready(self, pid: int) -> bool:
        """Tell whether the server answers; while it reads its file it says so instead.

        ``pid`` is not asked for: a dead server's socket takes no connection.
        """
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as opened:
                opened.settimeout(1)
                opened.connect(str(self.socket))
                opened.sendall(b"PING\r\n")
                return opened.recv(16).startswith(b"+PONG")
        except OSError:
            return False
