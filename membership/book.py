"""The rule sets as the rules read them, and what was done: few questions for many cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from membership.enums import Number, StepState
from membership.models import Candidate, RuleSet, Step, StepRule
from membership.rules import Book, Done

# 转正 is discussed anew after an extension; everything else holds for both rounds.
PER_ROUND = (Number.CONFIRM, Number.CONFIRM_APPROVE)


def rules_on(day: date) -> RuleSet | None:
    """The version of the regulation that holds for a case that begins on the day."""
    rows = RuleSet.objects.filter(effective_from__lte=day)
    rows = rows.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=day))
    return rows.order_by("-effective_from").first()


def books(rule_ids: Iterable[int]) -> dict[int, Book]:
    """The steps of each of these rule sets by number; one query."""
    found: dict[int, dict[int, object]] = {}
    for row in StepRule.objects.filter(rules__in=set(rule_ids)):
        found.setdefault(row.rules_id, {})[row.number] = row.limit
    return found  # type: ignore[return-value]


def steps_of(candidates: Sequence[Candidate]) -> dict[int, list[Step]]:
    """The current steps of each candidate, in their order; one query."""
    found: dict[int, list[Step]] = {candidate.pk: [] for candidate in candidates}
    rows = Step.unscoped.filter(
        candidate__in=[c.pk for c in candidates], state__in=(StepState.SENT, StepState.DONE)
    )
    for row in rows.order_by("number", "day", "pk"):
        found[row.candidate_id].append(row)
    return found


def done_of(candidate: Candidate, steps: Iterable[Step]) -> list[Done]:
    """What holds of a candidate's steps, as the rules read it."""
    return [
        Done(step.number, step.day, step.outcome)
        for step in steps
        if step.state == StepState.DONE and step.round == round_of(candidate, step.number)
    ]


def round_of(candidate: Candidate, number: int) -> int:
    """Which round a step belongs to."""
    return candidate.round if number in PER_ROUND else 1
