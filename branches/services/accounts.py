"""账号: opened for the organisations, many at a time; a first password is told once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS, PostKind, Role, UnitKind
from branches.models import Grant, Post, Unit
from branches.querysets import GrantQuerySet, UnitQuerySet
from core.errors import Refusal

# Who keeps an organisation of a kind; the district's own staff get their accounts one by one.
KEEPERS: dict[str, Role] = {
    **dict.fromkeys(COMMITTEE_KINDS, Role.COMMITTEE_STAFF),
    **dict.fromkeys(BRANCH_KINDS, Role.SECRETARY),
    UnitKind.GROUP: Role.GROUP_LEADER,
}
KEEPER_ROLES = (Role.COMMITTEE_STAFF, Role.SECRETARY, Role.GROUP_LEADER)
MOST = 3000
_POSTS = {Role.GROUP_LEADER: "组长", Role.SECRETARY: "书记", Role.COMMITTEE_STAFF: "工作人员"}
# Without what is easily misread (0 and o, 1 and l and i).
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 14
# 69 random bits need no slow hash; the first sign-in replaces it by the ordinary one.
_ROUNDS = 5000


class FirstPassword(NamedTuple):
    """One line of the list that is handed out: kept nowhere, so told once."""

    committee: str
    unit: str
    role: str
    name: str
    username: str
    password: str


def _in_force(on: date) -> GrantQuerySet:
    """Everybody's grants of a day: the questions below narrow them to units in reach."""
    found: GrantQuerySet = Grant.objects.everywhere("narrowed to the units asked for")
    return found.in_force(on=on)


@transaction.atomic
def open_accounts(*, units: UnitQuerySet) -> list[FirstPassword]:
    """Open an account for each standing organisation that has nobody to keep it.

    ``units`` are in the asker's reach already. The account is named after the organisation's code
    and carries the name of its 书记 in office; its role follows from the kind. Done again, it
    opens none: who holds an account is left alone. Two statements write, however many.

    Raises:
        Refusal: more than :data:`MOST` at once.
    """
    today = timezone.localdate()
    wanted = units.standing(on=today).filter(kind__in=KEEPERS).order_by("pk")
    # Locked first: two of the staff who press the button together open each account once.
    ids = list(wanted.select_for_update(of=("self",)).values_list("pk", flat=True)[: MOST + 1])
    _check_many(ids)
    kept = _in_force(today).filter(unit=OuterRef("pk"), role__in=KEEPER_ROLES)
    rows = list(
        Unit.unscoped.filter(~Exists(kept), pk__in=ids)
        .annotate(keeper=Subquery(_in_office(today)))
        .select_related("committee")
        .order_by("path")
    )
    names = _free_names([unit.code for unit in rows])
    opened = [(unit, *_account(unit, names[unit.code])) for unit in rows]
    User.objects.bulk_create([user for _, user, _ in opened], batch_size=1000)
    Grant.unscoped.bulk_create(
        [
            Grant(user=user, role=KEEPERS[unit.kind], unit=unit, since=today)
            for unit, user, _ in opened
        ],
        batch_size=1000,
    )
    return [_line(unit, KEEPERS[unit.kind], user, password) for unit, user, password in opened]


