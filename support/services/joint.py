"""“大党委”: member units, the two lists, a resource matched to a need, and the project's way."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.enums import Field, UnitKind
from branches.models import Unit
from core.codes import CodeError, check_credit_code
from core.errors import Refusal
from core.states import demand_move
from core.verbs import kept, known, once, one_of, past, sane, words
from support.enums import JOINT_MOVES, RUNNING, EntryKind, JointState
from support.models import JointCommittee, JointEntry, JointMember, JointProgress, JointProject

_NOT = (UnitKind.DISTRICT, UnitKind.GROUP)
_LAND = (Field.COMMUNITY, Field.VILLAGE, Field.STREET)


@transaction.atomic
def found(
    *, unit: Unit, by: User | None, name: str, founded_on: date, duties: str = "", on: date
) -> JointCommittee:
    """Register the joint committee of a community, or correct it: there is one each."""
    if unit.kind in _NOT or unit.field not in _LAND:
        raise Refusal("大党委设在社区（村）党组织，请换一个。", field="unit")
    Unit.unscoped.select_for_update().get(pk=unit.pk)
    joint = JointCommittee.unscoped.filter(unit=unit).first() or JointCommittee(unit=unit, by=by)
    joint.name = words(name, "名称", field="name", longest=80)
    joint.founded_on = past(founded_on, on, "成立日期", field="founded_on")
    joint.duties = words(duties, "工作机制", field="duties", longest=2000, needed=False)
    return kept(joint)


def _locked(joint: JointCommittee) -> JointCommittee:
    row: JointCommittee = JointCommittee.unscoped.select_for_update().get(pk=joint.pk)
    return row


@transaction.atomic
def add_member(
    *,
    joint: JointCommittee,
    name: str,
    contact_post: str,
    since: date,
    credit_code: str = "",
    on: date,
) -> JointMember:
    """A unit joins; twice is once."""
    joint = _locked(joint)
    title = words(name, "单位", field="name", longest=80)
    code = credit_code.strip()
    if code:
        try:
            code = check_credit_code(code)
        except CodeError as fault:
            raise Refusal(f"{fault}。", field="credit_code") from None
    same = JointMember.unscoped.filter(joint=joint, name=title, until=None).first()
    if same is not None:
        return same
    post = words(contact_post, "联系岗位", field="contact_post", longest=60)
    past(since, on, "加入日期", field="since")
    return kept(
        JointMember(joint=joint, name=title, credit_code=code, contact_post=post, since=since)
    )


@transaction.atomic
def end_member(*, member: JointMember, until: date, on: date) -> JointMember:
    """A unit leaves; what it gave stays on record."""
    _locked(member.joint)
    row: JointMember = JointMember.unscoped.select_for_update().get(pk=member.pk)
    if row.until is None:
        row.until = past(until, on, "退出日期", field="until", since=row.since)
        kept(row)
        JointEntry.unscoped.filter(member=row, is_open=True).update(is_open=False)
    return row


@transaction.atomic
def add_entry(
    *,
    joint: JointCommittee,
    kind: str,
    title: str,
    member: JointMember | None = None,
    form_key: UUID | None = None,
) -> JointEntry:
    """A line of the resource list or of the need list."""
    joint = _locked(joint)
    one_of(kind, EntryKind, "清单", field="kind")
    if member is not None and (member.joint_id != joint.pk or member.until is not None):
        raise Refusal("请选择本社区现在的成员单位。", field="member")
    made, _ = once(
        JointEntry,
        form_key,
        lambda: JointEntry(
            joint=joint, kind=kind, member=member, form_key=form_key,
            title=words(title, "内容", field="title", longest=120),
        ),
    )  # fmt: skip
    return made


@transaction.atomic
def close_entry(*, entry: JointEntry) -> JointEntry:
    """Taken off the list; twice is once."""
    _locked(entry.joint)
    row: JointEntry = JointEntry.unscoped.select_for_update().get(pk=entry.pk)
    row.is_open = False
    return kept(row)


@transaction.atomic
def match(
    *,
    joint: JointCommittee,
    by: User | None,
    title: str,
    owner: str,
    due_on: date,
    resource: JointEntry | None = None,
    need: JointEntry | None = None,
    on: date,
    form_key: UUID | None = None,
) -> JointProject:
    """对接: a project that brings a resource to a need; either may be missing, not both wrong."""
    joint = _locked(joint)
    same = known(JointProject, form_key)
    if same is not None:
        return same
    for entry, kind, field in (
        (resource, EntryKind.RESOURCE, "resource"),
        (need, EntryKind.NEED, "need"),
    ):
        if entry is None:
            continue
        if entry.joint_id != joint.pk or entry.kind != kind or not entry.is_open:
            raise Refusal(f"请选择清单上的{kind.label}。", field=field)
    sane(due_on, "完成期限", field="due_on", since=on)
    made, _ = once(
        JointProject,
        form_key,
        lambda: JointProject(
            joint=joint, resource=resource, need=need, due_on=due_on, by=by, form_key=form_key,
            title=words(title, "项目", field="title", longest=120),
            owner=words(owner, "责任单位", field="owner", longest=80),
        ),
    )  # fmt: skip
    return made


def _project(project: JointProject) -> JointProject:
    _locked(project.joint)
    row: JointProject = JointProject.unscoped.select_for_update().get(pk=project.pk)
    return row


@transaction.atomic
def report_progress(
    *,
    project: JointProject,
    by: User | None,
    day: date,
    percent: int,
    what: str,
    on: date,
    form_key: UUID | None = None,
) -> JointProject:
    """How far it has come; the first report begins it."""
    row = _project(project)
    if known(JointProgress, form_key) is not None:
        return row
    if row.state not in RUNNING:
        raise Refusal("这个项目已经结束，不能再登记进展。", code="conflict")
    past(day, on, "日期", field="day")
    if not 0 <= percent <= 100:
        raise Refusal("进度在 0 到 100 之间。", field="percent")
    text = words(what, "进展", field="what", longest=300)
    once(
        JointProgress,
        form_key,
        lambda: JointProgress(
            project=row, day=day, percent=percent, what=text, by=by, form_key=form_key
        ),
    )
    if row.state == JointState.MATCHED:
        row.state = JointState.UNDERWAY
    row.percent = percent
    return kept(row)


@transaction.atomic
def finish_project(
    *, project: JointProject, by: User | None, ended_on: date, result: str, on: date
) -> JointProject:
    """Done: on which day, and with what result; its need leaves the list. Twice is once."""
    row = _end(project, JointState.DONE, ended_on, result, "成效", on)
    row.percent = 100
    if row.need_id:
        JointEntry.unscoped.filter(pk=row.need_id).update(is_open=False)
    return kept(row)


@transaction.atomic
def stop_project(
    *, project: JointProject, by: User | None, ended_on: date, result: str, on: date
) -> JointProject:
    """Stopped, with a reason."""
    return _end(project, JointState.ENDED, ended_on, result, "终止原因", on)


def _end(
    project: JointProject, to: JointState, ended_on: date, result: str, what: str, on: date
) -> JointProject:
    row = _project(project)
    if row.state == to:
        return row
    demand_move(row, to, moves=JOINT_MOVES, name="这个项目")
    row.result = words(result, what, field="result", longest=1000)
    row.ended_on = past(ended_on, on, "结束日期", field="ended_on")
    row.state = to
    return kept(row)
