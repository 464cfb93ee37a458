"""The ranking once more, by a program of its own: it holds a credential and has read scoring.md.

Only the standard library, only what the API says. ``get`` is a function from an address to JSON.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Get = Callable[[str], Any]
Row = dict[str, Any]
WEIGHTS = {
    "members": 25, "committee": 15, "group": 15, "lecture": 10, "fixed_day": 25, "must_hold": 10,
}  # fmt: skip


def rows(get: Get, address: str) -> Iterator[Row]:
    """Every row of a feed."""
    following: str | None = address
    while following:
        page = get(following)
        yield from page["results"]
        following = page["next"]


def day(text: str | None) -> date | None:
    """A day, or nothing."""
    return date.fromisoformat(text) if text else None


class District:
    """All that the API tells of one district, and the scores that follow from it."""

    def __init__(self, get: Get, year: int, quarter: int) -> None:
        self.year, self.quarter = year, quarter
        self.first = date(year, quarter * 3 - 2, 1)
        self.last = date(year, quarter * 3, monthrange(year, quarter * 3)[1])
        self.units = {row["code"]: row for row in rows(get, "/api/v1/units/?page_size=500")}
        self.terms = self._by_unit(rows(get, "/api/v1/committee-terms/?page_size=500"))
        self.exemptions = self._by_unit(
            row for row in rows(get, "/api/v1/exemptions/") if row["state"] == "approved"
        )
        self.events = self._by_unit(
            row for row in rows(get, "/api/v1/events/") if not row["is_withdrawn"]
        )
        self.checks = self._by_unit(rows(get, "/api/v1/spot-checks/"))
        counting = "/api/v1/meetings/?status=submitted&status=accepted&page_size=500"
        self.records = self._by_unit(rows(get, counting))
        self.rulings = self._by_unit(rows(get, f"/api/v1/rulings/?quarter={year}Q{quarter}"))
        self.fixed = {
            (row["district"], row["month"]): row["day"]
            for row in get(f"/api/v1/fixed-days/?year={year}")["results"]
        }
        self.groups = defaultdict(list)
        for unit in self.units.values():
            if unit["kind"] == "group":
                self.groups[unit["parent"]].append(unit)

    @staticmethod
    def _by_unit(found: Iterator[Row]) -> dict[str, list[Row]]:
        sorted_: dict[str, list[Row]] = defaultdict(list)
        for row in found:
            sorted_[row["unit"]].append(row)
        return sorted_

    def months(self) -> list[tuple[date, date]]:
        """First and last day of the quarter's months."""
        return [
            (date(self.year, m, 1), date(self.year, m, monthrange(self.year, m)[1]))
            for m in range(self.first.month, self.last.month + 1)
        ]

    def applies(self, unit: Row, kind: str, first: date, due: date) -> bool:
        """Founded by the first day, not dissolved before the last, not exempt on the due day."""
        founded, dissolved = day(unit["founded_on"]), day(unit["dissolved_on"])
        if (founded and founded > first) or (dissolved and dissolved < due):
            return False
        return not any(
            one["kind"] in ("", kind) and one["since"] <= due.isoformat() <= one["until"]
            for one in self.exemptions[unit["code"]]
        )

    def credit(self, code: str, named: str, first: date, due: date, fixed: str = "") -> Fraction:
        """The best record's credit."""
        best = Fraction(0)
        for record in self.records[code]:
            held = date.fromisoformat(record["held_on"])
            if named not in record["kinds"] or not first <= held <= due:
                continue
            worth = Fraction(6, 10) if fixed and record["held_on"] != fixed else Fraction(1)
            if date.fromisoformat(record["first_submitted_on"]) - held > timedelta(days=7):
                worth *= Fraction(8, 10)
            best = max(best, worth)
        return best

    def ruled(
        self, code: str, kind: str, first: date, due: date, more: tuple[str, str]
    ) -> tuple[bool, Fraction]:
        """Whether the duty is left after rulings, and the least that it gives."""
        for one in self.rulings[code]:
            days = (one["first"], one["due"]) == (first.isoformat(), due.isoformat())
            if one["kind"] == kind and days and (one["group"], one["title"]) == more:
                return one["credit"] is not None, Fraction(one["credit"] or 0)
        return True, Fraction(0)

    def duties(self, unit: Row) -> dict[str, list[Fraction]]:
        """Kind → the credits of the duties that apply."""
        code, found = unit["code"], defaultdict(list)

        def give(
            kind: str, first: date, due: date, credit: Fraction, group: str = "", title: str = ""
        ) -> None:
            left, least = self.ruled(code, kind, first, due, (group, title))
            if left:
                found[kind].append(max(credit, least))

        def owe(
            kind: str, named: str, first: date, due: date, fixed: str = "", title: str = ""
        ) -> None:
            if self.applies(unit, kind, first, due):
                credit = self.credit(code, named, first, due, fixed)
                give(kind, first, due, credit, title=title)

        owe("members", "members", self.first, self.last)
        if self.quarter in (2, 4):
            owe("lecture", "lecture", date(self.year, self.last.month - 5, 1), self.last)
        for first, due in self.months():
            if any(
                term["with_committee"]
                and term["started_on"] <= first.isoformat()
                and (term["ended_on"] or "9999") >= first.isoformat()
                for term in self.terms[code]
            ):
                owe("committee", "committee", first, due)
            fixed = self.fixed[(unit["district"], first.isoformat()[:7])]
            owe("fixed_day", "fixed_day", first, due, fixed)
            for group in self.groups[code]:
                if self.applies(unit, "group", first, due) and self.applies(
                    group, "group", first, due
                ):
                    credit = self.credit(group["code"], "group", first, due)
                    give("group", first, due, credit, group=group["code"])
        if self.quarter == 3:
            owe("must_hold", "members", date(self.year, 6, 24), date(self.year, 7, 7))
        if self.quarter == 4:
            owe("must_hold", "members", date(self.year, 12, 1), date(self.year, 12, 31))
        for event in self.events[code]:
            end = date.fromisoformat(event["window_end"])
            if self.first <= end <= self.last:
                first = date.fromisoformat(event["window_start"])
                owe("must_hold", "members", first, end, title=event["title"])
        return found

    def score(self, unit: Row) -> str | None:
        """Two decimals, half-up; None: not ranked."""
        found = self.duties(unit)
        if not found:
            return None
        top = sum(WEIGHTS[kind] * sum(given) / len(given) for kind, given in found.items())
        parts = [(85, Fraction(top) / sum(WEIGHTS[kind] for kind in found))]
        inside = (self.first.isoformat(), self.last.isoformat())
        places = [unit["code"], *(group["code"] for group in self.groups[unit["code"]])]
        held = [
            record
            for place in places
            for record in self.records[place]
            if inside[0] <= record["held_on"] <= inside[1]
        ]
        eligible = sum(record["eligible"] for record in held)
        if eligible:
            parts.append((10, Fraction(sum(record["present"] for record in held), eligible)))
        checks = [
            Fraction(check["score"])
            for check in self.checks[unit["code"]]
            if inside[0] <= check["checked_on"] <= inside[1]
        ]
        if checks:
            parts.append((5, sum(checks) / len(checks) / 100))
        share = sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)
        hundredths = int((share * 20000 + 1) // 2)
        return f"{hundredths // 100}.{hundredths % 100:02d}"

    def ranking(self) -> dict[str, tuple[str | None, int | None, int | None, int | None]]:
        """Code → score, and rank within committee, field and district."""
        ranked = [u for u in self.units.values() if u["kind"] in ("branch", "joint_branch")]
        scores = {unit["code"]: self.score(unit) for unit in ranked}

        def rank(unit: Row, key: str) -> int | None:
            own = scores[unit["code"]]
            if own is None:
                return None
            rivals = [scores[one["code"]] for one in ranked if one[key] == unit[key]]
            return 1 + sum(Fraction(other) > Fraction(own) for other in rivals if other)

        return {
            unit["code"]: (
                scores[unit["code"]],
                rank(unit, "committee"),
                rank(unit, "field"),
                rank(unit, "district"),
            )
            for unit in ranked
        }
