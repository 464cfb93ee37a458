"""干部工作 full of canaries: one of everything in each branch, and the officers' open doors."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator

from cadres import services
from cadres.enums import Step
from cadres.models import Audit, DutyNotice, MatterReport, Photo, ReadLog, Training
from tests.factories.branches import make_id_number
from tests.factories.cadres import make_cadre, make_motion, make_quota, walk

_DAY = date(2026, 7, 1)
_OFFICE = {"cadre_officer_1": "1a1", "cadre_officer_2": "2a1"}


def build(world: Any, branches: Iterable[str]) -> None:
    """One of everything in each branch."""
    for key in branches:
        _branch(world, key)
    for name, key in _OFFICE.items():
        user = world.users[name]
        Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
        world.sessions[name] = {
            "account_authentication_methods": [
                # The round through all addresses takes its time.
                {"method": "password", "at": time.time() + 86400, "username": user.username}
            ],
            "account_authentication_methods_user": str(user.pk),
            "cadres_open": {str(world.objects["cadre"][key].uuid): time.time() + 86400},
        }


def _branch(world: Any, key: str) -> None:
    things, unit, word = world.objects, world.units[key], f"zc{key}z"
    by = world.users[f"cadre_officer_{key[0]}"]
    identity, phone = make_id_number(), f"1396{len(world.numbers):07d}"
    world.numbers |= {identity: key, phone: key}
    cadre = make_cadre(
        unit, name=f"干部{word}", id_number=identity, phone=phone, native_place=f"籍贯{word}",
        birthplace=f"出生{word}", health=f"健康{word}", honours=f"奖励{word}", title=f"职称{word}",
        specialty=f"专长{word}", full_education=f"学历{word}", full_school=f"院系{word}",
    )  # fmt: skip
    things["cadre"][key] = cadre
    things["cadre_stint"][key] = services.add_stint(
        cadre=cadre, since=date(2010, 7, 1), place=f"单位{word}", post=f"职务{word}"
    )
    things["cadre_family"][key] = services.add_family(
        cadre=cadre, relation="妻子", name=f"家属{word}", work=f"工作{word}"
    )
    things["cadre_rank"][key] = services.add_rank(cadre=cadre, rank=f"职级{word}", since=_DAY)
    things["cadre_appraisal"][key] = services.appraise(
        cadre=cadre, year=2025, grade="competent", on=_DAY
    )
    things["cadre_photo"][key] = Photo.unscoped.create(
        cadre=cadre, name=f"照片{word}.jpg", path=f"{uuid.uuid4()}.jpg", content_type="image/jpeg",
        sha256=f"{len(things['cadre_photo']):064d}", size=10, by=by,
    )  # fmt: skip
    make_quota(unit, 3)
    row = make_motion(unit, by, _DAY, post=f"副局长{word}", paper=f"存放{word}")
    row = walk(row, Step.INSPECT, by=by, second=by, cadre=cadre)
    things["cadre_appointment"][key] = row
    things["cadre_audit"][key] = audit = Audit.unscoped.get(appointment=row)
    services.audit_item(
        audit=audit, kind="age", recorded=f"记载{word}", confirmed=f"认定{word}", basis=word,
        conclusion="settled", by=by,
    )  # fmt: skip
    things["cadre_order"][key] = services.issue(
        cadre=cadre, kind="inquire", reason="duty", approved_by=f"部长{word}", approved_on=_DAY,
        issued_on=_DAY, paper=f"柜{word}", by=by, on=_DAY, form_key=uuid.uuid4(),
    )  # fmt: skip
    services.notify_duty(
        cadres=[cadre], kind="selection", number=f"告{word}", issued_on=_DAY, by=by, on=_DAY
    )
    things["cadre_duty"][key] = DutyNotice.unscoped.get(cadre=cadre)
    report = MatterReport.unscoped.create(
        cadre=cadre, year=2026, due_on=date(2026, 1, 31), filed_on=_DAY, by=by
    )
    things["cadre_matter"][key] = report
    draw = services.start_draw(
        unit=unit, year=2026, percent=10, witness=f"监督{word}", by=by, form_key=uuid.uuid4()
    )
    things["cadre_draw"][key] = draw
    things["cadre_drawn"][key] = draw.drawn.get()
    course = services.add_course(
        unit=unit, title=f"班次{word}", kind="school", starts_on=_DAY, ends_on=_DAY,
        hours=Decimal(8), by=by,
    )  # fmt: skip
    things["cadre_course"][key] = course
    Training.unscoped.create(course=course, cadre=cadre, hours=Decimal(8))
    criterion = services.set_criterion(unit=unit, kind="learning", text=f"标准{word}")
    services.give_tag(
        cadre=cadre, criterion=criterion, year=2026, basis=f"依据{word}", by=by, on=_DAY
    )
    ReadLog.unscoped.create(
        unit=unit, by=by, kind="opened", cadre=cadre, what=f"查阅{word}", reason=f"事由{word}"
    )
