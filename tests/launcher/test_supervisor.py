import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.embedded.child import Child, born, end_leftovers
from deploy.embedded.places import Places
from deploy.embedded.supervisor import Supervisor, pause

STUBBORN = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); "
    "print('up', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time; "
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(p.pid, flush=True); time.sleep(60)"
)


def child(places: Places, name: str, code: str) -> Child:
    return Child(
        name=name,
        command=[sys.executable, "-c", code],
        log=places.logs / f"{name}.log",
        record=places.state / "pids" / f"{name}.json",
        env=os.environ,
        cwd=places.state,
    )


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 1.0), (2, 2.0), (3, 4.0), (5, 16.0), (6, 30.0), (99, 30.0)]
)
def test_pauses_double_up_to_half_a_minute(failures: int, seconds: float) -> None:
    assert pause(failures) == seconds


def test_a_program_that_ends_is_started_again_after_its_pause(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor([])
    crashing = child(places, "web", "raise SystemExit(3)")
    supervisor.start(crashing)
    until(lambda: not crashing.alive())
    first = crashing.process

    supervisor.look()
    supervisor.look()
    assert crashing.process is first
    supervisor.due["web"] = 0.0
    supervisor.look()

    assert crashing.process is not first
    assert "web ended (code 3); starting again in 1 s" in capsys.readouterr().out
    until(lambda: not crashing.alive())
    supervisor.look()
    assert supervisor.failures == {"web": 2}
    supervisor.stop()


def test_stopping_goes_from_the_last_started_to_the_first(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    children = [child(places, name, "") for name in ("postgres", "worker", "web")]
    monkeypatch.setattr(Child, "stop", lambda self: order.append(self.name))
    Supervisor(children).stop()
    assert order == ["web", "worker", "postgres"]


def test_a_program_that_will_not_stop_is_killed(places: Places) -> None:
    stubborn = child(places, "worker", STUBBORN)
    stubborn.start()
    until(lambda: "up" in stubborn.tail())
    assert stubborn.process is not None
    stubborn.hard_signal = signal.SIGKILL
    stubborn.stop(patience=0.1)
    assert stubborn.process.returncode == -signal.SIGKILL
    assert not stubborn.record.exists()


def test_the_children_of_a_killed_program_do_not_live_on(places: Places) -> None:
    parent = child(places, "worker", PARENT)
    parent.start()
    until(lambda: parent.tail().strip().isdigit())
    orphan = int(parent.tail())
    assert parent.process is not None
    parent.process.kill()
    until(lambda: not parent.alive())
    assert born(orphan) != ""

    supervisor = Supervisor([parent])
    supervisor.look()

    until(lambda: born(orphan) == "")
    supervisor.stop()


def test_what_a_crashed_launcher_left_running_is_ended(places: Places) -> None:
    left = child(places, "web", "import time; time.sleep(60)")
    left.start()
    assert left.process is not None
    assert end_leftovers(places.state / "pids") == ["web"]
    assert left.process.wait(5) == -signal.SIGTERM
    assert not left.record.exists()


def test_a_foreign_process_with_a_recorded_number_is_left_alone(places: Places) -> None:
    record = places.state / "pids" / "web.json"
    record.write_text(f'{{"pid": {os.getpid()}, "born": "long ago"}}', encoding="utf-8")
    assert end_leftovers(places.state / "pids") == []
    assert not record.exists()


def test_a_large_log_is_cut_and_one_older_part_kept(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.embedded.child._LARGEST_LOG", 5)
    writer = child(places, "web", "")
    writer.log.write_text("123456", encoding="ascii")
    writer.trim_log()
    assert writer.log.read_text(encoding="ascii") == ""
    assert Path(places.logs / "web.old.log").read_text(encoding="ascii") == "123456"
