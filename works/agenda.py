"""What waits in 作用发挥: rows with what is asked of them next, a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from branches.models import Unit
from works.enums import PlacementState, PledgeState, ServiceState, WorkState
from works.models import Milestone, ModelPost, ModelPostYear, Placement, Pledge, Project, Service
from works.rules import progress

PLEDGE_TONES = {
    PledgeState.OPEN: "info", PledgeState.REPORTED: "wait", PledgeState.KEPT: "ok",
    PledgeState.ENDED: "exempt",
}  # fmt: skip
PLACEMENT_TONES = {
    PlacementState.PROPOSED: "wait", PlacementState.ACCEPTED: "ok",
    PlacementState.DECLINED: "late", PlacementState.ENDED: "exempt",
}  # fmt: skip
SERVICE_TONES = {
    ServiceState.FILED: "wait", ServiceState.CONFIRMED: "ok", ServiceState.RETURNED: "late",
}  # fmt: skip
WORK_TONES = {
    WorkState.PLANNED: "draft", WorkState.UNDERWAY: "wait", WorkState.DONE: "ok",
    WorkState.ENDED: "exempt",
}  # fmt: skip


def pledges_to_do(roots: Iterable[Unit]) -> QuerySet[Pledge]:
    """Pledges that the branches still owe, and those that they confirm themselves."""
    found: QuerySet[Pledge] = (
        Pledge.objects.within(*roots)
        .filter(Q(state=PledgeState.OPEN) | Q(state=PledgeState.REPORTED, above=False))
        .select_related("unit", "member")
        .order_by("due_on", "pk")
    )
    return found


def pledges_above(roots: Iterable[Unit]) -> QuerySet[Pledge]:
    """Pledges that wait for those above the branch."""
    found: QuerySet[Pledge] = (
        Pledge.objects.within(*roots)
        .filter(state=PledgeState.REPORTED, above=True)
        .select_related("unit", "member")
        .order_by("done_on", "pk")
    )
    return found


def posts(rows: Any, *, on: date) -> Any:
    """Posts with ``confirmed``: whether this year's confirmation is there."""
    year = ModelPostYear.unscoped.filter(post=OuterRef("pk"), year=on.year)
    return rows.select_related("unit", "member").annotate(confirmed=Exists(year))


def posts_to_confirm(roots: Iterable[Unit], *, on: date) -> Any:
    """Posts that stand and were not confirmed this year."""
    rows = posts(ModelPost.objects.within(*roots).current(on=on), on=on)
    return rows.filter(confirmed=False, until=None).order_by("unit__path", "pk")


def arrivals(roots: Sequence[Unit]) -> tuple[QuerySet[Placement], QuerySet[Service]]:
    """What waits for communities below ``roots``: members to take in, deeds to confirm."""
    paths = Q(pk__in=[])
    for unit in roots:
        paths |= Q(community__path__startswith=unit.path)
    placements = Placement.objects.within(*roots).filter(paths, state=PlacementState.PROPOSED)
    taken = Placement.objects.within(*roots).filter(paths).order_by().values("pk")
    services = Service.objects.within(*roots).filter(placement__in=taken, state=ServiceState.FILED)
    return (
        placements.select_related("member", "home", "community").order_by("since", "pk"),
        services.select_related("placement__member", "placement__home", "placement__community")
        .order_by("day", "pk"),
    )  # fmt: skip


def with_milestones(rows: Any, *, on: date) -> Any:
    """Projects with ``total``, ``done``, ``late`` milestones and ``next_on``; one query."""
    steps = Milestone.unscoped.filter(project=OuterRef("pk")).order_by().values("project")
    still = steps.filter(done_on__isnull=True)

    def count(found: Any) -> Coalesce:
        numbers = found.annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)

    return rows.select_related("unit", "tag").annotate(
        total=count(steps),
        left=count(still),
        late=count(still.filter(due_on__lt=on)),
        next_on=Subquery(still.annotate(day=Min("due_on")).values("day")),
        next_title=Subquery(
            Milestone.unscoped.filter(project=OuterRef("pk"), done_on__isnull=True)
            .order_by("due_on", "pk").values("title")[:1]
        ),
    ).annotate(done=F("total") - F("left"))  # fmt: skip


def project_lines(rows: Iterable[Any], *, on: date) -> list[dict[str, Any]]:
    """Projects :func:`with_milestones` as pages show them."""
    return [
        {
            "project": row, "tone": WORK_TONES[WorkState(row.state)],
            "percent": progress(done=row.done, total=row.total),
            "is_late": row.is_open and (row.due_on < on or row.late > 0),
        }
        for row in rows
    ]  # fmt: skip


def projects(units: Iterable[Unit], *, on: date) -> Any:
    """The projects of these subtrees."""
    return with_milestones(Project.objects.within(*units), on=on).order_by("state", "due_on", "pk")