@transaction.atomic
def renew_passwords(*, units: UnitQuerySet, reach: Sequence[Unit], by: User) -> list[FirstPassword]:
    """Give those who keep the organisations a new first password; the old one ends at once.

    Their sessions end with it. Left alone are superusers, oneself, the district's staff, cadre
    officers, and whoever holds a role outside ``reach``: that account is not the asker's alone.

    Raises:
        Refusal: more than :data:`MOST` at once.
    """
    today = timezone.localdate()
    own = Grant.objects.within(*reach).filter(pk=OuterRef("pk"))
    foreign = Grant.unscoped.filter(user=OuterRef("user")).filter(
        Q(role__in=(Role.DISTRICT_STAFF, Role.CADRE_OFFICER)) | ~Exists(own)
    )
    grants = (
        _in_force(today)
        .filter(role__in=KEEPER_ROLES)
        .filter(~Exists(foreign), unit__in=units.order_by().values("pk"))
        .filter(user__is_superuser=False, user__is_active=True)
        .exclude(user=by)
        .select_related("unit__committee")
        .order_by("unit__path", "pk")
    )
    found = list(grants[: MOST + 1])
    _check_many(found)
    users = {
        user.pk: user
        for user in User.objects.select_for_update()
        .filter(pk__in={grant.user_id for grant in found})
        .order_by("pk")
    }
    words = {pk: _password() for pk in users}
    for pk, user in users.items():
        user.password, user.must_change_password = _hashed(words[pk]), True
    User.objects.bulk_update(users.values(), ["password", "must_change_password"], batch_size=500)
    first = {grant.user_id: grant for grant in reversed(found)}
    return [
        _line(grant.unit, Role(grant.role), users[grant.user_id], words[grant.user_id])
        for grant in found
        if first[grant.user_id] is grant
    ]


def with_keepers(units: UnitQuerySet, *, on: date) -> UnitQuerySet:
    """Each unit with its account of today: ``account_name``, ``account``, ``account_used``."""
    grants = _in_force(on).filter(unit=OuterRef("pk"), role__in=KEEPER_ROLES)
    latest = grants.filter(user__is_active=True).order_by("-since", "-pk")
    return units.annotate(
        account=Subquery(latest.values("user__username")[:1]),
        account_name=Subquery(latest.values("user__name")[:1]),
        account_used=Subquery(latest.values("user__last_login")[:1]),
    )


def _check_many(found: Sequence[Any]) -> None:
    if len(found) > MOST:
        raise Refusal(f"一次最多办理 {MOST} 个，请先用上面的条件（例如党（工）委的名称）缩小范围。")


def _in_office(on: date) -> QuerySet[Post, Any]:
    """The name of the 书记 (of a 党小组: its leader) on a day."""
    return (
        Post.unscoped.filter(
            Q(until__isnull=True) | Q(until__gte=on),
            unit=OuterRef("pk"),
            since__lte=on,
            kind__in=(PostKind.SECRETARY, PostKind.GROUP_LEADER),
        )
        .order_by("-since", "-pk")
        .values("member__name")[:1]
    )


def _account(unit: Unit, username: str) -> tuple[User, str]:
    role, password = KEEPERS[unit.kind], _password()
    # Committees' accounts are an office's, not the secretary's own.
    person = "" if role == Role.COMMITTEE_STAFF else unit.keeper
    name = person or unit.contact or f"{str(unit)[:30]}{_POSTS[role]}"
    user = User(
        username=username,
        name=name,
        password=_hashed(password),
        is_staff=role == Role.COMMITTEE_STAFF,
        must_change_password=True,
    )
    return user, password


def _free_names(codes: Sequence[str]) -> dict[str, str]:
    """A user name for each code that nobody has: the code, or the code with -2, -3 …."""
    choices = {
        code: [code.lower(), *(f"{code.lower()}-{n}" for n in range(2, 10))] for code in codes
    }
    every = [name for names in choices.values() for name in names]
    taken = set(User.objects.filter(username__in=every).values_list("username", flat=True))
    found: dict[str, str] = {}
    for code, names in choices.items():
        free = (name for name in names if name not in taken)
        found[code] = next(free, f"{code.lower()}-{secrets.token_hex(4)}")
        taken.add(found[code])
    return found


def _password() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def _hashed(password: str) -> str:
    hasher = PBKDF2PasswordHasher()
    return str(hasher.encode(password, hasher.salt(), _ROUNDS))


def _line(unit: Unit, role: Role, user: User, password: str) -> FirstPassword:
    committee = unit.committee.name if unit.committee else ""
    return FirstPassword(committee, unit.name, role.label, user.name, user.username, password)
