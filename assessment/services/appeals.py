"""申诉: filed by the branch, commented on by its committee, answered by the district."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.deadlines import answer_until, file_until
from assessment.enums import (
    APPEAL_TRANSITIONS,
    DECIDED_APPEALS,
    OPEN_APPEALS,
    RULING_REMEDIES,
    AppealState,
    Remedy,
    RunState,
)
from assessment.explain import DutyRef, lines_of
from assessment.models import Appeal, AppealFile, Ruling, Run, RunRow
from assessment.models.appeals import MOST_TEXT
from assessment.permissions import is_own_appeal
from assessment.rules import CREDIT_SCALE, SchemeParameters
from branches.enums import Role
from branches.models import Grant, Unit
from core import attachments, files
from core.dates import Period
from core.errors import Refusal
from core.outbox import tell
from core.screening import mark_in_text, refusal_of

MAX_FILES = 10
WHOLE_ROW = "整个得分和名次"


def _text(text: str, what: str, field: str) -> str:
    """A text of at most 1000 characters without marks of secrecy."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refusal(f"请写明{what}。", field=field)
    if len(text) > MOST_TEXT:
        raise Refusal(f"{what}请控制在 {MOST_TEXT} 字以内。", field=field)
    mark = mark_in_text(text)
    if mark:
        raise Refusal(refusal_of(mark, what), field=field)
    return text


def _lock(appeal: Appeal) -> Appeal:
    """The appeal as it is now, its row locked until the end of the transaction."""
    rows = Appeal.unscoped.select_for_update(of=("self",)).select_related(
        "unit", "run", "run__unit", "run__scheme", "decided_by"
    )
    found: Appeal = rows.get(pk=appeal.pk)
    return found


def _move(appeal: Appeal, to: AppealState) -> None:
    """Set the state, if the table of transitions allows it.

    Raises Refusal (``conflict``): it is in another state by now.
    """
    if (AppealState(appeal.state), to) not in APPEAL_TRANSITIONS:
        who = f"，答复人 {appeal.decided_by.name}" if appeal.decided_by else ""
        raise Refusal(
            f"这件申诉现在是“{appeal.get_state_display()}”{who}，不能再这样办理；"
            "请刷新页面看最新情况。",
            code="conflict",
        )
    appeal.state = to


@transaction.atomic
def file_appeal(
    *,
    run: Run,
    row: RunRow,
    duty: str,
    reason: str,
    by: User,
    on: date,
    uploads: Sequence[files.Upload] = (),
) -> Appeal:
    """Appeal against a duty (``duty`` is its key, "" the whole row) of a published result.

    The same appeal sent twice is one.

    Raises:
        Refusal: not published, too late, no such duty, an open or an answered appeal is there.
    """
    text = _text(reason, "申诉理由", "reason")
    if run.state != RunState.PUBLISHED or run.published_at is None:
        raise Refusal("只能对已发布的最新结果提出申诉；请打开最新版本。", code="conflict")
    until = file_until(run.published_at)
    if on > until:
        raise Refusal(
            f"申诉期限到 {until:%Y-%m-%d} 为止，已经过了；确有新情况的，请直接联系区委组织部。",
            code="conflict",
        )
    name = _name_of(run, row, duty)
    same = Appeal.unscoped.filter(run=run, unit_id=row.unit_id, duty=duty)
    twin = same.exclude(state=AppealState.WITHDRAWN).first()
    if twin is None:
        fresh = Appeal(
            unit_id=row.unit_id,
            run=run,
            duty=duty,
            duty_name=name,
            score=row.score,
            reason=text,
            filed_by=by,
            filed_at=timezone.now(),
            answer_by=answer_until(on),
        )
        try:
            with transaction.atomic():
                fresh.save()
        except IntegrityError:
            twin = same.get(state__in=OPEN_APPEALS)
        else:
            _keep_all(fresh, by, uploads, of_answer=False)
            return fresh
    if twin.state in DECIDED_APPEALS:
        raise Refusal("这一项已经答复过，答复意见在原来的申诉里。", code="conflict")
    if twin.filed_by_id != by.pk or twin.reason != text:
        raise Refusal("这一项已有正在办理的申诉，不用再提；可以打开它补充材料。", code="conflict")
    return twin


