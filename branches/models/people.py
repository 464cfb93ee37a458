"""党员与职务."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from branches.enums import MemberKind, MemberState, PostKind, Sex
from branches.models.unit import Unit
from branches.querysets import DatedQuerySet, MemberQuerySet
from core.codes import check_id_number, check_phone, mask_id, mask_phone
from core.history import tracked
from core.sealed import SealedField, SealedMixin


def _whole_id(number: str) -> str:
    return check_id_number(number).number


@tracked(exclude=["name_key"])
class Member(SealedMixin, models.Model):
    """党员: one person on one branch's roster.

    Identity and phone numbers are sealed with the row bound in; they are found again, whole, by a
    keyed index, never filtered.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在党支部")
    group = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在党小组"
    )
    name = models.CharField("姓名", max_length=60)
    name_key = models.TextField("检索键", blank=True, editable=False)
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    id_number = SealedField(
        "公民身份号码", null=True, index_field="id_number_index", normalise=_whole_id
    )
    id_number_index = models.BinaryField("身份号码索引", null=True, editable=False)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    ethnicity = models.CharField("民族", max_length=2, blank=True, help_text="GB/T 3304 代码。")
    education = models.CharField("学历", max_length=2, blank=True, help_text="GB/T 4658 代码。")
    degree = models.CharField("学位", max_length=20, blank=True)
    kind = models.CharField("人员类别", max_length=2, choices=MemberKind, default=MemberKind.FULL)
    state = models.CharField(
        "党籍状态", max_length=12, choices=MemberState, default=MemberState.ACTIVE
    )
    is_floating = models.BooleanField("流动党员", default=False)
    is_lost = models.BooleanField("失联党员", default=False)
    is_migrant_worker = models.BooleanField("农民工", default=False)
    phone = SealedField("手机号码", null=True, index_field="phone_index", normalise=check_phone)
    phone_index = models.BinaryField("手机号码索引", null=True, editable=False)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    job = models.CharField("工作岗位", max_length=60, blank=True)
    residence = models.CharField("现居住地", max_length=200, blank=True)
    registered_residence = models.CharField("户籍所在地", max_length=200, blank=True)
    arrived_on = models.DateField("转入日期", null=True, blank=True)
    left_on = models.DateField("离开日期", null=True, blank=True)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "党员"
        verbose_name_plural = "党员"
        ordering = ["unit", "name"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "state"], name="branches_member_roster"),
            models.Index(fields=["group"], name="branches_member_group"),
            models.Index(fields=["updated_at", "id"], name="branches_member_feed"),
            models.Index(fields=["phone_index"], name="branches_member_phone"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="branches_member_name"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="branches_member_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                name="branches_member_id_once",
                violation_error_message="这个身份号码已经登记在册，请核对是否重复录入。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(confirmed_on__gte=F("joined_on")),
                name="branches_member_confirmed",
                violation_error_message="转正日期不能早于入党日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """公民身份号码 as it is shown."""
        return mask_id(self.unseal("id_number"))

    @property
    def masked_phone(self) -> str:
        """手机号码 as it is shown: 138****5678."""
        return mask_phone(self.unseal("phone"))

    @property
    def votes(self) -> bool:
        """Whether he has the vote: full members, not under 留党察看 (支部工作条例)."""
        return self.kind == MemberKind.FULL and self.state == MemberState.ACTIVE


@tracked()
class Post(models.Model):
    """职务: a member's dated post in a unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="党员")
    kind = models.CharField("职务", max_length=12, choices=PostKind)
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True, help_text="在任的最后一天。")

    unscoped = models.Manager()
    objects = DatedQuerySet["Post"].as_manager()

    class Meta:
        verbose_name = "党内职务"
        verbose_name_plural = "党内职务"
        ordering = ["unit", "kind", "-since"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(kind="secretary", until__isnull=True),
                name="branches_post_one_secretary",
                violation_error_message="这个党组织已有在任书记，请先登记其免职日期。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="branches_post_span",
                violation_error_message="免职日期不能早于任职日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"
