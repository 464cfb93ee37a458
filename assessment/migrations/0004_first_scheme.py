"""Version 1 of the scheme, as scoring.md has it; a later version is a new row."""

from datetime import date

from django.db import migrations

PARAMETERS = {
    "duties": {
        "members": "25",
        "committee": "15",
        "group": "15",
        "lecture": "10",
        "fixed_day": "25",
        "must_hold": "10",
    },
    "parts": {"duties": "85", "attendance": "10", "quality": "5"},
    "credit": {"off_day": "0.6", "late": "0.8", "late_days": 7},
    "windows": {"party_day": ["06-24", "07-07"], "year_end": ["12-01", "12-31"]},
}


def seed(apps, schema_editor):
    apps.get_model("assessment", "Scheme").objects.get_or_create(
        version=1,
        defaults={
            "title": "三会一课季度评分方案",
            "valid_from": date(2020, 1, 1),
            "parameters": PARAMETERS,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_frozen_rows")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
