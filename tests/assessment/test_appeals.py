"""申诉: who may, until when, who decides, and what the next version makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.models import User
from assessment import services
from assessment.asks import asked
from assessment.deadlines import ANSWER_DAYS, FILE_DAYS, answer_until, days_of, file_until
from assessment.enums import APPEAL_TRANSITIONS, OPEN_APPEALS, AppealState, Remedy
from assessment.explain import explain
from assessment.models import Appeal, AppealFile, Ruling, Run, RunRow
from assessment.services.runs import facts_of
from branches.enums import Role
from branches.scope import scope_of
from core.dates import Period
from core.errors import Refusal
from core.models import Notice, RuleParameter
from core.scoring import DutyRules
from meetings import scores
from meetings.enums import Kind
from tests.factories.assessment import make_appeal, make_run
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_user,
)
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
DAY = "fixed_day::2026-08"


def photo(name: str = "签到表.png") -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/png")


class World:
    """A published quarter in which a branch held one fixed day on another day."""

    def __init__(self) -> None:
        self.district = make_district()
        self.street = make_committee(self.district)
        self.branch = make_branch(self.street, name="第一党支部")
        make_meeting(self.branch, Kind.FIXED_DAY, date(2026, 8, 20), topic="八月的会")
        self.secretary = make_user(Role.SECRETARY, self.branch)
        self.boss = make_user(Role.COMMITTEE_STAFF, self.street)
        self.staff = make_user(Role.DISTRICT_STAFF, self.district)
        self.second = make_user(Role.DISTRICT_STAFF, self.district)
        self.run = make_run(self.district, published_by=self.staff)

    def row(self, run: Run | None = None) -> RunRow:
        return RunRow.unscoped.get(run=run or self.run, unit_id=self.branch.pk)

    def appeal(self, duty: str = DAY, **more: Any) -> Appeal:
        return make_appeal(self.run, self.branch, duty, by=self.secretary, **more)

    def upheld(self, remedy: str, duty: str = DAY) -> Appeal:
        appeal = services.take(appeal=self.appeal(duty), by=self.staff)
        return services.decide(
            appeal=appeal, by=self.staff, uphold=True, remedy=remedy, answer="属实"
        )


@pytest.fixture
def world() -> World:
    return World()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def october() -> Iterator[None]:
    """A day inside the term for appeals."""
    with time_machine.travel("2026-10-08 10:00+08:00", tick=False):
        yield


def test_an_appeal_names_its_duty_and_the_day_of_the_answer(world: World) -> None:
    appeal = world.appeal()
    assert (appeal.state, appeal.duty_name) == (AppealState.FILED, "固定组织生活日 · 2026年8月")
    assert appeal.answer_by == answer_until(date(2026, 10, 8))
    assert str(appeal.score) == str(world.row().score)


def test_the_same_appeal_sent_twice_is_one_and_another_beside_it_is_refused(world: World) -> None:
    first = world.appeal()
    assert world.appeal() == first
    with pytest.raises(Refusal, match="已有正在办理的申诉"):
        world.appeal(reason="别的理由")
    assert world.appeal("").duty_name == "整个得分和名次"


def test_the_term_is_counted_in_working_days_and_can_be_set(world: World) -> None:
    assert days_of(FILE_DAYS, on=date(2026, 10, 6)) == 10
    assert days_of(ANSWER_DAYS, on=date(2026, 10, 6)) == 15
    assert world.run.published_at is not None
    until = file_until(world.run.published_at)
    make_appeal(world.run, world.branch, "", by=world.secretary, at=f"{until} 12:00+08:00")
    RuleParameter.objects.create(
        key=FILE_DAYS, title="申诉期限", value=2, level="district", regulation="办法",
        effective_from=date(2026, 10, 1),
    )  # fmt: skip
    assert file_until(world.run.published_at) < until
    with pytest.raises(Refusal, match="申诉期限到"):
        world.appeal(at=f"{until} 12:00+08:00")


@pytest.mark.parametrize("value", [0, "十", True, 999])
def test_a_parameter_that_is_no_number_of_days_is_not_used(world: World, value: Any) -> None:
    RuleParameter.objects.create(
        key=FILE_DAYS, title="申诉期限", value=value, level="district", regulation="办法",
        effective_from=date(2026, 9, 1),
    )  # fmt: skip
    assert days_of(FILE_DAYS, on=date(2026, 10, 6)) == 10


def test_only_a_published_result_and_a_duty_in_it_are_appealed_against(world: World) -> None:
    with pytest.raises(Refusal, match="没有这一项职责"):
        world.appeal("fixed_day::2026-12")
    other = make_run(world.district)
    with pytest.raises(Refusal, match="只能对已发布"):
        make_appeal(other, world.branch, DAY, by=world.secretary)


@pytest.mark.parametrize("reason", ["", "  \x00", "长" * 1001, "机密★1年"])
def test_a_reason_is_asked_for_and_screened(world: World, reason: str) -> None:
    with pytest.raises(Refusal) as said:
        world.appeal(reason=reason)
    assert said.value.field == "reason"


@given(st.sampled_from(AppealState), st.sampled_from(AppealState))
def test_what_is_over_stays_over(before: AppealState, after: AppealState) -> None:
    allowed = (before, after) in APPEAL_TRANSITIONS
    assert not (allowed and before not in OPEN_APPEALS)
    assert not (allowed and before == after)


def test_the_database_allows_the_moves_of_the_table_and_no_others(world: World) -> None:
    for before, after in product(AppealState, AppealState):
        if before == after:
            continue
        with transaction.atomic():
            appeal = Appeal.unscoped.create(
                unit=world.branch, run=world.run, duty_name="x", reason="x", state=before,
                filed_at="2026-10-08T00:00Z", answer_by=date(2026, 11, 1),
                **_complete(before),
            )  # fmt: skip
            moved = True
            try:
                with transaction.atomic():
                    given_facts = {"remedy": "", "answer": "", "decided_at": None} | _complete(
                        after
                    )
                    Appeal.unscoped.filter(pk=appeal.pk).update(state=after, **given_facts)
            except DatabaseError:
                moved = False
            transaction.set_rollback(True)
        assert moved == ((before, after) in APPEAL_TRANSITIONS), (before, after)


def _complete(state: AppealState) -> dict[str, Any]:
    if state not in (AppealState.UPHELD, AppealState.REJECTED):
        return {}
    remedy = Remedy.RULES if state == AppealState.UPHELD else ""
    return {"remedy": remedy, "answer": "答复", "decided_at": "2026-10-09T00:00Z"}


def test_nobody_decides_or_comments_on_his_own_appeal(world: World) -> None:
    mine = make_appeal(world.run, world.branch, DAY, by=world.boss)
    with pytest.raises(Refusal, match="您本人提出"):
        services.give_opinion(appeal=mine, by=world.boss, opinion="属实")
    services.take(appeal=mine, by=world.staff)
    with pytest.raises(Refusal, match="您本人提出"):
        services.decide(appeal=mine, by=world.boss, uphold=False, answer="否")
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.unscoped.filter(pk=mine.pk).update(
            state=AppealState.REJECTED, answer="否", decided_by=world.boss,
            decided_at="2026-10-09T00:00Z",
        )  # fmt: skip


def test_an_answer_needs_a_reason_a_remedy_and_a_review(world: World) -> None:
    appeal = world.appeal("")
    answer: dict[str, Any] = {"appeal": appeal, "by": world.staff, "uphold": True}
    with pytest.raises(Refusal, match="已提交"):
        services.decide(**answer, remedy=Remedy.RULES, answer="属实")
    services.take(appeal=appeal, by=world.staff)
    for remedy, text, said in (
        (Remedy.RULES, "", "答复理由"),
        ("", "属实", "怎么处理"),
        (Remedy.ON_TIME, "属实", "不能认定某一项"),
    ):
        with pytest.raises(Refusal, match=said):
            services.decide(**answer, remedy=remedy, answer=text)


def test_the_answer_is_told_to_the_branch_once(world: World) -> None:
    appeal = world.upheld(Remedy.ON_TIME)
    notice = Notice.objects.get(key__startswith=f"appeal-answer:{appeal.uuid}")
    assert notice.recipient == world.secretary
    assert notice.link == f"/appeals/{appeal.uuid}/"
    page = signed_in(world.secretary).get("/notices/").content.decode()
    assert "认定按时完成" in page


@pytest.mark.parametrize(
    ("remedy", "credit", "word"),
    [
        (Remedy.ON_TIME, 10000, "完成（申诉认定）"),
        (Remedy.LATE, 8000, "补录（申诉认定）"),
        (Remedy.NOT_APPLICABLE, None, "不适用（申诉认定）"),
    ],
)
def test_a_ruling_is_honoured_by_the_next_version_and_leaves_the_published_one(
    world: World, remedy: str, credit: int | None, word: str
) -> None:
    kept = list(RunRow.unscoped.filter(run=world.run).values())
    world.upheld(remedy)
    assert list(RunRow.unscoped.filter(run=world.run).values()) == kept
    new = make_run(world.district, published_by=world.staff)
    told = explain(new, world.row(new))
    line = next(one for one in told.duties if one.ref.key == DAY)
    assert (line.credit, line.word, line.advice) == (credit, word, "")
    assert told.score == world.row(new).score != world.row().score


def test_a_ruling_never_takes_away_what_a_record_earns(world: World) -> None:
    world.upheld(Remedy.LATE)
    make_meeting(world.branch, Kind.FIXED_DAY, date(2026, 8, 4))
    row = world.row(make_run(world.district))
    assert [line.credit for line in explain(row.run, row).duties if line.ref.key == DAY] == [10000]


def test_without_a_ruling_the_statement_is_the_plain_one(world: World) -> None:
    plan = scores.plan(district=world.district, quarter=Period.parse("2026Q3"), rules=DutyRules())
    assert facts_of(plan) == (scores.facts_sql(plan), False)
    world.upheld(Remedy.ON_TIME)
    assert facts_of(plan)[1]
    other = scores.plan(district=make_district(), quarter=Period.parse("2026Q3"), rules=DutyRules())
    assert facts_of(other) == (scores.facts_sql(other), False)


def test_a_later_ruling_on_the_same_duty_takes_the_place_of_the_first(world: World) -> None:
    world.upheld(Remedy.LATE)
    new = make_run(world.district, published_by=world.staff)
    appeal = make_appeal(new, world.branch, DAY, by=world.secretary)
    services.take(appeal=appeal, by=world.staff)
    services.decide(
        appeal=appeal, by=world.second, uphold=True, remedy=Remedy.ON_TIME, answer="属实"
    )
    rulings = Ruling.unscoped.filter(unit=world.branch).order_by("id")
    assert [(one.credit, one.is_current) for one in rulings] == [(8000, False), (10000, True)]
    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.unscoped.filter(appeal=appeal).update(credit=1)


def test_the_new_version_and_the_differences_name_the_appeals_behind_them(
    world: World, october: None
) -> None:
    ruled = world.upheld(Remedy.ON_TIME)
    new = make_run(world.district, published_by=world.second, at="2026-10-20 10:00+08:00")
    client = signed_in(world.secretary)
    page = client.get(f"/runs/{new.uuid}/units/{world.branch.code}/").content.decode()
    assert f'申诉成立：<a href="/appeals/{ruled.uuid}/">' in page
    old = client.get(f"/runs/{world.run.uuid}/units/{world.branch.code}/").content.decode()
    assert "本版已按此计算" not in old
    differences = signed_in(world.staff).get(f"/runs/{new.uuid}/differences/").content.decode()
    assert f"/appeals/{ruled.uuid}/" in differences


def test_every_line_of_the_row_offers_an_appeal_while_the_term_runs(
    world: World, october: None
) -> None:
    address = f"/runs/{world.run.uuid}/units/{world.branch.code}/"
    page = signed_in(world.secretary).get(address).content.decode()
    assert page.count("/appeal/?duty=") == len(explain(world.run, world.row()).duties)
    assert "/appeal/?duty=" not in signed_in(world.staff).get(address).content.decode()
    with time_machine.travel("2026-12-08 10:00+08:00", tick=False):
        assert "/appeal/?duty=" not in signed_in(world.secretary).get(address).content.decode()


def test_the_secretary_files_with_a_photo_that_only_those_concerned_open(
    world: World, october: None, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    client = signed_in(world.secretary)
    address = f"/runs/{world.run.uuid}/units/{world.branch.code}/appeal/"
    assert client.get(f"{address}?duty={DAY}").status_code == 200
    assert client.get(f"{address}?duty=nothing").status_code == 404
    assert client.post(address, {"duty": DAY, "reason": ""}).status_code == 422
    reply = client.post(address, {"duty": DAY, "reason": "按时开了会", "files": [photo()]})
    appeal = Appeal.unscoped.get()
    assert reply["Location"] == f"/appeals/{appeal.uuid}/"
    kept = AppealFile.unscoped.get()
    for user in (world.secretary, world.boss, world.staff):
        shown = signed_in(user).get(f"/appeals/files/{kept.uuid}/")
        assert b"".join(shown.streaming_content)[1:4] == b"PNG"  # type: ignore[arg-type]
    neighbour = make_user(Role.SECRETARY, make_branch(world.street))
    assert signed_in(neighbour).get(f"/appeals/files/{kept.uuid}/").status_code == 404
    assert signed_in(neighbour).get(f"/appeals/{appeal.uuid}/").status_code == 404


def test_a_bad_file_leaves_no_appeal(world: World, october: None) -> None:
    client = signed_in(world.secretary)
    address = f"/runs/{world.run.uuid}/units/{world.branch.code}/appeal/"
    bad = SimpleUploadedFile("病毒.exe", b"MZ")
    reply = client.post(address, {"duty": DAY, "reason": "按时开了会", "files": [bad]})
    assert reply.status_code == 422
    assert not Appeal.unscoped.exists()


def test_the_way_from_the_branch_over_the_committee_to_the_answer(
    world: World, october: None
) -> None:
    appeal = world.appeal()
    here = f"/appeals/{appeal.uuid}/"
    boss, staff = signed_in(world.boss), signed_in(world.staff)
    assert boss.post(f"{here}take/").status_code == 403
    assert signed_in(world.secretary).post(f"{here}opinion/", {"opinion": "x"}).status_code == 403
    assert boss.post(f"{here}opinion/", {"opinion": ""}).status_code == 422
    assert boss.post(f"{here}opinion/", {"opinion": "会议属实"}).status_code == 302
    assert staff.get(f"{here}answer.docx").status_code == 404
    assert staff.post(f"{here}take/").status_code == 302
    assert boss.post(f"{here}decide/", {"result": "uphold"}).status_code == 403
    assert staff.post(f"{here}decide/", {"answer": "好"}).status_code == 422
    given_ = {"result": "uphold", "remedy": "on_time", "answer": "经查属实"}
    assert staff.post(f"{here}decide/", given_).status_code == 302
    assert staff.post(f"{here}decide/", given_).status_code == 422
    appeal.refresh_from_db()
    assert (appeal.state, appeal.opinion) == (AppealState.UPHELD, "会议属实")
    letter = signed_in(world.secretary).get(f"{here}answer.docx").content
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(letter)).paragraphs)
    assert "关于2026年第三季度考核申诉的复核答复" in text
    assert "处理：认定按时完成。已发布的第1版结果不变" in text
    assert "会议属实" in text


def test_an_appeal_is_taken_back_and_can_be_filed_again(world: World) -> None:
    appeal = world.appeal()
    assert signed_in(world.boss).post(f"/appeals/{appeal.uuid}/withdraw/").status_code == 403
    signed_in(world.secretary).post(f"/appeals/{appeal.uuid}/withdraw/")
    appeal.refresh_from_db()
    assert appeal.state == AppealState.WITHDRAWN
    again = world.appeal()
    assert again != appeal
    services.decide(
        appeal=services.take(appeal=again, by=world.staff),
        by=world.staff,
        uphold=False,
        answer="否",
    )
    with pytest.raises(Refusal, match="已经答复过"):
        world.appeal()


def test_each_is_asked_for_what_is_his_to_do(world: World) -> None:
    appeal = world.appeal()
    on = date(2026, 10, 9)

    def titles(user: User) -> list[str]:
        return [ask.title for ask in asked(scope_of(user, on=on), user.pk, on)]

    assert titles(world.secretary) == []
    assert titles(world.boss) == ["对支部的考核申诉提出意见"]
    assert titles(world.staff) == ["答复支部的考核申诉"]
    services.give_opinion(appeal=appeal, by=world.boss, opinion="属实")
    assert titles(world.boss) == []
    appeal = services.take(appeal=appeal, by=world.staff)
    services.decide(appeal=appeal, by=world.staff, uphold=False, answer="否")
    assert titles(world.staff) == []


def test_the_list_costs_the_same_for_one_appeal_and_for_three(world: World) -> None:
    client = signed_in(world.staff)

    def cost() -> int:
        client.get("/appeals/?state=")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/appeals/?state=").status_code == 200
        return len(queries)

    world.appeal()
    one = cost()
    world.appeal("")
    world.appeal("members::2026Q3")
    assert cost() == one
    for state in ("open", "upheld", "nix", "%00"):
        assert client.get(f"/appeals/?state={state}").status_code == 200


@pytest.fixture
def crowd(transactional_db: None) -> World:
    """The same, committed, for threads to see."""
    return World()


def _in_parallel(*verbs: Any) -> list[str]:
    def run(verb: Any) -> str:
        try:
            verb()
        except Refusal as said:
            return said.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return sorted(pool.map(run, verbs))


def test_two_answers_at_once_are_one_answer_and_a_clear_refusal(crowd: World) -> None:
    for duty in (DAY, "fixed_day::2026-09", ""):
        appeal = services.take(appeal=crowd.appeal(duty), by=crowd.staff)
        told = _in_parallel(
            lambda a=appeal: services.decide(
                appeal=a, by=crowd.staff, uphold=True, remedy=Remedy.RULES, answer="属实"
            ),
            lambda a=appeal: services.decide(
                appeal=a, by=crowd.second, uphold=False, answer="不属实"
            ),
        )
        assert told == ["conflict", "done"]
        with pytest.raises(Refusal, match="答复人"):
            services.decide(appeal=appeal, by=crowd.second, uphold=False, answer="不属实")


def test_an_appeal_arriving_twice_at_once_is_one(crowd: World) -> None:
    told = _in_parallel(crowd.appeal, crowd.appeal)
    assert told == ["done", "done"]
    assert Appeal.unscoped.count() == 1


def test_another_districts_appeal_is_not_there(world: World) -> None:
    stranger = make_user(Role.DISTRICT_STAFF, make_district())
    appeal = world.appeal()
    client = signed_in(stranger)
    for more in ("", "answer.docx"):
        assert client.get(f"/appeals/{appeal.uuid}/{more}").status_code == 404
    for more in ("withdraw/", "take/", "opinion/", "decide/", "files/"):
        assert client.post(f"/appeals/{appeal.uuid}/{more}").status_code == 404
