"""Organisations, people, terms, exemptions, and who may act where."""

from branches.models.access import ApiClient, Disclosure, Grant
from branches.models.channels import Robot
from branches.models.occasions import Event
from branches.models.people import Member, Post
from branches.models.terms import CommitteeTerm, Exemption
from branches.models.unit import Unit, UnitChange

__all__ = [
    "ApiClient",
    "CommitteeTerm",
    "Disclosure",
    "Event",
    "Exemption",
    "Grant",
    "Member",
    "Post",
    "Robot",
    "Unit",
    "UnitChange",
]
