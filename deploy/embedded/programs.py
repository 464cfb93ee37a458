"""The programs of the software itself, and the environment they run in."""

import hashlib
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded import keys
from deploy.embedded.child import Child, leash
from deploy.embedded.install import SERVER
from deploy.embedded.options import Options, addresses
from deploy.embedded.places import WINDOWS, Places
from deploy.embedded.say import Trouble
from deploy.embedded.services import Services


def environment(
    places: Places, services: Services, options: Options, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of web, worker and scheduler.

    What ``given`` sets stays as it is; the rest describes this machine: its own keys, plain
    HTTP on ``options.port``, private files in the state folder.
    """
    own = {
        **keys.load(places.state / "secrets.env"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "ALLOWED_HOSTS": ",".join(addresses(options.host)),
        "PUBLIC_URL": f"http://{shown(options.host)}:{options.port}",
        "PRIVATE_ROOT": str(places.state / "private"),
        "STATIC_ROOT": str(places.state / "static"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    own.pop("POSTGRES_PASSWORD", None)
    return (
        own | dict(given) | {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    )


def shown(host: str) -> str:
    """Return how to write ``host`` in an address for people."""
    if host in {"0.0.0.0", "::"}:
        return addresses(host)[-1]
    return f"[{host}]" if ":" in host else host


def manage(places: Places, env: Mapping[str, str], *arguments: str) -> str:
    """Run ``manage.py`` to its end and return what it printed; raises ``Trouble`` on failure."""
    done = subprocess.run(
        [places.python, "manage.py", *arguments],
        cwd=places.root,
        env=dict(env),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Trouble(
            f"manage.py {arguments[0]} failed:\n{(done.stdout + done.stderr).strip()[-3000:]}",
            "If you changed code or settings, look there; else keep var/ and report these lines.",
        )
    return done.stdout


def collect_static(places: Places, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Begin to collect the static files; the caller waits (it needs no database)."""
    out = (places.logs / "static.log").open("wb")
    with out:
        return subprocess.Popen(
            [places.python, "manage.py", "collectstatic", "--noinput", "--clear", "-v", "0"],
            cwd=places.root,
            env=dict(env),
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=None if WINDOWS else leash(signal.SIGTERM),
        )


def static_version(places: Places) -> str:
    """Return a hash that changes with our static files and with the installed packages."""
    parts = []
    for path in sorted((places.root / "static").rglob("*")):
        found = path.stat()
        parts.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    parts += [(places.root / name).read_text(encoding="utf-8") for name in SERVER]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def children(places: Places, env: Mapping[str, str], options: Options) -> list[Child]:
    """Return worker, scheduler and web, in the order they are to be started."""
    celery: list[str | Path] = [places.python, "-m", "celery", "-A", "config.celery:app"]
    pool = ["--pool", "threads"] if WINDOWS else []
    commands: dict[str, list[str | Path]] = {
        "worker": [
            *(*celery, "worker", "--concurrency", "2", "-l", "warning"),
            *("--without-gossip", "--without-mingle", *pool),
        ],
        # An empty pid file name: the launcher itself knows whether a scheduler runs.
        "scheduler": [*celery, "beat", "-l", "warning", "--pidfile="],
        "web": web(places, options),
    }
    return [
        Child(
            name=name,
            command=command,
            log=places.logs / f"{name}.log",
            record=places.state / "pids" / f"{name}.json",
            env=env,
            cwd=places.root,
            hard_signal=signal.SIGTERM if WINDOWS or name == "scheduler" else signal.SIGQUIT,
            # A worker may finish the task in its hands.
            patience=40.0 if name == "worker" else 20.0,
        )
        for name, command in commands.items()
    ]


def web(places: Places, options: Options) -> list[str | Path]:
    """Return the command of the web server: gunicorn, or a threaded one where it cannot run."""
    bind = f"[{options.host}]" if ":" in options.host else options.host
    if WINDOWS:
        script = Path(__file__).with_name("threaded.py")
        return [places.python, script, options.host, str(options.port)]
    scratch = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    # No access log: addresses hold what people search for.
    return [
        *(places.python, "-m", "gunicorn", "config.wsgi:application"),
        *("--workers", "2", "--threads", "4", "--worker-class", "gthread"),
        *("--bind", f"{bind}:{options.port}", "--timeout", "120", "--graceful-timeout", "15"),
        *("--log-level", "warning", "--no-control-socket", *scratch),
    ]
