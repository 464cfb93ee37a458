"""阵地与联系: venues, contact points of leaders, joint committees."""

from support.models.contacts import ContactLeader, ContactLink, ContactVisit, FollowUp
from support.models.joint import (
    JointCommittee,
    JointEntry,
    JointMember,
    JointProgress,
    JointProject,
)
from support.models.venues import Venue, VenueAnswer, VenueCheck, VenueFile, VenueItem

__all__ = [
    "ContactLeader",
    "ContactLink",
    "ContactVisit",
    "FollowUp",
    "JointCommittee",
    "JointEntry",
    "JointMember",
    "JointProgress",
    "JointProject",
    "Venue",
    "VenueAnswer",
    "VenueCheck",
    "VenueFile",
    "VenueItem",
]
