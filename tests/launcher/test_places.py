import os
import stat
from pathlib import Path

import pytest

from deploy.embedded import places as module
from deploy.embedded.places import Places, claim, socket_folder
from deploy.embedded.say import Trouble


def test_sockets_lie_in_the_state_folder_where_its_path_is_short(places: Places) -> None:
    assert socket_folder(places.state, "pg") == places.state / "sockets" / "pg"
    assert stat.S_IMODE((places.state / "sockets" / "pg").stat().st_mode) == 0o700


def test_a_long_path_gets_a_short_folder_of_the_same_name_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "r"
    monkeypatch.setattr(module, "fits", lambda folder: "x" * 90 not in str(folder))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    runtime.mkdir()
    state = tmp_path / ("x" * 90)
    state.mkdir()

    first, second = socket_folder(state, "pg"), socket_folder(state, "pg")

    assert first == second == runtime / f"desk-{module.fingerprint(state)}-pg"
    assert stat.S_IMODE(first.stat().st_mode) == 0o700


def test_a_path_of_ninety_bytes_is_too_long_for_a_socket() -> None:
    assert module.fits(Path("/" + "x" * 60))
    assert not module.fits(Path("/" + "x" * 90))
    assert not module.fits(Path("/" + "组" * 30))


def test_a_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(Trouble, match="belongs to somebody else"):
        claim(tmp_path)


def test_a_link_instead_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Trouble, match="belongs to somebody else"):
        claim(tmp_path / "link")


def test_nobody_else_may_look_into_logs_and_private_files(places: Places) -> None:
    modes = {
        name: stat.S_IMODE((places.state / name).stat().st_mode)
        for name in ("log", "private", "pids", ".")
    }
    assert modes == {"log": 0o700, "private": 0o700, "pids": 0o700, ".": 0o711}
