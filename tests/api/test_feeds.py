"""Feeds walk an index, however many rows were changed at one instant."""

from __future__ import annotations

from typing import Any

import pytest

from branches import api as branches
from elections import api as elections
from meetings import api as meetings
from rectification import api as rectification


@pytest.mark.parametrize(
    "feed",
    [
        branches.UnitFeed,
        branches.MemberFeed,
        meetings.MeetingFeed,
        rectification.CaseFeed,
        rectification.ProblemFeed,
        rectification.FigureFeed,
        elections.ElectionFeed,
    ],
)
def test_the_whole_key_of_a_big_feed_is_an_index(feed: Any) -> None:
    assert list(feed.cursor_fields) in [index.fields for index in feed.model._meta.indexes]
