"""The lines of 党费与经费 in the access matrix."""

from tests.access.line import Access

LINES: dict[str, Access] = {}
TABLES: dict[str, Access] = {}
