"""What the hourly reminders have asked already, and what has changed since.

No history and no scope: both tables may be emptied at any time, at the price of one whole sweep.
"""

from django.db import models


class Sweep(models.Model):
    """A reminder's last question: everything that stood before ``since`` is answered.

    ``asked`` tells the question (its text, its days, the database server); ``since`` is the oldest
    transaction that was open when it was put (``pg_snapshot_xmin``).
    """

    name = models.CharField("提醒", max_length=40, primary_key=True)
    asked = models.CharField("问题摘要", max_length=64)
    day = models.DateField("日期")
    since = models.BigIntegerField("事务号")

    class Meta:
        verbose_name = "提醒进度"
        verbose_name_plural = "提醒进度"

    def __str__(self) -> str:
        return self.name


class Touched(models.Model):
    """A unit that may owe something, or have somebody to be told, that it had not before.

    Written by triggers (migration 0003), with the number of the transaction that changed it: clocks
    do not order commits. No foreign key, as a unit may go.
    """

    unit_id = models.BigIntegerField("党组织")
    transaction = models.BigIntegerField("事务号")

    class Meta:
        verbose_name = "待复核党组织"
        verbose_name_plural = "待复核党组织"
        indexes = [models.Index(fields=["transaction"], name="meetings_touched_since")]

    def __str__(self) -> str:
        return f"{self.unit_id}@{self.transaction}"
