"""What the page of one project shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from works.models import Milestone, Project, ProjectFile, ProjectStep
from works.rules import progress


@dataclass
class MilestoneLine:
    """One milestone with its evidence."""

    milestone: Milestone
    is_late: bool
    files: list[ProjectFile] = field(default_factory=list)


@dataclass(frozen=True)
class ProjectFacts:
    """A project's milestones, files and steps."""

    lines: list[MilestoneLine]
    files: list[ProjectFile]
    steps: list[ProjectStep]
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent of the milestones done."""
        return progress(done=self.done, total=self.total)


def project_facts(project: Project, *, on: date) -> ProjectFacts:
    """Of a project that the caller may read of; three queries."""
    rows = list(Milestone.unscoped.filter(project=project))
    for row in rows:
        row.project = project
    lines = {row.pk: MilestoneLine(row, project.is_open and row.is_late(on)) for row in rows}
    whole = []
    for one in ProjectFile.unscoped.filter(project=project):
        if one.milestone_id in lines:
            lines[one.milestone_id].files.append(one)
        else:
            whole.append(one)
    steps = list(ProjectStep.unscoped.filter(project=project).select_related("by"))
    done = sum(row.done_on is not None for row in rows)
    return ProjectFacts(list(lines.values()), whole, steps, done, len(rows))
