"""Loading organisations and rosters from Excel: report first, write afterwards, all or nothing.

``check`` reads a file and makes a :class:`Plan`: every fault, or what would be new, changed and
unchanged. ``commit`` makes the plan again under lock, refuses when it has become another one, and
writes it through the services by a few statements.
"""

from branches.imports.plan import Changed, Created, Plan, Rights
from branches.imports.run import KINDS, check, commit

__all__ = ["KINDS", "Changed", "Created", "Plan", "Rights", "check", "commit"]
