"""The lines of 阵地与联系 in the access matrix."""

from tests.access.line import BOSSES, CLIENTS, PEOPLE, Access, by_code, feed, record

_READERS = PEOPLE - {"group_leader"}
_SECRETARIES = frozenset({"secretary_a", "secretary_b"})


def _deeds(of: str, thing: str, *names: str) -> dict[str, Access]:
    """Everything that may be done to one kind of thing."""
    return {f"support/{of}/<uuid:key>/{name}/": record(thing) for name in names}


LINES: dict[str, Access] = {
    "api/v1/venues/": feed(CLIENTS | _READERS),
    "api/v1/contact-visits/": feed(CLIENTS | _READERS),
    "support/": Access("inside", sees=BOSSES | {"leader"}),
    "support/mine/": Access("inside", sees=_SECRETARIES),
    "support/queue/": Access("inside", sees=BOSSES),
    "support/venues/": Access("inside", sees=_READERS),
    "support/venues/export/": Access("inside", sees=_READERS),
    "support/venues/<uuid:uuid>/": record("venue", sees=_READERS),
    "support/files/<uuid:uuid>/": record("venue_file"),
    "support/files/<uuid:uuid>/small/": record("venue_file"),
    "support/contacts/": Access("inside", sees=_READERS),
    "support/contacts/mine/": Access("inside", sees=_SECRETARIES),
    "support/contacts/export/": Access("inside", sees=_READERS),
    "support/contacts/import/": Access("inside"),
    "support/contacts/import/template/": Access("inside"),
    "support/contacts/<uuid:uuid>/": record("contact_link", sees=_READERS),
    "support/leaders/": Access("inside", sees=BOSSES),
    "support/visits/": Access("inside", sees=_READERS),
    "support/visits/export/": Access("inside", sees=_READERS),
    "support/visits/<uuid:uuid>/record.docx": record("contact_visit", sees=_READERS),
    "support/joint/": Access("inside", sees=_READERS),
    "support/joint/new/": Access("inside"),
    "support/joint/export/": Access("inside", sees=_READERS),
    "support/joint/<uuid:uuid>/": Access("inside", of="joint", sees=_READERS, shared=True),
    **{
        f"support/units/<str:key>/{name}/": Access("inside", of="unit", value=by_code)
        for name in ("venue", "leader", "joint")
    },
    **_deeds("venues", "venue", "check", "photo", "edit"),
    **_deeds("checks", "venue_check", "confirm", "return"),
    **_deeds("leaders", "contact_leader", "link", "retire"),
    **_deeds("contacts", "contact_link", "visit", "end"),
    **_deeds("visits", "contact_visit", "follow", "solve"),
    **_deeds("joint", "joint", "match", "entry", "member", "edit"),
    **_deeds("joint-members", "joint_member", "end"),
    **_deeds("joint-entries", "joint_entry", "close"),
    **_deeds("joint-projects", "joint_project", "progress", "finish", "stop"),
}
TABLES: dict[str, Access] = {
    "support/venueitem": Access("desk"),
    "support/venue": Access("desk", of="venue"),
    "support/venuecheck": Access("desk", of="venue_check"),
    "support/contactleader": Access("desk", of="contact_leader"),
    "support/contactlink": Access("desk", of="contact_link"),
    "support/contactvisit": Access("desk", of="contact_visit"),
    "support/jointcommittee": Access("desk", of="joint"),
    "support/jointproject": Access("desk", of="joint_project"),
}
