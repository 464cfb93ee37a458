"""The lines of 党费与经费 in the access matrix."""

from tests.access.line import BOSSES, CLIENTS, PEOPLE, WRITERS, Access, by_code, feed

_STAFF = BOSSES
_LOOKERS = BOSSES | {"leader"}
_ALL = PEOPLE - {"group_leader"}
_BRANCH = "dues/branches/<str:code>/"


def _branch(sees: frozenset[str] = frozenset()) -> Access:
    return Access("inside", of="dues_branch", value=by_code, sees=sees)


def _of(kind: str, sees: frozenset[str] = frozenset()) -> Access:
    return Access("inside", of=kind, sees=sees)


LINES: dict[str, Access] = {
    "api/v1/dues/": feed(frozenset()),
    "api/v1/allotments/": feed(CLIENTS | _ALL),
    "dues/": Access("inside", sees=_LOOKERS),
    "dues/mine/": Access("inside", sees=frozenset()),
    "dues/queue/": Access("inside", sees=_STAFF),
    "dues/arrears/": Access("inside", sees=WRITERS),
    "dues/sums/": Access("inside", sees=_ALL),
    "dues/summary.xlsx": Access("inside", sees=_ALL),
    "dues/branches/": Access("inside", sees=_ALL),
    _BRANCH: _branch(WRITERS),
    f"{_BRANCH}open/": _branch(),
    f"{_BRANCH}register.xlsx": _branch(WRITERS),
    f"{_BRANCH}notice.docx": _branch(WRITERS),
    f"{_BRANCH}receipts.docx": _branch(WRITERS),
    f"{_BRANCH}standards/": _branch(WRITERS),
    f"{_BRANCH}standards.xlsx": _branch(WRITERS),
    f"{_BRANCH}standards/import/": _branch(WRITERS),
    f"{_BRANCH}standards/template.xlsx": _branch(WRITERS),
    "dues/branches/<str:key>/remit/": _branch(WRITERS),
    "dues/members/<uuid:uuid>/": _of("dues_member", WRITERS),
    **{
        f"dues/members/<uuid:key>/{deed}/": _of("dues_member", WRITERS)
        for deed in ("standard", "reduction", "gift")
    },
    "dues/payments/<uuid:key>/undo/": _of("dues_payment", WRITERS),
    **{
        f"dues/months/<uuid:key>/{deed}/": _of("dues_month", WRITERS)
        for deed in ("strike", "restore", "explain")
    },
    "dues/reductions/<uuid:key>/approve/": _of("dues_reduction", _STAFF),
    "dues/reductions/<uuid:key>/refuse/": _of("dues_reduction", _STAFF),
    "dues/remittances/<uuid:key>/confirm/": _of("dues_remittance", _STAFF),
    "dues/remittances/<uuid:key>/return/": _of("dues_remittance", _STAFF),
    "dues/gifts/<uuid:key>/forward/": _of("dues_gift", _STAFF),
    "dues/funds/": Access("inside", sees=_ALL),
    "dues/funds/mine/": Access("inside"),
    "dues/funds/allot/": Access("inside", sees=frozenset({"district_1", "district_2"})),
    "dues/funds/export.xlsx": Access("inside", sees=_ALL),
    "dues/funds/<str:code>/<int:year>/": Access("inside", of="dues_branch", value=by_code),
    **{f"dues/units/<str:key>/{deed}/": _branch(WRITERS) for deed in ("budget", "spend", "close")},
    "dues/units/<str:key>/allot/": _branch(frozenset({"district_1", "district_2"})),
    **{
        f"dues/allotments/<uuid:key>/{deed}/": _of(
            "dues_allotment", frozenset({"district_1", "district_2"})
        )
        for deed in ("approve", "refuse")
    },
    "dues/allotments/<uuid:key>/receive/": _of("dues_allotment", WRITERS),
    "dues/spendings/<uuid:key>/void/": _of("dues_spending", WRITERS),
    "dues/spendings/<uuid:key>/voucher/": _of("dues_spending", WRITERS),
    "dues/vouchers/<uuid:uuid>/": _of("dues_voucher"),
    "dues/vouchers/<uuid:uuid>/small/": _of("dues_voucher"),
}
TABLES: dict[str, Access] = {
    "dues/band": Access("desk"),
    "dues/standard": Access("desk", of="dues_standard"),
    "dues/due": Access("desk", of="dues_month"),
    "dues/payment": Access("desk", of="dues_payment"),
    "dues/reduction": Access("desk", of="dues_reduction"),
    "dues/remittance": Access("desk", of="dues_remittance"),
    "dues/gift": Access("desk", of="dues_gift"),
    "dues/budget": Access("desk", of="dues_budget"),
    "dues/allotment": Access("desk", of="dues_allotment"),
    "dues/spending": Access("desk", of="dues_spending"),
}
