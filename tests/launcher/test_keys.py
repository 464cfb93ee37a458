import re
import stat
from pathlib import Path

import pytest

from deploy.embedded import keys
from deploy.embedded.say import Trouble


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    first = keys.load(path)
    assert keys.load(path) == first
    assert sorted(first) == ["DATA_INDEX_KEY", "DATA_KEYS", "POSTGRES_PASSWORD", "SECRET_KEY"]
    assert re.fullmatch(r"1:[0-9a-f]{64}", first["DATA_KEYS"])
    assert len(first["SECRET_KEY"]) > 50


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    keys.load(tmp_path / "secrets.env")
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = keys.load(tmp_path / "a"), keys.load(tmp_path / "b")
    assert [name for name in one if one[name] == other[name]] == []


def test_a_missing_key_is_added_and_the_others_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=old\n\n# a note\nEXTRA=kept\n", encoding="utf-8")
    loaded = keys.load(path)
    assert (loaded["SECRET_KEY"], loaded["EXTRA"]) == ("old", "kept")
    assert keys.load(path) == loaded


def test_a_broken_line_is_named_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=old\nDATA_KEYS\n", encoding="utf-8")
    with pytest.raises(Trouble, match=r"^Line 2 of .*secrets.env is not NAME=value\.$"):
        keys.load(path)
    assert path.read_text(encoding="utf-8") == "SECRET_KEY=old\nDATA_KEYS\n"
