import json
from pathlib import Path

import pytest

from deploy.embedded import install as module
from deploy.embedded.places import Places
from deploy.embedded.say import Trouble
from tests.launcher.conftest import ROOT


def test_nothing_is_installed_when_the_locks_have_not_changed(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    stamp = {name: module._hash(ROOT / name) for name in module.SERVER}
    monkeypatch.setattr(module, "_runs", lambda python: True)
    monkeypatch.setattr(module, "_read", lambda path: stamp)
    monkeypatch.setattr(module, "_uv", lambda places: pytest.fail("tried to install"))
    module.install(places, module.SERVER)


def test_a_changed_lock_is_installed_by_pip_where_uv_is_not_to_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places = Places(tmp_path, tmp_path / "var")
    places.venv.mkdir()
    (tmp_path / "requirements.txt").write_text("Django==1\n", encoding="utf-8")
    (places.venv / ".installed.json").write_text('{"requirements.txt": "old"}', encoding="utf-8")
    used: list[tuple[str, ...]] = []
    monkeypatch.setattr(module, "_runs", lambda python: True)
    monkeypatch.setattr(module, "_uv", lambda places: None)
    monkeypatch.setattr(module, "_with_pip", lambda places, locks: used.append(tuple(locks)))

    module.install(places, ("requirements.txt",))
    module.install(places, ("requirements.txt",))

    assert used == [("requirements.txt",)]
    assert json.loads((places.venv / ".installed.json").read_text(encoding="utf-8")) == {
        "requirements.txt": module._hash(tmp_path / "requirements.txt")
    }


def test_a_mirror_configured_for_pip_is_given_to_uv() -> None:
    listing = (
        ":env:.cert='/etc/ssl/ca.crt'\n"
        "global.extra-index-url='https://a.example/simple https://b.example/simple'\n"
        "global.index-url='https://pypi.tuna.tsinghua.edu.cn/simple'\n"
    )
    assert module.pip_mirrors(listing) == [
        *("--index", "https://a.example/simple", "--index", "https://b.example/simple"),
        *("--default-index", "https://pypi.tuna.tsinghua.edu.cn/simple"),
        *("--index-strategy", "unsafe-best-match"),
    ]


def test_without_a_mirror_uv_asks_the_public_registry() -> None:
    assert module.pip_mirrors("global.timeout='60'\n") == []


def test_a_failed_installation_says_how_to_name_a_mirror(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Places, "python", tmp_path / "python")
    (tmp_path / "python").write_text("#!/bin/sh\necho no network >&2\nexit 1\n", encoding="ascii")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(Trouble, match="could not be installed: no network") as trouble:
        module._with_pip(Places(tmp_path, tmp_path), ["requirements.txt"])
    assert "mirror" in trouble.value.hint


def test_every_locked_package_carries_its_hashes() -> None:
    for name in ("deploy/embedded/uv.txt", *module.DEVELOPER):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = [number for number, line in enumerate(lines) if "==" in line and line[0] != "#"]
        assert pinned
        bare = [lines[n] for n in pinned if "--hash=sha256:" not in lines[n + 1]]
        assert (name, bare) == (name, [])