def _name_of(run: Run, row: RunRow, duty: str) -> str:
    if not duty:
        return WHOLE_ROW
    for line in lines_of(run, row):
        if line.ref.key == duty:
            return f"{line.kind.label} · {line.name}"[:300]
    raise Refusal("这次考核里没有这一项职责，请回到得分页面重新选择。", field="duty")


def add_file(*, appeal: Appeal, by: User, upload: files.Upload) -> AppealFile:
    """Add a file to an appeal that is not answered yet; the same file again is the same row.

    Raises Refusal: the file is not fit, there are too many, or the appeal is answered.
    """
    with transaction.atomic():
        appeal = _lock(appeal)
        if appeal.state not in OPEN_APPEALS:
            raise Refusal("这件申诉已经办结，不能再补充材料。", code="conflict")
        return _keep(appeal, by, upload, of_answer=False)


def _keep_all(
    appeal: Appeal, by: User, uploads: Sequence[files.Upload], *, of_answer: bool
) -> None:
    for upload in uploads:
        _keep(appeal, by, upload, of_answer=of_answer)


def _keep(appeal: Appeal, by: User, upload: files.Upload, *, of_answer: bool) -> AppealFile:
    with attachments.storing(attachments.accept(upload)) as stored:
        kept: AppealFile
        kept, _ = attachments.keep(
            AppealFile.unscoped.filter(appeal=appeal, of_answer=of_answer),
            stored,
            most=MAX_FILES,
            too_many=f"一件申诉最多 {MAX_FILES} 个文件，请挑要紧的上传。",
            field="files",
            appeal=appeal,
            of_answer=of_answer,
            by=by,
        )
        return kept


@transaction.atomic
def withdraw(*, appeal: Appeal, by: User) -> Appeal:
    """Take an appeal back that is not answered; a second time changes nothing."""
    appeal = _lock(appeal)
    if appeal.state == AppealState.WITHDRAWN:
        return appeal
    _move(appeal, AppealState.WITHDRAWN)
    appeal.withdrawn_at = timezone.now()
    appeal.save()
    return appeal


@transaction.atomic
def take(*, appeal: Appeal, by: User) -> Appeal:
    """受理: the district looks into it; the branch sees that somebody does."""
    appeal = _lock(appeal)
    if appeal.state == AppealState.REVIEWING and appeal.taken_by_id == by.pk:
        return appeal
    _refuse_own(appeal, by)
    _move(appeal, AppealState.REVIEWING)
    appeal.taken_by, appeal.taken_at = by, timezone.now()
    appeal.save()
    return appeal


def _refuse_own(appeal: Appeal, by: User) -> None:
    if is_own_appeal(appeal.filed_by_id, by.pk):
        raise Refusal("这件申诉是您本人提出的，请由另一位同志办理。", code="forbidden")


@transaction.atomic
def give_opinion(*, appeal: Appeal, by: User, opinion: str) -> Appeal:
    """党（工）委意见, before the district decides; written anew it replaces the former.

    Raises Refusal: no text, one's own appeal, or it is answered already.
    """
    text = _text(opinion, "意见", "opinion")
    appeal = _lock(appeal)
    _refuse_own(appeal, by)
    if appeal.state not in OPEN_APPEALS:
        _move(appeal, AppealState.REVIEWING)
    appeal.opinion, appeal.opinion_by, appeal.opinion_at = text, by, timezone.now()
    appeal.save()
    return appeal


