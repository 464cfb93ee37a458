"""The holiday notices of 2004–2026, from the package that collects them.

Only days that the notices name are rows: holidays (their weekends included) and 调休 working days.
Staff enter the years to come; until then those are reckoned as 暂算.
"""

from chinese_calendar import Holiday as Named
from chinese_calendar.constants import holidays, workdays
from django.db import migrations

_NAMES = {one.value: one.chinese for one in Named}


def seed(apps, schema_editor):
    Holiday = apps.get_model("core", "Holiday")
    rows = [
        Holiday(day=day, is_off=is_off, name=_NAMES.get(str(name), str(name)), source="")
        for days, is_off in ((holidays, True), (workdays, False))
        for day, name in days.items()
    ]
    for row in rows:
        row.name = row.name if row.is_off else f"{row.name}调休上班"
        row.source = f"国务院办公厅关于{row.day.year}年部分节假日安排的通知"
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
