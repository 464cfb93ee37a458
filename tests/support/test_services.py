"""The verbs: who may not, what is refused in words, and what the database refuses by itself."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from branches.enums import Field
from branches.models import Unit
from core.errors import Refusal
from core.models import RuleParameter
from support import services
from support.enums import CheckState, IssueState, JointState
from support.limits import FREQUENCY, visits_per_quarter
from support.models import (
    ContactLink,
    ContactVisit,
    JointMember,
    JointProject,
    Venue,
    VenueCheck,
    VenueItem,
)
from tests.factories.accounts import make_account
from tests.factories.branches import make_branch, make_committee
from tests.factories.support import (
    DAY,
    answers,
    make_check,
    make_community,
    make_joint,
    make_joint_project,
    make_link,
    make_venue,
    make_visit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Unit:
    return make_branch()


def test_a_branch_has_one_venue_and_a_committee_none(branch: Unit) -> None:
    first = make_venue(branch)
    assert make_venue(branch, name="新址").pk == first.pk
    assert Venue.unscoped.get().name == "新址"
    with pytest.raises(Refusal, match="阵地按党支部登记"):
        make_venue(branch.parent)  # type: ignore[arg-type]


def test_who_checked_does_not_confirm(branch: Unit) -> None:
    one, other = make_account(), make_account()
    check = make_check(make_venue(branch), by=one)

    with pytest.raises(Refusal, match="自查的同志不能自己确认"):
        services.confirm_check(check=check, by=one, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        VenueCheck.unscoped.update(state=CheckState.CONFIRMED, decided_by=one)
    assert services.confirm_check(check=check, by=other, on=DAY).state == CheckState.CONFIRMED


def test_a_confirmed_check_is_closed_and_a_new_year_begins_anew(branch: Unit) -> None:
    venue = make_venue(branch)
    services.confirm_check(check=make_check(venue), by=make_account(), on=DAY)

    with pytest.raises(Refusal, match="已经确认，不能再改"):
        make_check(venue)
    assert make_check(venue, "sign", on=date(2027, 3, 1)).year == 2027
    with pytest.raises(IntegrityError, match="illegal state change"), transaction.atomic():
        VenueCheck.unscoped.filter(year=2026).update(state=CheckState.SUBMITTED)


def test_a_return_needs_a_reason_and_the_list_is_answered_whole(branch: Unit) -> None:
    venue = make_venue(branch)
    check = make_check(venue)
    with pytest.raises(Refusal, match="请填写退回原因"):
        services.return_check(check=check, by=make_account(), on=DAY, answer=" ")
    VenueItem.objects.create(code="extra", group="other", title="党旗", position=9)
    given = answers()
    given.pop(VenueItem.objects.get(code="extra").pk)
    with pytest.raises(Refusal, match="没答的项目"):
        services.submit_check(venue=venue, by=None, answers=given, on=DAY)


def test_a_leader_has_many_links_and_each_once(branch: Unit) -> None:
    link = make_link(branch)
    other = make_branch(branch.parent)
    assert make_link(branch).pk == link.pk
    assert make_link(other).leader == link.leader
    services.retire_leader(leader=link.leader, until=DAY, on=DAY)
    assert set(ContactLink.unscoped.values_list("until", flat=True)) == {DAY}
    with pytest.raises(Refusal, match="已经离任"):
        services.link(leader=link.leader, unit=other, by=None, since=DAY, on=DAY)


def test_a_visit_lies_within_its_link_and_has_come(branch: Unit) -> None:
    link = make_link(branch)
    with pytest.raises(Refusal, match="不能晚于今天"):
        make_visit(link, day=date(2026, 7, 15))
    with pytest.raises(Refusal, match="不能早于"):
        make_visit(link, day=date(2025, 12, 1))
    services.end_link(link=link, until=date(2026, 6, 30), on=DAY)
    with pytest.raises(Refusal, match="为止"):
        make_visit(link)


def test_a_problem_is_followed_until_it_is_solved(branch: Unit) -> None:
    visit = make_visit(make_link(branch), "公开栏没有更新")
    services.follow_up(visit=visit, by=None, day=DAY, what="定了专人", on=DAY)
    done = services.solve(visit=visit, by=None, solved_on=DAY, outcome="更新了", on=DAY)
    assert services.solve(visit=visit, by=None, solved_on=DAY, outcome="又", on=DAY) == done
    with pytest.raises(Refusal, match="没有待跟进的问题"):
        services.follow_up(visit=visit, by=None, day=DAY, what="再来", on=DAY)
    with pytest.raises(IntegrityError, match="illegal state change"), transaction.atomic():
        ContactVisit.unscoped.update(state=IssueState.OPEN)


def test_a_visit_without_a_problem_cannot_be_solved(branch: Unit) -> None:
    visit = make_visit(make_link(branch))
    with pytest.raises(Refusal, match="没有问题"):
        services.solve(visit=visit, by=None, solved_on=DAY, outcome="x", on=DAY)


@pytest.mark.parametrize(("value", "said"), [(2, 2), (0, 0), ("两次", 1), (-1, 1), (True, 1)])
def test_the_frequency_of_visits_is_data(value: object, said: int) -> None:
    RuleParameter.objects.filter(key=FREQUENCY).update(value=value)
    assert visits_per_quarter(DAY) == said


def test_a_joint_committee_is_a_communitys() -> None:
    with pytest.raises(Refusal, match="社区（村）党组织"):
        make_joint(make_branch(field=Field.OFFICE))


def test_lists_and_projects_stay_within_their_joint_committee() -> None:
    street = make_committee()
    joint, other = make_joint(make_community(street)), make_joint(make_community(street), name="二")
    with pytest.raises(Refusal, match="清单上的资源"):
        make_joint_project(joint, resource=other.entries.get(kind="resource"))
    with pytest.raises(Refusal, match="现在的成员单位"):
        services.add_entry(joint=joint, kind="need", title="x", member=other.members.get())
    with pytest.raises(Refusal, match="统一社会信用代码"):
        services.add_member(
            joint=joint, name="乙", contact_post="主任", since=DAY, credit_code="123", on=DAY
        )


def test_a_joint_project_runs_by_its_table_and_a_leaving_unit_takes_its_offers() -> None:
    joint = make_joint(make_community(make_committee()))
    project = make_joint_project(joint)
    with pytest.raises(Refusal, match="不能改为“已完成”"):
        services.finish_project(project=project, by=None, ended_on=DAY, result="好", on=DAY)
    with pytest.raises(IntegrityError, match="illegal state change"), transaction.atomic():
        JointProject.unscoped.update(state=JointState.DONE, result="好", ended_on=DAY)
    services.report_progress(project=project, by=None, day=DAY, percent=50, what="划线", on=DAY)
    services.stop_project(project=project, by=None, ended_on=DAY, result="改建", on=DAY)
    services.end_member(member=JointMember.unscoped.get(), until=DAY, on=DAY)
    assert not joint.entries.get(kind="resource").is_open


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_a_check_at_once_are_one_decision() -> None:
    check = make_check(make_venue(make_branch()))
    people = [make_account() for _ in range(4)]
    start, told = Barrier(4), []

    def decide(at: int) -> None:
        start.wait()
        try:
            if at % 2:
                services.confirm_check(check=check, by=people[at], on=DAY)
            else:
                services.return_check(check=check, by=people[at], on=DAY, answer="补门牌")
            told.append(at % 2)
        except Refusal:
            pass
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(at,)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    check.refresh_from_db()
    assert len(set(told)) == 1
    assert check.state == (CheckState.CONFIRMED if told[0] else CheckState.RETURNED)
