"""四个必开的事由 go down to ``branches`` (decision 0017); tables and rows stay where they are."""

from typing import Any

import pgtrigger.migrations
from django.db import migrations

MOVED = ("event", "eventevent")


def _kinds(apps: Any, before: str, after: str) -> None:
    """What is logged about an event goes on pointing to it."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    for model in MOVED:
        if not kinds.filter(app_label=after, model=model).exists():
            kinds.filter(app_label=before, model=model).update(app_label=after)


def down(apps: Any, schema_editor: Any) -> None:
    _kinds(apps, "meetings", "branches")


def back(apps: Any, schema_editor: Any) -> None:
    _kinds(apps, "branches", "meetings")


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0010_study"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="event", name="insert_insert"),
        pgtrigger.migrations.RemoveTrigger(model_name="event", name="update_update"),
        pgtrigger.migrations.RemoveTrigger(model_name="event", name="delete_delete"),
        pgtrigger.migrations.RemoveTrigger(model_name="eventevent", name="append_only"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="EventEvent"),
                migrations.DeleteModel(name="Event"),
            ]
        ),
        migrations.RunPython(down, back),
    ]
