"""Organisations, people and roles for tests, made through the services.

Every maker invents what is not given::

    district = make_district()
    street = make_committee(district)
    branch = make_branch(street, founded_on=date(2020, 1, 1))
    group = make_group(branch)
    member = make_member(branch, group=group)
    secretary = make_user(Role.SECRETARY, branch)
"""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from accounts.models import User
from branches import services
from branches.enums import Field, PostKind, Role, UnitKind
from branches.models import CommitteeTerm, Exemption, Member, Post, Unit
from tests.factories.accounts import make_account

_numbers = count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"

FOUNDED = date(2015, 6, 1)


def make_id_number(number: int | None = None, *, born: date = date(1985, 3, 12)) -> str:
    """A valid invented 公民身份号码; an odd ``number`` is a man's. Another one each time."""
    number = next(_numbers) if number is None else number
    body = f"{620100 + number // 1000 % 100:06d}{born:%Y%m%d}{number % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def make_name(number: int | None = None) -> str:
    """An invented name."""
    number = next(_numbers) if number is None else number
    return (
        _SURNAMES[number % len(_SURNAMES)]
        + _GIVEN[number // 7 % len(_GIVEN)]
        + _GIVEN[number % len(_GIVEN)]
    )


def make_unit(parent: Unit | None, kind: str, **facts: Any) -> Unit:
    """A unit of any kind below ``parent``."""
    number = next(_numbers)
    facts.setdefault("code", f"T{number:08d}")
    facts.setdefault("name", f"第{number}{UnitKind(kind).label}")
    facts.setdefault("founded_on", FOUNDED)
    unit = services.place(parent=parent, kind=kind, **facts)
    if parent is not None:
        parent.refresh_from_db(fields=["numchild"])
    return unit


def make_district(**facts: Any) -> Unit:
    """A 区委."""
    return make_unit(None, UnitKind.DISTRICT, **facts)


def make_committee(
    district: Unit | None = None, *, kind: str = UnitKind.WORKING_COMMITTEE, **facts: Any
) -> Unit:
    """A 党工委 (another kind when asked for) below a district."""
    facts.setdefault("field", Field.STREET)
    return make_unit(district or make_district(), kind, **facts)


def make_branch(parent: Unit | None = None, *, kind: str = UnitKind.BRANCH, **facts: Any) -> Unit:
    """A 党支部 (or 联合党支部 …) below a committee."""
    facts.setdefault("field", Field.COMMUNITY)
    return make_unit(parent or make_committee(), kind, **facts)


def make_group(branch: Unit | None = None, **facts: Any) -> Unit:
    """A 党小组 of a branch."""
    branch = branch or make_branch()
    return make_unit(branch, UnitKind.GROUP, field=branch.field, **facts)


def make_member(branch: Unit | None = None, **facts: Any) -> Member:
    """A full member on a branch's roster; ``id_number`` and ``phone`` are invented."""
    number = next(_numbers)
    facts.setdefault("name", make_name(number))
    facts.setdefault("id_number", make_id_number(number))
    facts.setdefault("phone", f"138{number % 10**8:08d}")
    facts.setdefault("joined_on", date(2010, 7, 1))
    facts.setdefault("confirmed_on", date(2011, 7, 1))
    return services.add_member(unit=branch or make_branch(), **facts)


def make_members(branch: Unit, how_many: int, **facts: Any) -> list[Member]:
    """Several members of one branch."""
    return [make_member(branch, **facts) for _ in range(how_many)]


def make_post(
    unit: Unit,
    kind: str = PostKind.SECRETARY,
    *,
    member: Member | None = None,
    since: date = FOUNDED,
) -> Post:
    """Somebody's post in a unit."""
    return services.appoint(unit=unit, member=member or make_member(unit), kind=kind, since=since)


def make_term(
    unit: Unit,
    *,
    started_on: date = date(2024, 1, 10),
    ended_on: date | None = None,
    **facts: Any,
) -> CommitteeTerm:
    """A term with a committee."""
    term = services.start_term(unit=unit, started_on=started_on, **facts)
    return services.end_term(term=term, on=ended_on) if ended_on else term


def make_exemption(
    unit: Unit,
    *,
    kind: str = "",
    since: date = date(2026, 1, 1),
    until: date = date(2026, 12, 31),
    reason: str = "整体搬迁",
    approved: bool = True,
) -> Exemption:
    """An exemption, approved by another person than its proposer."""
    exemption = services.propose(
        unit=unit, kind=kind, since=since, until=until, reason=reason, by=make_account()
    )
    if not approved:
        return exemption
    return services.decide(exemption=exemption, approve=True, by=make_account())


def make_user(role: str = Role.SECRETARY, unit: Unit | None = None, **fields: Any) -> User:
    """An account that holds ``role`` in ``unit`` (a new one of the right kind when None)."""
    makers = {
        Role.DISTRICT_STAFF: make_district,
        Role.COMMITTEE_STAFF: make_committee,
        Role.SECRETARY: make_branch,
        Role.GROUP_LEADER: make_group,
        Role.LEADER: make_district,
    }
    unit = unit or makers[Role(role)]()
    fields.setdefault("is_staff", role in (Role.DISTRICT_STAFF, Role.COMMITTEE_STAFF))
    user = make_account(**fields)
    services.give(user=user, role=role, unit=unit, since=date(2020, 1, 1))
    return user
