"""One committee after another: all of it, or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from branches import services
from branches.enums import PostKind
from branches.models import CommitteeTerm, Post
from branches.services import NewPost
from core.errors import Refusal
from tests.factories.branches import make_branch, make_members, make_post, make_term

pytestmark = pytest.mark.django_db

OLD, NEW = date(2023, 6, 1), date(2026, 6, 10)


def test_the_same_secretary_begins_a_new_post_and_everybody_elses_ends() -> None:
    unit = make_branch()
    first, second, third = make_members(unit, 3)
    make_post(unit, PostKind.SECRETARY, member=first, since=OLD)
    make_post(unit, PostKind.PUBLICIST, member=third, since=OLD)
    old = make_term(unit, started_on=OLD)
    term = services.renew_committee(
        unit=unit, posts=[NewPost(member=first, kind="secretary"),
                          NewPost(member=second, kind="member")],
        elected_on=NEW, in_office_on=NEW + timedelta(days=1), years=3, number=2, seats=2,
    )  # fmt: skip
    old.refresh_from_db()
    assert old.ended_on == NEW - timedelta(days=1)
    assert (term.number, term.started_on, term.due_on) == (2, NEW, date(2029, 6, 10))
    ended = Post.unscoped.filter(unit=unit, since=OLD)
    assert {post.until for post in ended} == {NEW}
    fresh = Post.unscoped.filter(unit=unit, until=None)
    assert set(fresh.values_list("member", "kind")) == {
        (first.pk, "secretary"), (second.pk, "member"),
    }  # fmt: skip


def test_without_a_secretary_or_with_crossing_days_nothing_changes() -> None:
    unit = make_branch()
    first, second = make_members(unit, 2)
    make_term(unit, started_on=OLD)
    make_post(unit, PostKind.SECRETARY, member=first, since=OLD)

    def renew(kind: str, elected: date = NEW, office: date = NEW) -> None:
        services.renew_committee(
            unit=unit, posts=[NewPost(member=second, kind=kind)], elected_on=elected,
            in_office_on=office, years=3, number=2,
        )  # fmt: skip

    with pytest.raises(Refusal, match="书记一名"):
        renew("member")
    with pytest.raises(Refusal, match="不能早于当选"):
        renew("secretary", office=NEW - timedelta(days=1))
    with pytest.raises(Refusal, match="应更晚"):
        renew("secretary", OLD, NEW)
    Post.unscoped.filter(unit=unit).update(since=NEW)
    with pytest.raises(Refusal, match="不早于新一届"):
        renew("secretary")
    assert CommitteeTerm.unscoped.get(unit=unit).ended_on is None
