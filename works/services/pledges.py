"""承诺践诺: pledged, reported with evidence, confirmed by somebody else; and 党员示范岗."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from branches.enums import PRESENT_STATES, PostKind
from branches.models import Member, Post, Unit
from core import attachments, files
from core.errors import Refusal
from core.states import demand_move
from core.verbs import kept, known, once, past, sane, words
from works.enums import PLEDGE_MOVES, PledgeState
from works.models import ModelPost, ModelPostYear, Pledge, PledgeFile
from works.rules import needs_committee

MAX_FILES = 20


def is_secretary(unit: Unit, member: Member | None, on: date) -> bool:
    """Whether the member is the branch's secretary on the day."""
    if member is None:
        return False
    posts = Post.objects.everywhere("asked of one branch").in_force(on=on)
    return bool(posts.filter(unit=unit, member=member, kind=PostKind.SECRETARY).exists())


def of_the_branch(unit: Unit, member: Member | None) -> None:
    """Refuse a member who is not on the branch's roster."""
    if member is not None and (member.unit_id != unit.pk or member.state not in PRESENT_STATES):
        raise Refusal("请选择本支部在册的党员。", field="member")


@transaction.atomic
def pledge(
    *,
    unit: Unit,
    by: User | None,
    member: Member | None,
    title: str,
    pledged_on: date,
    due_on: date,
    on: date,
    form_key: UUID | None = None,
) -> Pledge:
    """承诺 of a member, or of the branch itself (``member`` None)."""
    if not unit.is_branch:
        raise Refusal("承诺按党支部登记，请选择一个党支部。", field="unit")
    of_the_branch(unit, member)
    past(pledged_on, on, "承诺日期", field="pledged_on")
    sane(due_on, "完成期限", field="due_on", since=pledged_on)
    above = needs_committee(is_branch=member is None, is_secretary=is_secretary(unit, member, on))
    made, _ = once(
        Pledge,
        form_key,
        lambda: Pledge(
            unit=unit, member=member, above=above, pledged_on=pledged_on, due_on=due_on, by=by,
            title=words(title, "承诺事项", field="title", longest=200), form_key=form_key,
        ),
    )  # fmt: skip
    return made


def _locked(pledge: Pledge) -> Pledge:
    rows = Pledge.unscoped.select_for_update(of=("self",)).select_related("unit", "member")
    found: Pledge = rows.get(pk=pledge.pk)
    return found


@transaction.atomic
def add_evidence(*, pledge: Pledge, by: User | None, file: files.Upload | None) -> PledgeFile:
    """Keep a photo or a paper with a pledge that is not confirmed; the same file once."""
    if file is None:
        raise Refusal("请选择文件。", field="file")
    row = _locked(pledge)
    if row.state not in (PledgeState.OPEN, PledgeState.REPORTED):
        raise Refusal("这项承诺已经办结，不能再加佐证。", code="conflict")
    return _keep(row, by, file)


def _keep(row: Pledge, by: User | None, file: files.Upload) -> PledgeFile:
    try:
        clean = attachments.accept(file)
    except files.FileRefused as refused:
        raise Refusal(refused.message, field="file", code=refused.code) from None
    with attachments.storing(clean) as stored:
        found: PledgeFile
        found, _ = attachments.keep(
            PledgeFile.unscoped.filter(pledge=row), stored, most=MAX_FILES, field="file",
            too_many=f"一项承诺最多 {MAX_FILES} 份佐证，请挑要紧的上传。", pledge=row, by=by,
        )  # fmt: skip
        return found


@transaction.atomic
def report_pledge(
    *,
    pledge: Pledge,
    by: User | None,
    done_on: date,
    result: str,
    file: files.Upload | None = None,
    on: date,
) -> Pledge:
    """践诺: what was done on which day, with evidence; it waits for confirmation."""
    row = _locked(pledge)
    if row.state == PledgeState.REPORTED:
        return row
    demand_move(row, PledgeState.REPORTED, moves=PLEDGE_MOVES, name="这项承诺")
    row.result = words(result, "践诺情况", field="result", longest=1000)
    row.done_on = past(done_on, on, "完成日期", field="done_on", since=row.pledged_on)
    row.state, row.reported_by, row.answer = PledgeState.REPORTED, by, ""
    if file is not None:
        _keep(row, by, file)
    return kept(row)


