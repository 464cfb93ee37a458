"""The lines of 网上党支部 in the access matrix."""

from tests.access.line import BOSSES, PEOPLE, Access, feed, record

_SECRETARIES = frozenset({"secretary_a", "secretary_b"})
# Group leaders are told by their branch.
_READERS = PEOPLE - {"group_leader"}


def _page(sees: frozenset[str] = frozenset()) -> Access:
    """By the code of a branch: what stands above and below it has no page of its own."""
    return Access("inside", of="branch_page", value=lambda page: page.unit.code, sees=sees)


LINES: dict[str, Access] = {
    "page/": Access("inside", sees=BOSSES | {"leader"}),
    "page/<str:code>/": _page(_READERS),
    "page/<str:code>/board/": _page(_READERS),
    "page/<str:code>/board.docx": _page(_READERS),
    "page/<str:code>/edit/": _page(_SECRETARIES),
    "inbox/": Access("inside", sees=_SECRETARIES | {"committee_a", "committee_b"}),
    "inbox/<uuid:uuid>/": record("receipt", sees=_READERS),
    "inbox/<uuid:uuid>/read/": record("receipt"),
    "inbox/<uuid:uuid>/sign/": record("receipt"),
    "inbox/<uuid:uuid>/share/": record("receipt"),
    "inbox/<uuid:uuid>/unshare/": record("receipt"),
    "circulars/": Access("inside", sees=BOSSES),
    "circulars/new/": Access("inside", sees=BOSSES),
    "circulars/<uuid:uuid>/": record("circular", sees=BOSSES),
    "circulars/<uuid:uuid>/edit/": record("circular"),
    "circulars/<uuid:uuid>/files/": record("circular"),
    "circulars/<uuid:uuid>/drop/": record("circular"),
    "circulars/<uuid:uuid>/issue/": record("circular"),
    "circulars/<uuid:uuid>/urge/": record("circular"),
    "circulars/<uuid:uuid>/revoke/": record("circular", sees=BOSSES),
    "circulars/<uuid:uuid>/receipts.xlsx": record("circular", sees=BOSSES),
    "circulars/<uuid:uuid>/paper.docx": record("circular", sees=BOSSES),
    "circulars/files/<uuid:uuid>/": record("circular_file"),
    "circulars/files/<uuid:uuid>/remove/": record("circular_file"),
    "api/v1/circulars/": feed(frozenset({"client_district", "client_reader"}) | BOSSES),
    # A branch's own row holds its code and the words of those above it.
    "api/v1/notice-receipts/": feed(frozenset({"client_district", "client_reader"}) | BOSSES),
}
TABLES: dict[str, Access] = {
    "portal/circular": Access("desk", of="circular"),
    "portal/receipt": Access("desk", of="receipt"),
    "portal/branchpage": Access("desk", of="branch_page"),
}
