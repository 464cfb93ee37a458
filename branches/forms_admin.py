"""Input of the data administration: each form ends in the verb that the pages call too."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone

from branches import services
from branches.enums import ClientScope
from branches.forms import IdNumberField, PhoneField
from branches.models import ApiClient, CommitteeTerm, Exemption, Grant, Member, Post, Unit
from branches.services import clients
from core.admin_base import ServiceForm
from core.codes import EDUCATION, NATIONALITY
from core.errors import Refusal

_NOTHING = [("", "不填")]
_KEEP = "留空不改；要清除请填“-”。"


class ClearablePhoneField(PhoneField):
    """A phone number that is not shown again: empty means unchanged, “-” takes it away."""

    def clean(self, value: Any) -> Any:
        """The canonical number, "" for unchanged, "-" for cleared."""
        return "-" if str(value or "").strip() == "-" else super().clean(value)


class UnitAddForm(ServiceForm):
    """A new organisation."""

    fields_of = {"contact_phone": "contact_number"}
    contact_number = PhoneField(label="联系电话", required=False)

    def perform(self) -> Unit:
        """Place it; only a superuser founds a district."""
        given = dict(self.cleaned_data)
        if given["parent"] is None and not self.by.is_superuser:
            raise Refusal("请选择上级党组织。", field="parent")
        return services.place(contact_phone=given.pop("contact_number"), by=self.by, **given)


class UnitChangeForm(ServiceForm):
    """Facts, name, place and end of an organisation: each by its own verb, all or none."""

    fields_of = {"contact_phone": "contact_number", "to": "parent", "on": "dissolved_on"}
    contact_number = ClearablePhoneField(label="新的联系电话", required=False, help_text=_KEEP)
    reason = forms.CharField(
        label="依据或原因", max_length=300, required=False, help_text="更名、调整隶属、撤销时填写。"
    )

    def perform(self) -> Unit:
        """Rename, correct, move, dissolve, as far as it was changed."""
        unit = cast(Unit, self.instance)
        given, changed = self.cleaned_data, set(self.changed_data)
        today, reason = timezone.localdate(), given["reason"]
        facts = {name: given[name] for name in changed & set(_FACTS)}
        number = given["contact_number"]
        if number:
            facts["contact_phone"] = "" if number == "-" else number
        if "name" in changed:
            unit = services.rename(
                unit=unit, name=given["name"], on=today, by=self.by, reason=reason
            )
        if facts or "kind" in changed:
            unit = services.change_unit(unit=unit, kind=given["kind"], **facts)
        if "parent" in changed:
            if given["parent"] is None:
                raise Refusal("请选择上级党组织。", field="parent")
            unit = services.move(unit=unit, to=given["parent"], on=today, by=self.by, reason=reason)
        if "dissolved_on" in changed:
            if given["dissolved_on"] is None:
                raise Refusal("已经撤销的党组织不能恢复，请另行成立。", field="dissolved_on")
            unit = services.dissolve(unit=unit, on=given["dissolved_on"], by=self.by, reason=reason)
        return unit


_FACTS = (
    "short_name", "field", "founded_on", "territory", "contact", "address", "credit_code",
)  # fmt: skip


class MemberForm(ServiceForm):
    """What a new and a known member share."""

    fields_of = {"id_number": "identity", "phone": "mobile", "to": "unit"}
    identity: forms.CharField = IdNumberField(label="公民身份号码", max_length=24)
    mobile: forms.CharField = PhoneField(label="手机号码", max_length=30, required=False)
    ethnicity = forms.ChoiceField(
        label="民族", choices=_NOTHING + NATIONALITY.choices, required=False
    )
    education = forms.ChoiceField(
        label="学历", choices=_NOTHING + EDUCATION.choices, required=False
    )


class MemberAddForm(MemberForm):
    """Somebody new on a roster."""

    def perform(self) -> Member:
        """Put him on the roster."""
        given = dict(self.cleaned_data)
        numbers = {"id_number": given.pop("identity"), "phone": given.pop("mobile")}
        return services.add_member(by=self.by, **numbers, **given)


class MemberChangeForm(MemberForm):
    """Facts, branch, group and state of a member."""

    identity = IdNumberField(
        label="新的身份号码", max_length=24, required=False, help_text="留空不改。"
    )
    mobile = ClearablePhoneField(
        label="新的手机号码", max_length=30, required=False, help_text=_KEEP
    )

    def perform(self) -> Member:
        """Correct, transfer, regroup, note the state, as far as it was changed."""
        member = cast(Member, self.instance)
        given, changed = self.cleaned_data, set(self.changed_data)
        today = timezone.localdate()
        place = {"unit", "group", "state", "identity", "mobile"}
        facts = {name: given[name] for name in changed - place}
        if given["identity"]:
            facts["id_number"] = given["identity"]
        if given["mobile"]:
            facts["phone"] = "" if given["mobile"] == "-" else given["mobile"]
        if facts:
            member = services.change_member(member=member, by=self.by, **facts)
        if "unit" in changed:
            group = given["group"] if "group" in changed else None
            member = services.transfer(
                member=member, to=given["unit"], on=today, group=group, by=self.by
            )
        elif "group" in changed:
            services.set_group(
                unit=given["unit"], group=given["group"], members=[member], by=self.by
            )
            member.refresh_from_db()
        if "state" in changed:
            member = services.leave(member=member, state=given["state"], on=today, by=self.by)
        return member


class PostAddForm(ServiceForm):
    """任职."""

    def perform(self) -> Post:
        """Appoint."""
        return services.appoint(by=self.by, **self.cleaned_data)


class PostEndForm(ServiceForm):
    """免职."""

    until = forms.DateField(label="免职日期", widget=AdminDateWidget, help_text="在任的最后一天。")

    def perform(self) -> Post:
        """Relieve."""
        post = cast(Post, self.instance)
        return services.relieve(post=post, until=self.cleaned_data["until"], by=self.by)


class TermAddForm(ServiceForm):
    """A new term."""

    fields_of = {"due_on": "last_day"}
    last_day = forms.DateField(
        label="届满日期",
        widget=AdminDateWidget,
        required=False,
        help_text="不填就按规定的任期年限推算。",
    )

    def perform(self) -> CommitteeTerm:
        """Start it."""
        given = dict(self.cleaned_data)
        return services.start_term(due_on=given.pop("last_day"), by=self.by, **given)


class TermEndForm(ServiceForm):
    """The end of a term."""

    fields_of = {"on": "ended_on"}
    ended_on = forms.DateField(label="实际结束日期", widget=AdminDateWidget)

    def perform(self) -> CommitteeTerm:
        """End it."""
        term = cast(CommitteeTerm, self.instance)
        return services.end_term(term=term, on=self.cleaned_data["ended_on"], by=self.by)


class ExemptionAddForm(ServiceForm):
    """A proposal."""

    def perform(self) -> Exemption:
        """Propose."""
        return services.propose(by=self.by, **self.cleaned_data)


class GrantAddForm(ServiceForm):
    """A role for somebody."""

    def perform(self) -> Grant:
        """Give."""
        return services.give(by=self.by, **self.cleaned_data)


class GrantDaysForm(ServiceForm):
    """The days of a role."""

    def perform(self) -> Grant:
        """Give it again with other days."""
        grant = cast(Grant, self.instance)
        return services.give(
            user=grant.user, role=grant.role, unit=grant.unit, by=self.by, **self.cleaned_data
        )


class ClientForm(ServiceForm):
    """What a client may do, and from where."""

    fields_of = {"scopes": "allowed", "addresses": "sources"}
    allowed = forms.MultipleChoiceField(
        label="接口权限", choices=ClientScope.choices, widget=forms.CheckboxSelectMultiple
    )
    sources = forms.CharField(
        label="允许的来源地址",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="一行一个 IP 地址；留空表示不限制。",
    )

    def facts(self) -> dict[str, Any]:
        """The verbs' names of it all."""
        given = dict(self.cleaned_data)
        return {"scopes": given.pop("allowed"), "addresses": given.pop("sources").split(), **given}


class ClientAddForm(ClientForm):
    """A new credential."""

    def perform(self) -> ApiClient:
        """Issue; the page that follows shows ``issued`` once."""
        issued = clients.issue_client(**self.facts())
        issued.client.issued = issued  # type: ignore[attr-defined]
        return issued.client


class ClientChangeForm(ClientForm):
    """A known credential."""

    def perform(self) -> ApiClient:
        """Change it."""
        return clients.change_client(client=cast(ApiClient, self.instance), **self.facts())
