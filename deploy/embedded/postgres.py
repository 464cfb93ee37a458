"""A PostgreSQL server of our own: made once, reachable by a private socket only."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from deploy.embedded import wheels
from deploy.embedded.child import Child
from deploy.embedded.identity import Identity
from deploy.embedded.places import (
    WINDOWS,
    Places,
    fingerprint,
    free_port,
    reachable,
    socket_folder,
)
from deploy.embedded.say import Trouble

ROLE = DATABASE = "desk"
_DURABLE: dict[str, str] = {"synchronous_commit": "on"}
# For tests only: a power cut may lose everything, and nobody minds.
_FLEETING: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}
_COMMON: dict[str, str] = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Failed statements and their details hold people's data: they stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# With the locale C pg_trgm would not see Chinese letters; C.UTF-8 exists on Linux only.
_LOCALE = {
    "linux": ["--locale=C.UTF-8"],
    "darwin": ["--locale=C", "--lc-ctype=en_US.UTF-8"],
}.get(sys.platform, ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"])


@dataclass
class Postgres:
    """One server: programs in ``binaries``, data in ``data``, socket in ``sockets``."""

    binaries: Path
    data: Path
    sockets: Path
    identity: Identity
    password: str
    durable: bool = True
    port: int = 5432

    @classmethod
    def of(cls, places: Places, identity: Identity, password: str, *, durable: bool) -> "Postgres":
        """Return the server of this checkout, with folders that its user can reach."""
        binaries, data = wheels.postgres(places), places.state / "postgres"
        if identity.uid is not None:
            binaries, data = _for_other_user(places, binaries, data, identity.uid)
        sockets = data.parent if WINDOWS else socket_folder(places.state, "pg", uid=identity.uid)
        port = free_port() if WINDOWS else 5432
        return cls(binaries, data, sockets, identity, password, durable, port)

    @property
    def url(self) -> str:
        """Return the address the software connects to, as role ``desk``."""
        return self._url(ROLE, DATABASE)

    def _url(self, role: str, database: str) -> str:
        if WINDOWS:
            return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"
        return f"postgres://{role}@{quote(str(self.sockets), safe='')}:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the data folder if there is none; refuse one of another major version."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        made = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        mine = self._version()
        if made != mine:
            raise Trouble(
                f"The data in {self.data} were made by PostgreSQL {made}, this is {mine}.",
                "Dump them with the old version and load them with the new one "
                "(docs: PostgreSQL, pg_dump), or move the folder away to begin anew.",
            )

    def child(self, log: Path, record: Path, env: Mapping[str, str]) -> Child:
        """Return the server as a program to keep running."""
        settings = _COMMON | (_DURABLE if self.durable else _FLEETING)
        if WINDOWS:
            settings |= {"listen_addresses": "127.0.0.1"}
        else:
            settings |= {
                "listen_addresses": "",
                "unix_socket_directories": str(self.sockets),
                "unix_socket_permissions": "0700",
            }
        command: list[str | Path] = [*self.identity.prefix, self.binaries / "postgres"]
        command += ["-D", self.data, "-p", str(self.port)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Child(
            name="postgres",
            command=command,
            log=log,
            record=record,
            env=env,
            cwd=self.data,
            stop_signal=signal.SIGINT,
            hard_signal=signal.SIGQUIT,
            patience=60.0,
            identity=self.identity.options,
        )

    def ready(self, pid: int) -> bool:
        """Tell whether the server ``pid`` takes connections: its own pid file says so.

        The file of a killed server says "ready" too, so the number in it counts.
        """
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def create_database(self) -> None:
        """Create the role and database of the software if they are missing.

        The role is no superuser: what works here works on a real deployment.
        """
        script = f"""
            SELECT 'CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD ''{self.password}'''
             WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') \\gexec
            SELECT 'CREATE DATABASE {DATABASE} OWNER {ROLE} TEMPLATE template0'
             WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
        """  # noqa: S608 - the names are our own, the password is hexadecimal
        done = subprocess.run(
            [
                *(self.binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"),
                *("-d", self._url("postgres", "postgres")),
            ],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            env=without_postgres(os.environ),
        )
        if done.returncode:
            raise Trouble(f"PostgreSQL did not take the first commands: {done.stderr.strip()}")

    def forget_stale_pid(self) -> None:
        """Remove the pid file of a server that died, when its number now means another process.

        PostgreSQL itself removes it when the number is free; it must not guess when it is not.
        The caller holds the launcher's lock and has ended its leftovers, and PostgreSQL still
        refuses to start while old processes hold the shared memory of this folder.
        """
        path = self.data / "postmaster.pid"
        try:
            number = int(path.read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return
        command = _command_of(number)
        if command is not None and str(self.data) not in command:
            path.unlink()

    def _initdb(self) -> None:
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.identity.uid is not None:
            os.chown(fresh, self.identity.uid, self.identity.gid or -1)
        how = ["--auth=trust"]
        secret = self.data.with_name("postgres.password")
        if WINDOWS:
            secret.write_text(self.password, encoding="ascii")
            how = ["--auth=scram-sha-256", f"--pwfile={secret}"]
        command: list[str | Path] = [*self.identity.prefix, self.binaries / "initdb", "-D", fresh]
        command += ["-U", "postgres", "-E", "UTF8", "--no-instructions", *_LOCALE, *how]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=fresh,
            env=without_postgres(os.environ),
            **self.identity.options,
        )
        secret.unlink(missing_ok=True)
        if done.returncode:
            raise Trouble(
                f"PostgreSQL could not make its data folder: {done.stderr.strip()[-500:]}",
                "Check the free disk space, or set DATABASE_URL to a PostgreSQL that runs already.",
            )
        # Only a complete folder gets the real name: an interrupted start leaves none behind.
        fresh.replace(self.data)

    def _version(self) -> str:
        done = subprocess.run(
            [self.binaries / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        found = re.search(r"(\d+)", done.stdout)
        return found.group(1) if found else done.stdout.strip()


def without_postgres(env: Mapping[str, str]) -> dict[str, str]:
    """Return ``env`` without the variables PostgreSQL's programs listen to (PGHOST, PGDATA …)."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def _for_other_user(places: Places, binaries: Path, data: Path, uid: int) -> tuple[Path, Path]:
    """Return programs and data folder where ``uid`` can get at them, copied if need be.

    Used when we are root and may not open a user namespace: the checkout often lies in a home
    folder closed to everybody else.
    """
    away = Path("/var/lib") / f"desk-{fingerprint(places.state)}"
    if not reachable(binaries / "postgres", uid):
        away.mkdir(mode=0o755, exist_ok=True)
        binaries = wheels.copy_postgres(binaries, away / "programs")
    if not reachable(places.state, uid):
        away.mkdir(mode=0o755, exist_ok=True)
        # A link shows where they are, to people and to the check for lost keys.
        if not data.is_symlink():
            data.symlink_to(away / "postgres")
        data = away / "postgres"
    return binaries, data


def _command_of(pid: int) -> str | None:
    """Return the command line of ``pid``, '' where it cannot be told, None when nobody has it."""
    path = Path(f"/proc/{pid}/cmdline")
    if path.exists():
        return path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    if Path("/proc/self").exists() or WINDOWS:
        return None
    done = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None
