"""What the pages of a file and of an appointment show, gathered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse

from cadres.enums import AuditItemKind, Must, Step
from cadres.models import Appointment, Audit, Cadre, Stint
from cadres.querysets import CadreQuerySet
from cadres.rules.appointments import next_step
from core.codes import NATIONALITY


def with_posts(rows: CadreQuerySet) -> CadreQuerySet:
    """Each with ``posts``: what he is now, in words; by unit and level."""
    now = (
        Stint.unscoped.filter(cadre=OuterRef("pk"), until=None)
        .order_by()
        .values("cadre")
        .annotate(words=StringAgg(Concat(F("place"), F("post")), Value("；")))
        .values("words")
    )
    found: CadreQuerySet = (
        rows.select_related("unit")
        .annotate(posts=Subquery(now))
        .order_by("unit__path", "level", "pk")
    )
    return found


def age_on(born: date | None, on: date) -> int | None:
    """Whole years."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True)
class Relative:
    """A family member, unsealed for a page that was opened."""

    row: Any
    name: str
    born: str
    work: str


def relatives(cadre: Cadre) -> list[Relative]:
    """The family, unsealed."""
    return [
        Relative(one, one.unseal("name"), one.unseal("born"), one.unseal("work"))
        for one in cadre.family.all()
    ]


def now_posts(stints: Iterable[Stint]) -> str:
    """What he is now, in words."""
    return "，".join(str(one) for one in stints if one.until is None)


def file_facts(cadre: Cadre, *, on: date) -> dict[str, Any]:
    """Everything on the page of a file."""
    stints, born = list(cadre.stints.all()), cadre.born_on
    return {
        "cadre": cadre,
        "stints": stints,
        "now": now_posts(stints),
        "age": age_on(born, on),
        "born": born,
        "ethnicity": NATIONALITY.name(cadre.ethnicity),
        "native_place": cadre.unseal("native_place"),
        "birthplace": cadre.unseal("birthplace"),
        "health": cadre.unseal("health"),
        "honours": cadre.unseal("honours"),
        "family": relatives(cadre),
        "ranks": cadre.ranks.all(),
        "appraisals": cadre.appraisals.all(),
        "photo": cadre.photos.first(),
        "trainings": cadre.trainings.select_related("course").order_by("-course__ends_on")[:12],
        "tags": cadre.tags.select_related("criterion"),
        "orders": cadre.orders.all(),
        "matters": cadre.matters.all()[:5],
    }


@dataclass(frozen=True)
class Station:
    """One step on the timeline: done, now (the next one) or to come."""

    step: str
    label: str
    state: str
    row: Any = None


def stations(row: Appointment) -> list[Station]:
    """The whole way of an appointment, done and to come."""
    done = {one.step: one for one in row.steps.select_related("by")}
    coming = "" if row.is_over else next_step(row.sequence, row.step)
    way = [
        Station(
            step,
            Step(step).label,
            "done" if step in done else "now" if step == coming else "todo",
            done.get(step),
        )
        for step in row.sequence
    ]
    if row.step == Step.STOPPED:
        way = [one for one in way if one.row]
        way.append(Station(Step.STOPPED, Step.STOPPED.label, "done", done.get(Step.STOPPED)))
    return way


def must_lines(row: Appointment) -> list[dict[str, Any]]:
    """凡提四必, done or not."""
    done = {one.kind: one for one in row.musts.select_related("by")}
    return [{"kind": must, "label": must.label, "row": done.get(must)} for must in Must]


def audit_lines(audit: Audit | None, *, shown: bool) -> list[dict[str, Any]]:
    """三龄两历一身份; the values only when the file is open."""
    known = {one.kind: one for one in audit.items.all()} if audit else {}
    lines = []
    for kind in AuditItemKind:
        item = known.get(kind)
        lines.append(
            {
                "kind": kind,
                "label": kind.label,
                "row": item,
                "recorded": item.unseal("recorded") if item and shown else "",
                "confirmed": item.unseal("confirmed") if item and shown else "",
            }
        )
    return lines


def file_url(cadre: Cadre) -> str:
    """The page of a file."""
    return reverse("cadres:file", args=[cadre.uuid])
