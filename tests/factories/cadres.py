"""Cadres for tests, made through the services."""

from __future__ import annotations

import time
import uuid
from datetime import date, timedelta
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from accounts.models import User
from branches.enums import Role
from branches.models import Unit
from cadres import services
from cadres.enums import AuditItemKind, Conclusion, Level, Must, MustOutcome, Step, Way
from cadres.models import Appointment, Audit, Cadre
from tests.factories.accounts import make_account
from tests.factories.branches import make_id_number, make_user

_numbers = count(1)
BORN = date(1985, 3, 12)


def make_officer(unit: Unit, *, factor: bool = True, **fields: Any) -> User:
    """A cadre officer of a unit, with a second factor."""
    user = make_user(Role.CADRE_OFFICER, unit, **fields)
    if factor:
        Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    return user


def signed_in(user: User, *opened: Cadre, fresh: bool = True) -> Client:
    """A client of this user: signed in this minute, with these files open."""
    client = Client()
    client.force_login(user)
    session = client.session
    ago = 0 if fresh else 3600
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - ago, "username": user.username}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session["cadres_open"] = {str(one.uuid): time.time() + 600 for one in opened}
    session.save()
    return client


def make_cadre(unit: Unit, **facts: Any) -> Cadre:
    """A cadre of a unit."""
    number = next(_numbers)
    facts.setdefault("name", f"干{number}部")
    facts.setdefault("sex", "1")
    facts.setdefault("level", Level.DEPUTY_TOWN)
    facts.setdefault("id_number", make_id_number(born=BORN))
    return services.add_cadre(unit=unit, by=None, **facts)


def make_quota(unit: Unit, approved: int, level: str = Level.DEPUTY_TOWN, **facts: Any) -> None:
    """So many posts since long ago."""
    by = make_account()
    facts.setdefault("valid_from", date(2020, 1, 1))
    services.set_quota(unit=unit, level=level, approved=approved, document="编办〔2020〕1号",
                       by=by, **facts)  # fmt: skip


def make_motion(unit: Unit, by: User, day: date, **facts: Any) -> Appointment:
    """A motion for a deputy's post."""
    facts.setdefault("level", Level.DEPUTY_TOWN)
    facts.setdefault("way", Way.SINGLE)
    facts.setdefault("post", "副局长")
    return services.begin(unit=unit, day=day, on=timezone.localdate(), by=by,
                          form_key=uuid.uuid4(), **facts)  # fmt: skip


def audited(row: Appointment, by: User, second: User) -> None:
    """All six items settled, reviewed by another one; the other three checks done."""
    audit = Audit.unscoped.get(appointment=row)
    on = timezone.localdate()
    for kind in AuditItemKind:
        services.audit_item(audit=audit, kind=kind, recorded="1985.03", confirmed="1985.03",
                            basis="", conclusion=Conclusion.SAME, by=by)  # fmt: skip
    services.review_audit(audit=audit, by=second, day=row.step_on, on=on, paper="2 号柜")
    for must in (Must.MATTERS, Must.DISCIPLINE, Must.PETITIONS):
        services.record_must(appointment=row, kind=must, done_on=row.step_on, paper="2 号柜",
                             outcome=MustOutcome.CLEAR, by=by, on=on)  # fmt: skip


def walk(row: Appointment, to: str, *, by: User, second: User, cadre: Cadre) -> Appointment:
    """Take an appointment to a step, a day for each; 公示 takes its time."""
    on = timezone.localdate()
    while row.step != to:
        step = row.sequence[row.sequence.index(row.step) + 1]
        day, facts = row.step_on + timedelta(days=1), dict[str, Any]()
        if step == Step.INSPECT:
            facts["cadre"] = cadre
        if step == Step.DECIDE:
            audited(row, by, second)
            facts |= {"members": 9, "present": 8, "yes": 7}
        if step == Step.PUBLICITY:
            facts["until"] = day + timedelta(days=14)
        if step == Step.OFFICE:
            assert row.publicity_until is not None
            day = row.publicity_until + timedelta(days=1)
        if step == Step.CONFIRM:
            assert row.trial_until is not None
            day = row.trial_until + timedelta(days=1)
        row = services.advance(appointment=row, step=step, by=by, on=on, day=day, **facts)
        row.refresh_from_db()
    return row
