"""Seal every row anew under the newest data key: `manage.py reseal`."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from core.sealed import SealedMixin, reseal


class Command(BaseCommand):
    """Walk through all models with sealed columns; may be stopped and started again."""

    help = "用编号最大的数据密钥重新加密所有证件号码和电话；可随时中断后重来。"

    def handle(self, **_: Any) -> None:
        for model in apps.get_models():
            if issubclass(model, SealedMixin):
                count = reseal(model._base_manager.all())
                self.stdout.write(f"{model._meta.verbose_name}：重新加密 {count} 行")
