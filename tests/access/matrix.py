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
    "search/": Access("inside", sees=PEOPLE, query="q=zu"),
    "healthz": Access("open"),
    "session/": Access("inside"),
    "sw.js": Access("open"),
    "offline/": Access("open"),
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
    "api/v1/programmes/": _feed(BOSSES | {"client_district", "client_reader", "leader"}),
    "api/v1/events/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/spot-checks/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/check-draws/": _feed(NOBODY),
    "api/v1/check-draws/<uuid:uuid>/": Access("api", of="draw"),
    "api/v1/meetings/": _feed(),
    "api/v1/meetings/<uuid:uuid>/": Access(
        "api", of="meeting", sees=CLIENTS | PEOPLE - {"group_leader"}
    ),
    "api/v1/meetings/<uuid:uuid>/submit/": Access("api", of="meeting"),
    "api/v1/study-plans/": _feed(NOBODY),
    "api/v1/courses/": _feed(BOSSES | {"leader", "client_district", "client_reader"}),
    "api/v1/lecture-bookings/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/duties/": _feed(CLIENTS | PEOPLE - {"group_leader"}, query="period=2026Q3"),
    "api/v1/life-progress/": _feed(NOBODY),
    "api/v1/brands/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/brand-years/": _feed(NOBODY),
    "api/v1/brand-inspections/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/brand-media/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/schemes/": _feed(NOBODY),
    "api/v1/appeals/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/rulings/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/runs/": _feed(NOBODY),
    "api/v1/runs/<uuid:uuid>/": Access("api", of="run", shared=True),
    "api/v1/runs/<uuid:uuid>/rows/": Access(
        "api", of="run", shared=True, sees=CLIENTS | PEOPLE - {"group_leader"}
    ),
    "api/v1/cases/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/case-problems/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
    "api/v1/case-figures/": _feed(CLIENTS | PEOPLE - {"group_leader"}),
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
    "checks/": Access("inside", sees=BOSSES | {"secretary_a", "secretary_b", "leader"}),
    "checks/export/": Access("inside"),
    "checks/findings/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "checks/<uuid:uuid>/": _record("check", sees=PEOPLE - {"group_leader"}),
    "checks/draws/": Access("inside", sees=BOSSES | {"leader"}),
    "checks/draws/new/": Access("inside", sees=BOSSES),
    "checks/draws/<uuid:uuid>/": _record("draw", sees=BOSSES | {"leader"}),
    "checks/draws/<uuid:uuid>/seed/": _record("draw", sees=BOSSES | {"leader"}),
    "checks/draws/<uuid:uuid>/list.txt": _record("draw"),
    "checks/draws/<uuid:uuid>/notice.docx": _record("draw"),
    "findings/<uuid:uuid>/answer/": _record("finding"),
    "findings/<uuid:uuid>/close/": _record("finding"),
    "findings/<uuid:uuid>/return/": _record("finding"),
    "meetings/<uuid:uuid>/comments/": _record(),
    "comments/<uuid:uuid>/answer/": _record("comment"),
    "comments/<uuid:uuid>/withdraw/": _record("comment"),
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
    "meetings/<uuid:uuid>/correct/": _record("meeting_accepted"),
    "corrections/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "corrections/<uuid:uuid>/": _record("correction", sees=PEOPLE - {"group_leader"}),
    "corrections/<uuid:uuid>/approve/": _record("correction"),
    "corrections/<uuid:uuid>/refuse/": _record("correction"),
    "corrections/<uuid:uuid>/take-back/": _record("correction"),
    "meetings/minutes/": Access("inside"),
    "ledger/<str:code>/<int:year>/": _unit(),
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
    "meetings/study/": Access("inside"),
    "study/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "study/urge/": Access("inside"),
    "study/export/": Access("inside"),
    "study/units/<str:code>/": _unit(frozenset({"secretary_a", "secretary_b"})),
    "study/units/<str:code>/adopt/": _unit(),
    "study/plans/<uuid:uuid>/items/new/": _record("study_plan", sees=WRITERS),
    "study/items/<uuid:uuid>/edit/": _record("study_item", sees=WRITERS),
    "study/items/<uuid:uuid>/drop/": _record("study_item"),
    "study/texts/": Access("inside", sees=frozenset({"district_1", "district_2"})),
    "study/texts/new/": Access("inside"),
    "study/texts/<uuid:uuid>/edit/": _record("study_text", sees=frozenset({"district_1"})),
    "study/texts/export/": Access("inside"),
    "study/texts/import/": Access("inside"),
    "study/texts/import/confirm/": Access("inside"),
    "study/phases/": Access("inside"),
    "study/phases/<int:pk>/edit/": Access("inside", of="study_phase", value=_pk),
    "lectures/": Access("inside", sees=BOSSES | {"leader"}),
    "lectures/courses/new/": Access("inside"),
    "lectures/courses/<uuid:uuid>/edit/": _record("course", sees=BOSSES),
    "lectures/courses/<uuid:uuid>/ask/": Access("inside", of="course", shared=True),
    "lectures/courses/<uuid:uuid>/visit/": Access("inside", of="course", shared=True),
    "lectures/lecturers/": Access("inside", sees=BOSSES | {"leader"}),
    "lectures/lecturers/new/": Access("inside"),
    "lectures/lecturers/<uuid:uuid>/edit/": _record("lecturer", sees=BOSSES),
    "lectures/schedule/": Access("inside", sees=BOSSES | {"leader"}),
    "lectures/bookings/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "lectures/bookings/export/": Access("inside"),
    "lectures/bookings/<uuid:uuid>/cancel/": _record("booking"),
    "lectures/bookings/<uuid:uuid>/decline/": _record("booking"),
    "lectures/bookings/<uuid:uuid>/schedule/": _record("booking"),
    "duties/": Access("inside"),
    "behind/": Access("inside"),
    "behind/export/": Access("inside"),
    "behind/urge/": Access("inside"),
    "calendar/": Access("inside"),
    "behind/urges/": Access("inside", sees=BOSSES),
    "behind/urges/<int:pk>/": Access("inside", of="urge", value=_pk),
    "calendar/feeds/": Access("inside"),
    "calendar/feeds/<uuid:uuid>/revoke/": _record("feed"),
    # Read by phones: who has no token is told nothing (tests/meetings/test_feeds.py).
    "calendar/feed/<str:token>.ics": Access("open"),
    "calendar/<int:pk>/move/": Access("inside", of="district", value=_pk),
    "calendar/moves/<int:pk>/approve/": Access("inside", of="move", value=_pk, shared=True),
    "calendar/moves/<int:pk>/refuse/": Access("inside", of="move", value=_pk, shared=True),
    "life/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "life/standing/": Access("inside", sees=BOSSES | {"leader"}),
    "life/standing/export/": Access("inside"),
    "life/standing/urge/": Access("inside"),
    "life/reviews/start/": Access("inside"),
    "life/reviews/<uuid:uuid>/": _record("life_review", PEOPLE - {"group_leader"}),
    "life/reviews/<uuid:uuid>/close/": _record("life_review"),
    "life/reviews/<uuid:uuid>/return/": _record("life_review"),
    "life/reviews/<uuid:uuid>/problems/": _record("life_review", WRITERS | {"district_2"}),
    "life/reviews/<uuid:uuid>/list.docx": _record("life_review"),
    "life/problems/<uuid:uuid>/": _record("life_problem", WRITERS | {"district_2"}),
    "life/problems/<uuid:uuid>/remove/": _record("life_problem"),
    "life/problems/<uuid:uuid>/reopen/": _record("life_problem"),
    "life/appraisals/start/": Access("inside"),
    "life/appraisals/<uuid:uuid>/": _record("appraisal", PEOPLE - {"group_leader"}),
    "life/appraisals/<uuid:uuid>/approve/": _record("appraisal"),
    "life/appraisals/<uuid:uuid>/return/": _record("appraisal"),
    "life/appraisals/<uuid:uuid>/summary.docx": _record("appraisal"),
    "life/entries/<uuid:uuid>/slip.docx": _record("appraisal_entry"),
    "life/entries/<uuid:uuid>/told/": _record("appraisal_entry"),
    "life/talks/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "life/talks/new/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "life/talks/file/": Access("inside"),
    "life/talks/<uuid:uuid>/remove/": _record("talk"),
    "fixed-day/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "fixed-day/<str:label>/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "fixed-day/<str:label>/day.ics": Access("inside", sees=frozenset({"secretary_a"})),
    "fixed-day/<str:label>/notice.docx": Access("inside", sees=PEOPLE - {"group_leader"}),
    "fixed-day/<str:label>/rows/": Access("inside", sees=BOSSES),
    "fixed-day/<str:label>/programme/": Access("inside", sees=BOSSES),
    "fixed-day/<str:label>/postpone/": Access("inside", sees=WRITERS),
    "fixed-day/desk/": Access("inside", sees=WRITERS | {"district_2"}),
    "fixed-day/log/": Access("inside", sees=PEOPLE - {"group_leader"}, query="year=2026"),
    "fixed-day/files/<uuid:uuid>/": Access("inside", of="programme_item", shared=True),
    "fixed-day/programmes/<uuid:uuid>/publish/": _record("programme"),
    "fixed-day/programmes/<uuid:uuid>/recall/": _record("programme"),
    "fixed-day/postponements/<uuid:uuid>/approve/": _record("postponement"),
    "fixed-day/postponements/<uuid:uuid>/refuse/": _record("postponement"),
    "fixed-day/postponements/<uuid:uuid>/withdraw/": _record("postponement"),
    "fixed-day/share/<uuid:uuid>/": _record("meeting_accepted"),
    "fixed-day/shares/<uuid:uuid>/consent/": _record("share"),
    "fixed-day/shares/<uuid:uuid>/approve/": _record("share"),
    "fixed-day/shares/<uuid:uuid>/refuse/": _record("share"),
    "fixed-day/shares/<uuid:uuid>/withdraw/": _record("share"),
    "fixed-day/photos/<uuid:uuid>/": Access("inside", of="share_photo", shared=True),
    "fixed-day/photos/<uuid:uuid>/small/": Access("inside", of="share_photo", shared=True),
    "meetings/checkin/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "meetings/<uuid:uuid>/checkin/": _record("meeting_draft", sees=frozenset({"secretary_a"})),
    "meetings/<uuid:uuid>/checkin/start/": _record("meeting_draft"),
    "meetings/<uuid:uuid>/checkin/code/": _record("meeting_draft"),
    "meetings/<uuid:uuid>/checkin/count/": _record("meeting_draft"),
    "meetings/<uuid:uuid>/checkin/end/": _record("meeting_draft"),
    "checkin/answer/": Access("open"),
    "checkin/<str:code>/": Access("open"),
    "notices/": Access("inside"),
    "notices/<int:pk>/open/": Access("inside", of="notice", value=_pk),
    "notices/read/": Access("inside"),
    "notices/mine/": Access("inside"),
    # 通知渠道
    "channels/": Access("inside", sees=frozenset({"committee_a", "committee_b", "district_1"})),
    "channels/new/": Access("inside", sees=BOSSES),
    "channels/<uuid:uuid>/": _record("robot"),
    "channels/<uuid:uuid>/test/": _record("robot"),
    "channels/<uuid:uuid>/state/": _record("robot"),
    "deliveries/": Access("inside", sees=BOSSES),
    "deliveries/<int:pk>/retry/": Access("inside", of="delivery", value=_pk),
    # 后进整顿
    "vote/": Access("open"),
    "vote/thanks/": Access("open"),
    "rectification/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "rectification/mine/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "rectification/queue/": Access("inside", sees=BOSSES),
    "rectification/batches/new/": Access("inside"),
    "rectification/batches/<uuid:uuid>/edit/": Access("inside", of="batch", shared=True),
    "rectification/batches/<uuid:uuid>/cases/new/": Access(
        "inside", of="batch", shared=True, sees=BOSSES
    ),
    "rectification/cases/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "rectification/cases/export/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "rectification/problems/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "rectification/reports/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "rectification/figures/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "rectification/cases/<uuid:uuid>/": _record("case", sees=PEOPLE - {"group_leader"}),
    "rectification/cases/<uuid:uuid>/record.docx": _record("case", PEOPLE - {"group_leader"}),
    "rectification/cases/<uuid:uuid>/notice.docx": _record("case", PEOPLE - {"group_leader"}),
    "rectification/cases/<uuid:uuid>/import/": _record("case", sees=WRITERS),
    "rectification/cases/<uuid:uuid>/import/template/": _record("case"),
    **{
        f"rectification/cases/<uuid:uuid>/{deed}/": _record("case", sees=sees)
        for deeds, sees in (
            (("decide", "drop", "accept", "settle"), frozenset({"district_1", "district_2"})),
            (("assign", "start", "inspect", "poll", "examine", "close", "reopen"), BOSSES),
            (("describe", "visit", "problem", "promise", "figure", "report"), WRITERS),
        )
        for deed in deeds
    },
    **{
        f"rectification/problems/<uuid:uuid>/{deed}/": _record("case_problem", sees=sees)
        for deeds, sees in (
            (("take-up", "done"), WRITERS),
            (("confirm", "back", "dismiss"), BOSSES),
        )
        for deed in deeds
    },
    "rectification/promises/<uuid:uuid>/keep/": _record("promise", sees=WRITERS),
    "rectification/promises/<uuid:uuid>/card.docx": _record("promise"),
    "rectification/inspections/<uuid:uuid>/answer/": _record("inspection", sees=WRITERS),
    "rectification/figures/<uuid:uuid>/void/": _record("figure", sees=WRITERS),
    "rectification/polls/<uuid:uuid>/": _record("poll", sees=PEOPLE - {"group_leader"}),
    "rectification/polls/<uuid:uuid>/slips/": _record("poll", sees=BOSSES),
    "rectification/polls/<uuid:uuid>/tally/": _record("poll", sees=BOSSES),
    "rectification/polls/<uuid:uuid>/count/": _record("poll", sees=BOSSES),
    "rectification/closings/<uuid:uuid>/approve/": _record("closing", sees=BOSSES),
    "rectification/closings/<uuid:uuid>/refuse/": _record("closing", sees=BOSSES),
    "rectification/files/<uuid:uuid>/": _record("case_file"),
    "rectification/files/<uuid:uuid>/small/": _record("case_file"),
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
    "runs/<uuid:uuid>/changes/": _run(PEOPLE - {"group_leader"}),
    "runs/<uuid:uuid>/units/<str:code>/appeal/": _run(),
    "appeals/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "appeals/<uuid:uuid>/": _record("appeal", sees=PEOPLE - {"group_leader"}),
    "appeals/<uuid:uuid>/withdraw/": _record("appeal"),
    "appeals/<uuid:uuid>/take/": _record("appeal"),
    "appeals/<uuid:uuid>/opinion/": _record("appeal"),
    "appeals/<uuid:uuid>/decide/": _record("appeal"),
    "appeals/<uuid:uuid>/files/": _record("appeal"),
    "appeals/<uuid:uuid>/answer.docx": _record("answered", sees=PEOPLE - {"group_leader"}),
    "appeals/files/<uuid:uuid>/": _record("appeal_file"),
    "schemes/": Access("inside", sees=frozenset({"district_1", "district_2"})),
    "schemes/compare/": Access("inside"),
    "schemes/<int:version>/copy/": Access("inside"),
    "schemes/drafts/<uuid:uuid>/": _record("draft", sees=frozenset({"district_1", "district_2"})),
    "schemes/drafts/<uuid:uuid>/try/": _record("draft"),
    "schemes/drafts/<uuid:uuid>/propose/": _record("draft"),
    "schemes/drafts/<uuid:uuid>/return/": _record("draft_proposed"),
    "schemes/drafts/<uuid:uuid>/adopt/": _record("draft_proposed"),
    "schemes/drafts/<uuid:uuid>/drop/": _record("draft"),
    "schemes/trials/<uuid:uuid>/": _record("trial", sees=frozenset({"district_1", "district_2"})),
    "schemes/trials/<uuid:uuid>/progress/": _record("trial"),
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
    "branches/robot": Access("desk", of="robot"),
    "branches/unit": Access("desk", of="unit"),
    "branches/unitchange": Access("desk", of="change"),
    "core/delivery": Access("desk", of="own_delivery"),
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
    "core/holiday": Access("desk"),
    "core/job": Access("desk", of="job"),
    "core/notice": Access("desk", of="notice"),
    "core/preference": Access("desk", of="preference"),
    "core/ruleparameter": Access("desk"),
    "meetings/correction": Access("desk", of="correction"),
    "meetings/checkdraw": Access("desk", of="draw"),
    "meetings/checksheet": Access("desk", of="sheet", shared=True),
    "meetings/finding": Access("desk", of="finding"),
    "meetings/meeting": Access("desk", of="meeting"),
    "meetings/minutestemplate": Access("desk", of="minutes_template"),
    "meetings/event": Access("desk", of="event"),
    "meetings/fixeddaymove": Access("desk", of="move", shared=True),
    "meetings/calendarfeed": Access("desk", of="feed"),
    "meetings/urge": Access("desk", of="urge"),
    "meetings/spotcheck": Access("desk", of="check"),
    "meetings/lifereview": Access("desk", of="life_review"),
    "meetings/appraisal": Access("desk", of="appraisal"),
    "meetings/talk": Access("desk", of="talk"),
    "meetings/programme": Access("desk", of="programme"),
    "meetings/postponement": Access("desk", of="postponement"),
    "meetings/share": Access("desk", of="share"),
    "meetings/checkin": Access("desk", of="checkin"),
    "meetings/studyphase": Access("desk", of="study_phase"),
    "meetings/studytext": Access("desk", of="study_text"),
    "meetings/studyplan": Access("desk", of="study_plan"),
    "meetings/lecturer": Access("desk", of="lecturer"),
    "meetings/course": Access("desk", of="course"),
    "meetings/booking": Access("desk", of="booking"),
    "rectification/batch": Access("desk", of="batch", shared=True),
    "rectification/case": Access("desk", of="case"),
    "rectification/closing": Access("desk", of="closing"),
    "rectification/figureentry": Access("desk", of="figure"),
    "rectification/inspection": Access("desk", of="inspection"),
    "rectification/listingreason": Access("desk"),
    "rectification/problem": Access("desk", of="case_problem"),
    "assessment/run": Access("desk", of="run", shared=True),
    "assessment/runrow": Access("desk", of="run_row"),
    "assessment/scheme": Access("desk"),
    "assessment/schemedraft": Access("desk", of="draft"),
    "assessment/appeal": Access("desk", of="appeal"),
    "assessment/ruling": Access("desk", of="ruling"),
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
