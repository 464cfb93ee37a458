"""The lines of 作用发挥 in the access matrix."""

from tests.access.line import BOSSES, CLIENTS, PEOPLE, WRITERS, Access, by_code, feed, record

_READERS = PEOPLE - {"group_leader"}
# Names of members are not for those who only look on.
_NAMED = WRITERS | {"district_2"}
_SECRETARIES = frozenset({"secretary_a", "secretary_b"})


def _deeds(of: str, thing: str, *names: str) -> dict[str, Access]:
    """Everything that may be done to one kind of thing."""
    return {f"works/{of}/<uuid:key>/{name}/": record(thing) for name in names}


LINES: dict[str, Access] = {
    "api/v1/pledges/": feed(CLIENTS | _READERS),
    "api/v1/projects/": feed(CLIENTS | _READERS),
    "works/": Access("inside", sees=BOSSES | {"leader"}),
    "works/mine/": Access("inside", sees=_SECRETARIES),
    "works/queue/": Access("inside", sees=BOSSES),
    "works/pledges/": Access("inside", sees=_READERS),
    "works/pledges/export/": Access("inside", sees=_READERS),
    "works/pledges/<uuid:uuid>/": record("pledge", sees=_NAMED),
    "works/pledges/<uuid:uuid>/pledge.docx": record("pledge", sees=_NAMED),
    "works/pledge-files/<uuid:uuid>/": record("pledge_file"),
    "works/pledge-files/<uuid:uuid>/small/": record("pledge_file"),
    "works/posts/": Access("inside", sees=_NAMED),
    "works/posts/export/": Access("inside", sees=_NAMED),
    "works/placements/": Access("inside", sees=_NAMED),
    "works/placements/export/": Access("inside", sees=_NAMED),
    "works/placements/<uuid:uuid>/": record("placement", sees=_NAMED),
    "works/projects/": Access("inside", sees=_READERS),
    "works/projects/mine/": Access("inside", sees=_SECRETARIES),
    "works/projects/list/": Access("inside", sees=_READERS),
    "works/projects/export/": Access("inside", sees=_READERS),
    "works/projects/<uuid:uuid>/": record("project", sees=_READERS),
    "works/projects/<uuid:uuid>/sheet.docx": record("project", sees=_READERS),
    "works/project-files/<uuid:uuid>/": record("project_file"),
    "works/project-files/<uuid:uuid>/small/": record("project_file"),
    **{
        f"works/units/<str:key>/{name}/": Access("inside", of="unit", value=by_code)
        for name in ("pledge", "post", "place", "project")
    },
    **_deeds("pledges", "pledge", "report", "confirm", "return", "evidence", "drop"),
    **_deeds("posts", "model_post", "confirm", "end"),
    **_deeds("placements", "placement", "accept", "decline", "service", "end"),
    **_deeds("services", "service", "confirm", "return"),
    **_deeds("projects", "project", "start", "finish", "milestone", "file", "stop"),
    **_deeds("milestones", "milestone", "finish"),
}
TABLES: dict[str, Access] = {
    "works/schemetag": Access("desk"),
    "works/pledge": Access("desk", of="pledge"),
    "works/modelpost": Access("desk", of="model_post"),
    "works/placement": Access("desk", of="placement"),
    "works/service": Access("desk", of="service"),
    "works/project": Access("desk", of="project"),
}
