"""品牌, its years, every move on its two ladders, and its files."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from branches.models import Unit
from brands.enums import BrandKind, FileKind, Grade, Ladder, ReviewState, Stage, Step
from brands.querysets import BrandQuerySet, FileQuerySet, ThroughBrand, YearQuerySet
from core.history import tracked, tracked_after_insert
from core.models import AttachedFile

# The database's copies of the tables in brands.enums (S17), written out since a trigger is frozen
# into a migration; tests/brands/test_ladders.py compares them.
STEP_PAIRS = "((0,1),(5,1),(1,0),(1,2),(2,3),(3,4),(1,5),(2,5),(3,5),(4,5))"
STAGE_PAIRS = "((1,2),(1,9),(2,9),(2,1),(2,3),(3,4),(4,3),(4,5))"
COUPLED_PAIRS = (
    "((0,0),(0,5),(1,0),(1,1),(1,2),(1,3),(1,4),(1,5),(2,1),(2,2),(2,3),(2,4),"
    "(3,2),(3,3),(3,4),(4,2),(4,3),(4,4),(5,2),(5,3),(5,4),(5,5))"
)
# What holds when the transaction ends: the latest year that was not withdrawn (0: none) and the
# brand's step go together. Both tables ask, so that neither can be moved alone.
_COUPLE = f"""
    SELECT b.step,
           COALESCE((SELECT y.stage FROM brands_brandyear y WHERE y.brand_id = b.id
                     AND y.stage <> 9 ORDER BY y.year DESC LIMIT 1), 0)
    INTO at_step, at_stage FROM brands_brand b WHERE b.id = %s;
    IF FOUND AND (at_stage, at_step) NOT IN {COUPLED_PAIRS} THEN
        RAISE EXCEPTION 'stage %% and step %% do not go together', at_stage, at_step
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""  # noqa: S608  constant text
_DECLARE = [("at_step", "integer"), ("at_stage", "integer")]


def coupled(brand_id: str) -> pgtrigger.Trigger:
    """The deferred check of a brand and its latest year; ``brand_id`` is SQL."""
    return pgtrigger.Trigger(
        name="two_ladders",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        declare=_DECLARE,
        func=_COUPLE % brand_id,
    )


