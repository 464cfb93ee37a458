"""``./run``: from a bare checkout to a page that answers, and on until Ctrl-C."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from deploy.embedded import programs, say, services
from deploy.embedded.child import end_leftovers
from deploy.embedded.install import SERVER, install
from deploy.embedded.lock import Held, Lock
from deploy.embedded.options import Options, open_port, parse
from deploy.embedded.places import Places, fingerprint
from deploy.embedded.say import Trouble
from deploy.embedded.supervisor import Supervisor

_LONGEST_FIRST_PAGE = 120.0


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM before everything was up."""


def main(root: Path, arguments: Sequence[str]) -> int:
    """Run the software of the checkout at ``root``; return the exit code."""
    options = parse(arguments)
    places = Places.of(root)
    try:
        places.make()
        lock = Lock(places.state / "run.lock")
    except Held as held:
        return _running_already(places, held)
    except OSError as problem:
        say.trouble(Trouble(f"{places.state} cannot be used: {problem}", "Check its rights."))
        return 1
    supervisor = Supervisor([])
    _on_signals(supervisor)
    try:
        _run(places, options, lock, supervisor)
    except StopAsked:
        say.write("\nStopped before everything was up.")
        return 130
    except Trouble as problem:
        say.trouble(problem)
        return 1
    finally:
        supervisor.stopping.set()
        supervisor.stop()
        lock.release()
    say.write("Stopped. The data stay in " + str(places.state))
    return 0


def _running_already(places: Places, held: Held) -> int:
    where = held.facts.get("address")
    say.write(f"It is running already{f' at {where}' if where else ''}, started from this folder.")
    say.write(f"Process {held.facts.get('pid', '?')}; stop it there with Ctrl-C, or start another")
    say.write("one with data of its own:  DESK_STATE=/some/folder ./run --port 8100")
    return 1


def _on_signals(supervisor: Supervisor) -> None:
    watching = supervisor.stopping
    first: list[float] = []

    def asked(number: int, frame: FrameType | None) -> None:
        if not first:
            first.append(time.monotonic())
        if watching.is_set():
            # Some programs that stop us send the signal twice; a hurried person takes a second.
            if time.monotonic() - first[0] > 1:
                say.write("Hurrying …")
                supervisor.insist()
        elif supervisor.steady:
            say.write("\nStopping in order, the databases last; Ctrl-C once more hurries it.")
            watching.set()
        else:
            watching.set()
            raise StopAsked

    names = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]
    for name in names:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), asked)


def _run(places: Places, options: Options, lock: Lock, supervisor: Supervisor) -> None:
    if options.reset:
        _reset(places, options)
    _keys_and_data_belong_together(places)
    install(places, SERVER)
    given = dict(os.environ)
    if not options.services_only:
        options = _with_free_port(options)
    static = None if options.services_only else _begin_static(places, options, given)
    started = services.start(places, given)
    supervisor.children.extend(started.children)
    supervisor.steady = options.services_only
    _say_services(started, addresses=options.services_only)
    if options.services_only:
        lock.tell(address="its databases only")
        supervisor.watch()
        return
    env = programs.environment(places, started, options, given)
    programs.manage(places, env, "migrate", "--noinput", "-v", "0")
    say.step("The database is up to date")
    _wait_for_static(places, static)
    sample = _sample(places, options, env, own=not given.get("DATABASE_URL"))
    supervisor.start(*programs.children(places, env, options))
    say.step("Web server, worker and scheduler are starting")
    signins = programs.manage(places, env, "load_sample", "--print-signins") if sample else ""
    if _first_page(options, supervisor):
        address = f"http://{programs.shown(options.host)}:{options.port}/"
        lock.tell(address=address)
        _welcome(address, signins, places)
        supervisor.watch()


def _with_free_port(options: Options) -> Options:
    port = open_port(options.host, options.port)
    if port != options.port:
        say.step(f"Port {options.port} is taken by another program; using {port}")
    return Options(**{**vars(options), "port": port})


def _keys_and_data_belong_together(places: Places) -> None:
    if (places.state / "postgres").exists() and not (places.state / "secrets.env").exists():
        raise Trouble(
            f"{places.state / 'secrets.env'} is missing, but there are data sealed with its keys.",
            "Put the file back from your backup. To give up the data: ./run --reset",
        )


