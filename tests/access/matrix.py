"""The access matrix: every address has a line here, saying who sees what of his own there.

A route without a line fails the tests (S7). What must hold of every line is in ``probe``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.access.routes import Route

# open: answers everybody, and shows nobody's data · door: signing in and out, one's own account ·
# inside: for whoever is signed in, each sees his own · desk: the admin, for staff ·
# system: the admin of what belongs to no district, for superusers only · api: for programs.
Kind = Literal["open", "door", "inside", "desk", "system", "api"]

WRITERS = frozenset({"secretary_a", "secretary_b", "committee_a", "committee_b", "district_1"})
BOSSES = frozenset({"committee_a", "committee_b", "district_1", "district_2"})
PEOPLE = WRITERS | {"district_2", "group_leader", "leader"}
CLIENTS = frozenset({"client_district", "client_branch", "client_reader"})
PRIVILEGED = frozenset({"client_district", "client_branch"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Access:
    """One line.

    ``of`` names the kind of objects that the address holds, ``value`` what of one stands in it.
    ``sees`` must find their own canary there by GET: the positive control. ``shared`` says that an
    object of a unit above is within reach too (a run belongs to the district, its rows do not).
    """

    kind: Kind
    of: str = ""
    value: Callable[[Any], object] = field(default=lambda thing: thing.uuid)
    sees: frozenset[str] = NOBODY
    shared: bool = False
    query: str = ""


def _code(unit: Any) -> object:
    return unit.code


def _pk(thing: Any) -> object:
    return thing.pk


def _feed(sees: frozenset[str] = CLIENTS | PEOPLE, query: str = "") -> Access:
    return Access("api", sees=sees, query=query)


def _record(of: str = "meeting", sees: frozenset[str] = NOBODY) -> Access:
    return Access("inside", of=of, sees=sees)


def _unit(sees: frozenset[str] = NOBODY) -> Access:
    return Access("inside", of="unit", value=_code, sees=sees)


def _run(sees: frozenset[str] = NOBODY) -> Access:
    return Access("inside", of="run", sees=sees, shared=True)


MATRIX: dict[str, Access] = {
    # The ground floor
    "": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "healthz": Access("open"),
    "readyz": Access("open"),
    "styleguide/": Access("open"),
    # The API
    "api/v1/^.*$": Access("open"),
    "api/v1/docs/": Access("open"),
    "api/v1/schema/": Access("open"),
    "identity/o/api/token": Access("open"),
    "identity/o/api/revoke": Access("open"),
    "api/v1/units/": _feed(),
    "api/v1/units/<str:code>/": Access("api", of="unit", value=_code, sees=CLIENTS | PEOPLE),
    "api/v1/committee-terms/": _feed(NOBODY),
    "api/v1/exemptions/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/members/": _feed(PRIVILEGED | WRITERS | {"group_leader", "district_2"}),
    "api/v1/posts/": _feed(PRIVILEGED | WRITERS | {"district_2"}),
    "api/v1/holidays/": _feed(NOBODY),
    "api/v1/fixed-days/": _feed(frozenset({"client_district", "district_1", "district_2"})),
    "api/v1/events/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/spot-checks/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/meetings/": _feed(),
    "api/v1/meetings/<uuid:uuid>/": Access(
        "api", of="meeting", sees=CLIENTS | PEOPLE - {"group_leader"}
    ),
    "api/v1/meetings/<uuid:uuid>/submit/": Access("api", of="meeting"),
    "api/v1/duties/": _feed(CLIENTS | PEOPLE - {"group_leader"}, query="period=2026Q3"),
    "api/v1/brands/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/brand-years/": _feed(NOBODY),
    "api/v1/brand-inspections/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/brand-media/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/schemes/": _feed(NOBODY),
    "api/v1/runs/": _feed(NOBODY),
    "api/v1/runs/<uuid:uuid>/": Access("api", of="run", shared=True),
    "api/v1/runs/<uuid:uuid>/rows/": Access(
        "api", of="run", shared=True, sees=CLIENTS | PEOPLE - {"group_leader"}
    ),
    # Signing in, one's own account
    "accounts/login/": Access("door"),
    "accounts/logout/": Access("door"),
    "accounts/inactive/": Access("door"),
    "accounts/password/change/": Access("door"),
    "accounts/reauthenticate/": Access("door"),
    "accounts/2fa/": Access("door"),
    "accounts/2fa/authenticate/": Access("door"),
    "accounts/2fa/reauthenticate/": Access("door"),
    "accounts/2fa/recovery-codes/": Access("door"),
    "accounts/2fa/recovery-codes/download/": Access("door"),
    "accounts/2fa/recovery-codes/generate/": Access("door"),
    "accounts/2fa/totp/activate/": Access("door"),
    "accounts/2fa/totp/deactivate/": Access("door"),
    # 三会一课
    "checks/": Access("inside", sees=BOSSES),
    "events/": Access("inside", sees=WRITERS),
    "events/<uuid:uuid>/withdraw/": _record("event"),
    "events/new/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "meetings/": Access("inside", sees=PEOPLE),
    "meetings/<uuid:uuid>/": _record(sees=PEOPLE - {"group_leader"}),
    "meetings/<uuid:uuid>/check/": _record(),
    "meetings/<uuid:uuid>/record.docx": _record(),
    "meetings/<uuid:uuid>/sign-in.docx": _record(),
    "meetings/<uuid:uuid>/copy/": _record(),
    "meetings/<uuid:uuid>/edit/": _record("meeting_draft", sees=frozenset({"secretary_a"})),
    "meetings/<uuid:uuid>/reverse/": _record("meeting_accepted"),
    "meetings/<uuid:uuid>/submit/": _record("meeting_draft"),
    "meetings/<uuid:uuid>/withdraw/": _record(),
    "meetings/autosave/": Access("inside"),
    "meetings/new/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "meetings/roll/": Access("inside"),
    "review/": Access("inside", sees=BOSSES),
    "review/<uuid:uuid>/accept/": _record(),
    "review/<uuid:uuid>/return/": _record(),
    "review/accept/": Access("inside"),
    "review/return/": Access("inside"),
    "meetings/export/": Access("inside"),
    "meetings/files/<uuid:uuid>/": _record("file"),
    "meetings/files/<uuid:uuid>/small/": _record("file"),
    "meetings/files/<uuid:uuid>/remove/": _record("file"),
    "duties/": Access("inside"),
    "behind/": Access("inside"),
    "behind/export/": Access("inside"),
    "behind/urge/": Access("inside"),
    "calendar/": Access("inside"),
    "calendar/<int:pk>/move/": Access("inside", of="district", value=_pk),
    "calendar/moves/<int:pk>/approve/": Access("inside", of="move", value=_pk, shared=True),
    "calendar/moves/<int:pk>/refuse/": Access("inside", of="move", value=_pk, shared=True),
    "notices/": Access("inside"),
    "notices/<int:pk>/open/": Access("inside", of="notice", value=_pk),
    "notices/read/": Access("inside"),
    # Organisations and people
    "units/": Access("inside", sees=BOSSES),
    "units/export/": Access("inside"),
    "units/mine/": Access("inside"),
    "units/<str:code>/": _unit(PEOPLE - {"group_leader"}),
    "units/lookup/": Access("inside"),
    "units/<str:code>/move/": _unit(),
    "units/<str:code>/merge/": _unit(),
    "units/<str:code>/dissolve/": _unit(),
    "units/<str:code>/below/": _unit(),
    "units/<str:code>/exemptions/": _unit(),
    "units/<str:code>/facts/": _unit(),
    "units/<str:code>/groups/": _unit(),
    "units/<str:code>/members/": _unit(),
    "units/<str:code>/posts/": _unit(),
    "units/<str:code>/terms/": _unit(),
    "exemptions/<uuid:uuid>/approve/": _record("exemption"),
    "exemptions/<uuid:uuid>/refuse/": _record("exemption"),
    "members/": Access("inside", sees=WRITERS),
    "members/export/": Access("inside"),
    "members/<uuid:uuid>/": _record("member", sees=WRITERS),
    "members/<uuid:uuid>/edit/": _record("member"),
    "members/<uuid:uuid>/transfer/": _record("member"),
    "members/<uuid:uuid>/state/": _record("member"),
    "members/<uuid:uuid>/reveal/": _record("member"),
    "access/": Access("inside", sees=frozenset({"district_1", "district_2"})),
    "access/open/": Access("inside"),
    "access/renew/": Access("inside"),
    "^import/(?P<kind>units|members)/$": Access("inside"),
    "^import/(?P<kind>units|members)/template/$": Access("inside"),
    "import/<uuid:uuid>/": _record("job"),
    "import/<uuid:uuid>/confirm/": _record("job"),
    "import/<uuid:uuid>/faults/": _record("job"),
    "import/<uuid:uuid>/progress/": _record("job"),
    # 党建品牌
    "brands/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "brands/board/": Access("inside", sees=BOSSES | {"leader"}),
    "brands/coverage/": Access("inside", sees=BOSSES | {"leader"}),
    "brands/export/": Access("inside"),
    "brands/import/": Access("inside"),
    "brands/import/confirm/": Access("inside"),
    "brands/import/template/": Access("inside"),
    "brands/inspections/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "brands/media/": Access("inside", sees=PEOPLE - {"group_leader"}, query="year=2026"),
    "brands/mine/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "brands/new/": Access("inside", sees=WRITERS),
    "brands/queue/": Access("inside", sees=BOSSES),
    "brands/reviews/": Access("inside", sees=frozenset({"district_1", "district_2"})),
    "brands/reviews/<uuid:uuid>/": _record(
        "brand_sheet", sees=frozenset({"district_1", "district_2"})
    ),
    "brands/reviews/<uuid:uuid>/excuse/": _record("brand_review"),
    "brands/showings/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "brands/showings/new/": Access("inside", sees=BOSSES),
    "brands/<uuid:uuid>/": _record("brand", sees=PEOPLE - {"group_leader"}),
    "brands/<uuid:uuid>/case.docx": _record("brand", sees=PEOPLE - {"group_leader"}),
    "brands/<uuid:uuid>/case/": _record("brand", sees=WRITERS),
    "brands/<uuid:uuid>/edit/": _record("brand", sees=WRITERS),
    "brands/<uuid:uuid>/honours/new/": _record("brand"),
    "brands/<uuid:uuid>/media/new/": _record("brand"),
    "brands/<uuid:uuid>/pictures/": _record("brand"),
    "brands/<uuid:uuid>/open/": _record("brand"),
    "brands/<uuid:uuid>/promote/": _record("brand"),
    "brands/<uuid:uuid>/recognise/": _record("brand"),
    "brands/<uuid:uuid>/reposition/": _record("brand"),
    "brands/files/<uuid:uuid>/": _record("brand_file"),
    "brands/files/<uuid:uuid>/remove/": _record("brand_file"),
    "brands/files/<uuid:uuid>/small/": _record("brand_file"),
    "brands/inspections/<uuid:uuid>/answer/": _record("brand_inspection"),
    "brands/inspections/<uuid:uuid>/return/": _record("brand_inspection"),
    "brands/inspections/<uuid:uuid>/settle/": _record("brand_inspection"),
    "brands/plan/<uuid:uuid>/done/": _record("brand_plan"),
    "brands/plan/<uuid:uuid>/drop/": _record("brand_plan"),
    "brands/plan/<uuid:uuid>/edit/": _record("brand_plan", sees=WRITERS),
    "brands/years/<uuid:uuid>/inspections/new/": _record("brand_year"),
    "brands/years/<uuid:uuid>/list/": _record("brand_year", sees=WRITERS),
    "brands/years/<uuid:uuid>/plan/new/": _record("brand_year", sees=WRITERS),
    "brands/years/<uuid:uuid>/reviewers/": _record("brand_year"),
    "brands/years/<uuid:uuid>/adjust/": _record("brand_year"),
    "brands/years/<uuid:uuid>/apply/": _record("brand_year"),
    "brands/years/<uuid:uuid>/approve/": _record("brand_year"),
    "brands/years/<uuid:uuid>/decide/": _record("brand_year"),
    "brands/years/<uuid:uuid>/pick/": _record("brand_year"),
    "brands/years/<uuid:uuid>/report/": _record("brand_year"),
    "brands/years/<uuid:uuid>/return/": _record("brand_year"),
    "brands/years/<uuid:uuid>/rework/": _record("brand_year"),
    "brands/years/<uuid:uuid>/sum/": _record("brand_year"),
    "brands/years/<uuid:uuid>/unpick/": _record("brand_year"),
    "brands/years/<uuid:uuid>/withdraw/": _record("brand_year"),
    # 季度考核
    "runs/": Access("inside"),
    "runs/start/": Access("inside"),
    "runs/<uuid:uuid>/": _run(BOSSES),
    "runs/<uuid:uuid>/differences/": _run(),
    "runs/<uuid:uuid>/export/": _run(),
    "runs/<uuid:uuid>/progress/": _run(),
    "runs/<uuid:uuid>/units/<str:code>/": _run(),
    "runs/<uuid:uuid>/publish/": _run(),
    # The admin itself
    "admin/": Access("desk"),
    "admin/(?P<url>.*)$": Access("desk"),
    "admin/autocomplete/": Access("desk"),
    "admin/jsi18n/": Access("desk"),
    "admin/login/": Access("door"),
    "admin/logout/": Access("door"),
    "admin/password_change/": Access("door"),
    "admin/password_change/done/": Access("door"),
}

# The admin's tables: "app/model" → its line. ``of`` makes every address with an id be tried with
# the objects of others.
TABLES: dict[str, Access] = {
    "accounts/user": Access("desk", of="user"),
    "branches/apiclient": Access("desk", of="client"),
    "branches/committeeterm": Access("desk", of="term"),
    "branches/exemption": Access("desk", of="exemption"),
    "branches/grant": Access("desk", of="grant"),
    "branches/member": Access("desk", of="member"),
    "branches/post": Access("desk", of="post"),
    "branches/unit": Access("desk", of="unit"),
    "branches/unitchange": Access("desk", of="change"),
    "brands/brand": Access("desk", of="brand"),
    "brands/brandmove": Access("desk", of="brand_move"),
    "brands/brandyear": Access("desk", of="brand_year"),
    "brands/honour": Access("desk", of="brand_honour"),
    "brands/inspection": Access("desk", of="brand_inspection"),
    "brands/mediareport": Access("desk", of="brand_media"),
    "brands/planitem": Access("desk", of="brand_plan"),
    "brands/quota": Access("desk", of="brand_quota", shared=True),
    "brands/review": Access("desk", of="brand_review"),
    "brands/scheme": Access("desk", of="brand_scheme", shared=True),
    "brands/showing": Access("desk", of="brand_showing"),
    "brands/standarditem": Access("desk", of="brand_item", shared=True),
    "core/delivery": Access("desk"),
    "core/holiday": Access("desk"),
    "core/job": Access("desk", of="job"),
    "core/notice": Access("desk", of="notice"),
    "core/ruleparameter": Access("desk"),
    "meetings/meeting": Access("desk", of="meeting"),
    "meetings/event": Access("desk", of="event"),
    "meetings/fixeddaymove": Access("desk", of="move", shared=True),
    "meetings/spotcheck": Access("desk", of="check"),
    "assessment/run": Access("desk", of="run", shared=True),
    "assessment/runrow": Access("desk", of="run_row"),
    "assessment/scheme": Access("desk"),
    "account/emailaddress": Access("system"),
    "allauth_idp_oidc/client": Access("system"),
    "allauth_idp_oidc/token": Access("system"),
    "auth/group": Access("system"),
    "django_celery_beat/clockedschedule": Access("system"),
    "django_celery_beat/crontabschedule": Access("system"),
    "django_celery_beat/intervalschedule": Access("system"),
    "django_celery_beat/periodictask": Access("system"),
    "django_celery_beat/solarschedule": Access("system"),
    "mfa/authenticator": Access("system"),
}
# What the admin adds to each table.
TABLE_ROUTES = frozenset(
    {
        "",
        "add/",
        "<path:object_id>/",
        "<id>/password/",
        "<path:object_id>/change/",
        "<path:object_id>/delete/",
        "<path:object_id>/history/",
    }
)
_TABLE = re.compile(r"admin/([a-z_]+)/([a-z]+)/(.*)\Z")


def access(route: Route) -> Access | None:
    """The line of an address; None when nobody wrote one."""
    line = MATRIX.get(route.pattern)
    if line is not None or route.pattern.startswith("admin/^(?P<app_label>"):
        return line or Access("desk")
    found = _TABLE.match(route.pattern)
    if found is None or found[3] not in TABLE_ROUTES:
        return None
    table = TABLES.get(f"{found[1]}/{found[2]}")
    if table is None or found[3].startswith("<"):
        return table and replace(table, value=_pk, sees=_opened(table, found[3]))
    return Access(table.kind, sees=NOBODY if found[3] else table.sees, query=table.query)


def _opened(table: Access, suffix: str) -> frozenset[str]:
    return table.sees if suffix == "<path:object_id>/change/" else NOBODY
