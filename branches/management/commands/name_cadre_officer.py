"""Name a cadre officer, or end his work: at the server's console, never on a page."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from branches.enums import Role
from branches.models import Grant, Unit
from branches.services import access
from core.errors import Refusal


class Command(BaseCommand):
    help = "按书面批准登记（或用 --end 结束）干部工作人员。须两人在场。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")
        parser.add_argument("unit", help="党组织代码：区委、党（工）委或党总支")
        parser.add_argument("--until", type=date.fromisoformat, default=None, help="有效期至")
        parser.add_argument("--end", action="store_true", help="收回")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        unit = Unit.unscoped.filter(code=options["unit"]).first()
        if user is None or unit is None:
            raise CommandError("没有这个用户名或党组织代码。")
        try:
            if options["end"]:
                for grant in Grant.unscoped.filter(user=user, unit=unit, role=Role.CADRE_OFFICER):
                    access.take(grant=grant)
            else:
                access.give(user=user, role=Role.CADRE_OFFICER, unit=unit, until=options["until"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("已收回。" if options["end"] else f"{user} 已登记为{unit}干部工作人员。")