def _reset(places: Places, options: Options) -> None:
    away = Path("/var/lib") / f"desk-{fingerprint(places.state)}"
    say.write(f"This deletes every record, file and key in {places.state}.")
    if not options.yes:
        if not sys.stdin.isatty():
            raise Trouble("Nobody is there to answer.", "Run it as: ./run --reset --yes")
        if input("Type 'delete' to go on: ").strip() != "delete":
            raise Trouble("Nothing was deleted.")
    end_leftovers(places.state / "pids")
    for name in ("postgres", "valkey", "private", "static"):
        shutil.rmtree(places.state / name, ignore_errors=True)
    shutil.rmtree(away / "postgres", ignore_errors=True)
    if (places.state / "postgres").is_symlink():
        (places.state / "postgres").unlink()
    for name in ("secrets.env", "sample-loaded", "static.stamp"):
        (places.state / name).unlink(missing_ok=True)
    places.make()
    say.step("The old data are gone")


def _say_services(started: services.Services, *, addresses: bool) -> None:
    names = {"postgres": "PostgreSQL", "valkey": "Valkey"}
    own = [names[child.name] for child in started.children]
    if own:
        say.step(f"{' and '.join(sorted(own))} running on private sockets")
    else:
        say.step("Using the databases that DATABASE_URL and REDIS_URL name")
    for child in started.children if addresses else ():
        url = started.database_url if child.name == "postgres" else started.redis_url
        variable = "DATABASE_URL" if child.name == "postgres" else "REDIS_URL"
        say.write(f"          {variable}={url}")


def _begin_static(
    places: Places, options: Options, given: Mapping[str, str]
) -> "subprocess.Popen[bytes] | None":
    """Begin to collect the static files, beside everything else; None when they are there."""
    stamp = places.state / "static.stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == programs.static_version(places):
        return None
    stamp.unlink(missing_ok=True)
    nowhere = services.Services("postgres:///none", "redis://127.0.0.1:1")
    return programs.collect_static(places, programs.environment(places, nowhere, options, given))


def _wait_for_static(places: Places, static: "subprocess.Popen[bytes] | None") -> None:
    if static is None:
        return
    if static.wait():
        log = (places.logs / "static.log").read_text(encoding="utf-8", errors="replace")
        raise Trouble(f"The style sheets could not be collected:\n{log.strip()[-2000:]}")
    version = programs.static_version(places)
    (places.state / "static.stamp").write_text(version, encoding="ascii")


def _sample(places: Places, options: Options, env: Mapping[str, str], *, own: bool) -> bool:
    """Load the invented district once; tell whether the database holds it.

    A database given by DATABASE_URL may be a real one: there only when asked for.
    """
    loaded = places.state / "sample-loaded"
    wanted = own if options.sample is None else options.sample
    if own and loaded.exists():
        return True
    if wanted:
        say.step("Loading the invented sample district")
        programs.manage(places, env, "load_sample")
        if own:
            loaded.touch()
    return wanted


def _first_page(options: Options, supervisor: Supervisor) -> bool:
    """Wait until the sign-in page answers; False when somebody stopped us meanwhile."""
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else programs.shown(options.host)
    until = time.monotonic() + _LONGEST_FIRST_PAGE
    web = supervisor.children[-1]
    while not supervisor.stopping.is_set():
        if _answers(f"http://{host}:{options.port}/readyz"):
            return True
        supervisor.look()
        if time.monotonic() > until or supervisor.failures.get("web", 0) >= 3:
            raise Trouble(
                f"The web server does not answer. The end of {web.log}:\n{web.tail(25)}",
                "If you changed code or settings, look there; else report these lines.",
            )
        time.sleep(0.1)
    return False


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10) as answer:
            return bool(answer.status < 500)
    except urllib.error.HTTPError as problem:
        return problem.code < 500
    except OSError:
        return False


def _welcome(address: str, signins: str, places: Places) -> None:
    say.step("Ready")
    say.write()
    say.write(f"  Open  {address}")
    if signins.strip():
        say.write()
        for line in signins.strip().splitlines():
            say.write(f"  {line}")
    say.write()
    say.write(f"  Logs: {places.logs}   Stop: Ctrl-C (the data stay)")
