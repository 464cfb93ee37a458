"""The lines of 两新星级 in the access matrix."""

from tests.access.line import BOSSES, PEOPLE, WRITERS, Access, feed, record

_READERS = PEOPLE - {"group_leader"}
_DISTRICT = frozenset({"district_1", "district_2"})
_SECRETARIES = frozenset({"secretary_a", "secretary_b"})

LINES: dict[str, Access] = {
    "starrating/": Access("inside", sees=PEOPLE - {"group_leader"}),
    "starrating/mine/": Access("inside", sees=_SECRETARIES),
    "starrating/queue/": Access("inside", sees=BOSSES),
    "starrating/plan/": Access("inside"),
    "starrating/organisations/": Access("inside", sees=_READERS),
    "starrating/organisations/new/": Access("inside", sees=BOSSES),
    "starrating/organisations/export/": Access("inside", sees=_READERS),
    "starrating/organisations/import/": Access("inside"),
    "starrating/organisations/import/template/": Access("inside"),
    "starrating/organisations/<uuid:uuid>/": record("star_organisation", _READERS),
    "starrating/organisations/<uuid:uuid>/edit/": record("star_organisation", BOSSES),
    "starrating/organisations/<uuid:uuid>/tick/": record("star_organisation", WRITERS),
    **{
        f"starrating/organisations/<uuid:uuid>/{deed}/": record("star_organisation", sees)
        for deed, sees in (
            ("demote", _DISTRICT), ("model", _DISTRICT), ("close", BOSSES), ("include", _DISTRICT),
        )
    },
    "starrating/ratings/": Access("inside", sees=_READERS),
    "starrating/ratings/export/": Access("inside", sees=_READERS),
    "starrating/ratings/<uuid:uuid>/": record("star_rating", _READERS),
    "starrating/ratings/<uuid:uuid>/sheet.docx": record("star_rating", _READERS),
    "starrating/ratings/<uuid:uuid>/self/": record("star_self", WRITERS),
    "starrating/ratings/<uuid:uuid>/check/": record("star_filed", BOSSES),
    "starrating/ratings/<uuid:uuid>/review/": record("star_rating", _DISTRICT),
    "starrating/ratings/<uuid:uuid>/submit/": record("star_self", WRITERS),
    **{
        f"starrating/ratings/<uuid:uuid>/{deed}/": record("star_rating", sees)
        for deeds, sees in (
            (("return-self", "finish-check", "end-new"), BOSSES),
            (
                (
                    "return-check", "finish-review", "return-review", "except", "except-approve",
                    "except-refuse", "object", "award", "veto", "lift",
                ),
                _DISTRICT,
            ),
        )
        for deed in deeds
    },
    "starrating/rounds/new/": Access("inside"),
    "starrating/rounds/<uuid:uuid>/edit/": Access(
        "inside", of="star_round", shared=True, sees=_DISTRICT
    ),
    "starrating/rounds/<uuid:uuid>/notice.docx": Access("inside", of="star_round", shared=True),
    **{
        f"starrating/rounds/<uuid:uuid>/{deed}/": Access("inside", of="star_round", shared=True)
        for deed in ("start", "publish", "award-all", "close")
    },
    "starrating/sites/<uuid:uuid>/end/": record("star_site", _DISTRICT),
    "starrating/standards/": Access("inside", sees=_DISTRICT),
    "starrating/standards/default/": Access("inside"),
    "starrating/standards/import/": Access("inside"),
    "starrating/standards/<uuid:uuid>/": Access("inside", of="star_standard", shared=True),
    "starrating/standards/<uuid:uuid>/export/": Access("inside", of="star_standard", shared=True),
    "starrating/files/<uuid:uuid>/": record("star_file"),
    "starrating/files/<uuid:uuid>/small/": record("star_file"),
    "api/v1/star-organisations/": feed(PEOPLE - {"group_leader"}),
    "api/v1/star-ratings/": feed(PEOPLE - {"group_leader"}),
}  # fmt: skip
TABLES: dict[str, Access] = {
    "starrating/activity": Access("desk", of="star_activity"),
    "starrating/activitykind": Access("desk"),
    "starrating/guidancelevel": Access("desk"),
    "starrating/modelsite": Access("desk", of="star_site"),
    "starrating/organisation": Access("desk", of="star_organisation"),
    "starrating/plan": Access("desk", of="star_plan", shared=True),
    "starrating/rating": Access("desk", of="star_rating"),
    "starrating/round": Access("desk", of="star_round", shared=True),
    "starrating/standard": Access("desk", of="star_standard", shared=True),
    "starrating/starchange": Access("desk", of="star_change"),
    "starrating/vetoreason": Access("desk"),
}
