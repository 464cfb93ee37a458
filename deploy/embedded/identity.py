"""As whom PostgreSQL runs: it refuses root, and it wants a user that has a name."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.embedded.places import WINDOWS
from deploy.embedded.say import Trouble


@dataclass(frozen=True)
class Identity:
    """How to start a program: ``prefix`` before its command, ``options`` for ``Popen``.

    ``uid`` is set only when files must belong to another user than ours.
    """

    prefix: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    uid: int | None = None
    gid: int | None = None


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int


def choose(uid: int, accounts: Sequence[Account], *, namespaces: bool) -> Identity:
    """Return the identity for PostgreSQL when we are ``uid`` among ``accounts``.

    Ourselves where that is allowed; else a user namespace in which our own files stay ours;
    else, for root, another user. Raises ``Trouble`` where nothing of that is possible.
    """
    if uid != 0 and any(one.uid == uid for one in accounts):
        return Identity()
    ordinary = [one for one in accounts if one.uid != 0]
    ordinary.sort(key=lambda one: (one.name != "nobody", one.name != "postgres", one.uid))
    if namespaces and ordinary:
        one = ordinary[0]
        return Identity(prefix=namespace(one))
    if uid == 0 and ordinary:
        ordinary.sort(key=lambda one: (one.name != "postgres", one.name != "nobody", one.uid))
        one = ordinary[0]
        return Identity(
            options={"user": one.uid, "group": one.gid, "extra_groups": []},
            uid=one.uid,
            gid=one.gid,
        )
    raise Trouble(
        f"PostgreSQL cannot run here as user {uid}.",
        "Start this as an ordinary user that has a name, or set DATABASE_URL to a PostgreSQL "
        "that runs already.",
    )


def namespace(one: Account) -> tuple[str, ...]:
    """Return the command that runs a program in a user namespace where we are called ``one``."""
    inside = ("unshare", "--user", f"--map-user={one.uid}", f"--map-group={one.gid}")
    # Entering the namespace drops the leash (child.leash); setpriv ties it again.
    return (*inside, "setpriv", "--pdeathsig", "INT") if shutil.which("setpriv") else inside


def current() -> Identity:
    """Return the identity for PostgreSQL on this machine, now."""
    if WINDOWS:
        return Identity()
    import pwd  # noqa: PLC0415 - exists on Unix only

    accounts = [Account(one.pw_name, one.pw_uid, one.pw_gid) for one in pwd.getpwall()]
    uid = os.geteuid()
    if uid != 0 and any(one.uid == uid for one in accounts):
        return Identity()
    return choose(uid, accounts, namespaces=_namespaces_work(accounts))


def _namespaces_work(accounts: Sequence[Account]) -> bool:
    # Containers and hardened kernels often forbid them: try, do not guess.
    others = [one for one in accounts if one.uid != 0]
    if not others or not shutil.which("unshare"):
        return False
    done = subprocess.run([*namespace(others[0]), "true"], capture_output=True, check=False)
    return done.returncode == 0
