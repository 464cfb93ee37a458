"""What all tests stand on."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

# Migrations that put rows there: holidays, the first scheme, the score sheet of 调阅, the types of
# weak organisations.
_GIVEN = (
    "core.migrations.0002_holidays",
    "assessment.migrations.0004_first_scheme",
    "meetings.migrations.0007_checks",
    "rectification.migrations.0001_initial",
    "dues.migrations.0001_initial",
)


@pytest.fixture(autouse=True, scope="session")
def gathered_static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The folder that a deployment fills is there, so that nothing warns of it."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by argument and number: built files hold the hour, and workers must agree."""
    return argname if isinstance(val, bytes) else None


def _give_rows() -> None:
    for name in _GIVEN:
        import_module(name).seed(apps, None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """A database kept from the run before is complete again."""
    with django_db_blocker.unblock():
        _give_rows()


@pytest.fixture(autouse=True)
def given_rows(request: pytest.FixtureRequest) -> None:
    """What migrations put there is there, also after a test that emptied all tables."""
    mark = request.node.get_closest_marker("django_db")
    names = {"transactional_db", "live_server"} & set(request.fixturenames)
    if names or (mark is not None and mark.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        _give_rows()
