"""``./test``: everything the tests need, throw-away databases, and then pytest."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from deploy.embedded import debian, say, services
from deploy.embedded.install import DEVELOPER, install
from deploy.embedded.places import Places
from deploy.embedded.say import Trouble

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DEBIAN_PACKAGES = ("chromium", "fonts-wqy-microhei")


def main(root: Path, arguments: Sequence[str]) -> int:
    """Run the tests of the checkout at ``root``; return pytest's exit code (no tests is 5)."""
    places = Places.of(root)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        install(places, DEVELOPER)
        browser = _browser()
        return _with_services(places, browser, arguments)
    except KeyboardInterrupt:
        return 130
    except Trouble as problem:
        say.trouble(problem)
        return 1


def _terminated(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _with_services(places: Places, browser: str | None, arguments: Sequence[str]) -> int:
    # A short path: socket addresses have room for about 100 bytes.
    folder = Path(tempfile.mkdtemp(prefix="desk-test-"))
    try:
        throw_away = Places(places.root, folder)
        throw_away.make()
        started = services.start(throw_away, os.environ, durable=False)
        try:
            names = sorted(child.name for child in started.children)
            say.step(f"Databases: {', '.join(names) + ' (throw-away)' if names else 'as given'}")
            env = environment(started, browser, folder, os.environ)
            return _pytest(places, env, arguments)
        finally:
            started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(
    started: services.Services, browser: str | None, folder: Path, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of pytest; ``CHROMIUM`` is empty where no browser is to be had."""
    return dict(given) | {
        "DATABASE_URL": started.database_url,
        "REDIS_URL": started.redis_url,
        "PRIVATE_ROOT": given.get("PRIVATE_ROOT", "") or str(folder / "private"),
        "CHROMIUM": browser or "",
        # Trial keys and plain static files; Django's test runner itself switches DEBUG off.
        "DEBUG": given.get("DEBUG", "") or "1",
        # Plugins are named one by one in pyproject.toml: start in 3.5 s instead of 9.9 s.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _pytest(places: Places, env: Mapping[str, str], arguments: Sequence[str]) -> int:
    # Handed out two by two: the access matrix is long, and one module. In their order still, as
    # those that empty the tables come last.
    given = list(arguments) or ["-n", "2", "--maxschedchunk", "2"]
    process = subprocess.Popen(
        [places.python, "-m", "pytest", *given], cwd=places.root, env=dict(env)
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # At the keyboard pytest got Ctrl-C as well and is tidying up; a sent signal it did not.
            process.send_signal(signal.SIGINT)


def _browser() -> str | None:
    """Return the path of a Chromium, installed first where we may; None with a loud line."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    fonts = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
    if debian.may_install() and (found is None or not fonts.exists()):
        say.step("Installing Debian's Chromium and a Chinese font for the browser tests")
        debian.install(*_DEBIAN_PACKAGES)
        found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        say.loudly("NO BROWSER: the browser tests are SKIPPED. Install Chromium to run them.")
    return found
