import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.lock import Held, Lock

HOLDER = """
import sys, time
from pathlib import Path
from deploy.embedded.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.tell(address="http://127.0.0.1:8000/")
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_start_learns_who_holds_the_lock(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "run.lock")
    lock.tell(address="http://127.0.0.1:8000/")
    with pytest.raises(Held) as held:
        Lock(tmp_path / "run.lock")
    assert held.value.facts == {"pid": os.getpid(), "address": "http://127.0.0.1:8000/"}
    lock.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    Lock(tmp_path / "run.lock").release()
    Lock(tmp_path / "run.lock").release()


def test_the_lock_of_a_killed_process_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Held):
            Lock(path)
        holder.send_signal(signal.SIGKILL)
    Lock(path).release()


def test_rubbish_in_the_lock_file_is_survived(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    path.write_bytes(b"\xff[1")
    Lock(path).release()
