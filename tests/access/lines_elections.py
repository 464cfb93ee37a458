"""The lines of 换届选举 in the access matrix."""

from tests.access.line import Access

LINES: dict[str, Access] = {}
TABLES: dict[str, Access] = {}