@transaction.atomic
def confirm_pledge(*, pledge: Pledge, by: User, on: date, answer: str = "") -> Pledge:
    """Kept, says somebody who has not pledged it himself. Twice is once."""
    row = _locked(pledge)
    if row.state == PledgeState.KEPT:
        return row
    demand_move(row, PledgeState.KEPT, moves=PLEDGE_MOVES, name="这项承诺")
    # Accounts and the roster are two lists: the name is what they share.
    if row.member is not None and row.member.name == by.name:
        raise Refusal("承诺人不能自己确认，请由另一位同志确认。", code="forbidden")
    row.answer = words(answer, "意见", field="answer", longest=300, needed=False)
    row.state, row.confirmed_on, row.confirmed_by = PledgeState.KEPT, on, by
    return kept(row)


@transaction.atomic
def return_pledge(*, pledge: Pledge, by: User | None, on: date, answer: str) -> Pledge:
    """Not yet: with a reason, it is open again."""
    row = _locked(pledge)
    demand_move(row, PledgeState.OPEN, moves=PLEDGE_MOVES, name="这项承诺")
    row.answer = words(answer, "退回原因", field="answer", longest=300)
    row.state = PledgeState.OPEN
    return kept(row)


@transaction.atomic
def drop_pledge(*, pledge: Pledge, by: User | None, on: date, answer: str) -> Pledge:
    """终止: what was pledged is no longer asked for; the reason stays."""
    row = _locked(pledge)
    if row.state == PledgeState.ENDED:
        return row
    demand_move(row, PledgeState.ENDED, moves=PLEDGE_MOVES, name="这项承诺")
    row.answer = words(answer, "终止原因", field="answer", longest=300)
    row.state = PledgeState.ENDED
    return kept(row)


@transaction.atomic
def name_post(
    *,
    unit: Unit,
    by: User | None,
    member: Member,
    name: str,
    stands_for: str,
    since: date,
    on: date,
    form_key: UUID | None = None,
) -> ModelPost:
    """设岗: a named post, the member who holds it, and what it stands for."""
    of_the_branch(unit, member)
    same = known(ModelPost, form_key)
    if same is not None:
        return same
    past(since, on, "设岗日期", field="since")
    made, _ = once(
        ModelPost,
        form_key,
        lambda: ModelPost(
            unit=unit, member=member, since=since, by=by, form_key=form_key,
            name=words(name, "岗位名称", field="name", longest=60),
            stands_for=words(stands_for, "示范什么", field="stands_for", longest=200),
        ),
    )  # fmt: skip
    return made


def _post(post: ModelPost) -> ModelPost:
    rows = ModelPost.unscoped.select_for_update(of=("self",)).select_related("member")
    found: ModelPost = rows.get(pk=post.pk)
    return found


@transaction.atomic
def confirm_post(*, post: ModelPost, by: User, on: date, note: str = "") -> ModelPostYear:
    """年度确认 of the year of ``on``, by another than who named it. Twice is once."""
    row = _post(post)
    if row.until is not None and row.until < on:
        raise Refusal("这个示范岗已经撤岗。", code="conflict")
    same = ModelPostYear.unscoped.filter(post=row, year=on.year).first()
    if same is not None:
        return same
    if row.member.name == by.name:
        raise Refusal("本人不能确认自己的示范岗，请由另一位同志确认。", code="forbidden")
    return kept(
        ModelPostYear(
            post=row, year=on.year, day=on, named_by=row.by, by=by,
            note=words(note, "意见", field="note", longest=200, needed=False),
        )
    )  # fmt: skip


@transaction.atomic
def end_post(*, post: ModelPost, until: date, on: date) -> ModelPost:
    """撤岗; the years it stood stay. Twice is once."""
    row = _post(post)
    if row.until is None:
        row.until = past(until, on, "撤岗日期", field="until", since=row.since)
        kept(row)
    return row
