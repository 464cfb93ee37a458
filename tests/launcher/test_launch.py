"""./run as somebody at a keyboard meets it (the databases alone, which is quick)."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.embedded.child import born
from deploy.embedded.launch import main
from deploy.embedded.places import Places
from tests.launcher.conftest import ROOT


@contextmanager
def launched(places: Places) -> Iterator["subprocess.Popen[str]"]:
    env = {name: os.environ[name] for name in os.environ.keys() - {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, ROOT / "run", "--services-only"]
    with subprocess.Popen(
        command,
        env=env | {"DESK_STATE": str(places.state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "DATABASE_URL=" in line:
                break
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def started(places: Places) -> dict[int, str]:
    """Return number and birth of each server that was started."""
    noted = [json.loads(path.read_text()) for path in (places.state / "pids").glob("*.json")]
    return {int(one["pid"]): str(one["born"]) for one in noted}


def alive(servers: dict[int, str]) -> list[int]:
    return [pid for pid, birth in servers.items() if born(pid) == birth]


def test_a_second_start_says_that_it_is_running_already(
    places: Places, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_STATE", str(places.state))
    with launched(places) as first:
        assert main(ROOT, []) == 1
        said = capfd.readouterr().out
        assert "It is running already" in said
        assert f"Process {first.pid};" in said


def test_ctrl_c_stops_everything_and_leaves_no_process(places: Places) -> None:
    with launched(places) as process:
        servers = started(places)
        assert len(alive(servers)) == 2
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Stopped. The data stay in" in output
    assert alive(servers) == []


def test_a_killed_launcher_takes_its_databases_along_and_can_be_started_again(
    places: Places,
) -> None:
    with launched(places) as process:
        servers = started(places)
        process.kill()
        process.wait()
        until = time.monotonic() + 15
        while alive(servers) and time.monotonic() < until:
            time.sleep(0.05)
        assert alive(servers) == []
    with launched(places) as again:
        assert again.poll() is None


def test_data_without_their_keys_are_not_opened(
    places: Places, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_STATE", str(places.state))
    (places.state / "postgres").mkdir()
    assert main(ROOT, ["--services-only"]) == 1
    assert "secrets.env is missing" in capfd.readouterr().err


def test_reset_deletes_nothing_without_an_answer(
    places: Places, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_STATE", str(places.state))
    (places.state / "private" / "minutes.docx").write_bytes(b"x")
    assert main(ROOT, ["--reset", "--services-only"]) == 1
    assert "./run --reset --yes" in capfd.readouterr().err
    assert (places.state / "private" / "minutes.docx").exists()
