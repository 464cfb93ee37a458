"""The cadre file: who it is, his dated posts, family, ranks, appraisals, photo."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from cadres.enums import CadreSex, CadreState, Grade, Level, Politics
from cadres.querysets import CadreQuerySet, ThroughCadre
from cadres.rules.words import workplace
from core.codes import check_id_number, check_phone, mask_id, mask_phone
from core.history import tracked
from core.models import AttachedFile
from core.sealed import SealedField, SealedMixin

PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


def _whole_id(number: str) -> str:
    return check_id_number(number).number


@tracked(exclude=["name_key"])
class Cadre(SealedMixin, models.Model):
    """干部: one person; ``unit`` is the organisation that he belongs to and by which he is reached.

    Sealed with the row bound in: numbers, day of birth (ISO text), places, health, rewards and
    punishments. What he is now follows from his posts (:class:`Stint`).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在单位")
    name = models.CharField("姓名", max_length=60)
    name_key = models.TextField("检索键", blank=True, editable=False)
    sex = models.CharField("性别", max_length=1, choices=CadreSex)
    level = models.CharField("职务层次", max_length=3, choices=Level, default=Level.STAFF)
    id_number = SealedField(
        "公民身份号码", null=True, index_field="id_number_index", normalise=_whole_id
    )
    id_number_index = models.BinaryField("身份号码索引", null=True, editable=False)
    phone = SealedField("手机号码", null=True, normalise=check_phone)
    born = SealedField("出生日期", null=True)
    native_place = SealedField("籍贯", null=True)
    birthplace = SealedField("出生地", null=True)
    health = SealedField("健康状况", null=True)
    honours = SealedField("奖惩情况", null=True)
    ethnicity = models.CharField("民族", max_length=2, default="01", help_text="GB/T 3304 代码。")
    politics = models.CharField("政治面貌", max_length=2, choices=Politics, default=Politics.MEMBER)
    party_on = models.DateField("入党时间", null=True, blank=True)
    work_on = models.DateField("参加工作时间", null=True, blank=True)
    title = models.CharField("专业技术职务", max_length=60, blank=True)
    specialty = models.CharField("熟悉专业有何专长", max_length=100, blank=True)
    full_education = models.CharField("全日制教育学历学位", max_length=60, blank=True)
    full_school = models.CharField("全日制教育院系及专业", max_length=100, blank=True)
    part_education = models.CharField("在职教育学历学位", max_length=60, blank=True)
    part_school = models.CharField("在职教育院系及专业", max_length=100, blank=True)
    state = models.CharField("现状", max_length=8, choices=CadreState, default=CadreState.SERVING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="建档人", **PERSON
    )
    created_at = models.DateTimeField("建档时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = "干部"
        verbose_name_plural = "干部"
        ordering = ["unit__path", "level", "id"]
        default_manager_name = "unscoped"
        indexes = [models.Index(fields=["unit", "state"], name="cadres_cadre_roster")]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                name="cadres_cadre_once",
                violation_error_message="这个身份号码已经建档，请核对是否重复。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def workplace(self) -> str:
        """所在单位 as a place of work."""
        return workplace(str(self.unit))

    @property
    def masked_id_number(self) -> str:
        """公民身份号码 as it is shown."""
        return mask_id(self.unseal("id_number"))

    @property
    def masked_phone(self) -> str:
        """手机号码 as it is shown."""
        return mask_phone(self.unseal("phone"))

    @property
    def born_on(self) -> date | None:
        """The day of birth, unsealed."""
        text = self.unseal("born")
        return date.fromisoformat(text) if text else None


class _HangsOnCadre(models.Model):
    """What all rows of a file share."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        abstract = True
        default_manager_name = "unscoped"


@tracked()
class Stint(_HangsOnCadre):
    """简历的一段: a post, or years of study, from a month to a month; the last one open.

    ``unit`` and ``in_quota`` say that it fills one of the posts of that organisation at ``level``
    (职数); a post elsewhere, or before, has the words only.
    """

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="stints", verbose_name="干部")
    since = models.DateField("开始")
    until = models.DateField("结束", null=True, blank=True)
    place = models.CharField("单位或院校", max_length=100)
    post = models.CharField("职务或学习情况", max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="占职数的单位", **PERSON)
    level = models.CharField("职务层次", max_length=3, choices=Level, blank=True)
    in_quota = models.BooleanField("占领导职数", default=False)
    on_trial_until = models.DateField("试用期到", null=True, blank=True)

    class Meta(_HangsOnCadre.Meta):
        verbose_name = "任职经历"
        verbose_name_plural = "任职经历"
        ordering = ["since", "id"]
        indexes = [
            models.Index(
                fields=["unit", "level"],
                condition=Q(in_quota=True, until__isnull=True),
                name="cadres_stint_filled",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="cadres_stint_span",
                violation_error_message="结束不能早于开始。",
            ),
            models.CheckConstraint(
                condition=Q(in_quota=False) | (Q(unit__isnull=False) & ~Q(level="")),
                name="cadres_stint_quota",
                violation_error_message="占职数的，请选单位和层次。",
            ),
            models.UniqueConstraint(
                fields=["cadre", "since", "place", "post"],
                name="cadres_stint_once",
                violation_error_message="这一段已经登记过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}{self.post}"

    @property
    def line(self) -> str:
        """The line of the 简历: 2015.07—2018.03  某某局科员."""
        end = f"{self.until:%Y.%m}" if self.until else ""
        return f"{self.since:%Y.%m}—{end:<7}  {self.place}{self.post}"


@tracked()
class Family(SealedMixin, models.Model):
    """家庭成员及社会关系: sealed but for the kind of relation and the political status."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="family", verbose_name="干部")
    relation = models.CharField("称谓", max_length=20)
    name = SealedField("姓名", null=True)
    born = SealedField("出生年月", null=True)
    politics = models.CharField("政治面貌", max_length=2, choices=Politics, blank=True)
    work = SealedField("工作单位及职务", null=True)

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        verbose_name = "家庭成员"
        verbose_name_plural = "家庭成员"
        ordering = ["id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return self.relation


@tracked()
class RankStep(_HangsOnCadre):
    """职级: a rank since a day."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="ranks", verbose_name="干部")
    rank = models.CharField("职级", max_length=40)
    since = models.DateField("起算日期")
    document = models.CharField("文号", max_length=80, blank=True)

    class Meta(_HangsOnCadre.Meta):
        verbose_name = "职级"
        verbose_name_plural = "职级"
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "since"],
                name="cadres_rank_once",
                violation_error_message="这一天已经登记过职级。",
            )
        ]

    def __str__(self) -> str:
        return self.rank


@tracked()
class Appraisal(_HangsOnCadre):
    """年度考核."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="appraisals", verbose_name="干部")
    year = models.PositiveSmallIntegerField("年度")
    grade = models.CharField("结果", max_length=10, choices=Grade)

    class Meta(_HangsOnCadre.Meta):
        verbose_name = "年度考核"
        verbose_name_plural = "年度考核"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "year"],
                name="cadres_appraisal_once",
                violation_error_message="这一年的考核结果已经登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_grade_display()}"


class Photo(AttachedFile):
    """照片: drawn anew, kept privately. Nothing else of an archive is kept."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="photos", verbose_name="干部")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", **PERSON
    )

    unscoped = models.Manager()
    objects = ThroughCadre.as_manager()

    class Meta:
        verbose_name = "干部照片"
        verbose_name_plural = "干部照片"
        ordering = ["-id"]
        default_manager_name = "unscoped"
