import uuid

import django.db.models.deletion
import django.db.models.manager
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# Its tables were made by ``meetings``; only Django's idea of whose they are changes, and the
# triggers of the history, whose names hold the app.
class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0004_robots"),
        ("meetings", "0011_events_move_down"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("party_day", "建党日"),
                                    ("year_end", "年底"),
                                    ("decision", "重大决策事项"),
                                    ("admission", "发展党员"),
                                ],
                                max_length=10,
                                verbose_name="事由",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="登记日或预审日")),
                        (
                            "window_end",
                            models.DateField(editable=False, verbose_name="最迟召开日期"),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="事项")),
                        ("is_withdrawn", models.BooleanField(default=False, verbose_name="已撤销")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        (
                            "updated_at",
                            models.DateTimeField(auto_now=True, verbose_name="更新时间"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="branches.unit",
                                verbose_name="党组织",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "四个必开事项",
                        "verbose_name_plural": "四个必开事项",
                        "db_table": "meetings_event",
                        "ordering": ["-day", "-id"],
                        "default_manager_name": "unscoped",
                    },
                    managers=[
                        ("unscoped", django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name="EventEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("uuid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("party_day", "建党日"),
                                    ("year_end", "年底"),
                                    ("decision", "重大决策事项"),
                                    ("admission", "发展党员"),
                                ],
                                max_length=10,
                                verbose_name="事由",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="登记日或预审日")),
                        (
                            "window_end",
                            models.DateField(editable=False, verbose_name="最迟召开日期"),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="事项")),
                        ("is_withdrawn", models.BooleanField(default=False, verbose_name="已撤销")),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        (
                            "updated_at",
                            models.DateTimeField(auto_now=True, verbose_name="更新时间"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="branches.event",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="branches.unit",
                                verbose_name="党组织",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "meetings_eventevent",
                        "abstract": False,
                    },
                ),
                migrations.AddIndex(
                    model_name="event",
                    index=models.Index(fields=["unit", "window_end"], name="meetings_event_unit"),
                ),
                migrations.AddConstraint(
                    model_name="event",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_withdrawn", False)),
                        fields=("unit", "cause", "day", "title"),
                        name="meetings_event_once",
                        violation_error_message="这个事项已经登记过。",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="event",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("cause__in", ["decision", "admission"])),
                        name="meetings_event_cause",
                        violation_error_message="只登记重大决策和发展党员；建党日和年底由系统按日历提出。",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="event",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("window_end__gt", models.F("day"))),
                        name="meetings_event_window",
                    ),
                ),
            ]
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "meetings_eventevent" ("at", "by_id", "cause", "day", "id", "is_withdrawn", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "unit_id", "updated_at", "uuid", "window_end") SELECT new_values."at", new_values."by_id", new_values."cause", new_values."day", new_values."id", new_values."is_withdrawn", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."title", new_values."unit_id", new_values."updated_at", new_values."uuid", new_values."window_end" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="abcb3f7f3bd06022856d1e0ef7d9c2ad27dad887",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_40341",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="meetings_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "meetings_eventevent" ("at", "by_id", "cause", "day", "id", "is_withdrawn", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "unit_id", "updated_at", "uuid", "window_end") SELECT new_values."at", new_values."by_id", new_values."cause", new_values."day", new_values."id", new_values."is_withdrawn", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."title", new_values."unit_id", new_values."updated_at", new_values."uuid", new_values."window_end" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="4a62805efd14dd1e7d812ee5e4557b10a9420b77",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d08dc",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="meetings_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "meetings_eventevent" ("at", "by_id", "cause", "day", "id", "is_withdrawn", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "unit_id", "updated_at", "uuid", "window_end") SELECT old_values."at", old_values."by_id", old_values."cause", old_values."day", old_values."id", old_values."is_withdrawn", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."title", old_values."unit_id", old_values."updated_at", old_values."uuid", old_values."window_end" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0767a30fbaa00268747d7537dc3ceca2455fbe2f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7f3e3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="meetings_event",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ca5be5688498ed120be557b926ce8bec1d6dd168",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bd56c",
                    table="meetings_eventevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
