"""The lines of 党员发展与转接 in the access matrix."""

from membership.deeds import DEEDS
from tests.access.line import BOSSES, CLIENTS, PEOPLE, PRIVILEGED, WRITERS, Access, feed, record

# Names are for branch, committee and district staff; leaders see counts, group leaders nothing.
_NAMED = WRITERS | {"district_2"}

LINES: dict[str, Access] = {
    "api/v1/admissions/": feed(PRIVILEGED | _NAMED),
    "api/v1/transfers/": feed(CLIENTS | PEOPLE - {"group_leader"}),
    "admissions/": Access("inside", sees=BOSSES),
    "admissions/mine/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "admissions/new/": Access("inside", sees=_NAMED),
    "admissions/cases/": Access("inside", sees=_NAMED),
    "admissions/cases/export/": Access("inside"),
    "admissions/cases/<uuid:uuid>/": record("admission", sees=_NAMED),
    "admissions/cases/<uuid:uuid>/edit/": record("admission", sees=_NAMED),
    "admissions/cases/<uuid:uuid>/end/": record("admission", sees=_NAMED),
    "admissions/cases/<uuid:uuid>/steps/<int:number>/": record("admission"),
    "admissions/cases/<uuid:uuid>/record.docx": record("admission"),
    "admissions/cases/<uuid:uuid>/notice.docx": record("admission"),
    "admissions/steps/<uuid:uuid>/answer/": record("admission_step", sees=BOSSES),
    "admissions/steps/<uuid:uuid>/back/": record("admission_step"),
    "transfers/": Access("inside", sees=_NAMED),
    "transfers/start/": Access("inside", sees=_NAMED),
    "transfers/leave/<uuid:uuid>/": record("member", sees=_NAMED),
    "transfers/ask/": Access("inside", sees=_NAMED),
    "transfers/arrive/": Access("inside", sees=_NAMED),
    "transfers/check/": Access("inside", sees=_NAMED),
    "transfers/away/": Access("inside", sees=_NAMED),
    "transfers/away/<uuid:uuid>/": record("clock", sees=_NAMED),
    "transfers/export/": Access("inside"),
    "transfers/import/": Access("inside"),
    "transfers/import/template/": Access("inside"),
    "transfers/<uuid:uuid>/": record("transfer", sees=_NAMED),
    "transfers/<uuid:uuid>/letter.docx": record("transfer"),
    **{f"transfers/<uuid:uuid>/{name}/": record("transfer") for name in DEEDS},
}
TABLES: dict[str, Access] = {
    "membership/candidate": Access("desk", of="admission"),
    "membership/step": Access("desk", of="admission_step"),
    "membership/transfer": Access("desk", of="transfer"),
    "membership/clock": Access("desk", of="clock"),
    "membership/ruleset": Access("desk"),
    "membership/steprule": Access("desk"),
}
