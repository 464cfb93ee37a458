"""The organisations: the list, one of them with all that hangs on it, changes of facts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches import permissions
from branches.enums import BRANCH_KINDS, PRESENT_STATES, ExemptionState, PostKind, UnitKind
from branches.filters import UnitFilter
from branches.forms import GroupForm, UnitFactsForm, UnitForm
from branches.models import CommitteeTerm, Exemption, Member, Post, Unit, UnitChange
from branches.permissions import STAFF
from branches.services import changes, tree
from branches.views.parts import DeskRequest, attempt_form, demand, sheet, unit_of, units
from core.htmx import go, page
from core.pages import page_of

# 书记 first, as on any list of a committee.
_ORDER: dict[str, int] = {kind: at for at, kind in enumerate(PostKind.values)}
HEADERS = ("党组织代码", "党组织名称", "类别", "领域", "上级党组织", "成立日期", "撤销日期", "地址")


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Organisations in reach, in the order of the tree."""
    filtered = UnitFilter(request.GET, queryset=units(request).select_related("parent"))
    context = {
        "filter": filtered,
        "page": page_of(filtered.qs.order_by("path"), request.GET),
        "may_import": bool(request.scope.units_as(*STAFF)) or request.user.is_superuser,
    }
    return page(request, "branches/unit_list.html", context, fragment="branches/_unit_rows.html")


@login_required
@require_GET
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered organisations as a workbook, streamed."""
    filtered = UnitFilter(request.GET, queryset=units(request).select_related("parent"))
    rows = (
        (
            unit.code,
            unit.name,
            unit.get_kind_display(),
            unit.get_field_display(),
            unit.parent.name if unit.parent else "",
            unit.founded_on or "",
            unit.dissolved_on or "",
            unit.address,
        )
        for unit in filtered.qs.order_by("path").iterator(chunk_size=2000)
    )
    return sheet(request, "党组织", HEADERS, rows)


@login_required
@require_GET
def mine(request: DeskRequest) -> HttpResponse:
    """One's own branch; the list for whoever looks after several."""
    roots = request.scope.units
    if len(roots) == 1:
        return go(request, "branches:unit_detail", roots[0].code)
    return go(request, "branches:unit_list")


@login_required
@require_GET
def detail(request: DeskRequest, code: str) -> HttpResponse:
    """One organisation: facts, people in posts, terms, groups, history."""
    unit = unit_of(request, code)
    return page(request, "branches/unit_detail.html", facts(request, unit))


def facts(request: DeskRequest, unit: Unit) -> dict[str, Any]:
    """Everything about one organisation, by a constant number of questions."""
    scope, roots = request.scope, request.scope.units
    below = units(request).filter(parent=unit).exclude(dissolved_on__isnull=False)
    people = Member.objects.within(*roots).filter(Q(unit=unit) | Q(group=unit))
    open_posts = Post.objects.within(*roots).filter(unit=unit, until__isnull=True)
    return {
        "unit": unit,
        "today": timezone.localdate(),
        "above": units(request).filter(path__in=_above(unit)),
        "posts": sorted(
            open_posts.select_related("member"), key=lambda post: (_ORDER[post.kind], post.since)
        ),
        "terms": CommitteeTerm.objects.within(*roots).filter(unit=unit)[:5],
        "children": below.order_by("code")[:200],
        "changes": UnitChange.objects.within(*roots)
        .filter(unit=unit)
        .select_related("from_parent", "to_parent", "into", "by")[:20],
        "exemptions": Exemption.objects.within(*roots)
        .filter(unit__path__startswith=unit.path)
        .filter(Q(unit=unit) | Q(unit__parent=unit, unit__kind=UnitKind.GROUP))
        .select_related("unit", "proposed_by", "decided_by")[:20],
        "proposed": ExemptionState.PROPOSED,
        "figures": people.filter(state__in=PRESENT_STATES).aggregate(
            all=Count("pk"),
            full=Count("pk", filter=Q(kind="01")),
            lost=Count("pk", filter=Q(is_lost=True)),
        ),
        "keeps_roster": unit.kind in BRANCH_KINDS,
        "may_see_people": permissions.may_see_people(scope, unit.path),
        "may_keep": permissions.may_keep_roster(scope, unit.path),
        "may_change": permissions.may_change_tree(scope, unit.path),
        "may_propose": permissions.may_propose_exemption(scope, unit.path),
        "may_decide": permissions.may_decide_exemption(scope, unit.path),
        "me": request.user.pk,
    }


def _above(unit: Unit) -> list[str]:
    return [unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)]


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, code: str) -> HttpResponse:
    """Change facts; a new name is an event of its own."""
    unit = unit_of(request, code)
    demand(permissions.may_change_tree(request.scope, unit.path))
    initial = {name: getattr(unit, name) for name in UnitFactsForm.base_fields if name in _PLAIN}
    form = UnitFactsForm(request.POST or None, initial=initial)
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt_form(form, lambda: _write(request, unit, form.cleaned_data)):
        return go(request, "branches:unit_detail", unit.code)
    return _form(request, form, unit, "修改资料")


_PLAIN = (
    "name",
    "short_name",
    "field",
    "founded_on",
    "territory",
    "contact",
    "address",
    "credit_code",
)


def _write(request: DeskRequest, unit: Unit, data: dict[str, Any]) -> Unit:
    given = {name: data[name] for name in _PLAIN if name != "name"}
    if data["contact_phone"]:
        given["contact_phone"] = data["contact_phone"]
    if data["name"] != unit.name:
        changes.rename(
            unit=unit,
            name=data["name"],
            on=timezone.localdate(),
            by=request.user,
            reason=data["reason"],
        )
    return changes.change_unit(unit=unit, **given)


@login_required
@require_http_methods(["GET", "POST"])
def found(request: DeskRequest, code: str) -> HttpResponse:
    """Found an organisation below this one."""
    above = unit_of(request, code)
    demand(permissions.may_change_tree(request.scope, above.path))
    form = UnitForm(request.POST or None, below=above)
    if request.method == "POST" and form.is_valid():
        unit = attempt_form(
            form, lambda: tree.place(parent=above, by=request.user, **form.cleaned_data)
        )
        if unit:
            return go(request, "branches:unit_detail", unit.code)
    return _form(request, form, above, "新建下级党组织")


@login_required
@require_http_methods(["GET", "POST"])
def group_new(request: DeskRequest, code: str) -> HttpResponse:
    """Set up a 党小组; its code follows the branch's."""
    branch = unit_of(request, code)
    demand(permissions.may_keep_roster(request.scope, branch.path))
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt_form(form, lambda: _new_group(request, branch, form.cleaned_data))
        if made:
            return go(request, "branches:unit_detail", branch.code)
    return _form(request, form, branch, "设立党小组")


def _new_group(request: DeskRequest, branch: Unit, data: dict[str, Any]) -> Unit:
    taken = Unit.unscoped.filter(parent=branch).count()
    return tree.place(
        parent=branch,
        code=f"{branch.code}{taken + 1:02d}",
        kind=UnitKind.GROUP,
        field=branch.field,
        by=request.user,
        **data,
    )


def _form(request: DeskRequest, form: Any, unit: Unit, title: str) -> HttpResponse:
    context = {"form": form, "unit": unit, "title": title}
    return page(request, "branches/unit_form.html", context, status=422 if form.errors else 200)
