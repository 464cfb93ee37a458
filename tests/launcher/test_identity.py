from pathlib import Path

import pytest

from deploy.embedded.identity import Account, Identity, choose
from deploy.embedded.places import reachable
from deploy.embedded.say import Trouble

ROOT = Account("root", 0, 0)
NOBODY = Account("nobody", 65534, 65534)
POSTGRES = Account("postgres", 105, 110)
ZHANG = Account("zhang", 1000, 1000)


def test_an_ordinary_user_runs_postgresql_as_they_are() -> None:
    assert choose(1000, [ROOT, NOBODY, ZHANG], namespaces=True) == Identity()


def test_root_runs_it_in_a_namespace_under_the_name_of_nobody() -> None:
    chosen = choose(0, [ROOT, ZHANG, POSTGRES, NOBODY], namespaces=True)
    assert chosen.prefix[:4] == ("unshare", "--user", "--map-user=65534", "--map-group=65534")
    assert (chosen.uid, dict(chosen.options)) == (None, {})


def test_root_without_namespaces_runs_it_as_postgres() -> None:
    assert choose(0, [ROOT, NOBODY, ZHANG, POSTGRES], namespaces=False) == Identity(
        options={"user": 105, "group": 110, "extra_groups": []}, uid=105, gid=110
    )


def test_root_without_namespaces_and_without_postgres_runs_it_as_nobody() -> None:
    assert choose(0, [ROOT, ZHANG, NOBODY], namespaces=False).uid == 65534


def test_a_user_without_a_name_runs_it_in_a_namespace() -> None:
    assert choose(4711, [ROOT, NOBODY], namespaces=True).prefix[0] == "unshare"


def test_a_user_without_a_name_and_without_namespaces_is_told_what_to_do() -> None:
    with pytest.raises(Trouble) as trouble:
        choose(4711, [ROOT, NOBODY], namespaces=False)
    assert "DATABASE_URL" in trouble.value.hint


def test_a_folder_behind_a_closed_one_is_out_of_reach(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "open").mkdir()
    assert not reachable(tmp_path / "open", 65533)
    assert reachable(Path("/bin/sh"), 65533)
