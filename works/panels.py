"""承诺践诺 and 党员示范岗 for a branch's own page."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse

from branches.enums import BRANCH_KINDS
from branches.models import Unit
from branches.scope import Scope
from core.panels import Line, Panel
from works.agenda import PLEDGE_TONES
from works.enums import PledgeState
from works.models import ModelPost, Pledge
from works.permissions import sees_names

_MOST = 8


def panels(unit: Unit, on: date, scope: Scope) -> list[Panel]:
    """The year's pledges, the branch's own first, and the posts that stand; two queries.

    Members' pledges and names are for those who work with the branch; a leader reads the branch's.
    """
    if unit.kind not in BRANCH_KINDS:
        return []
    named = sees_names(scope, unit.path)
    found = [_pledges(unit, on, named=named)]
    posts = ModelPost.objects.within(unit).filter(unit=unit).current(on=on)
    rows = posts.select_related("member").order_by("pk")[:_MOST]
    lines = tuple(Line(_post(one, named=named), one.stands_for) for one in rows)
    if lines:
        more = reverse("works:post_list") if named else ""
        found.append(Panel("model_posts", "党员示范岗", "id-badge-2", lines, more))
    return found


def _post(one: ModelPost, *, named: bool) -> str:
    return f"{one.name}　{one.member.name}" if named else one.name


def _pledges(unit: Unit, on: date, *, named: bool) -> Panel:
    rows = Pledge.objects.within(unit).filter(unit=unit).exclude(state=PledgeState.ENDED)
    rows = rows.filter(~Q(state=PledgeState.KEPT) | Q(due_on__year__gte=on.year))
    if not named:
        rows = rows.filter(member=None)
    rows = rows.annotate(is_members=Q(member__isnull=False)).select_related("member")
    shown = list(rows.order_by("is_members", "state", "due_on", "pk")[:_MOST])
    return Panel(
        key="pledges",
        title="承诺践诺",
        icon="certificate",
        lines=tuple(_line(one, on, named=named) for one in shown),
        empty="还没有登记承诺。",
        more=f"{reverse('works:pledge_list')}?unit={unit.pk}",
        # The branch's own only; neither what members pledged nor free words of the result.
        public=tuple(Line(one.title, _until(one)) for one in shown if one.member is None),
    )


def _until(one: Pledge) -> str:
    if one.state == PledgeState.KEPT and one.done_on is not None:
        return f"{one.done_on:%Y-%m-%d} 已兑现"
    return f"{one.due_on:%Y-%m-%d} 前兑现"


def _line(one: Pledge, on: date, *, named: bool) -> Line:
    late = one.is_late(on)
    return Line(
        one.title,
        f"{one.member.name if one.member else '支部承诺'} · {_until(one)}",
        reverse("works:pledge_detail", args=[one.uuid]) if named else "",
        badge="已逾期" if late else one.get_state_display(),
        tone="bad" if late else PLEDGE_TONES[PledgeState(one.state)],
    )
