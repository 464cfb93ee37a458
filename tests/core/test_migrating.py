"""Many tables in one migration, drawn once: the same tables as step by step."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from core.migrating import WholeMigration

pytestmark = pytest.mark.django_db

NAME = models.CharField(max_length=20)
KEY = models.BigAutoField(primary_key=True)


def seed(apps: Any, schema_editor: Any) -> None:
    flock = apps.get_model("farm", "Flock").objects.create(name="一队")
    flock.chief = apps.get_model("farm", "Bird").objects.create(name="老大", flock=flock)
    flock.save()


STEPS = [
    migrations.CreateModel("Flock", [("id", KEY), ("name", NAME)]),
    migrations.CreateModel(
        "Bird",
        [
            ("id", KEY.clone()),
            ("name", NAME.clone()),
            ("flock", models.ForeignKey("farm.Flock", models.PROTECT, related_name="+")),
        ],
    ),
    # Two tables that name each other.
    migrations.AddField(
        "flock", "chief", models.ForeignKey("farm.Bird", models.PROTECT, null=True)
    ),
    migrations.AddIndex("bird", models.Index(fields=["name"], name="farm_bird_name")),
    migrations.AddConstraint(
        "bird", models.UniqueConstraint(fields=["flock", "name"], name="farm_bird_once")
    ),
]


def made(kind: type[migrations.Migration]) -> tuple[list[Any], dict[str, list[str]]]:
    """Columns and constraints of both tables after a migration of that kind; then they go."""
    migration = kind("0001_initial", "farm")
    migration.operations = STEPS
    with connection.schema_editor() as editor:
        state = migration.apply(ProjectState(), editor)
    with connection.cursor() as cursor:
        found = {
            table: sorted(
                f"{one['columns']} {one['unique']} {one['foreign_key']}"
                for one in connection.introspection.get_constraints(cursor, table).values()
            )
            for table in ("farm_flock", "farm_bird")
        }
        columns = [
            sorted(
                column.name for column in connection.introspection.get_table_description(cursor, t)
            )
            for t in ("farm_flock", "farm_bird")
        ]
    apps: Any = state.apps
    seed(apps, None)
    assert apps.get_model("farm", "Flock").objects.get().chief.name == "老大"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TABLE farm_flock, farm_bird CASCADE")
    return columns, found


def test_a_migration_drawn_once_makes_what_django_makes_step_by_step() -> None:
    assert made(WholeMigration) == made(migrations.Migration)


def test_what_seeds_a_table_finds_the_table_of_the_same_migration() -> None:
    migration = WholeMigration("0001_initial", "farm")
    migration.operations = [
        migrations.CreateModel("Corn", [("id", KEY.clone()), ("name", NAME.clone())]),
        migrations.RunPython(
            lambda apps, editor: apps.get_model("farm", "Corn").objects.create(name="玉米")
        ),
    ]
    with connection.schema_editor() as editor:
        state = migration.apply(ProjectState(), editor)

    apps: Any = state.apps
    assert apps.get_model("farm", "Corn").objects.get().name == "玉米"
