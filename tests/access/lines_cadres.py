"""The lines of 干部工作 in the access matrix: officers, and nobody else whoever he is."""

from tests.access.line import Access

OFFICERS = frozenset({"cadre_officer_1", "cadre_officer_2"})
# The address of a row → the kind of object in the world.
_ROWS = {
    "people": "cadre",
    "stints": "cadre_stint",
    "family": "cadre_family",
    "ranks": "cadre_rank",
    "appraisals": "cadre_appraisal",
    "appointments": "cadre_appointment",
    "audits": "cadre_audit",
    "orders": "cadre_order",
    "duties": "cadre_duty",
    "drawn": "cadre_drawn",
    "courses": "cadre_course",
}
# What may be done about each; those of ``_SHOWN`` show the officer's own canary on their form.
_DEEDS = {
    "people": ("edit", "stint", "family", "rank", "appraisal", "photo", "tag"),
    "stints": ("end", "drop"),
    "family": ("drop",),
    "ranks": ("drop",),
    "appraisals": ("drop",),
    "appointments": ("step", "must", "stop"),
    "audits": ("item", "review"),
    "orders": ("reply", "close"),
    "duties": ("receive",),
    "drawn": ("settle",),
    "courses": ("enrol",),
}
_BLIND = {"family", "orders", "appraisals"}


def _page(sees: frozenset[str] = OFFICERS, query: str = "") -> Access:
    return Access("inside", sees=sees, query=query)


def _row(of: str, sees: frozenset[str] = OFFICERS) -> Access:
    return Access("inside", of=of, sees=sees)


_NONE = frozenset[str]()
LINES: dict[str, Access] = {
    "cadres/": _page(),
    "cadres/export/": _page(_NONE),
    "cadres/import/": _page(_NONE),
    "cadres/import/template/": _page(_NONE),
    "cadres/log/": _page(),
    "cadres/quota/": _page(_NONE),
    "cadres/appointments/": _page(),
    "cadres/oversight/": _page(),
    "cadres/matters/": _page(),
    "cadres/training/": _page(),
    "cadres/people/<uuid:uuid>/": _row("cadre"),
    "cadres/people/<uuid:uuid>/open/": _row("cadre"),
    "cadres/people/<uuid:uuid>/form.docx": _row("cadre", _NONE),
    "cadres/photos/<uuid:uuid>/": _row("cadre_photo", _NONE),
    "cadres/appointments/<uuid:uuid>/": _row("cadre_appointment"),
    "cadres/appointments/<uuid:uuid>/process.docx": _row("cadre_appointment", _NONE),
    "cadres/draws/<uuid:uuid>/": _row("cadre_draw"),
    "cadres/draws/<uuid:uuid>/list.txt": _row("cadre_draw", _NONE),
    "cadres/draws/<uuid:uuid>/sheet.docx": _row("cadre_draw", _NONE),
    "cadres/courses/<uuid:uuid>/": _row("cadre_course"),
    **{
        f"cadres/{of}/<uuid:uuid>/{deed}/": _row(_ROWS[of], _NONE if of in _BLIND else OFFICERS)
        for of, deeds in _DEEDS.items()
        for deed in deeds
    },
    **{
        f"cadres/do/{name}/": _page(OFFICERS if name in ("order", "duty") else _NONE)
        for name in (
            "cadre", "quota", "motion", "order", "duty", "year", "filing", "draw", "course",
            "criterion",
        )
    },
}  # fmt: skip
TABLES: dict[str, Access] = {}
