"""The project's own Python environment, filled from the locks and from nothing else.

uv does it in seconds; where uv cannot be had, pip does the same from the same hashes.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.embedded import debian, say
from deploy.embedded.places import WINDOWS, Places

SERVER = ("requirements.txt", "requirements-local.txt")
DEVELOPER = (*SERVER, "requirements-dev.txt")
_UV_LOCK = Path(__file__).with_name("uv.txt")


def install(places: Places, locks: Sequence[str]) -> None:
    """Bring ``.venv`` to what the ``locks`` say; do nothing when it is there already.

    Raises ``Trouble`` with what to do when Python lacks venv or the registry is out of reach.
    """
    stamp = places.venv / ".installed.json"
    wanted = {name: _hash(places.root / name) for name in locks}
    if _runs(places.python):
        have = _read(stamp)
        if have.items() >= wanted.items():
            return
    else:
        _make(places)
        have = {}
    say.step("Installing the Python packages (the first time takes a minute or two)")
    uv = _uv(places)
    if uv is None or not _with_uv(places, uv, locks):
        _with_pip(places, locks)
    stamp.write_text(json.dumps(have | wanted, indent=1), encoding="utf-8")
    say.step("Python packages are in place")


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _read(stamp: Path) -> dict[str, str]:
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _runs(python: Path) -> bool:
    try:
        done = subprocess.run([python, "-c", "import pip"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _make(places: Places) -> None:
    say.step(f"Making the Python environment {places.venv}")
    problem = _venv(places)
    if problem and debian.may_install():
        # Debian ships Python without the part that makes environments.
        say.step("Installing Debian's python3-venv")
        debian.install("python3-venv")
        problem = _venv(places)
    if problem:
        raise say.Trouble(
            f"This Python ({sys.executable}) cannot make an environment: {problem}",
            "On Debian or Ubuntu run: apt install python3-venv",
        )


def _venv(places: Places) -> str:
    """Make the environment; return '' or what hindered it."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", places.venv],
        capture_output=True,
        text=True,
        check=False,
    )
    return _last(made.stdout + made.stderr) if made.returncode else ""


def _uv(places: Places) -> Path | None:
    """Return uv of the locked version, installed into the environment, or None."""
    uv = places.venv / ("Scripts/uv.exe" if WINDOWS else "bin/uv")
    stamp = places.venv / ".uv.json"
    wanted = {_UV_LOCK.name: _hash(_UV_LOCK)}
    if uv.exists() and _read(stamp) == wanted:
        return uv
    done = subprocess.run(
        [
            *(places.python, "-m", "pip", "install", "-q", "--disable-pip-version-check"),
            *("--require-hashes", "-r", _UV_LOCK),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say.step("uv is not to be had here; pip takes over (slower)")
        return None
    stamp.write_text(json.dumps(wanted), encoding="utf-8")
    return uv


def _with_uv(places: Places, uv: Path, locks: Sequence[str]) -> bool:
    command: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", places.python]
    # Without bytecode every one of the started programs would compile Django again.
    command += ["--require-hashes", "--compile-bytecode", *_indexes(places)]
    for name in locks:
        command += ["-r", places.root / name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        say.step(f"uv could not install ({_last(done.stderr)}); pip tries the same")
    return done.returncode == 0


def _with_pip(places: Places, locks: Sequence[str]) -> None:
    command: list[str | Path] = [places.python, "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check", "--require-hashes"]
    for name in locks:
        command += ["-r", places.root / name]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise say.Trouble(
            f"The Python packages could not be installed: {_last(done.stderr)}",
            "Check the network. Behind a firewall name a mirror, for example: "
            "pip config set global.index-url https://pypi.tuna.tsinghua.edu.cn/simple "
            "- then run this again.",
        )


def _indexes(places: Places) -> list[str]:
    """Return for uv the mirrors that pip is configured with (uv does not read pip's files)."""
    if any(name.startswith("UV_") and "INDEX" in name for name in os.environ):
        return []
    listed = subprocess.run(
        [places.python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    return pip_mirrors(listed.stdout)


def pip_mirrors(listing: str) -> list[str]:
    """Return uv's arguments for the output of ``pip config list``.

    Hashes are required, so any of the indexes may serve a file: it is the right one or refused.
    """
    options = {"index-url": "--default-index", "extra-index-url": "--index"}
    arguments: list[str] = []
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.strip().rpartition(".")
        if option in options and section in ("global", "install", ":env:"):
            for url in value.strip().strip("'\"").split():
                arguments += [options[option], url]
    if arguments:
        arguments += ["--index-strategy", "unsafe-best-match"]
    return arguments


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-2:])[-400:] or "no message"
