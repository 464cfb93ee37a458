"""评分方案: drafted, tried, adopted by a second person, and frozen."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from assessment import services
from assessment.asks import asked
from assessment.enums import DRAFT_TRANSITIONS, DraftState
from assessment.models import Run, RunRow, Scheme, SchemeDraft, Trial, TrialRow
from assessment.rules import (
    DUTY_WEIGHTS,
    SchemeError,
    SchemeParameters,
    described,
    weight_problems,
)
from assessment.schemes import outcome, rows_of
from assessment.tasks import try_scheme
from branches.enums import DutyKind, Role
from branches.scope import scope_of
from core.dates import Period
from core.enums import JobState
from core.errors import Refusal
from core.models import Job
from core.scoring import DutyRules
from meetings.duties import duties
from meetings.enums import Kind
from meetings.models import RuleVersion
from meetings.services.rulebook import put_in_force
from tests.factories.assessment import make_draft, make_run
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.factories.meetings import make_meeting

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 8)


class World:
    """A published quarter: one branch late, one off the day, one silent."""

    def __init__(self) -> None:
        self.district = make_district()
        street = make_committee(self.district)
        self.late, self.off, self.silent = (make_branch(street) for _ in range(3))
        make_meeting(self.late, Kind.FIXED_DAY, date(2026, 8, 4), submitted_on=date(2026, 8, 20))
        make_meeting(self.off, Kind.FIXED_DAY, date(2026, 8, 20))
        self.staff = make_user(Role.DISTRICT_STAFF, self.district)
        self.second = make_user(Role.DISTRICT_STAFF, self.district)
        self.run = make_run(self.district, published_by=self.staff)
        self.draft = make_draft(self.district, by=self.staff)

    def edit(self, **changes: Any) -> SchemeDraft:
        """Write in the draft; ``late=…`` and ``off_day=…`` are credits."""
        parameters = deepcopy(self.draft.parameters)
        parameters["credit"].update(changes.pop("credit", {}))
        for group in ("parts", "windows", "cadence"):
            parameters.setdefault(group, {}).update(changes.pop(group, {}))
        given_: dict[str, Any] = {
            "title": self.draft.title,
            "valid_from": self.draft.valid_from,
            "reason": "试试",
            "parameters": parameters,
            "on": ON,
            **changes,
        }
        self.draft = services.edit_draft(draft=self.draft, by=self.staff, **given_)
        return self.draft

    def tried(self) -> Trial:
        trial, _ = services.start_trial(draft=self.draft, by=self.staff)
        return services.compute_trial(trial=trial)

    def proposed(self) -> SchemeDraft:
        self.tried()
        self.draft = services.propose(draft=self.draft, by=self.staff, on=ON)
        return self.draft


@pytest.fixture
def world() -> World:
    return World()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_copy_is_a_draft_for_the_coming_year_and_made_once(world: World) -> None:
    assert world.draft.valid_from == date(2027, 1, 1)
    assert world.draft.title == "三会一课季度评分方案（2027年）"
    assert make_draft(world.district, by=world.staff) == world.draft
    world.edit(credit={"late": "0.5"})
    assert make_draft(world.district, by=world.staff) != world.draft


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "名称"),
        ({"valid_from": date(2026, 10, 1)}, "今天之后"),
        ({"valid_from": date(2027, 1, 2)}, "第一天起"),
        ({"credit": {"late": "1.5"}}, "补录的得分率"),
        ({"parts": {"quality": "6"}}, "相加应为 100，现在是 101"),
        ({"reason": "机密★3年"}, "涉密"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_in_words(
    world: World, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        world.edit(**changes)


@given(st.lists(st.decimals(0, 100, places=1), min_size=6, max_size=6))
def test_weights_are_good_when_they_make_up_a_hundred(weights: list[Decimal]) -> None:
    scheme = SchemeParameters(duties=dict(zip(DutyKind, weights, strict=True)))
    assert (weight_problems(scheme) == []) == (sum(weights) == 100)


@given(
    st.integers(0, 100), st.integers(0, 100), st.integers(0, 90),
    st.permutations(list(DUTY_WEIGHTS.values())),
)  # fmt: skip
def test_what_is_written_is_read_back_and_described_alike(
    off: int, late: int, days: int, weights: list[Decimal]
) -> None:
    data = SchemeParameters(duties=dict(zip(DutyKind, weights, strict=True))).to_json()
    data["credit"] = {
        "off_day": str(Decimal(off) / 100),
        "late": str(Decimal(late) / 100),
        "late_days": days,
    }
    scheme = SchemeParameters.from_json(data)
    assert SchemeParameters.from_json(scheme.to_json()) == scheme
    assert [(one.group, one.name) for one in described(scheme)] == [
        (one.group, one.name) for one in described(SchemeParameters())
    ]
    with pytest.raises(SchemeError):
        SchemeParameters.from_json({**data, "more": {}})


def test_a_trial_leaves_all_runs_and_rows_as_they_were(world: World) -> None:
    def kept() -> list[Any]:
        return [
            list(Run.unscoped.order_by("pk").values()),
            list(RunRow.unscoped.order_by("pk").values()),
        ]

    before = kept()
    world.edit(credit={"late": "0.5"})
    trial = world.tried()
    assert kept() == before
    scores = {row.unit_id: row.score for row in TrialRow.unscoped.filter(trial=trial)}
    old = {row.unit_id: row.score for row in RunRow.unscoped.filter(run=world.run)}
    assert scores[world.off.pk] == old[world.off.pk]
    assert scores[world.late.pk] < old[world.late.pk]  # type: ignore[operator]
    assert outcome(rows_of(trial)).rise == outcome(rows_of(trial)).fall == 1


def test_a_trial_by_the_scheme_that_holds_is_the_published_ranking(world: World) -> None:
    trial = world.tried()
    for row in TrialRow.unscoped.filter(trial=trial):
        assert (row.score, row.rank) == (row.old_score, row.old_rank)
    assert TrialRow.unscoped.filter(trial=trial).count() == 3


def test_a_trial_is_what_a_run_by_the_scheme_would_be(world: World) -> None:
    world.edit(credit={"late": "0.33", "off_day": "0.9", "late_days": 3})
    trial = world.tried()
    scheme = Scheme.objects.create(
        version=9, title="x", valid_from=date(2099, 1, 1), parameters=world.draft.parameters
    )
    run = Run.unscoped.create(
        unit=world.district, period="2026Q3", period_start=date(2026, 7, 1),
        period_end=date(2026, 9, 30), version=9, scheme=scheme,
    )  # fmt: skip
    services.compute(run=run)
    wanted = dict(RunRow.unscoped.filter(run=run).values_list("unit_id", "score"))
    assert dict(TrialRow.unscoped.filter(trial=trial).values_list("unit_id", "score")) == wanted


def test_a_trial_runs_in_the_worker_once_and_replaces_the_one_before(world: World) -> None:
    first = world.tried()
    world.edit(credit={"late": "0.5"})
    trial, job = services.start_trial(draft=world.draft, by=world.staff)
    assert services.start_trial(draft=world.draft, by=world.second) == (trial, job)
    try_scheme(job.pk)
    try_scheme(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    trial.refresh_from_db()
    assert trial.data_at is not None
    assert not Trial.unscoped.filter(pk=first.pk).exists()
    assert TrialRow.unscoped.count() == 3


def test_a_draft_is_put_forward_after_it_was_tried_as_it_is(world: World) -> None:
    with pytest.raises(Refusal, match="请先用上个季度试算"):
        services.propose(draft=world.draft, by=world.staff, on=ON)
    world.tried()
    world.edit(credit={"late": "0.5"})
    with pytest.raises(Refusal, match="请先用上个季度试算"):
        services.propose(draft=world.draft, by=world.staff, on=ON)
    assert world.proposed().state == DraftState.PROPOSED
    with pytest.raises(Refusal, match="不能再改"):
        world.edit()


def test_a_second_person_adopts_and_the_scheme_holds_from_its_day(world: World) -> None:
    world.edit(credit={"late": "0.5"})
    draft = world.proposed()
    with pytest.raises(Refusal, match="另一位同志"):
        services.adopt(draft=draft, by=world.staff, on=ON)
    scheme = services.adopt(draft=draft, by=world.second, on=ON)
    assert scheme.parameters["credit"]["late"] == "0.5"
    assert services.scheme_for(Period.parse("2026Q4")).version == 1
    assert services.scheme_for(Period.parse("2027Q1")) == scheme
    with pytest.raises(Refusal, match="已采用"):
        services.adopt(draft=draft, by=world.second, on=ON)
    other = make_draft(world.district, by=world.second)
    with pytest.raises(Refusal, match="也从这一天起适用"):
        services.edit_draft(
            draft=other, by=world.second, title="x", valid_from=other.valid_from, reason="",
            parameters=other.parameters, on=ON,
        )  # fmt: skip


def test_what_an_adopted_scheme_asks_is_owed_from_its_first_day(world: World) -> None:
    world.edit(cadence={"lecture": 3, "members": 1}, windows={"year_end": ["11-01", "12-15"]})
    services.adopt(draft=world.proposed(), by=world.second, on=ON)

    def owed(first: date, last: date) -> list[tuple[str, date]]:
        kinds = ["members", "lecture", "must_hold"]
        found = duties(units=[world.off], first=first, last=last, on=ON, kinds=kinds)
        return [(duty.kind.value, duty.due) for duty in found]

    assert owed(date(2026, 12, 1), date(2026, 12, 31)) == [
        ("members", date(2026, 12, 31)),
        ("lecture", date(2026, 12, 31)),
        ("must_hold", date(2026, 12, 31)),
    ]
    assert owed(date(2027, 1, 1), date(2027, 3, 31)) == [
        ("members", date(2027, 1, 31)),
        ("members", date(2027, 2, 28)),
        ("members", date(2027, 3, 31)),
        ("lecture", date(2027, 3, 31)),
    ]
    assert ("must_hold", date(2027, 12, 15)) in owed(date(2027, 12, 1), date(2027, 12, 31))


def test_what_is_in_force_stays_and_comes_once(world: World) -> None:
    services.adopt(draft=world.proposed(), by=world.second, on=ON)
    first = RuleVersion.objects.get()
    again = put_in_force(valid_from=first.valid_from, title="x", rules=DutyRules(), on=ON)
    assert again == first
    with pytest.raises(Refusal, match="另一版职责规则"):
        put_in_force(
            valid_from=first.valid_from, title="x", rules=DutyRules(cadence={"members": 1}), on=ON
        )
    with pytest.raises(Refusal, match="还没有开始的季度"):
        put_in_force(valid_from=date(2027, 2, 1), title="x", rules=DutyRules(), on=ON)
    with pytest.raises(InternalError), transaction.atomic():
        RuleVersion.objects.update(title="改")


def test_the_day_must_still_lie_ahead_when_it_is_adopted(world: World) -> None:
    draft = world.proposed()
    with pytest.raises(Refusal, match="今天之后"):
        services.adopt(draft=draft, by=world.second, on=date(2027, 1, 1))


def test_the_database_keeps_what_was_adopted_and_the_quarters_that_were_run(world: World) -> None:
    scheme = services.adopt(draft=world.proposed(), by=world.second, on=ON)
    for verb in (
        lambda: Scheme.objects.filter(pk=scheme.pk).update(title="x"),
        lambda: Scheme.objects.filter(pk=scheme.pk).delete(),
        lambda: Scheme.objects.create(
            version=9, title="x", valid_from=date(2026, 9, 30), parameters={}
        ),
        lambda: SchemeDraft.unscoped.filter(scheme=scheme).update(title="x"),
        lambda: SchemeDraft.unscoped.filter(scheme=scheme).update(decided_by=world.staff),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            verb()


def test_the_database_allows_the_moves_of_the_table_and_no_others(world: World) -> None:
    for before in DraftState:
        for after in set(DraftState) - {before}:
            with transaction.atomic():
                scheme = Scheme.objects.create(
                    version=9, title="x", valid_from=date(2099, 1, 1), parameters={}
                )
                draft = SchemeDraft.unscoped.create(
                    unit=world.district, based_on=scheme, title="x", valid_from=ON, parameters={},
                    state=before, edited_by=world.staff, proposed_by=world.staff,
                    decided_by=world.second, scheme=scheme,
                )  # fmt: skip
                moved = True
                try:
                    with transaction.atomic():
                        SchemeDraft.unscoped.filter(pk=draft.pk).update(state=after)
                except DatabaseError:
                    moved = False
                transaction.set_rollback(True)
            assert moved == ((before, after) in DRAFT_TRANSITIONS), (before, after)


def test_a_draft_goes_back_with_a_word_and_can_be_given_up(world: World) -> None:
    draft = world.proposed()
    with pytest.raises(Refusal, match="退回的意见"):
        services.return_draft(draft=draft, by=world.second, answer="")
    draft = services.return_draft(draft=draft, by=world.second, answer="再想想")
    assert (draft.state, draft.answer) == (DraftState.DRAFT, "再想想")
    assert services.drop(draft=draft, by=world.staff).state == DraftState.DROPPED
    with pytest.raises(Refusal, match="已作废"):
        services.propose(draft=draft, by=world.staff, on=ON)
    with pytest.raises(Refusal, match="已经办结"):
        services.start_trial(draft=draft, by=world.staff)


def test_the_second_person_is_asked_to_adopt(world: World) -> None:
    world.proposed()

    def titles(user: User) -> list[str]:
        return [ask.title for ask in asked(scope_of(user, on=ON), user.pk, ON)]

    assert titles(world.staff) == []
    assert titles(world.second) == ["批准评分方案"]


@time_machine.travel("2026-10-08 10:00+08:00", tick=False)
def test_the_pages_lead_from_the_copy_to_the_adopted_scheme(world: World) -> None:
    staff, second = signed_in(world.staff), signed_in(world.second)
    here = staff.post("/schemes/1/copy/")["Location"]
    page = staff.get(here)
    form = page.context["form"]
    filled = {name: form.initial.get(name, "") for name in form.fields}
    assert staff.post(here, {**filled, "part_quality": "7"}).status_code == 422
    assert staff.post(here, {**filled, "late": "70", "party_day_first": "6月"}).status_code == 422
    changed = {**filled, "late": "70", "cadence_lecture": "3"}
    assert staff.post(here, changed).status_code == 302
    trial = staff.post(f"{here}try/")["Location"]
    assert staff.get(trial).status_code == staff.get(f"{trial}progress/").status_code == 200
    services.compute_trial(trial=Trial.unscoped.get())
    assert "这只是试算" in staff.get(trial).content.decode()
    assert staff.get(f"{trial}progress/")["HX-Refresh"] == "true"
    staff.post(f"{here}propose/")
    assert "批准采用" not in staff.get(here).content.decode()
    assert "批准采用" in second.get(here).content.decode()
    second.post(f"{here}adopt/")
    scheme = Scheme.objects.get(version=2)
    assert scheme.parameters["credit"]["late"] == "0.7"
    assert scheme.parameters["cadence"]["lecture"] == 3
    assert "有改动" in staff.get("/schemes/compare/").content.decode()
    assert staff.get("/schemes/compare/?old=x&new=99").status_code == 200
    assert "70%" in staff.get(here).content.decode()


def test_schemes_are_the_districts_business(world: World) -> None:
    committee = signed_in(make_user(Role.COMMITTEE_STAFF, world.late.parent))
    other = signed_in(make_user(Role.DISTRICT_STAFF, make_district()))
    assert committee.get("/schemes/").status_code == 403
    assert committee.post("/schemes/1/copy/").status_code == 403
    for client in (committee, other):
        assert client.get(f"/schemes/drafts/{world.draft.uuid}/").status_code == 404
        assert client.post(f"/schemes/drafts/{world.draft.uuid}/adopt/").status_code == 404


def test_the_list_costs_the_same_for_one_draft_and_for_three(world: World) -> None:
    client = signed_in(world.staff)

    def cost() -> int:
        client.get("/schemes/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/schemes/").status_code == 200
        return len(queries)

    one = cost()
    make_draft(world.district, by=world.second)
    make_draft(world.district, by=world.staff, on=date(2027, 10, 8))
    assert cost() == one
