"""组织关系转接: inside the district by both sides, out of it and into it by letters."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.enums import MemberKind, Sex
from branches.models import Member, Unit
from core.codes import check_id_number, check_phone, mask_id, mask_phone
from core.history import tracked
from core.sealed import SealedField, SealedMixin
from membership.enums import UNDER_WAY, Side, TransferState, Way
from membership.querysets import TransferQuerySet


def _whole_id(number: str) -> str:
    return check_id_number(number).number


@tracked()
class Transfer(SealedMixin, models.Model):
    """转接: one member's change of branch, from its asking to its last paper.

    While it is under way the member stays on the old roster. ``member`` is None for somebody who
    comes from outside until he is on the new one; his numbers are kept sealed meanwhile.
    """

    way = models.CharField("方向", max_length=8, choices=Way)
    state = models.PositiveSmallIntegerField(
        "状态", choices=TransferState, default=TransferState.ASKED
    )
    name = models.CharField("姓名", max_length=60)
    member = models.ForeignKey(
        Member, models.PROTECT, verbose_name="党员", null=True, blank=True, related_name="+"
    )
    from_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="转出支部", null=True, blank=True, related_name="+"
    )
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="接收支部", null=True, blank=True, related_name="+"
    )
    to_group = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="编入党小组", null=True, blank=True, related_name="+"
    )
    # The committee, and the organisation below it, of another district.
    outside = models.CharField("区外党组织", max_length=120, blank=True)
    asked_by_side = models.CharField("提出方", max_length=4, choices=Side, default=Side.OLD)
    reason = models.CharField("转接原因", max_length=100, blank=True)
    asked_on = models.DateField("提出日期")
    dues_until = models.DateField("党费交至", null=True, blank=True, help_text="月份的第一天。")
    effective_on = models.DateField("生效日期", null=True, blank=True)
    letter_number = models.CharField("介绍信编号", max_length=40, blank=True)
    letter_on = models.DateField("开具日期", null=True, blank=True)
    valid_days = models.PositiveSmallIntegerField("有效天数", default=0)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    issuer = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="开信单位", null=True, blank=True, related_name="+"
    )
    receipt_on = models.DateField("回执日期", null=True, blank=True)
    late_reason = models.CharField("超期原因", max_length=300, blank=True)
    answer = models.CharField("意见", max_length=300, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    kind = models.CharField("人员类别", max_length=2, choices=MemberKind, default=MemberKind.FULL)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    id_number = SealedField(
        "公民身份号码", null=True, index_field="id_number_index", normalise=_whole_id
    )
    id_number_index = models.BinaryField("身份号码索引", null=True, editable=False)
    phone = SealedField("手机号码", null=True, index_field="phone_index", normalise=check_phone)
    phone_index = models.BinaryField("手机号码索引", null=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="提出人",
        null=True,
        blank=True,
        related_name="+",
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="同意人",
        null=True,
        blank=True,
        related_name="+",
    )
    agreed_on = models.DateField("同意日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="确认人",
        null=True,
        blank=True,
        related_name="+",
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="办结人",
        null=True,
        blank=True,
        related_name="+",
    )
    ended_on = models.DateField("办结日期", null=True, blank=True)
    form_key = models.UUIDField("表单标识", null=True, unique=True, editable=False)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "组织关系转接"
        verbose_name_plural = "组织关系转接"
        ordering = ["-id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["from_unit", "state"], name="membership_transfer_from"),
            models.Index(fields=["to_unit", "state"], name="membership_transfer_to"),
            models.Index(fields=["updated_at", "id"], name="membership_transfer_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(state__in=[int(state) for state in UNDER_WAY]),
                name="membership_transfer_one_running",
                violation_error_message="这名党员有一笔转接正在办理，请先办完或撤回。",
            ),
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=Q(way="in", state__in=[int(state) for state in UNDER_WAY]),
                name="membership_transfer_in_once",
                violation_error_message="这个身份号码已有一笔转入正在办理。",
            ),
            models.UniqueConstraint(
                fields=["issuer", "letter_number"],
                condition=~Q(letter_number="") & ~Q(way="in"),
                name="membership_transfer_letter_once",
                violation_error_message="这个介绍信编号已经用过。",
            ),
            models.CheckConstraint(
                condition=Q(
                    way="inside",
                    from_unit__isnull=False,
                    to_unit__isnull=False,
                    member__isnull=False,
                )
                | (
                    Q(
                        way="out",
                        from_unit__isnull=False,
                        to_unit__isnull=True,
                        member__isnull=False,
                    )
                    & ~Q(outside="")
                )
                | (Q(way="in", from_unit__isnull=True, to_unit__isnull=False) & ~Q(outside="")),
                name="membership_transfer_sides",
                violation_error_message="请写明从哪里转出、转到哪里。",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")),
                name="membership_transfer_two_people",
                violation_error_message="提出转接的同志不能替对方同意，请由对方办理。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("agreed_by"))),
                name="membership_transfer_third_person",
                violation_error_message="提出或同意转接的同志不能自己确认，请由另一位同志办理。",
            ),
            models.CheckConstraint(
                condition=~Q(state=3)
                | (~Q(letter_number="") & Q(letter_on__isnull=False, expires_on__isnull=False)),
                name="membership_transfer_letter",
                violation_error_message="介绍信须有编号、日期和有效期。",
            ),
            models.CheckConstraint(
                condition=~Q(state=4) | Q(member__isnull=False, effective_on__isnull=False),
                name="membership_transfer_done",
                violation_error_message="办结须有生效日期。",
            ),
        ]
        triggers = [
            # The database's copy of membership.enums.TRANSFER_MOVES (S17).
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "((0,1),(0,2),(0,3),(0,4),(0,5),(0,6),(1,2),(1,4),(1,5),(1,6),"
                    "(2,4),(2,6),(3,4),(3,6))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_way_display()}"

    @property
    def is_under_way(self) -> bool:
        """Not ended."""
        return self.state in UNDER_WAY

    @property
    def state_label(self) -> str:
        """Where it stands, in the words of its way."""
        if self.state == TransferState.ASKED and self.way != Way.INSIDE:
            return "等开介绍信" if self.way == Way.OUT else "等核对接收"
        return str(TransferState(self.state).label)

    @property
    def old_name(self) -> str:
        """Where he comes from."""
        return str(self.from_unit) if self.from_unit_id else self.outside

    @property
    def new_name(self) -> str:
        """Where he goes."""
        return str(self.to_unit) if self.to_unit_id else self.outside

    @property
    def masked_id_number(self) -> str:
        """公民身份号码 as it is shown."""
        return mask_id(self.unseal("id_number"))

    @property
    def masked_phone(self) -> str:
        """手机号码 as it is shown."""
        return mask_phone(self.unseal("phone"))
