"""The study plan: the district's list, a branch's plan, and the records that tick it off."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import Workbook, load_workbook

from branches.scope import scope_of
from core.errors import Refusal
from core.models import Notice
from meetings import services, studying
from meetings.asks import asked
from meetings.entries import MeetingContent
from meetings.enums import Kind, Status
from meetings.enums.study import ItemState, Split
from meetings.models import Meeting, StudyItem, StudyMark, StudyPhase, StudyPlan, StudyText
from meetings.papers import record_paper
from meetings.rules.study import Progress
from meetings.services import study
from meetings.services.study import TextEntry
from meetings.study_overview import Asked, branch_rows, branches_of, figures, urge_study
from tests.factories.branches import make_branch, make_committee, make_user
from tests.factories.meetings import make_meeting
from tests.factories.study import (
    make_item,
    make_mark,
    make_phases,
    make_plan,
    make_text,
)
from tests.meetings.conftest import Street

ON = date(2026, 8, 10)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _august(time_machine: Any) -> None:
    time_machine.move_to("2026-08-10T10:00:00+08:00")


@pytest.fixture
def phases(street: Street) -> list[StudyPhase]:
    """Four quarters with two texts in the first and in the third."""
    found = make_phases(street.district)
    for number in (0, 0, 2, 2):
        make_text(found[number])
    return found


@pytest.fixture
def plan(street: Street, phases: list[StudyPhase]) -> StudyPlan:
    return make_plan(street.branch, by=street.secretary)


def items(plan: StudyPlan) -> list[StudyItem]:
    return list(StudyItem.unscoped.filter(plan=plan).order_by("pk"))


def log(street: Street, *studied: StudyItem, held_on: date = ON, **more: Any) -> Meeting:
    """A draft that names these texts."""
    content = MeetingContent(kinds=[Kind.FIXED_DAY], held_on=held_on, topic="学习")
    return services.save(
        unit=street.branch,
        by=street.secretary,
        form_key=uuid4(),
        content=content,
        attendance=[],
        studied=[item.pk for item in studied],
        **more,
    )


def progress(street: Street) -> Progress:
    return studying.plan_of(street.branch, 2026, on=ON).progress


# --- The district's list -------------------------------------------------------------------------


def test_a_year_is_divided_once_and_again_only_while_it_is_empty(street: Street) -> None:
    def divide(split: str) -> list[str]:
        rows = study.set_phases(district=street.district, year=2026, split=split, by=street.chief)
        return [row.name for row in rows]

    assert divide(Split.HALF) == ["上半年", "下半年"]
    first = StudyPhase.unscoped.values_list("pk", flat=True).first()
    assert divide(Split.HALF) == ["上半年", "下半年"]
    assert StudyPhase.unscoped.values_list("pk", flat=True).first() == first
    assert len(divide(Split.MONTH)) == 12
    make_text(StudyPhase.unscoped.first())
    with pytest.raises(Refusal, match="已经安排了学习内容"):
        divide(Split.QUARTER)


def test_phases_never_share_a_day_and_keep_to_their_year(
    street: Street, phases: list[StudyPhase]
) -> None:
    known: dict[str, Any] = {
        "district": street.district, "year": 2026, "by": street.chief, "name": "甲"
    }  # fmt: skip
    with pytest.raises(Refusal, match="与“第一季度”（01-01 至 03-31）有重叠的日子"):
        study.save_phase(starts_on=date(2026, 3, 31), ends_on=date(2026, 3, 31), **known)
    with pytest.raises(Refusal, match="都应在 2026 年内"):
        study.save_phase(starts_on=date(2026, 12, 31), ends_on=date(2027, 1, 1), **known)
    with pytest.raises(IntegrityError), transaction.atomic():
        StudyPhase.unscoped.filter(pk=phases[0].pk).update(ends_on=date(2026, 4, 1))


def test_a_text_sent_twice_is_one_and_a_new_title_reaches_the_plans(
    street: Street, plan: StudyPlan, phases: list[StudyPhase]
) -> None:
    entry = TextEntry("《准则》", "guideline", phases[1].pk)
    known: dict[str, Any] = {"district": street.district, "year": 2026, "by": street.chief}
    text = study.save_text(entry=entry, **known)
    assert study.save_text(entry=entry, **known).pk == text.pk
    study.adopt_plan(unit=street.branch, year=2026, by=street.secretary)
    study.save_text(entry=TextEntry("《新准则》", "guideline", phases[1].pk), text=text, **known)
    assert StudyItem.unscoped.get(text=text).title == "《新准则》"


def test_a_mark_of_secrecy_is_refused_at_its_field(
    street: Street, phases: list[StudyPhase]
) -> None:
    entry = TextEntry("机密★1年", "other", phases[0].pk)
    with pytest.raises(Refusal, match="不得存放涉密内容") as refused:
        study.save_text(district=street.district, year=2026, entry=entry, by=street.chief)
    assert refused.value.field == "title"


def workbook(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    book = Workbook()
    for row in (("篇目", "类型", "阶段", "说明"), *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("清单.xlsx", out.getvalue())


def test_a_list_is_checked_previewed_and_written_once(
    street: Street, phases: list[StudyPhase]
) -> None:
    client, address = signed_in(street.chief), "/study/texts/import/?year=2026"
    before = StudyText.unscoped.count()
    first = ("《党章》", "党章", "第一季度", "通读")
    page = client.post(address, {"file": workbook(first, ("《条例》", "", "秋天", ""))})
    assert page.status_code == 422
    assert "第 3 行「阶段」列：没有这个阶段，可写：第一季度、第二季度" in page.content.decode()
    page = client.post(address, {"file": workbook(first, ("《条例》", "", "第二季度", ""))})
    assert (page.status_code, StudyText.unscoped.count()) == (200, before)
    for _ in range(2):
        answer = client.post(
            "/study/texts/import/confirm/?year=2026", {"sealed": page.context["sealed"]}
        )
        assert answer.status_code == 302
    assert StudyText.unscoped.count() == before + 2
    assert StudyText.unscoped.get(title="《党章》").description == "通读"
    out = client.get("/study/texts/export/?year=2026")
    sheet = load_workbook(io.BytesIO(b"".join(out.streaming_content)))["学习清单"]
    assert sheet.max_row == before + 3


def test_a_changed_preview_writes_nothing(street: Street, phases: list[StudyPhase]) -> None:
    client, before = signed_in(street.chief), StudyText.unscoped.count()
    answer = client.post("/study/texts/import/confirm/?year=2026", {"sealed": "x"}, follow=True)
    assert "预览已过期" in answer.content.decode()
    assert StudyText.unscoped.count() == before


# --- A branch's plan -----------------------------------------------------------------------------


def test_a_plan_is_made_once_however_often_it_is_asked_for(
    street: Street, phases: list[StudyPhase]
) -> None:
    client = signed_in(street.secretary)
    for _ in range(2):
        client.post(f"/study/units/{street.branch.code}/adopt/?year=2026")
    plan = StudyPlan.unscoped.get()
    assert (plan.unit, plan.by, len(items(plan))) == (street.branch, street.secretary, 4)


def test_what_the_district_adds_later_comes_in_by_the_same_button(
    street: Street, plan: StudyPlan, phases: list[StudyPhase]
) -> None:
    own = make_item(plan, phases[1], "《自选》")
    make_text(phases[3], "《自选》")
    make_text(phases[3])
    view = studying.plan_of(street.branch, 2026, on=ON)
    assert view.fresh == 2
    study.adopt_plan(unit=street.branch, year=2026, by=street.secretary)
    own.refresh_from_db()
    assert own.text is not None
    assert own.phase == phases[1]
    assert len(items(plan)) == 6
    assert studying.plan_of(street.branch, 2026, on=ON).fresh == 0


def test_without_a_list_there_is_no_plan(street: Street) -> None:
    with pytest.raises(Refusal, match="还没有下发 2026 年的学习清单"):
        study.adopt_plan(unit=street.branch, year=2026, by=street.secretary)
    with pytest.raises(Refusal, match="学习计划由党支部制定"):
        study.adopt_plan(unit=street.group, year=2026, by=street.secretary)


def test_own_texts_come_and_go_and_the_districts_stay(
    street: Street, plan: StudyPlan, phases: list[StudyPhase]
) -> None:
    known: dict[str, Any] = {"kind": "speech", "phase": phases[3], "leader": "李磊"}
    own = study.add_item(plan=plan, title="《讲话》", by=street.secretary, **known)
    assert study.add_item(plan=plan, title="《讲话》", by=street.secretary, **known).pk == own.pk
    study.drop_item(item=own, by=street.secretary)
    assert study.drop_item(item=own, by=street.secretary).is_dropped
    with pytest.raises(Refusal, match="不能去掉，可以调整阶段"):
        study.drop_item(item=items(plan)[0], by=street.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        StudyItem.unscoped.filter(pk=items(plan)[0].pk).update(is_dropped=True)


def test_a_text_moves_only_to_a_phase_of_its_year_and_district(
    street: Street, plan: StudyPlan, phases: list[StudyPhase]
) -> None:
    item = study.change_item(
        item=items(plan)[0], phase=phases[3], leader="李磊", by=street.secretary
    )
    assert (item.phase, item.leader) == (phases[3], "李磊")
    other = make_phases(street.district, 2027)[0]
    with pytest.raises(Refusal, match="请选择 2026 年的一个阶段"):
        study.change_item(item=item, phase=other, leader="", by=street.secretary)


# --- What records tick off -----------------------------------------------------------------------


def test_only_a_record_that_counts_ticks_a_text_off(street: Street, plan: StudyPlan) -> None:
    meeting = log(street, items(plan)[0], items(plan)[2])
    assert progress(street) == Progress(4, 0, 2)
    Meeting.unscoped.filter(pk=meeting.pk).update(present_count=1, eligible_count=1)
    services.submit(meeting=meeting, by=street.secretary, on=ON)
    assert progress(street) == Progress(4, 2, 1)
    services.return_(meeting=meeting, by=street.reviewer, reason="补名单")
    assert progress(street) == Progress(4, 0, 2)
    services.submit(meeting=meeting, by=street.secretary, on=ON)
    services.accept(meeting=meeting, by=street.reviewer)
    view = studying.plan_of(street.branch, 2026, on=ON)
    states = [line.state for part in view.phases for line in part.lines]
    assert states == [
        ItemState.CAUGHT_UP, ItemState.LATE, ItemState.DONE, ItemState.OPEN,
    ]  # fmt: skip
    assert view.next is not None
    assert view.next.state == ItemState.OPEN


def test_a_record_names_texts_of_its_own_branch_and_year_only(
    street: Street, plan: StudyPlan
) -> None:
    other = make_plan(street.neighbour)
    with pytest.raises(Refusal, match="不在2026年的学习计划里") as refused:
        log(street, items(other)[0])
    assert refused.value.field == "studied"
    with pytest.raises(Refusal, match="不在2025年的学习计划里"):
        log(street, items(plan)[0], held_on=date(2025, 12, 30))
    assert not StudyMark.unscoped.exists()


def test_saying_nothing_leaves_the_ticks_and_saying_none_takes_them(
    street: Street, plan: StudyPlan
) -> None:
    meeting = log(street, items(plan)[0])
    known: dict[str, Any] = {
        "unit": street.branch,
        "by": street.secretary,
        "form_key": None,
        "content": MeetingContent(kinds=[Kind.FIXED_DAY], held_on=ON, topic="学习"),
        "meeting": meeting,
    }
    services.save(**known)
    assert StudyMark.unscoped.count() == 1
    services.save(**known, studied=[])
    assert StudyMark.unscoped.count() == 0


def test_the_day_moved_to_another_year_loses_the_ticks(street: Street, plan: StudyPlan) -> None:
    meeting = log(street, items(plan)[0])
    content = MeetingContent(kinds=[Kind.FIXED_DAY], held_on=date(2025, 12, 1), topic="学习")
    services.save(unit=street.branch, by=None, form_key=None, content=content, meeting=meeting)
    assert StudyMark.unscoped.count() == 0


def test_the_form_offers_what_is_due_first_and_keeps_what_was_ticked(
    street: Street, plan: StudyPlan
) -> None:
    client = signed_in(street.secretary)
    first, _, third, fourth = items(plan)
    page = client.get(f"/meetings/new/?unit={street.branch.pk}&study={fourth.uuid}")
    offered = page.context["study"]
    assert [one.id for one in offered.shown][:2] == [fourth.pk, third.pk]
    assert [one.ticked for one in offered.shown] == [True, False, False, False]
    assert page.context["form"]["topic"].value() == f"集体学习{fourth.title}"
    ids = [member.pk for member in street.members]
    data = {
        "unit": street.branch.pk, "form_key": str(uuid4()), "kinds": [str(int(Kind.MEMBERS))],
        "held_on": "2026-08-10", "topic": "学习", "eligible": ids, "present": ids,
        "votes-TOTAL_FORMS": "0", "votes-INITIAL_FORMS": "0",
        "study_offered": "1", "study": [str(first.pk), str(fourth.pk)],
    }  # fmt: skip
    assert client.post("/meetings/new/", data).status_code == 302
    meeting = Meeting.unscoped.get()
    assert meeting.status == Status.SUBMITTED
    assert set(StudyMark.unscoped.values_list("item", flat=True)) == {first.pk, fourth.pk}
    assert fourth.title in client.get(f"/meetings/{meeting.uuid}/").content.decode()


def test_another_year_offers_its_own_plan(street: Street, plan: StudyPlan) -> None:
    client = signed_in(street.secretary)
    data = {"unit": street.branch.pk, "held_on": "2025-12-30"}
    assert "study_offered" not in client.post("/meetings/study/", data).content.decode()
    data["held_on"] = "2026-02-01"
    assert items(plan)[0].title in client.post("/meetings/study/", data).content.decode()


def test_a_group_studies_for_itself(street: Street, plan: StudyPlan) -> None:
    assert not studying.offer(street.group, ON, ticked=(), on=ON)


def test_a_text_out_of_use_counts_no_more(street: Street, plan: StudyPlan) -> None:
    StudyText.unscoped.filter(pk=items(plan)[0].text_id).update(is_active=False)
    assert progress(street) == Progress(3, 0, 1)


# --- From above ----------------------------------------------------------------------------------


def asking(street: Street, state: str = "") -> Asked:
    return Asked((street.street,), 2026, ON, state)


def test_the_overview_counts_as_the_plan_does(street: Street, plan: StudyPlan) -> None:
    make_mark(make_meeting(street.branch, held_on=ON, attendance=(3, 5)), items(plan)[0])
    make_mark(make_meeting(street.branch, status=Status.DRAFT, attendance=(3, 5)), items(plan)[1])
    every = list(branches_of(asking(street)))
    rows = {row.unit: row for row in branch_rows(asking(street), every)}
    assert rows[street.branch].progress == progress(street) == Progress(4, 1, 1)
    assert (rows[street.neighbour].planned, rows[street.neighbour].progress) == (False, Progress())
    found = figures(asking(street), by_committee=True)
    assert (found.branches, found.planned, found.lagging) == (2, 1, 2)
    assert found.progress == Progress(4, 1, 1)


@pytest.mark.parametrize(("state", "who"), [("lagging", 2), ("none", 1), ("complete", 0), ("", 2)])
def test_branches_are_found_by_their_standing(
    street: Street, plan: StudyPlan, state: str, who: int
) -> None:
    assert branches_of(asking(street, state)).count() == who


def test_whoever_has_studied_everything_is_complete(street: Street, plan: StudyPlan) -> None:
    meeting = make_meeting(street.branch, held_on=ON, attendance=(3, 5))
    for item in items(plan):
        make_mark(meeting, item)
    assert list(branches_of(asking(street, "complete"))) == [street.branch]
    assert list(branches_of(asking(street, "lagging"))) == [street.neighbour]


def test_a_lagging_branch_is_told_once_a_day(street: Street, plan: StudyPlan) -> None:
    for _ in range(2):
        urge_study(asked=asking(street), unit_ids=None, by=street.reviewer)
    notice = Notice.objects.get()
    assert notice.recipient == street.secretary
    assert len(notice.payload["missing"]) == 2
    neighbour = make_user("secretary", street.neighbour)
    assert urge_study(asked=asking(street), unit_ids=[street.neighbour.pk], by=street.chief) == 1
    assert Notice.objects.filter(recipient=neighbour).count() == 1
    tomorrow = Asked((street.street,), 2026, date(2026, 8, 11))
    assert urge_study(asked=tomorrow, unit_ids=[street.branch.pk], by=street.reviewer) == 1


def test_nobody_out_of_reach_is_told(street: Street, plan: StudyPlan) -> None:
    client = signed_in(street.stranger)
    client.post("/study/urge/?year=2026", {"only": street.branch.pk})
    assert not Notice.objects.exists()


def test_one_branch_and_three_cost_the_same(street: Street, plan: StudyPlan) -> None:
    client = signed_in(street.chief)
    make_plan(make_branch(make_committee(street.district)))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/study/?year=2026").status_code == 200
        return len(queries)

    client.get("/study/?year=2026")
    few = cost()
    for _ in range(3):
        branch = make_branch(make_committee(street.district))
        for item in items(make_plan(branch)):
            make_mark(make_meeting(branch, held_on=ON, attendance=(1, 1)), item)
    assert cost() == few


def test_the_plan_page_costs_the_same_for_one_text_and_for_many(
    street: Street, plan: StudyPlan, phases: list[StudyPhase]
) -> None:
    client = signed_in(street.secretary)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/study/?year=2026").status_code == 200
        return len(queries)

    client.get("/study/?year=2026")
    few = cost()
    for number in range(5):
        item = make_item(plan, phases[number % 4])
        make_mark(make_meeting(street.branch, held_on=ON, attendance=(1, 1)), item)
    assert cost() == few


def test_progress_goes_out_as_a_workbook(street: Street, plan: StudyPlan) -> None:
    out = signed_in(street.chief).get("/study/export/?year=2026")
    book = load_workbook(io.BytesIO(b"".join(out.streaming_content)))
    rows = list(book["学习进度"].values)
    assert rows[0][:3] == ("党（工）委", "党组织代码", "党组织")
    assert rows[1][3:] == ("有", "4", "0", "2") or rows[2][3:] == ("有", "4", "0", "2")


@pytest.mark.parametrize(
    "address",
    ["", "new/", "import/", "export/"],
)
def test_the_list_is_kept_by_the_district_alone(street: Street, address: str) -> None:
    for who in (street.secretary, street.reviewer, street.leader):
        assert signed_in(who).get(f"/study/texts/{address}").status_code == 403
    assert signed_in(street.chief).get(f"/study/texts/{address}").status_code == 200


def test_the_secretary_is_asked_for_what_the_phase_still_wants(
    street: Street, phases: list[StudyPhase]
) -> None:
    def asks() -> list[tuple[str, date | None, int]]:
        scope = scope_of(street.secretary, on=ON)
        return [(one.title, one.until, one.count) for one in asked(scope, street.secretary.pk, ON)]

    assert asks() == [("制定今年的学习计划", None, 1)]
    plan = make_plan(street.branch)
    assert asks() == [
        ("第三季度的学习内容还没有学", date(2026, 9, 30), 2),
        ("学习计划里有逾期未学的", None, 2),
    ]
    meeting = make_meeting(street.branch, held_on=ON, attendance=(1, 1))
    for item in items(plan):
        make_mark(meeting, item)
    assert asks() == []


def test_a_form_that_is_wrong_comes_back_with_its_words(
    street: Street, plan: StudyPlan, phases: list[StudyPhase]
) -> None:
    client = signed_in(street.secretary)
    address = f"/study/plans/{plan.uuid}/items/new/"
    page = client.post(address, {"title": "", "kind": "speech", "phase": phases[0].pk})
    assert page.status_code == 422
    good = {"title": "《讲话》", "kind": "speech", "phase": phases[0].pk, "leader": ""}
    assert client.post(address, good).status_code == 302
    own = StudyItem.unscoped.get(title="《讲话》")
    edit: Callable[[dict[str, Any]], Any] = lambda data: client.post(  # noqa: E731
        f"/study/items/{own.uuid}/edit/", data
    )
    assert edit({"phase": phases[1].pk, "leader": "王芳"}).status_code == 302
    assert client.post(f"/study/items/{own.uuid}/drop/").status_code == 302
    assert edit({"phase": phases[1].pk}).status_code == 404


def test_the_paper_names_what_was_studied(street: Street, plan: StudyPlan) -> None:
    meeting = make_meeting(street.branch, held_on=ON, attendance=(3, 5))
    make_mark(meeting, items(plan)[0])
    paper = Document(io.BytesIO(record_paper(meeting)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert cells[cells.index("学习内容") + 1] == items(plan)[0].title
