"""What the two import commands share."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from branches import imports
from branches.imports import Plan, Rights
from branches.querysets import scope_guard
from core.errors import Refusal

_LISTED = 200


class LoadingCommand(BaseCommand):
    """Reads one file, prints faults or the preview, and writes it unless told not to."""

    kind = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("file", help="Excel（.xlsx、.xls）或 CSV 文件")
        parser.add_argument("--as", dest="user", default="", help="以这个账号的权限导入")
        parser.add_argument("--dry-run", action="store_true", help="只核对和预览，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django."""
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"找不到文件：{path}")
        today = timezone.localdate()
        rights = self._rights(options["user"])
        start = monotonic()
        verb = imports.check if options["dry_run"] else imports.commit
        with pghistory.context(command=self.kind), scope_guard():
            try:
                plan = verb(self.kind, path, rights=rights, today=today)
            except Refusal as refusal:
                raise CommandError(refusal.message) from refusal
        self._print(plan)
        if plan.faults:
            raise CommandError(f"共 {len(plan.faults)} 处问题，没有写入任何数据。")
        done = "核对完成，没有写入" if options["dry_run"] else "已写入"
        self.stdout.write(f"{done}，用时 {monotonic() - start:.1f} 秒。")

    def _rights(self, name: str) -> Rights:
        if not name:
            return Rights.of_machine()
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"没有这个账号：{name}")
        return Rights.of(user, on=timezone.localdate())

    def _print(self, plan: Plan) -> None:
        say = self.stdout.write
        for note in plan.notes:
            say(f"说明：{note}")
        for row, text in plan.dropped[:20]:
            say(f"跳过第 {row} 行：{text}")
        for fault in plan.faults[:_LISTED]:
            say(fault.text)
        if len(plan.faults) > _LISTED:
            say(f"……另有 {len(plan.faults) - _LISTED} 处问题")
        if plan.faults:
            return
        say(f"新增 {len(plan.created)} 行，更改 {len(plan.changed)} 行，不变 {plan.unchanged} 行。")
        for created in plan.created[:5]:
            say(f"  新增 第 {created.row} 行 {created.name}（{created.about}）")
        for changed in plan.changed[:10]:
            fields = "；".join(
                f"{name}：{old or '空'} → {new}" for name, old, new in changed.fields
            )
            say(f"  更改 第 {changed.row} 行 {changed.name}：{fields}")
