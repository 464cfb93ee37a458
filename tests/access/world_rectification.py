"""后进整顿 in the two districts: one of everything on each branch, full of canaries."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rectification.enums import (
    HelperKind,
    Manner,
    PollWay,
    ProblemState,
    PromiseWay,
    Source,
    State,
    Timing,
)
from rectification.models import (
    Acceptance,
    AcceptanceScore,
    Answer,
    Batch,
    Case,
    CaseFile,
    CaseStep,
    Closing,
    FigureEntry,
    Helper,
    Inspection,
    Poll,
    Problem,
    Promise,
    Report,
    ReportDue,
    ScoreItem,
    Slip,
    Visit,
)

_DAY = date(2026, 7, 1)


def build(world: Any, branches: tuple[str, ...]) -> None:
    """A batch in each district, and a case in 验收中 with all that hangs on one in each branch."""
    for key in ("1", "2"):
        batch = Batch.unscoped.create(
            unit=world.units[key], number=1, name=f"批次zu{key}z", year=2026, starts_on=_DAY,
            deadline=date(2026, 12, 31), demands=f"要求zu{key}z", regulation=f"依据zu{key}z",
        )  # fmt: skip
        world.objects["batch"][key] = batch
        ScoreItem.unscoped.create(batch=batch, position=1, name=f"项目zu{key}z", points=100)
        ReportDue.unscoped.create(batch=batch, title=f"报告zu{key}z", due_on=date(2026, 8, 1))
    for key in branches:
        _case(world, key)


def _case(world: Any, key: str) -> None:
    things, batch = world.objects, world.objects["batch"][key[0]]
    author = things["author"][key]
    case = Case.unscoped.create(
        batch=batch, unit=world.units[key], reasons=["team"], detail=f"表现zo{key}z",
        baseline=f"基线zo{key}z", plan=f"方案zo{key}z", deadline=date(2026, 12, 31),
        decided_on=_DAY, decision_number=f"文号zo{key}z", created_by=author, started_on=_DAY,
    )  # fmt: skip
    things["case"][key] = case
    for kind in HelperKind:
        Helper.unscoped.create(
            case=case, kind=kind, name=f"帮扶zo{key}z", workplace=f"单位zo{key}z", since=_DAY
        )
    for state in (State.LISTED, State.STAFFED, State.UNDERWAY, State.EXAMINED):
        Case.unscoped.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    CaseStep.unscoped.create(
        case=case, before=None, after=State.PROPOSED, day=_DAY, note=f"步骤zo{key}z", by=author
    )
    visit = Visit.unscoped.create(
        case=case, helper=Helper.unscoped.filter(case=case).first(), day=_DAY, households=3,
        solved=f"走访zo{key}z", by=author,
    )  # fmt: skip
    things["case_problem"][key] = Problem.unscoped.create(
        case=case, source=Source.VISIT, title=f"路灯zo{key}z", collected_on=_DAY,
        owner=f"责任zo{key}z", due_on=date(2026, 9, 1), measures=f"措施zo{key}z", by=author,
        state=ProblemState.SOLVING,
    )  # fmt: skip
    kept = CaseFile.unscoped.create(
        case=case, kind="photo", name=f"公示zo{key}z.jpg", path=f"{uuid.uuid4()}.jpg",
        thumbnail=f"{uuid.uuid4()}.jpg", content_type="image/jpeg", sha256="0" * 64, size=10,
        by=author,
    )  # fmt: skip
    things["case_file"][key] = kept
    things["promise"][key] = Promise.unscoped.create(
        case=case, way=PromiseWay.CARD, item=f"承诺zo{key}z", person=f"承诺人zo{key}z",
        due_on=date(2026, 9, 1), posted_on=_DAY, photo=kept, by=author,
    )  # fmt: skip
    Report.unscoped.create(
        case=case, due=batch.dues.first(), filed_on=_DAY, summary=f"汇报zo{key}z", by=author
    )
    things["inspection"][key] = Inspection.unscoped.create(
        case=case, day=_DAY, manner=Manner.OPEN, timing=Timing.REGULAR,
        inspectors=f"督查zo{key}z", findings=f"发现zo{key}z", answer_by=date(2026, 8, 1), by=author,
    )  # fmt: skip
    things["figure"][key] = FigureEntry.unscoped.create(
        case=case, day=_DAY, kind="cards", amount=Decimal(5), note=f"说明zo{key}z", by=author
    )
    FigureEntry.unscoped.create(
        case=case, day=_DAY, kind="households", amount=3, visit=visit, note=f"走访zo{key}z"
    )
    things["poll"][key] = poll = Poll.unscoped.create(
        case=case, way=PollWay.LINK, opens_on=_DAY, closes_on=timezone.localdate(), issued=1,
        by=author,
    )  # fmt: skip
    Slip.objects.create(fingerprint=uuid.uuid4().bytes + uuid.uuid4().bytes, poll=poll)
    Answer.unscoped.create(poll=poll, choice="satisfied", day=_DAY)
    acceptance = Acceptance.unscoped.create(
        case=case, round=1, day=_DAY, examiners=f"验收zo{key}z", opinion=f"意见zo{key}z",
        total=80, poll=poll, satisfaction=95, open_problems=0, passed=True, by=author,
    )  # fmt: skip
    AcceptanceScore.unscoped.create(
        acceptance=acceptance, name=f"项目zu{key[0]}z", points=100, given=80
    )
    things["closing"][key] = Closing.unscoped.create(
        case=case, round=1, acceptance=acceptance, note=f"申请zo{key}z", proposed_by=author
    )
