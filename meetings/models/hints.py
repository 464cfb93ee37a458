"""Keys by which alike photos and alike minutes are found; a help for those who read, no mark.

Both tables can be made anew from the records at any time. Nothing here is scored.
"""

from django.db import models

from meetings.models.record import Meeting, MeetingFile


class PhotoKey(models.Model):
    """One of the seven parts of a photo's picture hash (``meetings.rules.hints.photo_keys``).

    Of two hashes that differ in six bits at most, one part of seven is equal.
    """

    file = models.ForeignKey(MeetingFile, models.CASCADE, related_name="+", verbose_name="照片")
    key = models.IntegerField("键")
    dhash = models.BigIntegerField("图像指纹")

    unscoped = models.Manager()

    class Meta:
        verbose_name = "照片指纹"
        verbose_name_plural = "照片指纹"
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["key"], include=["dhash", "file"], name="meetings_photo_by_key")
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.key}"


class MinutesKey(models.Model):
    """One band of the signature of a record's minutes (``meetings.rules.hints.text_keys``)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+", verbose_name="会议")
    key = models.BigIntegerField("键")

    unscoped = models.Manager()

    class Meta:
        verbose_name = "内容指纹"
        verbose_name_plural = "内容指纹"
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["key", "meeting"], name="meetings_minutes_by_key")]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.key}"
