"""Lists of terms, elections and waves as workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.workbooks import stream_rows
from elections.agenda import lines, stage_label
from elections.enums import CIVIC_COUNTS, CivicStage
from elections.standing import state_words

MOST = 5000
TERMS = (
    "党组织代码", "党组织", "所属党（工）委", "类别", "第几届", "当选日期", "届满日期",
    "批准提前或延期到", "设委员会", "委员名额", "是否超期", "换届进度",
)  # fmt: skip
ELECTIONS = (
    "党组织代码", "党组织", "所属党（工）委", "选举第几届", "程序", "进度", "应选名额",
    "届满日期", "大会选举日期", "是否超期换届", "结果批复日期", "下一步", "由谁办",
)  # fmt: skip


def _cover(what: str, by: str) -> Mapping[str, object]:
    now: datetime = timezone.localtime()
    return {"内容": what, "导出人": by, "导出时间": f"{now:%Y-%m-%d %H:%M}"}


def term_sheet(terms: Any, *, on: date, by: str) -> Iterator[bytes]:
    """届次 of :func:`elections.standing.running_terms`, a term a row; one question."""
    rows = terms.select_related("unit", "unit__committee")[:MOST]
    found = (
        (
            term.unit.code, term.unit.name,
            term.unit.committee.name if term.unit.committee else "",
            term.unit.get_kind_display(), term.number, term.started_on, term.due_on,
            term.moved_to or "", "是" if term.with_committee else "否", term.seats or "",
            "是" if term.ends_on < on else "否", state_words(term, on=on),
        )
        for term in rows
    )  # fmt: skip
    return iter(stream_rows(TERMS, found, cover=_cover("届次一览", by), sheet="届次一览"))


def election_sheet(elections: Any, *, on: date, by: str) -> Iterator[bytes]:
    """Elections of :func:`elections.agenda.with_last_day`, one a row; one question."""
    found = (
        (
            one.election.unit.code, one.election.unit.name,
            one.election.unit.committee.name if one.election.unit.committee else "",
            one.election.number, one.election.get_route_display(),
            one.election.get_state_display(), one.election.seats, one.ends_on or "",
            one.election.voted_on or "", "是" if one.election.is_late else "否",
            one.election.confirmed_on or "", one.step.title if one.step else "",
            one.step.who_label if one.step else "",
        )
        for one in lines(elections[:MOST], on=on)
    )  # fmt: skip
    return iter(stream_rows(ELECTIONS, found, cover=_cover("换届进度", by), sheet="换届进度"))


def wave_head() -> list[str]:
    """The headings of a wave's sheet: what the import reads, and where the Party part stands."""
    head = ["党组织代码", "党组织"]
    for stage in CivicStage:
        head += [f"{stage.label}日期", *CIVIC_COUNTS[stage]]
    return head


def wave_sheet(rows: Any, *, name: str, by: str) -> Iterator[bytes]:
    """Bodies of a wave (:func:`elections.wave_board.wave_rows`), one a row."""
    head = [*wave_head(), "党组织换届进度", "党组织选举日期"]
    return iter(
        stream_rows(head, (_body(row) for row in rows), cover=_cover(name, by), sheet="换届批次")
    )


def _body(row: Any) -> list[object]:
    cells: list[object] = [row.body.unit.code, row.body.unit.name]
    for stage in CivicStage:
        done = row.civic.get(stage.value)
        counts = [done.first, done.second] if done else [None, None]
        cells.append(done.day if done else "")
        cells += ["" if n is None else n for n in counts[: len(CIVIC_COUNTS[stage])]]
    party = row.party
    cells.append(stage_label(party.state, party.route) if party else "还没有启动")
    cells.append(party.voted_on if party and party.voted_on else "")
    return cells
