"""审阅: said, answered, withdrawn; no state of the record follows."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from branches.enums import Role
from core import outbox
from core.errors import Refusal
from core.models import Notice
from meetings import services
from meetings.enums import Kind, Status
from meetings.models import Comment
from tests.factories.branches import make_user
from tests.factories.checks import make_comment
from tests.factories.meetings import make_meeting
from tests.meetings.conftest import DAY, Street


def refusal(verb: Any, *args: Any, **facts: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verb(*args, **facts)
    return caught.value


def test_a_comment_is_told_to_the_branch_and_its_answer_to_its_author(street: Street) -> None:
    leader = make_user(Role.LEADER, street.street)
    meeting = make_meeting(street.group, Kind.GROUP, status=Status.ACCEPTED)
    comment = make_comment(meeting, leader)
    services.answer_comment(comment=comment, by=street.secretary, text="下次改进", form_key=uuid4())
    told = set(Notice.objects.values_list("recipient", "template"))
    assert told == {
        (street.secretary.pk, "meetings/notices/comment"),
        (street.leader.pk, "meetings/notices/comment"),
        (leader.pk, "meetings/notices/comment_answered"),
    }
    texts = {outbox.text_of(notice).partition("：")[2] for notice in Notice.objects.all()}
    assert any("审阅了会议记录" in text for text in texts)
    assert "下次改进" in texts
    meeting.refresh_from_db()
    assert meeting.status == Status.ACCEPTED


def test_a_comment_sent_twice_is_one(street: Street) -> None:
    meeting, key = make_meeting(street.branch), uuid4()
    facts = {"meeting": meeting, "text": "好", "form_key": key}
    first = services.add_comment(**facts, by=street.reviewer)
    assert services.add_comment(**facts, by=street.reviewer) == first
    assert Notice.objects.count() == 1
    assert refusal(services.add_comment, **facts, by=street.chief).code == "conflict"


@pytest.mark.parametrize("text", ["", " \x00", "长" * 501, "机密★10年"])
def test_a_comment_must_be_fit_to_stand_there(street: Street, text: str) -> None:
    meeting = make_meeting(street.branch)
    assert refusal(make_comment, meeting, street.reviewer, text).field == "text"


@pytest.mark.parametrize("status", list(Status))
def test_comments_are_possible_at_any_state_after_filing(street: Street, status: Status) -> None:
    meeting = make_meeting(street.branch, status=status, submitted_on=DAY)
    if status == Status.DRAFT:
        assert refusal(make_comment, meeting, street.reviewer).code == "conflict"
    else:
        assert make_comment(meeting, street.reviewer).pk


def test_only_the_author_takes_his_words_back_and_the_row_stays(street: Street) -> None:
    comment = make_comment(make_meeting(street.branch), street.reviewer)
    verb = services.withdraw_comment
    assert refusal(verb, comment=comment, by=street.chief).code == "forbidden"
    first = verb(comment=comment, by=street.reviewer).withdrawn_at
    assert verb(comment=comment, by=street.reviewer).withdrawn_at == first
    assert Comment.unscoped.get().text == "发言可以记得更细"
    said = {"by": street.secretary, "text": "好", "form_key": uuid4()}
    assert refusal(services.answer_comment, comment=comment, **said).code == "conflict"


def test_an_answer_is_not_answered(street: Street) -> None:
    comment = make_comment(make_meeting(street.branch), street.reviewer)
    said = {"by": street.secretary, "text": "好"}
    answer = services.answer_comment(comment=comment, **said, form_key=uuid4())
    verb = services.answer_comment
    assert refusal(verb, comment=answer, **said, form_key=uuid4()).code == "invalid"
