"""The lines of 阵地与联系 in the access matrix."""

from tests.access.line import Access

LINES: dict[str, Access] = {}
TABLES: dict[str, Access] = {}