@tracked()
class Brand(models.Model):
    """品牌: what one organisation stands for, year after year; ``step`` is its career.

    ``mark`` keeps what the brand said when it was sent to 重新定位, so that the same cannot be
    applied for again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="创建单位")
    name = models.CharField("品牌名称", max_length=40)
    name_key = models.TextField("检索键", blank=True, editable=False)
    kind = models.CharField("类别", max_length=10, choices=BrandKind)
    theme = models.CharField("主题", max_length=60, blank=True)
    concept = models.CharField("理念", max_length=200, blank=True)
    meaning = models.TextField("内涵", blank=True)
    goal = models.TextField("目标", blank=True)
    background = models.TextField("背景", blank=True)
    practice = models.TextField("做法", blank=True)
    results = models.TextField("成效启示", blank=True)
    step = models.PositiveSmallIntegerField("步骤", choices=Step, default=Step.NONE)
    step_on = models.DateField("到这一步的日期", null=True, blank=True)
    cover = models.ForeignKey(
        "brands.BrandFile",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="标识或封面",
    )
    mark = models.CharField("原定位", max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = "品牌"
        verbose_name_plural = "品牌"
        ordering = ["-step", "name", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["unit", "step"], name="brands_brand_unit"),
            models.Index(fields=["updated_at", "id"], name="brands_brand_feed"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="brands_brand_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="brands_brand_once",
                violation_error_message="这个单位已有同名的品牌。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="brands_brand_named",
                violation_error_message="请写品牌名称。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_step",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    f"OLD.step <> NEW.step AND (OLD.step, NEW.step) NOT IN {STEP_PAIRS}"
                ),
                func="RAISE EXCEPTION 'illegal step % -> %', OLD.step, NEW.step "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="recognised_after_grade",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.step = 2 AND NEW.step = 3"),
                func="IF NOT EXISTS (SELECT 1 FROM brands_brandyear y WHERE y.brand_id = NEW.id "
                "AND y.stage = 5 AND y.grade IN ('excellent', 'good')) THEN "
                "RAISE EXCEPTION 'recognised without a passing grade' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            coupled("NEW.id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def five(self) -> dict[str, str]:
        """五有: 名称 主题 理念 内涵 目标."""
        return {
            "名称": self.name,
            "主题": self.theme,
            "理念": self.concept,
            "内涵": self.meaning,
            "目标": self.goal,
        }

    @property
    def is_told(self) -> bool:
        """Whether the case is written: 背景, 做法 and 成效启示."""
        return all(part.strip() for part in (self.background, self.practice, self.results))


@tracked_after_insert()
class BrandYear(models.Model):
    """年度创建: one brand's way through the four 环节 of one year, and its grade."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="years", verbose_name="品牌")
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    stage = models.PositiveSmallIntegerField("环节", choices=Stage, default=Stage.TOPIC)
    stage_on = models.DateField("进入环节日期")
    returned = models.CharField("退回意见", max_length=300, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="申报人",
    )
    is_fist = models.BooleanField("拳头品牌", default=False)
    review_state = models.PositiveSmallIntegerField(
        "评审", choices=ReviewState, default=ReviewState.NONE
    )
    score = models.DecimalField("评审均分", max_digits=5, decimal_places=2, null=True, blank=True)
    computed = models.CharField("按分数", max_length=10, choices=Grade, null=True, blank=True)
    review_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="汇总人",
    )
    adjusted = models.CharField("调整为", max_length=10, choices=Grade, null=True, blank=True)
    adjust_reason = models.CharField("调整理由", max_length=300, blank=True)
    adjusted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="调整人",
    )
    grade = models.CharField("等次", max_length=10, choices=Grade, null=True, blank=True)
    decided_on = models.DateField("审定日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审定人",
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = "年度创建"
        verbose_name_plural = "年度创建"
        ordering = ["-year", "brand"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["year", "stage"], name="brands_year_stage"),
            models.Index(fields=["updated_at", "id"], name="brands_year_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "year"],
                condition=~Q(stage=9),
                name="brands_year_once",
                violation_error_message="这个品牌这一年已经在创建了。",
            ),
            models.CheckConstraint(
                condition=Q(stage=5, grade__isnull=False, score__isnull=False)
                & Q(decided_on__isnull=False, review_state=2)
                | (~Q(stage=5) & Q(grade__isnull=True)),
                name="brands_year_graded",
                violation_error_message="审定等次才能办结，没有办结的没有等次。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (
                    (Q(adjusted_by__isnull=True) | ~Q(decided_by=F("adjusted_by")))
                    & (Q(review_closed_by__isnull=True) | ~Q(decided_by=F("review_closed_by")))
                ),
                name="brands_year_two_people",
                violation_error_message="汇总、调整的同志不能再审定，请由另一位同志审定。",
            ),
            models.CheckConstraint(
                condition=Q(adjusted__isnull=True) | ~Q(adjust_reason=""),
                name="brands_year_adjusted",
                violation_error_message="调整等次须写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(is_fist=False) | Q(stage__in=[3, 4, 5]),
                name="brands_year_fist",
                violation_error_message="批准实施以后才能选为拳头品牌。",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                name="brands_year_score",
                violation_error_message="得分应在 0 到 100 之间。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legal_stage",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    f"OLD.stage <> NEW.stage AND (OLD.stage, NEW.stage) NOT IN {STAGE_PAIRS}"
                ),
                func="RAISE EXCEPTION 'illegal stage % -> %', OLD.stage, NEW.stage "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="grade_is_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.stage = 5 AND (OLD.grade, OLD.score, OLD.year, OLD.brand_id, "
                    "OLD.decided_on, OLD.decided_by_id) IS DISTINCT FROM (NEW.grade, NEW.score, "
                    "NEW.year, NEW.brand_id, NEW.decided_on, NEW.decided_by_id)"
                ),
                func="RAISE EXCEPTION 'a grade that was decided is kept' "
                "USING ERRCODE = 'check_violation';",
            ),
            coupled("NEW.brand_id"),
        ]

    def __str__(self) -> str:
        return f"{self.brand}（{self.year}年）"

    @property
    def words(self) -> str:
        """2026年 优"""
        return f"{self.year}年 {self.get_grade_display()}" if self.grade else f"{self.year}年"

    @property
    def fist_words(self) -> str:
        """2026年拳头品牌"""
        return f"{self.year}年拳头品牌"

    @property
    def outcome(self) -> str:
        """The grade as it stands before 审定."""
        word = self.get_adjusted_display() if self.adjusted else self.get_computed_display()
        return f"拟评“{word}”"

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        tones = {Grade.EXCELLENT: "gold", Grade.GOOD: "ok"}
        return tones.get(Grade(self.grade), "exempt") if self.grade else "info"


class BrandFile(AttachedFile):
    """品牌文件: a picture, a paper or a scan, stored privately under a random name."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="files", verbose_name="品牌")
    kind = models.CharField("类别", max_length=10, choices=FileKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )

    unscoped = models.Manager()
    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = "品牌文件"
        verbose_name_plural = "品牌文件"
        ordering = ["id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "kind", "sha256"],
                name="brands_file_once",
                violation_error_message="这个文件已经传过了。",
            )
        ]

    @property
    def is_picture(self) -> bool:
        """Whether it has a thumbnail and opens in the page."""
        return bool(self.thumbnail)


class BrandMove(models.Model):
    """办理过程: each move on either ladder: day, person, document, reason; kept for good."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="moves", verbose_name="品牌")
    year = models.ForeignKey(
        BrandYear,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="moves",
        verbose_name="年度创建",
    )
    ladder = models.CharField("走的是", max_length=5, choices=Ladder)
    before = models.PositiveSmallIntegerField("之前", null=True)
    after = models.PositiveSmallIntegerField("之后")
    on = models.DateField("日期")
    document = models.CharField("文件依据", max_length=100, blank=True)
    file = models.ForeignKey(
        BrandFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    reason = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughBrand.as_manager()

    class Meta:
        verbose_name = "办理过程"
        verbose_name_plural = "办理过程"
        ordering = ["id"]
        default_manager_name = "unscoped"
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_ladder_display()}：{self.words}"

    @property
    def words(self) -> str:
        """选题 → 申报"""
        names = Stage if self.ladder == Ladder.STAGE else Step
        before = f"{names(self.before).label} → " if self.before is not None else ""
        return f"{before}{names(self.after).label}"
