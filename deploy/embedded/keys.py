"""The keys of this checkout: made once, kept in ``secrets.env``, never printed."""

import os
import secrets
from pathlib import Path

from deploy.embedded.say import Trouble


def load(path: Path) -> dict[str, str]:
    """Return the keys in ``path`` by name, after making those that are missing.

    The file has mode 0600 and one ``NAME=value`` per line. A key that exists is never changed:
    what was sealed with it could not be opened any more. Raises ``Trouble`` on a broken line.
    """
    found: dict[str, str] = {}
    if path.exists():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, equals, value = line.partition("=")
            if not equals or not value:
                raise Trouble(
                    f"Line {number} of {path} is not NAME=value.",
                    "Restore the file from your backup: without its keys the sealed identity "
                    "numbers in the database cannot be read.",
                )
            found[name.strip()] = value.strip()
    missing = {name: value for name, value in _fresh().items() if name not in found}
    if missing:
        found |= missing
        _write(path, found)
    return found


def _fresh() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATA_KEYS": f"1:{secrets.token_hex(32)}",
        "DATA_INDEX_KEY": secrets.token_hex(32),
        "POSTGRES_PASSWORD": secrets.token_hex(24),
    }


def _write(path: Path, keys: dict[str, str]) -> None:
    lines = [
        "# Keys of this installation. Back this file up apart from the database: whoever has",
        "# both can read the identity numbers, whoever loses it can read none of them.",
        *(f"{name}={value}" for name, value in keys.items()),
    ]
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
