"""作用发挥: pledges, model posts, members in communities, projects."""

from works.models.pledges import ModelPost, ModelPostYear, Pledge, PledgeFile
from works.models.projects import Milestone, Project, ProjectFile, ProjectStep, SchemeTag
from works.models.service import Placement, Service

__all__ = [
    "Milestone",
    "ModelPost",
    "ModelPostYear",
    "Placement",
    "Pledge",
    "PledgeFile",
    "Project",
    "ProjectFile",
    "ProjectStep",
    "SchemeTag",
    "Service",
]
