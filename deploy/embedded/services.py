"""PostgreSQL and Valkey, as far as the environment does not name servers of its own."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import keys
from deploy.embedded.child import Child, end_leftovers
from deploy.embedded.identity import current
from deploy.embedded.places import Places
from deploy.embedded.postgres import Postgres, without_postgres
from deploy.embedded.say import Trouble
from deploy.embedded.valkey import Valkey

_LONGEST_START = 120.0


@dataclass
class Services:
    """The servers started here, and the addresses of all that are used."""

    database_url: str
    redis_url: str
    children: list[Child] = field(default_factory=list)

    def stop(self) -> None:
        """Stop what was started here, the last first."""
        for child in reversed(self.children):
            child.stop()


def start(places: Places, given: Mapping[str, str], *, durable: bool = True) -> Services:
    """Start the servers that ``given`` (DATABASE_URL, REDIS_URL) does not name; wait for them.

    ``durable`` False gives throw-away servers for tests. Raises ``Trouble`` with the end of the
    log when one does not come up. The caller stops them; on an error nothing is left running.
    """
    services = Services(given.get("DATABASE_URL", ""), given.get("REDIS_URL", ""))
    end_leftovers(places.state / "pids")
    env = without_postgres(os.environ)
    postgres = valkey = None
    try:
        if not services.redis_url:
            valkey = Valkey.of(places, durable=durable)
            valkey.prepare()
            services.redis_url = valkey.url
            _launch(services, valkey.child(*_files(places, "valkey"), env))
        if not services.database_url:
            password = keys.load(places.state / "secrets.env")["POSTGRES_PASSWORD"]
            postgres = Postgres.of(places, current(), password, durable=durable)
            postgres.prepare()
            postgres.forget_stale_pid()
            services.database_url = postgres.url
            _launch(services, postgres.child(*_files(places, "postgres"), env))
            _wait(services.children[-1], postgres)
            postgres.create_database()
        if valkey is not None:
            _wait(services.children[0], valkey)
    except BaseException:
        services.stop()
        raise
    return services


def _files(places: Places, name: str) -> tuple[Path, Path]:
    return places.logs / f"{name}.log", places.state / "pids" / f"{name}.json"


def _launch(services: Services, child: Child) -> None:
    services.children.append(child)
    child.start()


def _wait(child: Child, server: Postgres | Valkey) -> None:
    until = time.monotonic() + _LONGEST_START
    pid = child.process.pid if child.process is not None else 0
    while not server.ready(pid):
        if not child.alive() or time.monotonic() > until:
            raise Trouble(
                f"{child.name} did not start. The end of {child.log}:\n{child.tail()}",
                "Read the lines above. Often the disk is full or a folder's rights were changed.",
            )
        time.sleep(0.02)
