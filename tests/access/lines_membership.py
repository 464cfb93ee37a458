"""The lines of 党员发展与转接 in the access matrix."""

from tests.access.line import Access

LINES: dict[str, Access] = {}
TABLES: dict[str, Access] = {}
