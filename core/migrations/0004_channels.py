import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0003_lean_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("by_mail", models.BooleanField(default=True, verbose_name="同时发邮件")),
                (
                    "quiet_from",
                    models.TimeField(default=datetime.time(21, 0), verbose_name="免打扰从"),
                ),
                (
                    "quiet_to",
                    models.TimeField(default=datetime.time(8, 0), verbose_name="免打扰到"),
                ),
                (
                    "digest",
                    models.CharField(
                        choices=[("now", "随时"), ("daily", "每天一次"), ("weekly", "每周一一次")],
                        default="now",
                        max_length=6,
                        verbose_name="接收方式",
                    ),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(default=9, verbose_name="汇总时间"),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "接收偏好",
                "verbose_name_plural": "接收偏好",
            },
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="core_delivery_open",
        ),
        migrations.AddField(
            model_name="delivery",
            name="round",
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name="发送批次"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "电子邮件"),
                    ("wecom", "企业微信"),
                    ("dingtalk", "钉钉"),
                    ("feishu", "飞书"),
                ],
                max_length=10,
                verbose_name="渠道",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="发到群里的消息没有收件人。",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="收件人",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["next_try_at", "address"],
                name="core_delivery_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest_hour__lte", 23)),
                name="core_preference_hour",
                violation_error_message="汇总时间应在 0 到 23 点之间。",
            ),
        ),
    ]
