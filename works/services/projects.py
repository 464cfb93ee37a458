"""项目化管理: 立项 → 实施 → 完成 or 终止, by milestones."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.enums import UnitKind
from branches.models import Unit
from core import attachments, files
from core.errors import Refusal
from core.states import demand_move
from core.verbs import kept, known, once, past, sane, words
from works.enums import WORK_MOVES, WorkState
from works.models import Milestone, Project, ProjectFile, ProjectStep, SchemeTag
from works.rules import open_milestones

MAX_FILES = 60
MAX_MILESTONES = 40


@transaction.atomic
def plan_project(
    *,
    unit: Unit,
    by: User | None,
    tag: SchemeTag,
    title: str,
    goal: str,
    owner: str,
    starts_on: date,
    due_on: date,
    on: date,
    form_key: UUID | None = None,
) -> Project:
    """立项."""
    if unit.kind == UnitKind.GROUP:
        raise Refusal("项目由党支部或上级党组织立项。", field="unit")
    same = known(Project, form_key)
    if same is not None:
        return same
    sane(starts_on, "开始日期", field="starts_on")
    sane(due_on, "完成期限", field="due_on", since=starts_on)
    made, is_new = once(
        Project,
        form_key,
        lambda: Project(
            unit=unit, tag=tag, starts_on=starts_on, due_on=due_on, by=by, form_key=form_key,
            title=words(title, "项目", field="title", longest=120),
            goal=words(goal, "目标", field="goal", longest=1000),
            owner=words(owner, "负责人", field="owner", longest=60),
        ),
    )  # fmt: skip
    if is_new:
        ProjectStep.unscoped.create(project=made, after=WorkState.PLANNED, day=on, by=by)
    return made


def _locked(project: Project) -> Project:
    rows = Project.unscoped.select_for_update(of=("self",)).select_related("unit")
    found: Project = rows.get(pk=project.pk)
    return found


def _going_on(row: Project) -> None:
    if not row.is_open:
        raise Refusal(f"这个项目已经{row.get_state_display()}，不能再登记。", code="conflict")


@transaction.atomic
def add_milestone(
    *, project: Project, title: str, due_on: date, form_key: UUID | None = None
) -> Milestone:
    """A step with its last day, within the project's days."""
    row = _locked(project)
    same = known(Milestone, form_key)
    if same is not None:
        return same
    _going_on(row)
    if not row.starts_on <= due_on <= row.due_on:
        raise Refusal(
            f"节点期限应在 {row.starts_on:%Y-%m-%d} 到 {row.due_on:%Y-%m-%d} 之间。", field="due_on"
        )
    if Milestone.unscoped.filter(project=row).count() >= MAX_MILESTONES:
        raise Refusal(f"一个项目最多 {MAX_MILESTONES} 个节点。")
    made, _ = once(
        Milestone,
        form_key,
        lambda: Milestone(
            project=row, due_on=due_on, form_key=form_key,
            title=words(title, "节点", field="title", longest=100),
        ),
    )  # fmt: skip
    return made


def _keep(
    row: Project, by: User | None, file: files.Upload, milestone: Milestone | None
) -> ProjectFile:
    try:
        clean = attachments.accept(file)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field="file", code=refused.code) from None
    with attachments.storing(clean) as stored:
        found: ProjectFile
        found, _ = attachments.keep(
            ProjectFile.unscoped.filter(project=row, milestone=milestone), stored, most=MAX_FILES,
            field="file", too_many=f"最多 {MAX_FILES} 份佐证，请挑要紧的上传。", project=row,
            milestone=milestone, by=by,
        )  # fmt: skip
        return found


@transaction.atomic
def add_paper(*, project: Project, by: User | None, file: files.Upload | None) -> ProjectFile:
    """Evidence for the project as a whole; the same file once."""
    if file is None:
        raise Refusal("请选择文件。", field="file")
    return _keep(_locked(project), by, file, None)


@transaction.atomic
def finish_milestone(
    *,
    milestone: Milestone,
    by: User | None,
    done_on: date,
    result: str,
    file: files.Upload | None = None,
    on: date,
) -> Milestone:
    """A step is done: on which day, what showed it. Twice is once."""
    row = _locked(milestone.project)
    found: Milestone = Milestone.unscoped.select_for_update().get(pk=milestone.pk)
    if found.done_on is not None:
        return found
    _going_on(row)
    if row.state != WorkState.UNDERWAY:
        raise Refusal("项目进入实施以后才能登记节点完成。", code="conflict")
    found.result = words(result, "完成情况", field="result", longest=300)
    found.done_on = past(done_on, on, "完成日期", field="done_on", since=row.starts_on)
    found.done_by = by
    if file is not None:
        _keep(row, by, file, found)
    return kept(found)


def _move(row: Project, to: WorkState, *, by: User | None, day: date, note: str = "") -> Project:
    demand_move(row, to, moves=WORK_MOVES, name="这个项目")
    row.state = to
    kept(row)
    ProjectStep.unscoped.create(project=row, after=to, day=day, note=note, by=by)
    return row


@transaction.atomic
def start_project(*, project: Project, by: User | None, on: date) -> Project:
    """实施 begins: there must be milestones to go by. Twice is once."""
    row = _locked(project)
    if row.state == WorkState.UNDERWAY:
        return row
    if not Milestone.unscoped.filter(project=row).exists():
        raise Refusal("请先列出节点，再进入实施。")
    return _move(row, WorkState.UNDERWAY, by=by, day=on)


@transaction.atomic
def finish_project(
    *, project: Project, by: User | None, ended_on: date, result: str, on: date
) -> Project:
    """完成: all milestones done, and what came of it. Twice is once."""
    row = _locked(project)
    if row.state == WorkState.DONE:
        return row
    left = open_milestones(Milestone.unscoped.filter(project=row).values_list("done_on", flat=True))
    if left:
        raise Refusal(f"还有 {left} 个节点没有完成，请先登记节点完成情况。")
    row.result = words(result, "结果", field="result", longest=1000)
    row.ended_on = past(ended_on, on, "完成日期", field="ended_on", since=row.starts_on)
    return _move(row, WorkState.DONE, by=by, day=row.ended_on, note=row.result[:500])


@transaction.atomic
def stop_project(*, project: Project, by: User | None, result: str, on: date) -> Project:
    """终止, with a reason. Twice is once."""
    row = _locked(project)
    if row.state == WorkState.ENDED:
        return row
    row.result, row.ended_on = words(result, "终止原因", field="result", longest=1000), on
    return _move(row, WorkState.ENDED, by=by, day=on, note=row.result[:500])
