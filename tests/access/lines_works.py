"""The lines of 作用发挥 in the access matrix."""

from tests.access.line import Access

LINES: dict[str, Access] = {}
TABLES: dict[str, Access] = {}
