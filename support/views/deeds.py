"""Everything that may be done in 阵地与联系: form, predicate and verb of each, by its name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from branches.deeds import About, Deed, Told, verb
from branches.models import Unit
from branches.naming import unit_named
from branches.permissions import STAFF
from branches.views.parts import DeskRequest, unit_of
from core.deed_forms import SureForm
from core.errors import Refusal
from support import permissions as may
from support import services
from support.enums import CheckState, IssueState, JointState
from support.forms import contacts as contact_forms
from support.forms import joint as joint_forms
from support.forms import venues as venue_forms
from support.models import (
    ContactLeader,
    ContactLink,
    ContactVisit,
    JointCommittee,
    JointEntry,
    JointMember,
    JointProject,
    Venue,
    VenueCheck,
    VenueItem,
)
from support.views.parts import is_own, through

RUNNING = (JointState.MATCHED, JointState.UNDERWAY)


def _venue_home(venue: Any) -> str:
    return reverse("support:venue_detail", args=[venue.uuid])


def _link_home(link: Any) -> str:
    return reverse("support:contact_detail", args=[link.uuid])


def _joint_home(joint: Any) -> str:
    return reverse("support:joint_detail", args=[joint.uuid])


def _leaders(thing: Any) -> str:
    return reverse("support:leader_list")


# --- An organisation ---


def _register_leader(told: Told) -> Any:
    data = told.data
    user = told.form.accounts.get(data.pop("account"))
    return services.register_leader(unit=told.thing, user=user, **data)


def _keeps_venue(request: DeskRequest, unit: Any) -> bool:
    return bool(unit.is_branch) and may.may_keep_venue(request.scope, unit.path)


OF_UNIT = About(
    "units", unit_of, lambda unit: unit.code, str,
    lambda unit: reverse("support:mine") if unit.is_branch else reverse("support:board"),
    {
        "venue": Deed(
            "登记阵地", "保存", venue_forms.VenueForm, _keeps_venue,
            lambda t: services.save_venue(unit=t.thing, by=t.by, on=t.on, **t.data),
            "阵地已登记，接着做今年的自查。", icon="map-pin", goes=_venue_home,
        ),
        "leader": Deed(
            "登记联系领导", "登记", contact_forms.LeaderForm,
            lambda r, unit: may.may_keep_links(r.scope, unit.path), _register_leader,
            "已登记，接着安排联系点。", icon="user-plus", goes=_leaders,
        ),
        "joint": Deed(
            "成立“大党委”", "保存", joint_forms.FoundForm,
            lambda r, unit: may.may_keep_joint(r.scope, unit.path),
            verb(services.found, "unit"), "已登记。", icon="users-group", goes=_joint_home,
        ),
    },
    key="str",
)  # fmt: skip

# --- 阵地 ---


def _photo(told: Told) -> Any:
    item = VenueItem.objects.get(code=told.data["item"])
    return services.add_photo(venue=told.thing, by=told.by, item=item, photo=told.data["photo"])


def _check(told: Told) -> Any:
    return services.submit_check(
        venue=told.thing, by=told.by, on=told.on, answers=told.form.answers,
        note=told.data["note"],
    )  # fmt: skip


def _keeps(request: DeskRequest, venue: Any) -> bool:
    return may.may_keep_venue(request.scope, venue.unit.path)


def _save(told: Told) -> Any:
    return services.save_venue(unit=told.thing.unit, by=told.by, on=told.on, **told.data)


OF_VENUE = About(
    "venues", lambda r, key: through(r, Venue, key, "unit"), lambda venue: venue.uuid,
    lambda venue: str(venue.unit), _venue_home,
    {
        "check": Deed(
            "年度自查", "交给党（工）委", venue_forms.CheckForm, _keeps, _check,
            "自查已交，等党（工）委确认。", icon="clipboard-check",
            note="对照“三室两栏”逐项看一遍。没有的照实选“没有”，写上打算怎么补。",
        ),
        "photo": Deed(
            "上传照片", "上传", venue_forms.PhotoForm, _keeps, _photo, "照片已上传。", icon="camera"
        ),
        "edit": Deed(
            "修改阵地", "保存", venue_forms.VenueForm, _keeps, _save, "已保存。", icon="edit"
        ),
    },
)  # fmt: skip


def _decides(request: DeskRequest, check: Any) -> bool:
    return may.may_decide_check(request.scope, check.venue.unit.path)


def _waits(check: Any) -> bool:
    return bool(check.state == CheckState.SUBMITTED)


OF_CHECK = About(
    "checks", lambda r, key: through(r, VenueCheck, key, "venue__unit"), lambda check: check.uuid,
    lambda check: f"{check.venue.unit} · {check}", lambda check: _venue_home(check.venue),
    {
        "confirm": Deed(
            "确认自查", "确认", venue_forms.ConfirmForm, _decides,
            verb(services.confirm_check, "check"), "已确认。", _waits, icon="checks",
        ),
        "return": Deed(
            "退回自查", "退回", venue_forms.ReturnForm, _decides,
            verb(services.return_check, "check"), "已退回支部。", _waits, icon="arrow-back-up",
        ),
    },
)  # fmt: skip

# --- 联系点 ---


def _leader_of(request: DeskRequest, key: UUID) -> Any:
    return through(request, ContactLeader, key, "unit")


def _link(told: Told) -> Any:
    reach = Unit.objects.within(*told.request.scope.units_as(*STAFF))
    unit = unit_named(reach, told.data["unit"], field="unit")
    return services.link(
        leader=told.thing, unit=unit, by=told.by, since=told.data["since"], on=told.on
    )


def _keeps_leader(request: DeskRequest, leader: Any) -> bool:
    return may.may_keep_links(request.scope, leader.unit.path)


OF_LEADER = About(
    "leaders", _leader_of, lambda leader: leader.uuid, str, _leaders,
    {
        "link": Deed(
            "安排联系点", "安排", contact_forms.LinkForm, _keeps_leader, _link,
            "联系点已安排。", lambda leader: bool(leader.is_active), icon="link", goes=_link_home,
        ),
        "retire": Deed(
            "登记离任", "离任", contact_forms.UntilForm, _keeps_leader,
            lambda t: services.retire_leader(leader=t.thing, on=t.on, **t.data),
            "已登记离任，联系点同日结束。", lambda leader: bool(leader.is_active), icon="logout",
        ),
    },
)  # fmt: skip


def link_of(request: DeskRequest, key: UUID) -> Any:
    """One contact point in reach."""
    return through(request, ContactLink, key, "leader", "unit")


def _visits(request: DeskRequest, link: Any) -> bool:
    return may.may_visit(request.scope, link.unit.path, is_own=is_own(request, link))


OF_LINK = About(
    "contacts", link_of, lambda link: link.uuid, str, _link_home,
    {
        "visit": Deed(
            "登记走访", "登记", contact_forms.VisitForm, _visits,
            verb(services.record_visit, "link"), "走访已登记。",
            lambda link: link.until is None, icon="map-pin",
        ),
        "end": Deed(
            "结束联系", "结束", contact_forms.UntilForm,
            lambda r, link: may.may_keep_links(r.scope, link.unit.path),
            lambda t: services.end_link(link=t.thing, on=t.on, **t.data),
            "联系已结束，走访记录保留。", lambda link: link.until is None, icon="calendar-off",
        ),
    },
)  # fmt: skip


def _visit_of(request: DeskRequest, key: UUID) -> Any:
    return through(request, ContactVisit, key, "link__leader", "link__unit")


def _open(visit: Any) -> bool:
    return bool(visit.state == IssueState.OPEN)


OF_VISIT = About(
    "visits", _visit_of, lambda visit: visit.uuid,
    lambda visit: f"{visit.link} · {visit}", lambda visit: _link_home(visit.link),
    {
        "follow": Deed(
            "登记跟进", "登记", contact_forms.FollowForm,
            lambda r, v: may.may_follow(r.scope, v.link.unit.path, is_own=is_own(r, v.link)),
            verb(services.follow_up, "visit"), "跟进已登记。", _open, icon="message",
        ),
        "solve": Deed(
            "问题已解决", "登记解决", contact_forms.SolveForm,
            lambda r, v: may.may_solve(r.scope, v.link.unit.path, is_own=is_own(r, v.link)),
            verb(services.solve, "visit"), "问题已登记为解决。", _open, icon="circle-check",
        ),
    },
)  # fmt: skip

# --- 大党委 ---


def _of_joint(told: Told, model: Any, name: str) -> Any:
    key = told.data.get(name)
    if not key:
        return None
    return get_object_or_404(model.unscoped.filter(joint=told.thing), uuid=key)


def _entry(told: Told) -> Any:
    data = told.data | {"member": _of_joint(told, JointMember, "member")}
    return services.add_entry(joint=told.thing, **data)


def _match(told: Told) -> Any:
    data = told.data | {
        "resource": _of_joint(told, JointEntry, "resource"),
        "need": _of_joint(told, JointEntry, "need"),
    }
    if data["resource"] is None and data["need"] is None:
        raise Refusal("请至少选一项资源或一项需求。", field="need")
    return services.match(joint=told.thing, by=told.by, on=told.on, **data)


def _keeps_joint(request: DeskRequest, thing: Any) -> bool:
    unit = thing.unit if isinstance(thing, JointCommittee) else thing.joint.unit
    return may.may_keep_joint(request.scope, unit.path)


def _inside(model: Any) -> Any:
    return lambda request, key: through(request, model, key, "joint__unit")


def _back(thing: Any) -> str:
    return _joint_home(thing.joint)


def _name(thing: Any) -> str:
    return f"{thing.joint} · {thing}"


OF_JOINT = About(
    "joint", lambda r, key: through(r, JointCommittee, key, "unit"), lambda joint: joint.uuid, str,
    _joint_home,
    {
        "match": Deed(
            "对接资源和需求", "立项", joint_forms.MatchForm, _keeps_joint, _match,
            "项目已立。", icon="arrows-exchange",
        ),
        "entry": Deed(
            "添一条资源或需求", "登记", joint_forms.EntryForm, _keeps_joint, _entry,
            "已放进清单。", icon="plus",
        ),
        "member": Deed(
            "添成员单位", "登记", joint_forms.MemberForm, _keeps_joint,
            lambda t: services.add_member(joint=t.thing, on=t.on, **t.data),
            "成员单位已登记。", icon="building",
        ),
        "edit": Deed(
            "修改", "保存", joint_forms.FoundForm, _keeps_joint,
            lambda t: services.found(unit=t.thing.unit, by=t.by, on=t.on, **t.data),
            "已保存。", icon="edit",
        ),
    },
)  # fmt: skip
OF_MEMBER = About(
    "joint-members", _inside(JointMember), lambda row: row.uuid, _name, _back,
    {
        "end": Deed(
            "登记退出", "退出", contact_forms.UntilForm, _keeps_joint,
            lambda t: services.end_member(member=t.thing, on=t.on, **t.data),
            "已登记退出，它的资源和需求同时撤下。", lambda row: row.until is None, icon="logout",
        ),
    },
)  # fmt: skip
OF_ENTRY = About(
    "joint-entries", _inside(JointEntry), lambda row: row.uuid, _name, _back,
    {
        "close": Deed(
            "从清单撤下", "撤下", SureForm, _keeps_joint,
            lambda t: services.close_entry(entry=t.thing), "已撤下。",
            lambda row: bool(row.is_open), icon="circle-minus",
        ),
    },
)  # fmt: skip


def _runs(project: Any) -> bool:
    return project.state in RUNNING


OF_PROJECT = About(
    "joint-projects", _inside(JointProject), lambda row: row.uuid, _name, _back,
    {
        "progress": Deed(
            "登记进展", "登记", joint_forms.ProgressForm, _keeps_joint,
            verb(services.report_progress, "project"), "进展已登记。", _runs, icon="chart-line",
        ),
        "finish": Deed(
            "项目完成", "完成", joint_forms.EndForm, _keeps_joint,
            verb(services.finish_project, "project"), "项目已完成。",
            lambda row: bool(row.state == JointState.UNDERWAY), icon="circle-check",
        ),
        "stop": Deed(
            "终止项目", "终止", joint_forms.StopForm, _keeps_joint,
            verb(services.stop_project, "project"), "项目已终止。", _runs, icon="ban",
        ),
    },
)  # fmt: skip

ALL = (
    OF_UNIT, OF_VENUE, OF_CHECK, OF_LEADER, OF_LINK, OF_VISIT, OF_JOINT, OF_MEMBER, OF_ENTRY,
    OF_PROJECT,
)  # fmt: skip
