"""The roster: the list, one member, changes; whole numbers only on demand, and never unseen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches import permissions
from branches.enums import BRANCH_KINDS, DisclosureKind, UnitKind
from branches.filters import MemberFilter
from branches.forms import MemberForm
from branches.models import Disclosure, Member, Post, Unit
from branches.permissions import WRITERS
from branches.querysets import UnitQuerySet
from branches.services import roster
from branches.views.parts import (
    DeskRequest,
    attempt_form,
    demand,
    member_of,
    members,
    sheet,
    unit_of,
    units,
)
from core.codes import EDUCATION, NATIONALITY
from core.htmx import go, page
from core.pages import page_of

HEADERS = (
    "姓名",
    "性别",
    "人员类别",
    "所在党支部",
    "所在党小组",
    "入党日期",
    "手机号码",
    "党籍状态",
)
_NATIONALITY = dict(NATIONALITY.choices)
_EDUCATION = dict(EDUCATION.choices)


@login_required
@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """The members in reach."""
    found = members(request).select_related("unit", "group")
    filtered = MemberFilter(request.GET, queryset=found)
    context = {
        "filter": filtered,
        "page": page_of(filtered.qs.order_by("unit__path", "name", "pk"), request.GET),
        "may_import": bool(request.scope.units_as(*WRITERS)),
        "own": _branch_to_fill(request),
        "chosen": _chosen(request),
    }
    return page(
        request, "branches/member_list.html", context, fragment="branches/_member_rows.html"
    )


def _chosen(request: DeskRequest) -> Unit | None:
    """The organisation that the list is narrowed to."""
    code = request.GET.get("unit", "").replace("\x00", "")[:40]
    return units(request).filter(code=code).first() if code else None


def _branch_to_fill(request: DeskRequest) -> str:
    """The code of the branch that 添加党员 adds to: the chosen one, or the one he keeps."""
    chosen = _chosen(request)
    if chosen is not None:
        may = permissions.may_keep_roster(request.scope, chosen.path)
        return chosen.code if may and chosen.kind in BRANCH_KINDS else ""
    roots = [unit for unit in request.scope.units_as(*WRITERS) if unit.kind in BRANCH_KINDS]
    return roots[0].code if len(roots) == 1 else ""


@login_required
@require_POST
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The filtered roster as a workbook, numbers masked; that it was taken out is noted."""
    filtered = MemberFilter(request.GET, queryset=members(request).select_related("unit", "group"))
    Disclosure.unscoped.create(
        by=request.user, kind=DisclosureKind.EXPORTED, what="党员名册（号码已遮挡）"
    )
    rows = (
        (
            member.name,
            member.get_sex_display(),
            member.get_kind_display(),
            member.unit.name,
            member.group.name if member.group else "",
            member.joined_on or "",
            member.masked_phone,
            member.get_state_display(),
        )
        for member in filtered.qs.order_by("unit__path", "pk").iterator(chunk_size=2000)
    )
    return sheet(request, "党员名册", HEADERS, rows)


@login_required
@require_GET
def detail(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One member, numbers masked."""
    member = member_of(request, uuid)
    return page(request, "branches/member_detail.html", facts(request, member))


def facts(request: DeskRequest, member: Member) -> dict[str, Any]:
    """What the page of a member shows."""
    posts = Post.objects.within(*request.scope.units).filter(member=member)
    return {
        "member": member,
        "ethnicity": _NATIONALITY.get(member.ethnicity, ""),
        "education": _EDUCATION.get(member.education, ""),
        "posts": posts.select_related("unit").order_by("-since"),
        "may_keep": permissions.may_keep_roster(request.scope, member.unit.path),
        "may_transfer": permissions.may_change_tree(request.scope, member.unit.path),
        "shown": False,
        "id_number": member.masked_id_number,
        "phone": member.masked_phone,
    }


@login_required
@require_POST
def reveal(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Show the whole numbers, and note who saw them."""
    member = member_of(request, uuid)
    demand(permissions.may_keep_roster(request.scope, member.unit.path))
    Disclosure.unscoped.create(
        by=request.user, kind=DisclosureKind.SHOWN, member=member, what="公民身份号码、手机号码"
    )
    whole = {"id_number": member.unseal("id_number"), "phone": member.unseal("phone")}
    context = {**facts(request, member), **whole, "shown": True}
    return page(request, "branches/member_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: DeskRequest, code: str) -> HttpResponse:
    """Put somebody on a branch's roster."""
    unit = unit_of(request, code)
    demand(permissions.may_keep_roster(request.scope, unit.path))
    form = MemberForm(request.POST or None, groups=_groups(request, unit.pk))
    if request.method == "POST" and form.is_valid():
        made = attempt_form(
            form, lambda: roster.add_member(unit=unit, by=request.user, **form.cleaned_data)
        )
        if made:
            return go(request, "branches:member_detail", made.uuid)
    return member_page(request, form, "添加党员", unit.name)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Change a member's facts; a number left empty stays as it is."""
    member = member_of(request, uuid)
    demand(permissions.may_keep_roster(request.scope, member.unit.path))
    initial = {
        name: getattr(member, name) for name in MemberForm.base_fields if name not in _SEALED
    }
    groups = _groups(request, member.unit_id)
    form = MemberForm(request.POST or None, groups=groups, known=True, initial=initial)
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt_form(form, lambda: _write(request, member, form.cleaned_data)):
        return go(request, "branches:member_detail", member.uuid)
    return member_page(request, form, "修改党员信息", member.name)


_SEALED = ("id_number", "phone")


def _write(request: DeskRequest, member: Member, data: dict[str, Any]) -> Member:
    kept = {name for name in _SEALED if not data[name]}
    given = {name: value for name, value in data.items() if name not in kept and name != "group"}
    changed = roster.change_member(member=member, by=request.user, **given)
    if data["group"] != member.group:
        roster.set_group(unit=member.unit, members=[changed], group=data["group"], by=request.user)
    return changed


def _groups(request: DeskRequest, branch: int) -> UnitQuerySet:
    found: UnitQuerySet = units(request).filter(
        parent=branch, kind=UnitKind.GROUP, dissolved_on__isnull=True
    )
    return found


def member_page(request: DeskRequest, form: Form, title: str, about: str) -> HttpResponse:
    """A form about a member."""
    context = {"form": form, "title": title, "about": about}
    return page(request, "branches/member_form.html", context, status=422 if form.errors else 200)
