"""组织关系转接: both sides, the one above, letters; and nobody is lost in between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from branches.enums import MemberState, PostKind
from branches.models import Member, Post
from branches.services import leave
from core.errors import Refusal
from core.models import RuleParameter
from membership import services
from membership.arrival import take_effect
from membership.enums import Side, TransferState
from membership.limits import limits
from membership.models import Clock, Transfer
from membership.standing import reconcile
from membership.winding import wind_clocks
from tests.factories.accounts import make_account
from tests.factories.branches import (
    make_branch,
    make_committee,
    make_district,
    make_group,
    make_id_number,
    make_member,
    make_post,
)
from tests.factories.membership import (
    TODAY,
    bring,
    make_candidate,
    make_hands,
    make_transfer,
    walk,
)

pytestmark = pytest.mark.django_db


class Place:
    """A district with two streets, three branches, and somebody in the first."""

    def __init__(self) -> None:
        self.district = make_district()
        self.street, self.other = make_committee(self.district), make_committee(self.district)
        self.old, self.near = make_branch(self.street), make_branch(self.street)
        self.far = make_branch(self.other)
        self.member = make_member(self.old, id_number=make_id_number())
        self.one, self.two, self.three = (make_account() for _ in range(3))


@pytest.fixture
def place() -> Place:
    return Place()


def refusal(verb: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(**given)
    return caught.value


def test_both_sides_agree_and_roster_group_and_posts_follow(place: Place) -> None:
    make_post(place.old, PostKind.SECRETARY, member=place.member)
    group = make_group(place.near)
    transfer = make_transfer(place.member, place.near, by=place.one)
    place.member.refresh_from_db()
    assert place.member.unit == place.old

    services.agree(transfer=transfer, by=place.two, on=TODAY, group=group)

    place.member.refresh_from_db()
    assert (place.member.unit, place.member.group) == (place.near, group)
    assert place.member.arrived_on == TODAY
    assert Post.unscoped.get(member=place.member).until == TODAY


def test_who_asks_does_not_agree_and_who_agreed_does_not_confirm(place: Place) -> None:
    transfer = make_transfer(place.member, place.far, by=place.one)
    given = {"transfer": transfer, "on": TODAY}

    assert refusal(services.agree, by=place.one, **given).code == "forbidden"
    services.agree(by=place.two, **given)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.AGREED
    for by in (place.one, place.two):
        assert refusal(services.confirm, by=by, **given).code == "forbidden"
    services.confirm(by=place.three, **given)

    place.member.refresh_from_db()
    assert place.member.unit == place.far
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.unscoped.filter(pk=transfer.pk).update(confirmed_by=place.one)


def test_whether_the_one_above_confirms_is_a_parameter(place: Place) -> None:
    RuleParameter.objects.create(
        key="transfer.confirm_across", title="跨党工委转接须上级确认", value=False, level="local",
        regulation="区级规定", effective_from=date(2020, 1, 1),
    )  # fmt: skip
    transfer = make_transfer(place.member, place.far, by=place.one)

    services.agree(transfer=transfer, by=place.two, on=TODAY)

    transfer.refresh_from_db()
    assert transfer.state == TransferState.DONE


def test_a_later_day_waits_on_the_old_roster_and_comes_by_itself(place: Place) -> None:
    day = TODAY + timedelta(days=5)
    transfer = make_transfer(place.member, place.near, by=place.one)
    services.agree(transfer=transfer, by=place.two, on=TODAY, effective_on=day)

    assert take_effect(on=day - timedelta(days=1)) == 0
    place.member.refresh_from_db()
    assert place.member.unit == place.old
    assert (take_effect(on=day), take_effect(on=day)) == (1, 0)
    place.member.refresh_from_db()
    assert (place.member.unit, place.member.arrived_on) == (place.near, day)


def test_a_transfer_ends_when_somebody_moved_him_in_between(place: Place) -> None:
    transfer = make_transfer(place.member, place.near, by=place.one)
    services.agree(
        transfer=transfer, by=place.two, on=TODAY, effective_on=TODAY + timedelta(days=2)
    )
    leave(member=place.member, state=MemberState.DEAD, on=TODAY)

    assert take_effect(on=TODAY + timedelta(days=2)) == 0
    transfer.refresh_from_db()
    assert transfer.state == TransferState.WITHDRAWN
    assert "名册" in transfer.answer


def test_the_new_branch_asks_by_name_and_whole_number_only(place: Place) -> None:
    number = place.member.unseal("id_number")
    given = {"to": place.near, "by": place.one, "on": TODAY}
    wrong = [("王某", number), (place.member.name, make_id_number())]
    said = {
        refusal(services.ask_for, name=name, id_number=id_number, **given).message
        for name, id_number in wrong
    }
    assert len(said) == 1

    transfer = services.ask_for(name=place.member.name, id_number=number, **given)

    assert (transfer.asked_by_side, transfer.member) == (Side.NEW, place.member)


def test_one_transfer_at_a_time_and_a_form_sent_twice_is_one(place: Place) -> None:
    key = "2b1a1c2e-4a55-4f0e-9a3b-000000000009"
    first = make_transfer(place.member, place.near, by=place.one, form_key=key)

    assert make_transfer(place.member, place.near, by=place.one, form_key=key) == first
    with pytest.raises(Refusal) as caught:
        make_transfer(place.member, place.far)
    assert caught.value.code == "conflict"


def test_a_refused_transfer_says_why_and_changes_nothing(place: Place) -> None:
    transfer = make_transfer(place.member, place.near, by=place.one)
    given = {"transfer": transfer, "on": TODAY}

    assert refusal(services.refuse, by=place.two, answer="", **given).field == "answer"
    services.refuse(by=place.two, answer="合同没有签", **given)

    place.member.refresh_from_db()
    assert place.member.unit == place.old
    assert refusal(services.agree, by=place.two, **given).code == "conflict"


def test_a_letter_out_keeps_him_on_the_roster_until_its_receipt(place: Place) -> None:
    transfer = services.ask_out(
        member=place.member, outside="中共外区某支部", by=place.one, on=TODAY
    )
    given = {"transfer": transfer, "on": TODAY}
    letter = {"letter_on": TODAY, "valid_days": 90}
    assert refusal(services.issue, by=place.one, **given, **letter).code == "forbidden"
    services.issue(by=place.two, **given, **letter)
    transfer.refresh_from_db()
    assert transfer.letter_number == f"{TODAY.year}-0001"
    assert transfer.expires_on == TODAY + timedelta(days=90)
    place.member.refresh_from_db()
    assert place.member.state == MemberState.ACTIVE

    later = TODAY + timedelta(days=30)
    services.receive_receipt(transfer=transfer, by=place.two, on=later, receipt_on=later)

    place.member.refresh_from_db()
    assert (place.member.state, place.member.left_on) == (MemberState.LEFT, later)


def test_letters_are_numbered_one_after_another_and_never_twice(place: Place) -> None:
    numbers = []
    for _ in range(3):
        one = services.ask_out(
            member=make_member(place.old), outside="中共外区某支部", by=place.one, on=TODAY
        )
        services.issue(transfer=one, by=place.two, on=TODAY, letter_on=TODAY, valid_days=30)
        one.refresh_from_db()
        numbers.append(one.letter_number)

    assert numbers == [f"{TODAY.year}-000{place}" for place in (1, 2, 3)]
    again = {"letter_on": TODAY, "valid_days": 30, "letter_number": numbers[0]}
    assert refusal(services.issue, transfer=one, by=place.two, on=TODAY, **again)


def test_a_letter_in_is_accepted_by_another_and_puts_him_on_the_roster(place: Place) -> None:
    transfer = bring(place.near, by=place.one)
    given = {"transfer": transfer, "on": TODAY, "effective_on": TODAY}

    assert refusal(services.accept, by=place.one, **given).code == "forbidden"
    services.accept(by=place.two, **given)
    transfer.refresh_from_db()

    assert transfer.member is not None
    assert (transfer.member.unit, transfer.member.joined_on) == (place.near, date(2015, 7, 1))
    services.send_receipt(transfer=transfer, by=place.one, on=TODAY, receipt_on=TODAY)


def test_who_left_the_district_comes_back_to_his_own_row(place: Place) -> None:
    leave(member=place.member, state=MemberState.LEFT, on=date(2026, 1, 1))
    transfer = bring(
        place.far, by=place.one, id_number=place.member.unseal("id_number"), name=place.member.name
    )

    services.accept(transfer=transfer, by=place.two, on=TODAY, effective_on=TODAY)

    place.member.refresh_from_db()
    assert (place.member.unit, place.member.state, place.member.left_on) == (
        place.far, MemberState.ACTIVE, None,
    )  # fmt: skip
    assert Member.unscoped.count() == 1


def test_a_letter_past_its_days_asks_for_a_reason(place: Place) -> None:
    with pytest.raises(Refusal) as caught:
        bring(place.near, letter_on=TODAY - timedelta(days=91), valid_days=90)
    assert caught.value.field == "late_reason"
    bring(place.near, letter_on=TODAY - timedelta(days=90), valid_days=90)


def test_a_member_of_the_district_is_not_taken_in_by_letter(place: Place) -> None:
    with pytest.raises(Refusal) as caught:
        bring(place.near, id_number=place.member.unseal("id_number"))
    assert caught.value.field == "id_number"


def test_the_case_of_a_probationary_member_goes_along(place: Place) -> None:
    hands = make_hands()
    candidate = walk(make_candidate(place.old, by=hands.branch), 21, hands)
    assert candidate.member is not None
    transfer = make_transfer(candidate.member, place.near, by=place.one)

    services.agree(transfer=transfer, by=place.two, on=TODAY)

    candidate.refresh_from_db()
    assert candidate.unit == place.near


def test_the_reconciliation_names_everybody_who_is_not_accounted_for(place: Place) -> None:
    early = TODAY - timedelta(days=100)
    out = services.ask_out(member=place.member, outside="外区某支部", by=place.one, on=early)
    services.issue(transfer=out, by=place.two, on=early, letter_on=early, valid_days=90)
    slow = make_transfer(make_member(place.old), place.near, on=early)
    came = bring(place.near, by=place.one)
    services.accept(transfer=came, by=place.two, on=TODAY, effective_on=TODAY)
    gone = make_member(place.old)
    leave(member=gone, state=MemberState.LEFT, on=early)

    rows: Any = Transfer.objects.within(place.district)
    found = reconcile(rows=rows, people=[place.district], on=TODAY, limits=limits(TODAY))

    assert [list(one) for one in (found.overdue, found.out, found.waiting, found.unanswered)] == [
        [out], [], [slow], [came],
    ]  # fmt: skip
    assert list(found.lost) == [gone]
    assert not found.is_clear


def test_clocks_follow_the_marks_of_the_roster(place: Place) -> None:
    make_member(place.old, is_floating=True)
    lost = make_member(place.old, is_lost=True)

    assert wind_clocks(on=TODAY) == (2, 0)
    assert wind_clocks(on=TODAY) == (0, 0)
    Member.unscoped.filter(pk=lost.pk).update(is_lost=False)
    assert wind_clocks(on=TODAY) == (0, 1)
    assert Clock.unscoped.get(member=lost).until is not None
