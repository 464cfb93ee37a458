"""The lines of 换届选举 in the access matrix."""

from tests.access.line import BOSSES, NOBODY, PEOPLE, WRITERS, Access, by_code, feed, record

_READERS = PEOPLE - {"group_leader"}
_WAVE = Access("inside", of="wave", shared=True)

LINES: dict[str, Access] = {
    "api/v1/elections/": feed(NOBODY),
    "elections/": Access("inside"),
    "elections/mine/": Access("inside", sees=frozenset({"secretary_a", "secretary_b"})),
    "elections/queue/": Access("inside", sees=BOSSES),
    "elections/terms/": Access("inside", sees=_READERS),
    "elections/terms/export/": Access("inside"),
    "elections/list/": Access("inside", sees=_READERS),
    "elections/list/export/": Access("inside"),
    "elections/list/<uuid:uuid>/": record("election", sees=_READERS),
    "elections/units/<str:code>/new/": Access("inside", of="unit", value=by_code),
    "elections/units/<str:code>/shift/": Access("inside", of="unit", value=by_code),
    "elections/waves/new/": Access("inside"),
    "elections/waves/<uuid:uuid>/": _WAVE,
    "elections/waves/<uuid:uuid>/edit/": _WAVE,
    "elections/waves/<uuid:uuid>/rows/": Access("inside", of="wave", shared=True, sees=_READERS),
    "elections/waves/<uuid:uuid>/rows/new/": _WAVE,
    "elections/waves/<uuid:uuid>/export/": _WAVE,
    "elections/waves/<uuid:uuid>/import/": _WAVE,
    "elections/waves/<uuid:uuid>/import/template/": _WAVE,
    "elections/bodies/<uuid:uuid>/": record("wave_body", sees=_READERS),
    "elections/bodies/<uuid:uuid>/civic/": record("wave_body", sees=WRITERS),
    "elections/bodies/<uuid:uuid>/remove/": record("wave_body", sees=frozenset({"district_1"})),
    "elections/files/<uuid:uuid>/": record("election_file"),
    "elections/files/<uuid:uuid>/small/": record("election_file"),
    **{
        f"elections/list/<uuid:uuid>/{name}.docx": record("election")
        for name in ("request", "report", "count")
    },
    **{
        f"elections/list/<uuid:uuid>/{deed}/": record("election", sees=WRITERS)
        for deed in (
            "change", "ask", "plan", "consult", "review", "choose", "file", "exclude", "vote",
            "shorten", "divide", "report", "cancel",
        )
    },
    **{
        f"elections/list/<uuid:uuid>/{deed}/": record("election", sees=BOSSES)
        for deed in ("answer", "back", "approve", "confirm")
    },
    "elections/exclusions/<uuid:uuid>/count/": record("exclusion", sees=WRITERS),
    "elections/ballots/<uuid:uuid>/strike/": record("ballot", sees=WRITERS),
    "elections/shifts/<uuid:uuid>/approve/": record("shift", sees=BOSSES),
    "elections/shifts/<uuid:uuid>/refuse/": record("shift", sees=BOSSES),
}  # fmt: skip
TABLES: dict[str, Access] = {
    "elections/election": Access("desk", of="election"),
    "elections/ballot": Access("desk", of="ballot"),
    "elections/shift": Access("desk", of="shift"),
    "elections/wave": Access("desk", of="wave", shared=True),
    "elections/exclusionreason": Access("desk"),
}
