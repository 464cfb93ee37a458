"""One organisation in one round: its scores at each step, and how it ended."""

import uuid
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.history import tracked
from starrating.enums import FINAL, STAR_NAMES, Method, State
from starrating.models.organisation import Organisation
from starrating.models.standard import Round, StandardItem, VetoReason
from starrating.querysets import RatingQuerySet, ThroughRating

_PERSON: dict[str, Any] = {"null": True, "blank": True, "related_name": "+"}


def _total(label: str) -> Any:
    return models.DecimalField(label, max_digits=5, decimal_places=2, null=True)


def _person(label: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=label, **_PERSON
    )


@tracked()
class Rating(models.Model):
    """创评: one organisation in one round.

    ``before_stars`` are those in force when the round took it in (None: never rated),
    ``earned_stars`` by points alone, ``stars`` after the rule of one step up, which only a 破格 by
    two people lifts. ``reward`` in yuan is counted on the round by a trigger.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="ratings", verbose_name="轮次")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="ratings", verbose_name="组织"
    )
    state = models.PositiveSmallIntegerField("状态", choices=State, default=State.SELF)
    is_new = models.BooleanField("新成立", default=False)
    before_stars = models.PositiveSmallIntegerField("原星级", null=True)
    self_total = _total("自评得分")
    check_total = _total("初核得分")
    review_total = _total("审核得分")
    earned_stars = models.PositiveSmallIntegerField("按得分的星级", null=True)
    stars = models.PositiveSmallIntegerField("评定星级", null=True)
    reward = models.DecimalField(
        "活动经费（元）", max_digits=10, decimal_places=2, default=Decimal(0)
    )
    self_by = _person("自评人")
    check_by = _person("初核人")
    review_by = _person("审核人")
    filed_on = models.DateField("自评提交日期", null=True)
    notice_from = models.DateField("公示开始", null=True)
    notice_until = models.DateField("公示截止", null=True)
    ended_on = models.DateField("授牌（办结）日期", null=True)
    exception_reason = models.CharField("破格理由", max_length=500, blank=True)
    exception_by = _person("破格提出人")
    exception_ok_by = _person("破格批准人")
    veto = models.ForeignKey(
        VetoReason, models.PROTECT, null=True, related_name="+", verbose_name="一票否决情形"
    )
    veto_note = models.CharField("否决说明", max_length=500, blank=True)
    veto_by = _person("否决人")
    created_at = models.DateTimeField("纳入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = models.Manager()
    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = "星级创评"
        verbose_name_plural = "星级创评"
        ordering = ["-round__starts_on", "organisation__unit__path", "id"]
        default_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["round", "state"], name="starrating_rating_board"),
            models.Index(fields=["updated_at", "id"], name="starrating_rating_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation"],
                name="starrating_rating_once",
                violation_error_message="这家组织已在本轮中。",
            ),
            models.CheckConstraint(
                condition=Q(check_by__isnull=True)
                | Q(self_by__isnull=True)
                | ~Q(check_by=F("self_by")),
                name="starrating_check_other_than_self",
                violation_error_message="自评由谁提交，就不能由谁初核，请由另一位同志初核。",
            ),
            models.CheckConstraint(
                condition=Q(review_by__isnull=True)
                | Q(check_by__isnull=False) & ~Q(review_by=F("check_by")),
                name="starrating_review_other_than_check",
                violation_error_message="初核和审核须是两位不同的同志。",
            ),
            models.CheckConstraint(
                condition=Q(exception_ok_by__isnull=True)
                | Q(exception_by__isnull=False) & ~Q(exception_ok_by=F("exception_by"))
                & ~Q(exception_reason=""),
                name="starrating_exception_two",
                violation_error_message="破格须写明理由，由提出人以外的同志批准。",
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True)
                | Q(before_stars__isnull=True)
                | Q(before_stars=0)
                | Q(stars__lte=F("before_stars") + 1)
                | Q(exception_ok_by__isnull=False),
                name="starrating_one_step_up",
                violation_error_message="每轮最多升一级，破格须两位同志办理。",
            ),
            models.CheckConstraint(
                condition=Q(is_new=False) | Q(stars__isnull=True) | Q(stars=0),
                name="starrating_new_no_star",
                violation_error_message="新成立的组织只自评，不定星级。",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.AWARDED)
                | Q(
                    stars__gte=1, stars__lte=5, review_total__isnull=False,
                    review_by__isnull=False, notice_until__isnull=False,
                    ended_on__gt=F("notice_until"),
                ),
                name="starrating_award_complete",
                violation_error_message="授牌须审核定星、公示期满。",
            ),
            models.CheckConstraint(
                condition=Q(reward=0) | Q(reward__gt=0, state=State.AWARDED),
                name="starrating_reward_for_stars",
                violation_error_message="授牌的组织才有活动经费。",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.VETOED) | Q(veto__isnull=False),
                name="starrating_veto_reason",
                violation_error_message="一票否决须写明情形。",
            ),
        ]  # fmt: skip
        triggers = [
            # The database's copy of starrating.enums.TRANSITIONS (S17), written out since a
            # trigger is frozen into a migration.
            pgtrigger.Trigger(
                name="legal_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN "
                    "((0,1),(1,0),(1,2),(1,6),(2,1),(2,3),(3,2),(3,4),(4,2),(4,5),(4,6),"
                    "(1,7),(2,7),(3,7),(4,7),(7,1))"
                ),
                func="RAISE EXCEPTION 'illegal state change % -> %', OLD.state, NEW.state "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="begins_with_self",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "NEW.state <> 0 OR NEW.reward <> 0 OR NEW.stars IS NOT NULL"
                ),
                func="RAISE EXCEPTION 'a rating begins with its self-assessment' "
                "USING ERRCODE = 'check_violation';",
            ),
            pgtrigger.Trigger(
                name="new_ends_early",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 1 AND ((NEW.state = 6 AND NOT NEW.is_new) "
                    "OR (NEW.state = 2 AND NEW.is_new))"
                ),
                func="RAISE EXCEPTION 'only what is newly founded ends after its self-assessment' "
                "USING ERRCODE = 'check_violation';",
            ),
            # What was given counts on the round at once, under the round's row lock; its check
            # refuses a yuan too much, whoever gives it and however many at once.
            pgtrigger.Trigger(
                name="reward_counts",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("OLD.reward <> NEW.reward"),
                func="UPDATE starrating_round SET granted = granted + NEW.reward - OLD.reward "
                "WHERE id = NEW.round_id; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="awarded_stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.state = 5 AND (OLD.stars, OLD.reward, OLD.review_total, OLD.ended_on) "
                    "IS DISTINCT FROM (NEW.stars, NEW.reward, NEW.review_total, NEW.ended_on)"
                ),
                func="RAISE EXCEPTION 'what was awarded stands' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}（{self.round}）"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it in this round."""
        return self.state in FINAL

    @property
    def is_absent(self) -> bool:
        """Whether its round ended and it had filed nothing."""
        return self.state == State.SELF and not self.round.is_running

    @property
    def stars_name(self) -> str:
        """What was decided, "" when nothing was."""
        return "" if self.stars is None else STAR_NAMES[self.stars]

    @property
    def before_name(self) -> str:
        """What it had before."""
        return "首次参评" if self.before_stars is None else STAR_NAMES[self.before_stars]

    @property
    def waits_for_exception(self) -> bool:
        """Whether a 破格 was proposed and nobody has decided."""
        return self.exception_by_id is not None and self.exception_ok_by_id is None


