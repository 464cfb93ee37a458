"""Standards, rounds, plans: what the district sets before anybody is rated."""

import uuid
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from branches.querysets import ScopedQuerySet
from core.history import tracked
from starrating.enums import STAR_NAMES, Category, Method, RoundState
from starrating.querysets import ThroughPlan, ThroughStandard
from starrating.rules import Lines

_PERSON: dict[str, Any] = {"null": True, "related_name": "+"}
_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


def _line(stars: int, least: int | None, help_text: str = "") -> Any:
    return models.DecimalField(
        f"{STAR_NAMES[stars]}最低分", max_digits=5, decimal_places=2, validators=_PERCENT,
        default=None if least is None else Decimal(least), null=least is None,
        blank=least is None, help_text=help_text,
    )  # fmt: skip


def _reward(stars: int, yuan: int) -> Any:
    return models.DecimalField(
        f"{STAR_NAMES[stars]}活动经费（元）", max_digits=10, decimal_places=2,
        default=Decimal(yuan), validators=[MinValueValidator(0)],
    )  # fmt: skip


@tracked()
class VetoReason(models.Model):
    """一票否决情形: the same for all districts; looked at over the two years before."""

    code = models.SlugField("代码", max_length=20, unique=True)
    title = models.CharField("情形", max_length=80)
    regulation = models.CharField("依据", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = "一票否决情形"
        verbose_name_plural = "一票否决情形"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class GuidanceLevel(models.Model):
    """联系指导方式: who guides organisations of so many stars, and how; 0 is 不定星级."""

    stars = models.PositiveSmallIntegerField(
        "星级", unique=True, validators=[MaxValueValidator(5)], choices=list(STAR_NAMES.items())
    )
    who = models.CharField("联系指导单位", max_length=60)
    how = models.CharField("指导方式", max_length=200)

    class Meta:
        verbose_name = "联系指导方式"
        verbose_name_plural = "联系指导方式"
        ordering = ["-stars"]

    def __str__(self) -> str:
        return f"{STAR_NAMES.get(self.stars, self.stars)}：{self.who}"


@tracked()
class Standard(models.Model):
    """评定标准: one version of a district's sheet. Frozen once a round that uses it has started."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    version = models.PositiveSmallIntegerField("版本", validators=[MinValueValidator(1)])
    name = models.CharField("名称", max_length=80)
    regulation = models.CharField("依据", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Standard"].as_manager()

    class Meta:
        verbose_name = "评定标准"
        verbose_name_plural = "评定标准"
        ordering = ["-version", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "version"],
                name="starrating_standard_once",
                violation_error_message="这一版标准已经有了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


@tracked()
class StandardItem(models.Model):
    """评定指标: one item of a sheet: class, points, how it is looked at, the evidence asked for."""

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="items", verbose_name="标准"
    )
    position = models.PositiveSmallIntegerField("顺序")
    category = models.CharField("类别", max_length=8, choices=Category)
    name = models.CharField("指标", max_length=100)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    methods = ArrayField(
        models.CharField(max_length=8, choices=Method), verbose_name="考评方法", default=list
    )
    evidence = models.CharField("佐证材料", max_length=200, blank=True)

    unscoped = models.Manager()
    objects = ThroughStandard.as_manager()

    class Meta:
        verbose_name = "评定指标"
        verbose_name_plural = "评定指标"
        ordering = ["position", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "category", "name"], name="starrating_item_once"
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="starrating_item_points"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_when_used",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="IF EXISTS (SELECT 1 FROM starrating_round WHERE state > 0 "
                "AND standard_id IN (NEW.standard_id, OLD.standard_id)) THEN "
                "RAISE EXCEPTION 'the standard of a round that has started is frozen' "
                "USING ERRCODE = 'check_violation'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def method_names(self) -> str:
        """民主测评、查阅资料."""
        return "、".join(Method(one).label for one in self.methods)


@tracked()
class Round(models.Model):
    """创评轮次: one round of a district, with the numbers it set for itself.

    ``granted`` is the sum of the rewards given, in yuan; only the trigger on ratings writes it, and
    it never exceeds ``fund``: two who award at once cannot overrun it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    name = models.CharField("名称", max_length=80)
    year = models.PositiveSmallIntegerField("年度")
    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="rounds", verbose_name="评定标准"
    )
    state = models.PositiveSmallIntegerField("状态", choices=RoundState, default=RoundState.DRAFT)
    starts_on = models.DateField("启动日期")
    self_until = models.DateField("自评截止")
    check_until = models.DateField("初核截止")
    review_until = models.DateField("审核截止")
    notice_days = models.PositiveSmallIntegerField(
        "公示（工作日）", default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    new_months = models.PositiveSmallIntegerField(
        "新成立（月）", default=12, validators=[MaxValueValidator(60)],
        help_text="启动时成立不满这么多个月的，只自评、不定星级。",
    )  # fmt: skip
    five_line = _line(5, 90)
    four_line = _line(4, 80)
    three_line = _line(3, 70)
    two_line = _line(2, 60)
    one_line = _line(1, None, "留空表示低于二星级最低分的不定星级。")
    fund = models.DecimalField(
        "经费总额（元）", max_digits=12, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    five_reward = _reward(5, 5000)
    four_reward = _reward(4, 4000)
    three_reward = _reward(3, 3000)
    two_reward = _reward(2, 2000)
    one_reward = _reward(1, 1000)
    granted = models.DecimalField(
        "已奖励（元）", max_digits=12, decimal_places=2, default=Decimal(0), editable=False
    )
    regulation = models.CharField("依据", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="登记人", **_PERSON
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Round"].as_manager()

    class Meta:
        verbose_name = "创评轮次"
        verbose_name_plural = "创评轮次"
        ordering = ["-starts_on", "-id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="starrating_round_once",
                violation_error_message="这个名称的轮次已经有了，请换一个名称。",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state=RoundState.RUNNING),
                name="starrating_round_one_running",
                violation_error_message="上一轮还没有结束，不能再启动一轮。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("self_until"))
                & Q(self_until__lte=F("check_until"))
                & Q(check_until__lte=F("review_until")),
                name="starrating_round_days",
                violation_error_message="日期应依次是：启动、自评截止、初核截止、审核截止。",
            ),
            models.CheckConstraint(
                condition=Q(five_line__gt=F("four_line"))
                & Q(four_line__gt=F("three_line"))
                & Q(three_line__gt=F("two_line"))
                & (Q(one_line__isnull=True) | Q(two_line__gt=F("one_line"))),
                name="starrating_round_lines",
                violation_error_message="星级越高，最低分应越高。",
            ),
            models.CheckConstraint(
                condition=Q(granted__gte=0, granted__lte=F("fund")),
                name="starrating_fund_not_overrun",
                violation_error_message="经费不够：已奖励的合计不能超过经费总额。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ((0,1),(1,2))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="rules_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state > 0 AND (OLD.standard_id, OLD.five_line, OLD.four_line, "
                    "OLD.three_line, OLD.two_line, OLD.one_line, OLD.five_reward, OLD.four_reward, "
                    "OLD.three_reward, OLD.two_reward, OLD.one_reward, OLD.new_months, "
                    "OLD.notice_days) IS DISTINCT FROM (NEW.standard_id, NEW.five_line, "
                    "NEW.four_line, NEW.three_line, NEW.two_line, NEW.one_line, NEW.five_reward, "
                    "NEW.four_reward, NEW.three_reward, NEW.two_reward, NEW.one_reward, "
                    "NEW.new_months, NEW.notice_days)"
                ),
                func="RAISE EXCEPTION 'the rules of a round that has started are frozen' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="granted_is_counted",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.granted <> NEW.granted AND pg_trigger_depth() < 1"
                ),
                func="RAISE EXCEPTION 'granted is the sum of the rewards' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lines(self) -> Lines:
        """The least points of each star."""
        return Lines(
            self.five_line, self.four_line, self.three_line, self.two_line, self.one_line
        )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.state == RoundState.RUNNING

    @property
    def left(self) -> Decimal:
        """Yuan that are left of the fund."""
        return self.fund - self.granted

    def reward_of(self, stars: int) -> Decimal:
        """Yuan for so many stars."""
        rewards = {
            5: self.five_reward, 4: self.four_reward, 3: self.three_reward, 2: self.two_reward,
            1: self.one_reward,
        }  # fmt: skip
        return Decimal(rewards.get(stars, Decimal(0)))


@tracked()
class Plan(models.Model):
    """创建规划: a district's targets and how many 示范点 it trains.

    ``models_taken`` is counted by the trigger on :class:`ModelSite` only.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+", verbose_name="区委")
    model_low = models.PositiveSmallIntegerField("示范点至少", default=2)
    model_high = models.PositiveSmallIntegerField("示范点至多", default=3)
    models_taken = models.PositiveSmallIntegerField("现有示范点", default=0, editable=False)

    unscoped = models.Manager()
    objects = ScopedQuerySet["Plan"].as_manager()

    class Meta:
        verbose_name = "创建规划"
        verbose_name_plural = "创建规划"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(
                condition=Q(model_high__gte=F("model_low")),
                name="starrating_plan_span",
                violation_error_message="示范点至多不能少于至少。",
            ),
            models.CheckConstraint(
                condition=Q(models_taken__lte=F("model_high")),
                name="starrating_models_not_overrun",
                violation_error_message="示范点名额已满；上限也不能低于现有的个数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}创建规划"


@tracked()
class Target(models.Model):
    """创星目标: by the end of a year, at least so many percent of the organisations rated."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets", verbose_name="规划")
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    five_percent = models.DecimalField(
        "五星级占比（%）", max_digits=4, decimal_places=1, validators=_PERCENT
    )
    four_percent = models.DecimalField(
        "四星级以上占比（%）", max_digits=4, decimal_places=1, validators=_PERCENT
    )

    unscoped = models.Manager()
    objects = ThroughPlan.as_manager()

    class Meta:
        verbose_name = "创星目标"
        verbose_name_plural = "创星目标"
        ordering = ["year"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["plan", "year"], name="starrating_target_once"),
            models.CheckConstraint(
                condition=Q(four_percent__gte=F("five_percent")),
                name="starrating_target_order",
                violation_error_message="四星级以上的占比包括五星级，不能低于五星级占比。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年"
