"""The verbs of 发展党员: register, record a step, answer what was sent, take back, end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from branches.models import Member, Unit
from core.errors import Refusal
from core.holidays import calendar_around
from core.pinyin import search_key
from membership.book import books, done_of, round_of, rules_on, steps_of
from membership.enums import (
    ASKED_FOR,
    END_CHOICES,
    HEADS,
    ON_THE_ROSTER,
    OUTCOMES,
    REPEATED,
    RUNNING,
    SENT_FIRST,
    STAGE_AFTER,
    TWO_PEOPLE,
    Actor,
    EndReason,
    Number,
    Outcome,
    Stage,
    StepState,
)
from membership.models import Candidate, Step
from membership.rules import (
    Book,
    Done,
    age_on,
    can_move,
    check,
    is_passed,
    is_quorate,
    publicity_end,
    stage_before,
    workdays,
)
from membership.services.effects import take_effect
from membership.words import checked, identity, name_of, once, past, phone_of, text

FACTS = ("name", "sex", "birth_date", "ethnicity", "education", "job")
_WORDS = {
    "persons": ("经办的同志", 100),
    "document": ("文号或编号", 80),
    "paper": ("材料存放处", 100),
    "place": ("地点", 100),
    "answer": ("意见", 300),
    "late_reason": ("超期原因", 300),
}
_TALLY = ("eligible", "present", "yes", "no", "abstain")


@dataclass(frozen=True, kw_only=True)
class StepEntry:
    """What is entered at a step; which of it counts says :data:`membership.enums.ASKED_FOR`."""

    day: date
    since: date | None = None
    outcome: str = ""
    persons: str = ""
    document: str = ""
    paper: str = ""
    place: str = ""
    answer: str = ""
    late_reason: str = ""
    training_days: int | None = None
    training_hours: int | None = None
    eligible: int | None = None
    present: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    months: int | None = None
    is_special: bool = False
    group: Unit | None = None


# --- Registering -----------------------------------------------------------------------------


@transaction.atomic
def register(
    *,
    unit: Unit,
    by: User | None,
    name: str,
    applied_on: date,
    on: date,
    id_number: str = "",
    phone: str = "",
    birth_date: date | None = None,
    sex: str = "0",
    ethnicity: str = "",
    education: str = "",
    job: str = "",
    paper: str = "",
    form_key: UUID | None = None,
) -> Candidate:
    """Open a case with its 入党申请书; the rule set is that of the day of the application.

    Raises:
        Refusal: no branch, too young, a member already, or another case of the same person.
    """
    if not unit.is_branch:
        raise Refusal("发展党员登记在党支部名下，请选择支部。", field="unit")
    if unit.dissolved_on is not None:
        raise Refusal(f"“{unit}”已经撤销，请另选党支部。", field="unit")
    past(applied_on, on, "申请日期", field="applied_on")
    rules = rules_on(applied_on)
    if rules is None:
        raise Refusal("没有这一天适用的规则版本，请组织部在数据管理中补上。", field="applied_on")
    fresh = Candidate(
        unit=unit, rules=rules, applied_on=applied_on, created_by=by, form_key=form_key
    )
    _person(fresh, id_number=id_number, phone=phone, name=name, birth_date=birth_date, sex=sex,
            ethnicity=ethnicity, education=education, job=job)  # fmt: skip
    if age_on(fresh.birth_date, applied_on) < rules.min_age:
        raise Refusal(
            f"申请入党须年满 {rules.min_age} 周岁，请核对出生日期和申请日期。", field="birth_date"
        )
    candidate, new = once(Candidate, form_key, lambda: fresh)
    if new:
        Step.unscoped.create(
            candidate=candidate, number=Number.APPLY, day=applied_on, by=by,
            paper=text(paper, "材料存放处", field="paper", needed=False),
        )  # fmt: skip
    return candidate


@transaction.atomic
def change_candidate(
    *, candidate: Candidate, id_number: str = "", phone: str = "", **facts: Any
) -> Candidate:
    """Correct facts of a person; a number left empty stays as it is. Raises Refusal."""
    candidate = _lock(candidate)
    if not candidate.is_running:
        raise Refusal("已经办结的档案不能再改。", code="conflict")
    if candidate.member_id:
        raise Refusal("他已在党员名册上，请在名册里修改。", code="conflict")
    _person(candidate, id_number=id_number, phone=phone, **facts)
    if age_on(candidate.birth_date, candidate.applied_on) < candidate.rules.min_age:
        raise Refusal(
            f"申请入党须年满 {candidate.rules.min_age} 周岁，请核对出生日期。", field="birth_date"
        )
    checked(candidate)
    candidate.save()
    return candidate


def _person(
    row: Candidate, *, id_number: str, phone: str, birth_date: date | None, **facts: Any
) -> None:
    row.name = name_of(facts.pop("name"))
    row.name_key = search_key(row.name)
    for name, value in facts.items():
        setattr(row, name, text(value, "岗位", field=name, longest=60, needed=False))
    number = identity(id_number, needed=False)
    if number is not None:
        if birth_date and birth_date != number.birth_date:
            raise Refusal(
                f"出生日期与身份号码不一致，号码中是 {number.birth_date}。", field="birth_date"
            )
        birth_date, row.sex = number.birth_date, number.sex
        row.seal("id_number", number.number)
        _refuse_twin(row)
    if birth_date is None:
        raise Refusal("请填写公民身份号码或出生日期。", field="birth_date")
    row.birth_date = birth_date
    if phone_of(phone):
        row.seal("phone", phone_of(phone))


def _refuse_twin(row: Candidate) -> None:
    number = row.unseal("id_number")
    known = Member.unscoped.filter(**Member.sealed_lookup("id_number", number))
    if known.exclude(pk=row.member_id or 0).exists():
        raise Refusal("这个身份号码已在党员名册上，不用再办入党。", field="id_number")
    twins = Candidate.unscoped.filter(
        id_number_index=row.id_number_index, stage__in=RUNNING
    ).exclude(pk=row.pk)
    if twins.exists():
        raise Refusal(
            "这个身份号码已有一份没有办完的发展党员档案；如在其他支部，请先在那边终止。",
            field="id_number", code="conflict",
        )  # fmt: skip


# --- Steps -----------------------------------------------------------------------------------


@transaction.atomic
def record(
    *,
    candidate: Candidate,
    number: int,
    entry: StepEntry,
    by: User,
    on: date,
    form_key: UUID | None = None,
) -> Step:
    """Enter a step that was done, or send it upward where the committee answers (step 8).

    Guards come from the case's rule set: what is too early or lacks a step before it is refused,
    what is late needs a reason. The roster follows at 审批 and 转正 (:mod:`.effects`).
    The same form again is the step that it made.
    """
    candidate = _lock(candidate)
    twin = Step.unscoped.filter(form_key=form_key).first() if form_key else None
    if twin is not None:
        return twin
    book, done = _standing(candidate)
    if number not in book or number == Number.APPLY:
        raise Refusal("没有这一步，请从档案页面进入。", code="conflict")
    if not candidate.is_running:
        raise Refusal(f"{candidate}的档案已经办结，不能再登记。", code="conflict")
    _refuse_sent(candidate, number)
    _refuse_same_person(candidate, number, by)
    step = Step(
        candidate=candidate, number=number, round=round_of(candidate, number), by=by,
        form_key=form_key,
        state=StepState.SENT if number in SENT_FIRST else StepState.DONE,
        **_facts(candidate, number, entry),
    )  # fmt: skip
    verdict = check(
        book, done, number, entry.day, on=on, extended=candidate.extended_months,
        special=step.is_special,
    )  # fmt: skip
    if verdict.errors:
        raise Refusal(verdict.errors[0], field="day")
    if verdict.late:
        if not step.late_reason:
            raise Refusal(verdict.late, field="late_reason")
        step.is_late = True
    else:
        step.late_reason = step.late_reason if step.is_special else ""
    _refuse_short(book, step, entry)
    _save(step)
    if step.state == StepState.DONE:
        _follow(candidate, step, by=by, on=on, group=entry.group)
    return step


@transaction.atomic
def decide(
    *,
    step: Step,
    by: User,
    agree: bool,
    day: date,
    on: date,
    document: str = "",
    answer: str = "",
) -> Step:
    """Answer what a branch sent (8: 上级党委同意 or 备案); never what one sent oneself (S16)."""
    candidate = _lock(step.candidate)
    step = Step.unscoped.select_for_update(of=("self",)).get(pk=step.pk)
    if step.state != StepState.SENT:
        raise Refusal("这一步已经答复过了，请刷新页面查看结果。", code="conflict")
    if step.by_id == by.pk:
        raise Refusal("报送的同志不能自己答复，请由另一位同志办理。", code="forbidden")
    past(day, on, "答复日期", field="day", since=step.day)
    step.answer = text(answer, "意见", field="answer", longest=300, needed=not agree)
    step.document = text(document, "文号", field="document", longest=80, needed=False)
    step.decided_by, step.decided_at = by, timezone.now()
    step.state = StepState.DONE if agree else StepState.BACK
    step.outcome = Outcome.GOOD if agree else Outcome.BAD
    # Sent on ``since``, agreed on ``day``: the next steps count from the consent.
    step.since, step.day = step.day, day
    step.save()
    candidate.save(update_fields=["updated_at"])
    return step


@transaction.atomic
def take_back(*, step: Step, by: User, reason: str) -> Step:
    """Take back the last step, entered by mistake; what changed the roster stays.

    Raises:
        Refusal: a later step stands on it, or it has changed the roster.
    """
    candidate = _lock(step.candidate)
    step = Step.unscoped.select_for_update(of=("self",)).get(pk=step.pk)
    words = text(reason, "撤销的原因", field="reason", longest=300)
    if not step.is_current or not candidate.is_running:
        raise Refusal("这一步已经撤销或档案已经办结。", code="conflict")
    if step.number == Number.APPLY:
        raise Refusal("入党申请书登记错了，请终止这份档案后重新登记。", code="conflict")
    if step.number in ON_THE_ROSTER and step.outcome != Outcome.BAD:
        raise Refusal("这一步已经写入党员名册，不能在这里撤销，请联系组织部。", code="conflict")
    book, done = _standing(candidate)
    later = [d.number for d in done if step.number in book[d.number].needs and d.outcome != "bad"]
    if later and (step.number not in REPEATED):
        raise Refusal(f"后面的“{book[min(later)].name}”已经办了，请先撤销后面的。", code="conflict")
    good = step.outcome != Outcome.BAD and step.state == StepState.DONE
    step.state, step.answer = StepState.VOID, words
    step.decided_by, step.decided_at = (by if by.pk != step.by_id else None), timezone.now()
    step.save()
    if good and step.number in STAGE_AFTER:
        candidate.stage = stage_before(candidate.stage)
        if step.number == Number.MEETING:
            candidate.accepted_on = candidate.probation_ends = None
    candidate.save()
    return step


@transaction.atomic
def end(*, candidate: Candidate, by: User, reason: str, on: date) -> Candidate:
    """Close a case that will not go on: withdrawn, not fit, moved away, dead."""
    candidate = _lock(candidate)
    if candidate.stage == Stage.ENDED:
        return candidate
    if reason not in END_CHOICES:
        raise Refusal("请选择终止的原因。", field="reason")
    if candidate.stage >= Stage.PROBATIONARY:
        raise Refusal(
            "他已是预备党员，请通过支部大会讨论（转正、延长或取消资格）办理。", code="conflict"
        )
    return close(candidate, EndReason(reason), on)


def close(candidate: Candidate, reason: EndReason, on: date) -> Candidate:
    """Set a locked case to 终止."""
    candidate.stage, candidate.end_reason, candidate.ended_on = Stage.ENDED, reason, on
    candidate.save()
    return candidate


# --- Parts -----------------------------------------------------------------------------------


def _lock(candidate: Candidate) -> Candidate:
    rows = Candidate.unscoped.select_for_update(of=("self",))
    found: Candidate = rows.select_related("unit", "rules", "member").get(pk=candidate.pk)
    return found


def _standing(candidate: Candidate) -> tuple[Book, list[Done]]:
    book = books([candidate.rules_id])[candidate.rules_id]
    return book, done_of(candidate, steps_of([candidate])[candidate.pk])


def _refuse_sent(candidate: Candidate, number: int) -> None:
    sent = Step.unscoped.filter(candidate=candidate, number=number, state=StepState.SENT)
    if sent.exists():
        raise Refusal("这一步已经报送，等上级答复。", code="conflict")


def _refuse_same_person(candidate: Candidate, number: int, by: User) -> None:
    before = TWO_PEOPLE.get(number)
    if before is None:
        return
    mine = Step.unscoped.filter(
        candidate=candidate, number=before, round=round_of(candidate, before),
        state=StepState.DONE, by=by,
    )  # fmt: skip
    if mine.exists():
        raise Refusal(f"“{before.label}”是您登记的，这一步请由另一位同志办理。", code="forbidden")


def _facts(candidate: Candidate, number: int, entry: StepEntry) -> dict[str, Any]:
    """The facts of an entry that this step asks for, checked. Raises Refusal."""
    given, asked = vars(entry), {one.rstrip("!"): one[-1] == "!" for one in ASKED_FOR[number]}
    found: dict[str, Any] = {"day": entry.day}
    for name, needed in {**asked, "late_reason": False}.items():
        if name in _WORDS:
            what, longest = _WORDS[name]
            found[name] = text(given[name], what, field=name, longest=longest, needed=needed)
        elif name not in ("group", "outcome"):
            if needed and given[name] is None:
                raise Refusal("这一项没有填，请补上。", field=name)
            found[name] = given[name]
    if "outcome" in asked and number != Number.PROPOSE:
        if entry.outcome not in dict(OUTCOMES[number]):
            raise Refusal("请选择结果。", field="outcome")
        found["outcome"] = entry.outcome
    if found.get("outcome") == Outcome.BAD and "answer" in asked and not found["answer"]:
        raise Refusal("请写明意见，方便支部了解原因。", field="answer")
    _heads(number, found.get("persons", ""))
    return found | _voted(candidate, number, found)


def _heads(number: int, persons: str) -> None:
    least, most = HEADS.get(number, (0, 99))
    count = len(
        [name for name in persons.replace("，", "、").replace(",", "、").split("、") if name]
    )
    if not least <= count <= most:
        many = f"{least} 名" if least == most else f"{least} 至 {most} 名"
        raise Refusal(f"请填写 {many}正式党员的姓名，用顿号分开。", field="persons")


def _voted(candidate: Candidate, number: int, found: dict[str, Any]) -> dict[str, Any]:
    """The verdict of a vote: a quorum, and more than half of 应到会 (支部工作条例 Art. 11)."""
    if "eligible" not in found:
        return {}
    eligible, present, yes, no, abstain = (found[name] for name in _TALLY)
    if present > eligible:
        raise Refusal("实到不能多于应到。", field="present")
    if yes + no + abstain > present:
        raise Refusal("赞成、反对、弃权合计不能多于实到。", field="yes")
    if not is_quorate(present, eligible):
        raise Refusal(
            f"实到 {present} 人，不到应到会 {eligible} 人的半数，会议不能表决，请改期召开。",
            field="present",
        )
    passed = is_passed(yes, eligible)
    if number == Number.MEETING:
        return {"outcome": Outcome.GOOD if passed else Outcome.BAD}
    if not passed:
        raise Refusal(
            f"赞成 {yes} 票，没有超过应到会 {eligible} 人的半数，决议没有通过，请重新讨论。",
            field="yes",
        )
    return _extension(candidate, found)


def _extension(candidate: Candidate, found: dict[str, Any]) -> dict[str, Any]:
    if found["outcome"] != Outcome.EXTEND:
        return {"months": None}
    if candidate.extended_months:
        raise Refusal("预备期只能延长一次，请讨论转正或取消资格。", field="outcome")
    least, most = candidate.rules.extension_least, candidate.rules.extension_most
    if not least <= (found["months"] or 0) <= most:
        raise Refusal(f"延长预备期应在 {least} 至 {most} 个月。", field="months")
    return {}


def _refuse_short(book: Book, step: Step, entry: StepEntry) -> None:
    """公示 and 培训 that did not last long enough."""
    limit = book[step.number]
    if step.number == Number.PUBLISH and step.since is not None:
        if step.since > step.day:
            raise Refusal("公示的结束日期不能早于开始日期。", field="day")
        calendar = calendar_around(step.since, step.day)
        if workdays(step.since, step.day, calendar=calendar) < limit.least_workdays:
            last = publicity_end(step.since, limit.least_workdays, calendar=calendar)
            raise Refusal(
                f"公示不少于 {limit.least_workdays} 个工作日，最早 {last:%Y-%m-%d} 结束。",
                field="day",
            )
    if step.number == Number.TRAIN and step.outcome != Outcome.BAD:
        rules = step.candidate.rules
        enough = (step.training_days or 0) >= rules.training_days
        if not enough and (step.training_hours or 0) < rules.training_hours:
            raise Refusal(
                f"集中培训不少于 {rules.training_days} 天或 {rules.training_hours} 学时。",
                field="training_days",
            )
    if step.is_special and not step.late_reason:
        raise Refusal("选了“特殊情况”，请写明原因。", field="late_reason")


def _save(step: Step) -> None:
    """With the database's own guards as sentences."""
    try:
        with transaction.atomic():
            checked(step)
            step.save(force_insert=True)
    except IntegrityError:
        raise Refusal("刚刚有人办了这一步，请刷新页面。", code="conflict") from None


def _follow(candidate: Candidate, step: Step, *, by: User, on: date, group: Unit | None) -> None:
    """What a step changes: the stage, the duty, the roster."""
    if step.outcome == Outcome.BAD:
        if step.number in (Number.PRECHECK, Number.CONFIRM_APPROVE):
            before = TWO_PEOPLE[step.number]
            rows = Step.unscoped.filter(
                candidate=candidate, number=before, round=step.round, state=StepState.DONE
            )
            rows.update(state=StepState.BACK, answer=step.answer)
        if step.number == Number.APPROVE:
            close(candidate, EndReason.NOT_APPROVED, on)
            return
        candidate.save()
        return
    stage = STAGE_AFTER.get(step.number)
    if stage is not None and can_move(candidate.stage, stage):
        candidate.stage = stage
    take_effect(candidate, step, by=by, group=group)
    candidate.save()


def actor_of(book: Book, number: int) -> Actor:
    """Who does a step."""
    return Actor(book[number].actor)
