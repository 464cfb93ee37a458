"""The embedded PostgreSQL and Valkey, for real."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis
from environs import Env

from deploy.embedded import services, wheels
from deploy.embedded.identity import Account, choose
from deploy.embedded.places import Places, fingerprint, socket_folder
from deploy.embedded.say import Trouble

NOTHING: Mapping[str, str] = {}


@contextmanager
def running(places: Places, *, durable: bool = True) -> Iterator[services.Services]:
    started = services.start(places, NOTHING, durable=durable)
    try:
        yield started
    finally:
        started.stop()


def sql(started: services.Services, *statements: str) -> list[tuple[object, ...]]:
    env = Env()
    os.environ["_LAUNCHER_TEST"] = started.database_url
    found = env.dj_db_url("_LAUNCHER_TEST")
    del os.environ["_LAUNCHER_TEST"]
    connection = psycopg2.connect(
        host=found["HOST"], port=found["PORT"], user=found["USER"], dbname=found["NAME"]
    )
    try:
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_data_survive_a_restart_and_a_killed_server(places: Places) -> None:
    with running(places) as first:
        sql(first, "CREATE TABLE note (text text)", "INSERT INTO note VALUES ('一')")
        with redis.Redis.from_url(first.redis_url) as client:
            client.set("kept", "二")
        postgres = next(child for child in first.children if child.name == "postgres")
        assert postgres.process is not None
        sql(first, "INSERT INTO note VALUES ('三')")
        postgres.process.kill()
    with running(places) as second:
        assert sql(second, "SELECT text FROM note ORDER BY text") == [("一",), ("三",)]
        with redis.Redis.from_url(second.redis_url) as client:
            assert client.get("kept") == "二".encode()
        assert second == services.Services(first.database_url, first.redis_url, second.children)


def test_the_embedded_servers_keep_what_was_acknowledged_and_see_chinese(places: Places) -> None:
    with running(places) as started:
        settings = ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses")
        shown = [sql(started, f"SHOW {name}")[0][0] for name in settings]
        assert shown == ["on", "on", "on", ""]
        sql(started, "CREATE EXTENSION pg_trgm")
        assert sql(
            started, "SELECT '第一党支部' LIKE '%党支%', similarity('党支部', '党支部')"
        ) == [(True, 1.0)]
        role = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert sql(started, role) == [(False, True)]
        with redis.Redis.from_url(started.redis_url) as client:
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_a_stale_pid_file_whose_number_somebody_else_has_now_is_no_hindrance(
    places: Places,
) -> None:
    with running(places, durable=False):
        pass
    stale = places.state / "postgres" / "postmaster.pid"
    # Our own parent lives, belongs to the same user and is no PostgreSQL.
    stale.write_text(f"{os.getppid()}\n{stale.parent}\n1\n5432\n\n\n\nready   \n", encoding="ascii")
    with running(places, durable=False) as started:
        assert sql(started, "SELECT 1") == [(1,)]


def test_an_interrupted_making_of_the_data_folder_is_begun_anew(places: Places) -> None:
    half = places.state / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    with running(places, durable=False) as started:
        assert sql(started, "SELECT 1") == [(1,)]


def test_data_of_another_major_version_are_refused_with_advice(places: Places) -> None:
    (places.state / "postgres").mkdir()
    (places.state / "postgres" / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(Trouble, match="were made by PostgreSQL 9") as trouble:
        services.start(places, NOTHING)
    assert "Dump them" in trouble.value.hint
    assert list((places.state / "pids").iterdir()) == []


def test_named_servers_are_used_and_none_is_started(places: Places) -> None:
    given = {"DATABASE_URL": "postgres://a", "REDIS_URL": "redis://b"}
    assert services.start(places, given) == services.Services("postgres://a", "redis://b", [])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_namespaces_runs_postgresql_as_another_user(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Account("nobody", 65534, 65534)
    monkeypatch.setattr(services, "current", lambda: choose(0, [nobody], namespaces=False))
    closed = places.state / "closed"
    closed.mkdir(mode=0o700)
    inner = Places(places.root, closed / "var")
    inner.make()
    away = Path("/var/lib") / f"desk-{fingerprint(inner.state)}"
    try:
        with running(inner, durable=False) as started:
            assert (away / "postgres").stat().st_uid == 65534
            assert sql(started, "SELECT 1") == [(1,)]
        assert (inner.state / "postgres").resolve() == away / "postgres"
    finally:
        shutil.rmtree(away, ignore_errors=True)
        shutil.rmtree(socket_folder(inner.state, "pg", uid=65534))


def test_a_copy_of_the_programs_runs_where_it_lies(places: Places) -> None:
    copied = wheels.copy_postgres(wheels.postgres(places), places.state / "programs")
    done = subprocess.run(
        [copied / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("postgres (PostgreSQL) 18.")