@tracked()
class ItemScore(models.Model):
    """指标得分: one item of the sheet in one rating, three scores side by side.

    A score that differs from that of the step before has its reason beside it. Each column may be
    written in its own state only, the database sees to it; a changed score empties those after it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rating = models.ForeignKey(Rating, models.CASCADE, related_name="scores", verbose_name="创评")
    item = models.ForeignKey(StandardItem, models.PROTECT, related_name="+", verbose_name="指标")
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    self_score = _total("自评")
    self_note = models.CharField("自评说明", max_length=500, blank=True)
    check_score = _total("初核")
    check_note = models.CharField("与自评不同的理由", max_length=500, blank=True)
    check_methods = ArrayField(
        models.CharField(max_length=8, choices=Method), verbose_name="初核方法", default=list,
        blank=True,
    )  # fmt: skip
    review_score = _total("审核")
    review_note = models.CharField("与初核不同的理由", max_length=500, blank=True)
    review_methods = ArrayField(
        models.CharField(max_length=8, choices=Method), verbose_name="审核方法", default=list,
        blank=True,
    )  # fmt: skip

    unscoped = models.Manager()
    objects = ThroughRating.as_manager()

    class Meta:
        verbose_name = "指标得分"
        verbose_name_plural = "指标得分"
        ordering = ["item__position", "id"]
        default_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["rating", "item"], name="starrating_score_once"),
            models.CheckConstraint(
                condition=(
                    (Q(self_score__isnull=True) | Q(self_score__gte=0, self_score__lte=F("points")))
                    & (
                        Q(check_score__isnull=True)
                        | Q(check_score__gte=0, check_score__lte=F("points"))
                    )
                    & (
                        Q(review_score__isnull=True)
                        | Q(review_score__gte=0, review_score__lte=F("points"))
                    )
                ),
                name="starrating_score_points",
                violation_error_message="得分不能高于分值。",
            ),
            models.CheckConstraint(
                condition=Q(check_score__isnull=True)
                | Q(check_score=F("self_score"))
                | ~Q(check_note=""),
                name="starrating_check_reason",
                violation_error_message="初核与自评不同，请写明理由。",
            ),
            models.CheckConstraint(
                condition=Q(review_score__isnull=True)
                | Q(review_score=F("check_score"))
                | ~Q(review_note=""),
                name="starrating_review_reason",
                violation_error_message="审核与初核不同，请写明理由。",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scored_in_its_state",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("standing", "smallint")],
                func="SELECT state INTO standing FROM starrating_rating WHERE id = NEW.rating_id; "
                "IF (OLD.self_score IS DISTINCT FROM NEW.self_score AND standing <> 0) "
                "OR (OLD.check_score IS DISTINCT FROM NEW.check_score AND standing <> 1 "
                "AND NOT (NEW.check_score IS NULL AND standing = 0)) "
                "OR (OLD.review_score IS DISTINCT FROM NEW.review_score AND standing <> 2 "
                "AND NOT (NEW.review_score IS NULL AND standing IN (0, 1))) THEN "
                "RAISE EXCEPTION 'this score is not open now' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"


class RatingStep(models.Model):
    """创评过程: each move of a rating, with day, who and why. Never changed."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="steps", verbose_name="创评")
    before = models.PositiveSmallIntegerField("原状态", choices=State, null=True)
    after = models.PositiveSmallIntegerField("新状态", choices=State)
    day = models.DateField("日期")
    note = models.CharField("说明", max_length=500, blank=True)
    by = _person("办理人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ThroughRating.as_manager()

    class Meta:
        verbose_name = "创评过程"
        verbose_name_plural = "创评过程"
        ordering = ["id"]
        default_manager_name = "unscoped"
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_after_display()} {self.day:%Y-%m-%d}"
