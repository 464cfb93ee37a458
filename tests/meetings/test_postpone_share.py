"""延期 and 分享: two people each time, told once, and nothing shown but what was approved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from branches.enums import DutyKind, Role
from branches.scope import scope_of
from core.dates import Calendar, Period, fixed_day
from core.errors import Refusal
from core.files import CleanFile, store
from core.models import Notice, RuleParameter
from meetings.day_asks import asked
from meetings.day_log import entries
from meetings.duties import duties
from meetings.enums import DutyState, FileKind, Kind, Status
from meetings.enums.programme import (
    POSTPONE_MOVES,
    PROGRAMME_MOVES,
    SHARE_MOVES,
    PostponeState,
    ProgrammeState,
    ShareState,
)
from meetings.models import Postponement, Programme, Share, SharePhoto
from meetings.programmes import POSTPONE_KEY, gallery
from meetings.rules.programme import last_postponed_day, may_become, postpone_fault
from meetings.services.calendar import decide_move, propose_move
from meetings.services.postpone import (
    decide_postponement,
    propose_postponement,
    withdraw_postponement,
)
from meetings.services.programme import publish
from meetings.services.review import reverse
from meetings.services.share import consent_share, decide_share, propose_share, withdraw_share
from tests.factories.branches import make_committee, make_user
from tests.factories.meetings import make_meeting
from tests.factories.programme import make_photo, make_postponement, make_programme, make_share
from tests.meetings.conftest import Street

JULY, DAY, ON = Period.month(2026, 7), date(2026, 7, 7), date(2026, 7, 1)
NINTH = date(2026, 7, 9)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- Rules ---------------------------------------------------------------------------------------

months = st.builds(Period.month, st.integers(2020, 2030), st.integers(1, 12))


@given(month=months, extra=st.integers(-5, 40), back=st.integers(0, 40), ahead=st.integers(-40, 70))
def test_a_day_is_put_off_forward_within_the_month_or_the_days_allowed(
    month: Period, extra: int, back: int, ahead: int
) -> None:
    fixed = fixed_day(month.year, month.number, holidays=Calendar()).day
    day, on = fixed + timedelta(days=ahead), fixed - timedelta(days=back)
    field, fault = postpone_fault(month=month, fixed=fixed, day=day, on=on, extra_days=extra)
    last = last_postponed_day(month, fixed, extra_days=extra)
    assert (not fault) == (fixed < day <= last and day >= on)
    assert bool(field) == bool(fault)
    assert last >= month.end
    assert last == max(month.end, fixed + timedelta(days=max(0, extra)))


@pytest.mark.parametrize(
    ("states", "moves"),
    [(ProgrammeState, PROGRAMME_MOVES), (PostponeState, POSTPONE_MOVES), (ShareState, SHARE_MOVES)],
)
def test_the_tables_of_transitions_say_what_is_allowed(states: Any, moves: Any) -> None:
    for before in states:
        for after in states:
            assert may_become(before, after) == ((before, after) in moves)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["programme", "postponement", "share"])
def test_s17_the_database_refuses_illegal_transitions(street: Street, kind: str) -> None:
    meeting = make_meeting(street.branch, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED)
    row: Any = {
        "programme": lambda: make_programme(street.district, ON),
        "postponement": lambda: make_postponement(street.branch, DAY, NINTH),
        "share": lambda: make_share(meeting, state="proposed"),
    }[kind]()
    rows = type(row).unscoped.filter(pk=row.pk)
    if kind == "programme":
        changes: list[dict[str, Any]] = [{"theme": "偷改"}, {"state": "gone"}]
    else:
        rows.update(state="withdrawn")
        changes = [{"state": "proposed"}, {"state": "approved"}, {"state": "refused"}]
    if kind == "share":
        changes.append({"text": "偷改"})
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    if kind == "programme":
        with pytest.raises(DatabaseError), transaction.atomic():
            row.items.first().delete()


@pytest.mark.django_db
def test_s16_the_database_refuses_one_person_for_both_parts(street: Street) -> None:
    row = make_postponement(street.branch, DAY, NINTH, by=street.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Postponement.unscoped.filter(pk=row.pk).update(
            state="approved", decided_by=street.secretary, decided_at=timezone.now()
        )
    meeting = make_meeting(street.branch, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED)
    share = make_share(meeting, state="proposed", consented=False)
    for by in (share.proposed_by, street.chief):
        # One's own, and without the branch's consent.
        with pytest.raises(IntegrityError), transaction.atomic():
            Share.unscoped.filter(pk=share.pk).update(state="approved", decided_by=by)


# --- Postponing ----------------------------------------------------------------------------------


def propose(street: Street, **changes: Any) -> Postponement:
    given_: dict[str, Any] = {
        "unit": street.branch,
        "month": JULY,
        "day": NINTH,
        "reason": "与防汛演练冲突",
        "by": street.secretary,
        "on": ON,
    }
    return propose_postponement(**given_ | changes)


@pytest.mark.django_db
def test_a_postponement_is_asked_decided_told_and_logged(street: Street) -> None:
    row = propose(street)
    assert propose(street) == row
    told = Notice.objects.filter(key__startswith=f"postpone_proposed:{row.pk}:")
    assert [one.recipient_id for one in told] == [street.reviewer.pk]
    with pytest.raises(Refusal, match="提出人不能审批"):
        decide_postponement(postponement=row, approve=True, by=street.secretary, on=ON)
    decide_postponement(postponement=row, approve=True, by=street.reviewer, on=ON)
    with pytest.raises(Refusal, match="已经办理过"):
        decide_postponement(postponement=row, approve=False, by=street.reviewer, on=ON)
    heard = Notice.objects.filter(key__startswith=f"postpone_approved:{row.pk}:")
    assert {one.recipient_id for one in heard} == {street.secretary.pk, street.leader.pk}
    heard.filter(recipient=street.leader).update(read_at=timezone.now())
    (entry,) = entries([street.street], year=2026)
    assert (entry.unit, entry.state, entry.decided_by) == (
        street.branch, "approved", street.reviewer.name,
    )  # fmt: skip
    assert entry.told is not None
    assert (entry.told.told, entry.told.read) == (2, 1)
    assert entries([street.neighbour], year=2026) == []


@pytest.mark.django_db
def test_the_log_has_the_district_s_moves_for_everybody(street: Street) -> None:
    other = make_user(Role.DISTRICT_STAFF, street.district)
    move = propose_move(
        district=street.district, day=date(2026, 8, 12), reason="全委会", by=street.chief, on=ON
    )
    assert entries([street.branch], year=2026) == []
    decide_move(move=move, approve=True, by=other, on=ON)
    (entry,) = entries([street.branch], year=2026)
    assert (entry.what, entry.day) == ("全区调整", date(2026, 8, 12))
    assert entry.told is not None
    assert entry.told.told == 4


@pytest.mark.django_db
def test_a_committee_puts_off_all_its_branches_and_the_district_decides(street: Street) -> None:
    row = propose(street, unit=street.street, by=street.reviewer)
    assert Notice.objects.get(key__startswith="postpone_proposed").recipient == street.chief
    decide_postponement(postponement=row, approve=True, by=street.chief, on=ON)
    assert Notice.objects.filter(
        key__startswith="postpone_approved", recipient=street.secretary
    ).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "请写明延期的理由"),
        ({"reason": "长" * 201}, "200 字以内"),
        ({"reason": "机密★一年"}, "涉密"),
        ({"day": DAY}, "本来就是"),
        ({"day": date(2026, 7, 6)}, "只能往后"),
        ({"day": date(2026, 8, 1)}, "最晚只能延到 7月31日"),
        ({"on": date(2026, 7, 20)}, "已经过了"),
    ],
)
def test_what_cannot_be_put_off_is_refused(
    street: Street, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        propose(street, **changes)
    with pytest.raises(Refusal, match="请在“日程”里办理"):
        propose(street, unit=street.district)
    propose(street)
    with pytest.raises(Refusal, match="已有一份延期"):
        propose(street, day=date(2026, 7, 10))


@pytest.mark.django_db
def test_the_days_into_the_next_month_are_the_district_s_to_set(street: Street) -> None:
    RuleParameter.objects.update_or_create(
        key=POSTPONE_KEY, effective_from=date(2026, 1, 1),
        defaults={"title": "延期", "value": 28, "level": "district", "regulation": "制度"},
    )  # fmt: skip
    assert propose(street, day=date(2026, 8, 4)).day == date(2026, 8, 4)


@pytest.mark.django_db
def test_a_refusal_says_why_and_leaves_room_for_another(street: Street) -> None:
    row = propose(street)
    with pytest.raises(Refusal, match="请写明意见"):
        decide_postponement(postponement=row, approve=False, by=street.reviewer, on=ON)
    decide_postponement(postponement=row, approve=False, by=street.reviewer, on=ON, answer="不行")
    assert Notice.objects.get(key__startswith="postpone_refused").recipient == street.secretary
    assert propose(street, day=date(2026, 7, 10)).pk != row.pk


@pytest.mark.django_db
def test_it_is_taken_back_before_and_after_the_decision(street: Street) -> None:
    row = propose(street)
    withdraw_postponement(postponement=row, by=street.secretary, on=ON)
    row = propose(street)
    decide_postponement(postponement=row, approve=True, by=street.reviewer, on=ON)
    for _ in range(2):
        withdraw_postponement(postponement=row, by=street.secretary, on=ON)
    told = Notice.objects.filter(key__startswith=f"postpone_withdrawn:{row.pk}:")
    assert {one.recipient_id for one in told} == {street.leader.pk, street.reviewer.pk}


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "state"), [(DAY, DutyState.MET), (NINTH, DutyState.OFF_DAY)])
def test_an_approved_postponement_leaves_the_score_as_it_is(
    street: Street, day: date, state: DutyState
) -> None:
    make_postponement(street.branch, DAY, NINTH, state=PostponeState.APPROVED)
    make_meeting(street.branch, Kind.FIXED_DAY, day)
    (duty,) = duties(
        units=[street.branch], first=JULY.start, last=JULY.end, on=JULY.end,
        kinds=[DutyKind.FIXED_DAY],
    )  # fmt: skip
    assert (duty.state, duty.fixed_day) == (state, DAY)


@pytest.mark.django_db
@time_machine.travel("2026-07-01 10:00+08:00", tick=False)
def test_the_pages_of_a_postponement(street: Street) -> None:
    client, boss = signed_in(street.secretary), signed_in(street.reviewer)
    address = "/fixed-day/2026-07/postpone/"
    assert "仍计非固定日" in client.get(address).content.decode()
    assert client.post(address, {"day": "2026-07-06", "reason": "x"}).status_code == 422
    assert client.post(address, {"day": "2026-07-09", "reason": "演练"}).status_code == 302
    row = Postponement.unscoped.get()
    step = f"/fixed-day/postponements/{row.uuid}"
    assert client.post(f"{step}/approve/").status_code == 403
    for verb in ("approve", "refuse", "withdraw"):
        assert signed_in(street.stranger).post(f"{step}/{verb}/").status_code == 404
    assert row.reason in boss.get("/fixed-day/desk/").content.decode()
    assert boss.post(f"{step}/approve/").status_code == 302
    row.refresh_from_db()
    assert row.state == PostponeState.APPROVED
    assert "演练" in client.get("/fixed-day/log/?year=2026").content.decode()
    assert client.get("/fixed-day/log/?year=x").status_code == 200


@pytest.mark.django_db
@time_machine.travel("2026-08-03 10:00+08:00", tick=False)
def test_what_is_asked_to_be_decided_is_on_the_page_also_when_its_month_is_over(
    street: Street,
) -> None:
    row = make_postponement(street.branch, DAY, NINTH, by=street.secretary)
    over = make_postponement(
        street.neighbour, DAY, NINTH, state=PostponeState.APPROVED, by=street.secretary
    )
    assert titles(street.reviewer, timezone.localdate()) == ["审批组织生活日延期"]
    page = signed_in(street.reviewer).get("/fixed-day/desk/")
    assert [one.row for one in page.context["postponements"]] == [row]
    assert over.unit.name not in page.content.decode()
    step = f"/fixed-day/postponements/{row.uuid}/refuse/"
    signed_in(street.reviewer).post(step, {"answer": "日子已过"})
    assert titles(street.reviewer, timezone.localdate()) == []


# --- Sharing -------------------------------------------------------------------------------------


def offer(street: Street, meeting: Any, **changes: Any) -> Share:
    given_: dict[str, Any] = {
        "meeting": meeting,
        "theme": "把党章读到楼院里",
        "text": "分楼院诵读，党员轮流领读。",
        "photos": [],
        "by": street.secretary,
        "consents": True,
        "on": ON,
    }
    return propose_share(**given_ | changes)


@pytest.fixture
def accepted(street: Street) -> Any:
    return make_meeting(street.branch, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED)


@pytest.mark.django_db
def test_a_share_is_offered_approved_shown_and_taken_back(street: Street, accepted: Any) -> None:
    photo = make_photo(accepted)
    share = offer(street, accepted, photos=[photo])
    assert offer(street, accepted, photos=[photo]) == share
    assert gallery([street.neighbour], JULY) == []
    for by, said in ((street.secretary, "提出人和同意人不能审批"),):
        with pytest.raises(Refusal, match=said):
            decide_share(share=share, approve=True, by=by, on=ON)
    decide_share(share=share, approve=True, by=street.reviewer, on=ON)
    assert gallery([street.neighbour], JULY) == [share]
    assert gallery([make_committee()], JULY) == []
    assert gallery([street.neighbour], JULY.next()) == []
    withdraw_share(share=share, by=street.secretary, on=ON)
    assert gallery([street.neighbour], JULY) == []


@pytest.mark.django_db
def test_what_staff_propose_waits_for_the_branch(street: Street, accepted: Any) -> None:
    share = offer(street, accepted, by=street.chief, consents=False)
    assert Notice.objects.get(key__startswith="share_consent").recipient == street.secretary
    with pytest.raises(Refusal, match="还没有同意"):
        decide_share(share=share, approve=True, by=street.reviewer, on=ON)
    consent_share(share=share, by=street.secretary, on=ON)
    with pytest.raises(Refusal, match="提出人"):
        decide_share(share=share, approve=True, by=street.chief, on=ON)
    decide_share(share=share, approve=True, by=street.reviewer, on=ON)
    assert gallery([street.branch], JULY) == [share]


@pytest.mark.django_db
def test_a_reversed_record_is_no_example_any_more(street: Street, accepted: Any) -> None:
    share = make_share(accepted, photos=(make_photo(accepted),))
    reverse(meeting=accepted, by=street.reviewer, reason="人数有误")
    assert gallery([street.branch], JULY) == []
    uuid = share.photos.get().uuid
    assert signed_in(street.secretary).get(f"/fixed-day/photos/{uuid}/").status_code == 404


@pytest.mark.django_db
def test_names_marks_and_others_photos_are_refused(street: Street, accepted: Any) -> None:
    other = make_meeting(street.neighbour, Kind.FIXED_DAY, DAY, status=Status.ACCEPTED)
    paper = make_photo(accepted, number=9, kind=FileKind.SIGN_IN)
    name = street.members[1].name
    many = [make_photo(accepted, number=number) for number in range(4)]
    for changes, said in (
        ({"text": f"{name}同志领读"}, "分享里不写人名"),
        ({"theme": ""}, "主题"),
        ({"text": "机密★"}, "涉密"),
        ({"photos": [make_photo(other)]}, "只能选这条记录里的照片"),
        ({"photos": [paper]}, "只能选这条记录里的照片"),
        ({"photos": many}, "最多选 3 张"),
    ):
        with pytest.raises(Refusal, match=said):
            offer(street, accepted, **changes)
    draft = make_meeting(street.branch, Kind.FIXED_DAY, DAY)
    with pytest.raises(Refusal, match="审核通过"):
        offer(street, draft)
    assert not Share.unscoped.exists()


@pytest.mark.django_db
def test_s5_exactly_the_chosen_photos_of_approved_shares_are_served(
    street: Street, accepted: Any, settings: Any, tmp_path: Any
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    kept = store(CleanFile("照片.jpg", "image/jpeg", b"\xff\xd8chosen", b"\xff\xd8small"))
    chosen = make_photo(accepted, number=1, path=kept.path)
    type(chosen).unscoped.filter(pk=chosen.pk).update(thumbnail=kept.thumbnail)
    left = make_photo(accepted, number=2, path=kept.path)
    share = make_share(accepted, state="proposed", photos=(chosen,), by=street.secretary)
    address = f"/fixed-day/photos/{SharePhoto.unscoped.get().uuid}/"
    neighbour = signed_in(make_user(Role.SECRETARY, street.neighbour))
    stranger = signed_in(street.stranger)
    for client in (neighbour, signed_in(street.secretary), signed_in(street.reviewer)):
        assert client.get(address).status_code == 404
    decide_share(share=share, approve=True, by=street.reviewer, on=ON)
    got = neighbour.get(address)
    assert b"".join(got.streaming_content) == b"\xff\xd8chosen"  # type: ignore[attr-defined]
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    small = neighbour.get(f"{address}small/")
    assert b"".join(small.streaming_content) == b"\xff\xd8small"  # type: ignore[attr-defined]
    assert neighbour.get(f"/meetings/files/{chosen.uuid}/").status_code == 404
    for file in (chosen, left):
        assert neighbour.get(f"/fixed-day/photos/{file.uuid}/").status_code == 404
    assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code == 302
    withdraw_share(share=share, by=street.secretary, on=ON)
    assert neighbour.get(address).status_code == 404


@pytest.mark.django_db
@time_machine.travel("2026-07-10 10:00+08:00", tick=False)
def test_the_pages_of_a_share(street: Street, accepted: Any) -> None:
    photo = make_photo(accepted)
    client = signed_in(street.secretary)
    address = f"/fixed-day/share/{accepted.uuid}/"
    data = {"theme": "好做法", "text": "分楼院诵读", "photos": [str(photo.uuid)]}
    assert client.get(address).status_code == 200
    assert client.post(address, data).status_code == 422
    assert client.post(address, {**data, "consent": "on", "photos": ["x"]}).status_code == 422
    assert client.post(address, {**data, "consent": "on"}).status_code == 302
    share = Share.unscoped.get()
    assert "待审批" in client.get("/fixed-day/2026-07/").content.decode()
    boss = signed_in(street.reviewer)
    assert "好做法" in boss.get("/fixed-day/desk/").content.decode()
    assert client.post(f"/fixed-day/shares/{share.uuid}/approve/").status_code == 403
    boss.post(f"/fixed-day/shares/{share.uuid}/approve/")
    neighbour = signed_in(make_user(Role.SECRETARY, street.neighbour))
    assert "好做法" in neighbour.get("/fixed-day/2026-07/").content.decode()
    assert neighbour.post(f"/fixed-day/shares/{share.uuid}/withdraw/").status_code == 404
    client.post(f"/fixed-day/shares/{share.uuid}/withdraw/")
    assert "好做法" not in neighbour.get("/fixed-day/2026-07/").content.decode()
    waiting = make_meeting(street.branch, Kind.FIXED_DAY, DAY)
    assert client.get(f"/fixed-day/share/{waiting.uuid}/").status_code == 302


# --- Asks ----------------------------------------------------------------------------------------


def titles(user: User, on: date) -> list[str]:
    return [ask.title for ask in asked(scope_of(user, on=on), user.pk, on)]


@pytest.mark.django_db
def test_the_day_is_asked_of_the_secretary_three_working_days_before_it(street: Street) -> None:
    for on, there in (
        (date(2026, 7, 1), False), (date(2026, 7, 2), True), (DAY, True), (date(2026, 7, 8), False),
    ):  # fmt: skip
        assert titles(street.secretary, on) == (["固定组织生活日"] if there else [])
    (ask,) = asked(scope_of(street.secretary, on=DAY), street.secretary.pk, DAY)
    assert (ask.until, ask.url) == (DAY, f"/fixed-day/2026-07/?unit={street.branch.pk}")
    make_meeting(street.branch, Kind.FIXED_DAY, date(2026, 7, 3))
    assert titles(street.secretary, DAY) == []
    assert titles(street.leader, DAY) == titles(street.reviewer, DAY) == []


@pytest.mark.django_db
def test_what_waits_is_asked_of_those_who_may_decide_it(street: Street, accepted: Any) -> None:
    propose(street)
    offer(street, accepted, by=street.chief, consents=False)
    assert titles(street.secretary, ON) == ["确认分享本支部的做法"]
    assert titles(street.reviewer, ON) == ["审批组织生活日延期"]
    consent_share(share=Share.unscoped.get(), by=street.secretary, on=ON)
    assert titles(street.reviewer, ON) == ["审批组织生活日延期", "审批支部分享"]
    assert titles(street.chief, ON) == ["审批组织生活日延期"]
    assert titles(street.stranger, ON) == []


@pytest.mark.django_db
def test_from_the_25th_the_district_is_asked_for_the_next_month(street: Street) -> None:
    assert titles(street.chief, date(2026, 6, 24)) == []
    assert titles(street.chief, date(2026, 6, 25)) == ["发布7月组织生活日安排"]
    programme = make_programme(street.district, ON, published=False)
    assert titles(street.chief, date(2026, 6, 25)) == ["发布7月组织生活日安排"]
    publish(programme=programme, by=street.chief, on=date(2026, 6, 25))
    assert titles(street.chief, date(2026, 6, 30)) == []
    assert titles(street.reviewer, date(2026, 6, 30)) == []
    assert Programme.unscoped.count() == 1