@transaction.atomic
def decide(
    *,
    appeal: Appeal,
    by: User,
    uphold: bool,
    answer: str,
    remedy: str = "",
    uploads: Sequence[files.Upload] = (),
) -> Appeal:
    """Answer an appeal under review, with the reason; never one's own, never twice.

    What was published stays; a ruling is honoured by the quarter's next version. The branch is
    told.

    Raises Refusal: no reason, no remedy, one's own, or somebody answered before (``conflict``).
    """
    text = _text(answer, "答复理由", "answer")
    appeal = _lock(appeal)
    _refuse_own(appeal, by)
    if uphold and remedy not in Remedy.values:
        raise Refusal("申诉成立的，请选择怎么处理。", field="remedy")
    if uphold and remedy in RULING_REMEDIES and not appeal.duty:
        raise Refusal(
            "对整个得分的申诉不能认定某一项；请选其他处理，或请支部就那一项提出申诉。",
            field="remedy",
        )
    _move(appeal, AppealState.UPHELD if uphold else AppealState.REJECTED)
    appeal.remedy = remedy if uphold else ""
    appeal.answer, appeal.decided_by, appeal.decided_at = text, by, timezone.now()
    _keep_all(appeal, by, uploads, of_answer=True)
    appeal.save()
    if appeal.remedy in RULING_REMEDIES:
        _rule(appeal)
    _tell(appeal)
    return appeal


def _rule(appeal: Appeal) -> None:
    """Write the ruling; one on the same duty of the quarter that stood before is replaced."""
    # Answers to appeals against two versions of one quarter queue up here.
    Unit.unscoped.select_for_update(of=("self",)).get(pk=appeal.unit_id)
    row = RunRow.unscoped.get(run=appeal.run_id, unit_id=appeal.unit_id)
    ref = next(line.ref for line in lines_of(appeal.run, row) if line.ref.key == appeal.duty)
    quarter, now = appeal.run.period, timezone.now()
    Ruling.unscoped.filter(
        unit=appeal.unit_id, quarter=quarter, duty=ref.key, is_current=True
    ).update(is_current=False, updated_at=now)
    Ruling.unscoped.create(
        unit=appeal.unit,
        quarter=quarter,
        appeal=appeal,
        remedy=appeal.remedy,
        credit=_credit(appeal),
        at=appeal.decided_at or now,
        **_facts(ref),
    )


def _facts(ref: DutyRef) -> dict[str, str]:
    return {
        "duty": ref.key,
        "kind": ref.kind,
        "cause": ref.cause,
        "period": ref.period,
        "first": ref.first,
        "due": ref.due,
        "group": ref.group,
        "title": ref.title,
    }


def _credit(appeal: Appeal) -> int | None:
    """What the ruling is worth by the scheme of the run, in ten-thousandths."""
    if appeal.remedy == Remedy.NOT_APPLICABLE:
        return None
    late = SchemeParameters.from_json(appeal.run.scheme.parameters).credit.late
    return int((late if appeal.remedy == Remedy.LATE else Decimal(1)) * CREDIT_SCALE)


def _tell(appeal: Appeal) -> None:
    """The branch's secretaries, and whoever filed it, hear the answer."""
    on = timezone.localdate()
    grants = Grant.objects.all().holding([appeal.unit_id], Role.SECRETARY, on=on)
    people = {*grants.values_list("user_id", flat=True), appeal.filed_by_id or 0}
    tell(
        key=f"appeal-answer:{appeal.uuid}",
        to=sorted(people),
        template="assessment/notices/appeal_answered",
        payload={
            "quarter": Period.parse(appeal.run.period).name,
            "duty": appeal.duty_name,
            "result": str(appeal.get_state_display()),
            "remedy": str(appeal.get_remedy_display()),
            "answer": appeal.answer,
        },
        title=f"{Period.parse(appeal.run.period).name}考核：{appeal.get_state_display()}",
        link=reverse("assessment:appeal_detail", args=[appeal.uuid]),
    )
