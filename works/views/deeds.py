"""Everything that may be done in 作用发挥: form, predicate and verb of each, by its name."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from branches.deeds import About, Deed, Told, verb
from branches.models import Member, Unit
from branches.naming import unit_named
from branches.permissions import WRITERS
from branches.views.parts import DeskRequest, unit_of
from core.deed_forms import SureForm
from works import permissions as may
from works import services
from works.enums import PlacementState, PledgeState, ServiceState, WorkState
from works.forms import pledges as pledge_forms
from works.forms import projects as project_forms
from works.models import Milestone, ModelPost, Placement, Pledge, Project, SchemeTag, Service
from works.services.service import LAND
from works.views.parts import people, through


def _home(name: str) -> Any:
    return lambda thing: reverse(f"works:{name}", args=[thing.uuid])


# --- An organisation: what begins there ---


def _member(told: Told) -> Any:
    key = told.data["member"]
    rows = Member.objects.within(told.thing).current()
    return get_object_or_404(rows, uuid=key) if key else None


def _with_member(do: Any, name: str = "unit") -> Any:
    def done(told: Told) -> Any:
        data = told.data | {"member": _member(told)}
        return do(**{name: told.thing}, by=told.by, on=told.on, **data)

    return done


def _plan(told: Told) -> Any:
    data = told.data | {"tag": get_object_or_404(SchemeTag, code=told.data["tag"], is_active=True)}
    return services.plan_project(unit=told.thing, by=told.by, on=told.on, **data)


def _place(told: Told) -> Any:
    data = told.data
    known = Unit.objects.everywhere("a community is found by whoever writes its whole name")
    reach = known.filter(district=told.thing.district_id, field__in=LAND)
    community = unit_named(
        reach.standing(on=told.on), data.pop("community"), field="community", what="社区党组织"
    )
    data |= {"member": _member(told), "community": community}
    return services.place(home=told.thing, by=told.by, on=told.on, **data)


def _branch_writer(request: DeskRequest, unit: Any) -> bool:
    return bool(unit.is_branch) and may.may_pledge(request.scope, unit.path)


OF_UNIT = About(
    "units", unit_of, lambda unit: unit.code, str, lambda unit: reverse("works:pledge_list"),
    {
        "pledge": Deed(
            "登记承诺", "登记", pledge_forms.PledgeForm, _branch_writer,
            _with_member(services.pledge), "承诺已登记。", icon="certificate",
            goes=_home("pledge_detail"),
            note="党员的承诺由支部确认；支部的承诺、书记本人的承诺由党（工）委确认。不排名次。",
        ),
        "post": Deed(
            "设党员示范岗", "设岗", pledge_forms.PostForm, _branch_writer,
            _with_member(services.name_post), "示范岗已登记，等党（工）委年度确认。",
            icon="id-badge-2", goes=lambda post: reverse("works:post_list"),
        ),
        "place": Deed(
            "在职党员报到", "报到", pledge_forms.PlaceForm, _branch_writer, _place,
            "已登记报到，等社区接收。", icon="building-community", goes=_home("placement_detail"),
        ),
        "project": Deed(
            "立项", "立项", project_forms.ProjectForm,
            lambda r, unit: may.may_keep_project(r.scope, unit.path), _plan,
            "项目已立，接着列节点。", icon="flag", goes=_home("project_detail"),
        ),
    },
    key="str",
)  # fmt: skip

# --- 承诺 ---


def pledge_of(request: DeskRequest, key: Any) -> Any:
    """One pledge in reach of a role that may see members."""
    rows = people(request, Pledge).select_related("unit", "member", "reported_by", "confirmed_by")
    return get_object_or_404(rows, uuid=key)


def _pledges(request: DeskRequest, row: Any) -> bool:
    return may.may_pledge(request.scope, row.unit.path)


def _confirms(request: DeskRequest, row: Any) -> bool:
    return may.may_confirm(request.scope, row.unit.path, above=row.above)


def _is(*states: Any) -> Any:
    return lambda row: row.state in states


OF_PLEDGE = About(
    "pledges", pledge_of, lambda row: row.uuid, lambda row: f"{row.unit} · {row}",
    _home("pledge_detail"),
    {
        "report": Deed(
            "报告完成", "报告", pledge_forms.ReportForm, _pledges,
            verb(services.report_pledge, "pledge"), "已报告，等确认。", _is(PledgeState.OPEN),
            icon="send",
        ),
        "confirm": Deed(
            "确认兑现", "确认", pledge_forms.YesForm, _confirms,
            verb(services.confirm_pledge, "pledge"), "已确认兑现。", _is(PledgeState.REPORTED),
            icon="checks", note="承诺人不能自己确认。",
        ),
        "return": Deed(
            "退回", "退回", pledge_forms.NoForm, _confirms,
            verb(services.return_pledge, "pledge"), "已退回，继续践诺。",
            _is(PledgeState.REPORTED), icon="arrow-back-up",
        ),
        "evidence": Deed(
            "添佐证", "上传", pledge_forms.FileForm, _pledges,
            lambda t: services.add_evidence(pledge=t.thing, by=t.by, **t.data), "佐证已上传。",
            _is(PledgeState.OPEN, PledgeState.REPORTED), icon="paperclip",
        ),
        "drop": Deed(
            "终止", "终止", pledge_forms.DropForm, _confirms,
            verb(services.drop_pledge, "pledge"), "已终止，原因留在记录里。",
            _is(PledgeState.OPEN), icon="ban",
        ),
    },
)  # fmt: skip

# --- 示范岗 ---


def _post_of(request: DeskRequest, key: Any) -> Any:
    return get_object_or_404(people(request, ModelPost).select_related("unit", "member"), uuid=key)


OF_POST = About(
    "posts", _post_of, lambda row: row.uuid, lambda row: f"{row.unit} · {row}",
    lambda row: reverse("works:post_list"),
    {
        "confirm": Deed(
            "年度确认", "确认", pledge_forms.YearForm,
            lambda r, row: may.may_confirm_post(r.scope, row.unit.path),
            verb(services.confirm_post, "post"), "今年已确认。",
            lambda row: row.until is None and not getattr(row, "confirmed", False), icon="checks",
        ),
        "end": Deed(
            "撤岗", "撤岗", pledge_forms.UntilForm,
            lambda r, row: may.may_name_post(r.scope, row.unit.path),
            lambda t: services.end_post(post=t.thing, on=t.on, **t.data), "已撤岗。",
            lambda row: row.until is None, icon="circle-minus",
        ),
    },
)  # fmt: skip

# --- 在职党员 ---


def placement_of(request: DeskRequest, key: Any) -> Any:
    """One 报到 of which a side lies in reach of a role that may see members."""
    rows = people(request, Placement).select_related("member", "home", "community")
    return get_object_or_404(rows, uuid=key)


def _receives(request: DeskRequest, row: Any) -> bool:
    return may.may_receive(request.scope, row.community.path)


def _either(request: DeskRequest, row: Any) -> bool:
    return may.may_send(request.scope, row.home.path) or _receives(request, row)


def _service(told: Told) -> Any:
    return services.file_service(
        placement=told.thing, by=told.by, on=told.on,
        at_community=_receives(told.request, told.thing), **told.data,
    )  # fmt: skip


OF_PLACEMENT = About(
    "placements", placement_of, lambda row: row.uuid, str, _home("placement_detail"),
    {
        "accept": Deed(
            "接收报到", "接收", pledge_forms.YesForm, _receives,
            verb(services.accept_placement, "placement"), "已接收。",
            _is(PlacementState.PROPOSED), icon="user-check",
        ),
        "decline": Deed(
            "不接收", "不接收", pledge_forms.NoForm, _receives,
            verb(services.decline_placement, "placement"), "已退回所在支部。",
            _is(PlacementState.PROPOSED), icon="arrow-back-up",
        ),
        "service": Deed(
            "登记做了一件事", "登记", pledge_forms.ServiceForm, _either, _service,
            "已登记。", _is(PlacementState.ACCEPTED), icon="heart-handshake",
            note="所在支部登记的，由社区确认；社区自己登记的，当场算数。不排名次。",
        ),
        "end": Deed(
            "结束报到", "结束", pledge_forms.UntilForm, _either,
            verb(services.end_placement, "placement"), "已结束，做过的事都保留。",
            _is(PlacementState.ACCEPTED), icon="calendar-off",
        ),
    },
)  # fmt: skip


def _service_of(request: DeskRequest, key: Any) -> Any:
    rows = people(request, Service).select_related(
        "placement__home", "placement__community", "placement__member"
    )
    return get_object_or_404(rows, uuid=key)


def _knows(request: DeskRequest, row: Any) -> bool:
    return _receives(request, row.placement)


OF_SERVICE = About(
    "services", _service_of, lambda row: row.uuid, lambda row: f"{row.placement} · {row}",
    lambda row: reverse("works:placement_detail", args=[row.placement.uuid]),
    {
        "confirm": Deed(
            "确认这件事", "确认", SureForm, _knows, verb(services.confirm_service, "service"),
            "已确认。", _is(ServiceState.FILED), icon="checks",
        ),
        "return": Deed(
            "退回这件事", "退回", pledge_forms.NoForm, _knows,
            verb(services.return_service, "service"), "已退回所在支部。",
            _is(ServiceState.FILED), icon="arrow-back-up",
        ),
    },
)  # fmt: skip

# --- 项目 ---


def project_of(request: DeskRequest, key: Any) -> Any:
    """One project in reach."""
    return through(request, Project, key, "unit", "tag")


def _keeps(request: DeskRequest, row: Any) -> bool:
    return may.may_keep_project(request.scope, row.unit.path)


def _milestone(told: Told) -> Any:
    return services.add_milestone(project=told.thing, **told.data)


OF_PROJECT = About(
    "projects", project_of, lambda row: row.uuid, lambda row: f"{row.unit} · {row}",
    _home("project_detail"),
    {
        "start": Deed(
            "进入实施", "进入实施", SureForm, _keeps, verb(services.start_project, "project"),
            "已进入实施。", _is(WorkState.PLANNED), icon="flag",
            note="先把节点列好；进入实施以后按节点登记完成情况。",
        ),
        "finish": Deed(
            "项目完成", "完成", project_forms.FinishForm, _keeps,
            verb(services.finish_project, "project"), "项目已完成。", _is(WorkState.UNDERWAY),
            icon="circle-check", note="节点全部完成以后才能登记项目完成。",
        ),
        "milestone": Deed(
            "添节点", "添上", project_forms.MilestoneForm, _keeps, _milestone, "节点已添上。",
            lambda row: bool(row.is_open), icon="plus",
        ),
        "file": Deed(
            "添佐证", "上传", pledge_forms.FileForm, _keeps,
            lambda t: services.add_paper(project=t.thing, by=t.by, **t.data), "佐证已上传。",
            icon="paperclip",
        ),
        "stop": Deed(
            "终止项目", "终止", project_forms.StopForm,
            lambda r, row: may.may_stop_project(r.scope, row.unit.path),
            verb(services.stop_project, "project"), "项目已终止。",
            lambda row: bool(row.is_open), icon="ban",
        ),
    },
)  # fmt: skip


def _milestone_of(request: DeskRequest, key: Any) -> Any:
    return through(request, Milestone, key, "project__unit")


OF_MILESTONE = About(
    "milestones", _milestone_of, lambda row: row.uuid, lambda row: f"{row.project} · {row}",
    lambda row: reverse("works:project_detail", args=[row.project.uuid]),
    {
        "finish": Deed(
            "节点完成", "登记完成", project_forms.FinishMilestoneForm,
            lambda r, row: _keeps(r, row.project),
            verb(services.finish_milestone, "milestone"), "节点已登记完成。",
            lambda row: row.done_on is None and row.project.state == WorkState.UNDERWAY,
            icon="check",
        ),
    },
)  # fmt: skip

ALL = (OF_UNIT, OF_PLEDGE, OF_POST, OF_PLACEMENT, OF_SERVICE, OF_PROJECT, OF_MILESTONE)


def beginnings(request: DeskRequest, name: str) -> list[Any]:
    """The units where somebody works, each with what ``name`` begins there; one query."""
    roots = request.scope.units_as(*WRITERS)
    return [unit for unit in roots if OF_UNIT.deeds[name].allowed(request, unit)]
