"""党员发展与转接 full of canaries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from membership.enums import StepState, TransferState, Way
from membership.models import Candidate, Clock, RuleSet, Step, Transfer
from tests.factories.branches import make_id_number

_DAY = date(2026, 7, 1)


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch."""
    rules = RuleSet.objects.get(code="2026")
    for place, key in enumerate(branches):
        unit, author = world.units[key], world.objects["author"][key]
        candidate = Candidate(
            unit=unit, rules=rules, name=f"申请zo{key}z", birth_date=date(1990, 1, 1),
            applied_on=_DAY, job=f"岗位zo{key}z", created_by=author,
        )  # fmt: skip
        identity, phone = make_id_number(), f"1396{place:07d}"
        world.numbers |= {identity: key, phone: key}
        candidate.seal("id_number", identity)
        candidate.seal("phone", phone)
        candidate.save()
        world.objects["admission"][key] = candidate
        Step.unscoped.create(
            candidate=candidate, number=1, day=_DAY, by=author, paper=f"存放zo{key}z"
        )
        world.objects["admission_step"][key] = Step.unscoped.create(
            candidate=candidate, number=8, day=_DAY, by=author, paper=f"存放zo{key}z",
            state=StepState.SENT,
        )  # fmt: skip
        member = world.objects["member"][key]
        world.objects["transfer"][key] = Transfer.unscoped.create(
            way=Way.OUT, name=f"转出zo{key}z", member=member, from_unit=unit,
            outside=f"区外zo{key}z", asked_on=_DAY, asked_by=author, reason=f"原因zo{key}z",
            state=TransferState.ISSUED, letter_number=f"信zo{key}z", letter_on=_DAY,
            expires_on=_DAY + timedelta(days=90), valid_days=90, issuer=unit.committee,
        )  # fmt: skip
        world.objects["clock"][key] = Clock.unscoped.create(
            member=member, kind="floating", since=_DAY, place=f"去向zo{key}z", by=author
        )
