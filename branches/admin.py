"""党组织, 党员, 职务, 届次, 豁免, 授权, 接口凭据 in the data administration."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.admin import AccountAdmin
from accounts.models import User
from branches import forms_admin as forms
from branches import permissions, services
from branches.admin_base import ScopedAdmin, scope_of
from branches.enums import DisclosureKind, Role
from branches.models import (
    ApiClient,
    CommitteeTerm,
    Disclosure,
    Exemption,
    Grant,
    Member,
    Post,
    Robot,
    Unit,
    UnitChange,
)
from branches.scope import Scope
from branches.services import clients
from core.admin_base import ReasonForm, by_period, reason_of
from core.errors import Refusal

_PEOPLE = (
    "name", "kind", "joined_on", "confirmed_on", "sex", "birth_date", "ethnicity", "education",
    "degree", "job", "residence", "registered_residence", "is_floating", "is_lost",
    "is_migrant_worker",
)  # fmt: skip


class ImportingAdmin(ScopedAdmin):
    """A table that is mostly filled from workbooks: the list has a button for it."""

    change_list_template = "admin/branches/importing_change_list.html"
    kind = ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The list with the way to the import."""
        url = reverse("branches:import_start", kwargs={"kind": self.kind})
        page = super().changelist_view(request, {**(extra_context or {}), "import_url": url})
        return cast(TemplateResponse, page)


@admin.register(Unit)
class UnitAdmin(ImportingAdmin):
    kind = "units"
    joined = ("parent", "district", "committee")
    ordering = ("path",)
    list_display = ("name", "code", "kind", "field", "parent", "founded_on", "dissolved_on")
    list_filter = ("kind", "field")
    search_fields = ("name",)
    autocomplete_fields = ("parent",)
    add_form = forms.UnitAddForm
    change_form = forms.UnitChangeForm
    add_fields = (
        "parent", "kind", "name", "short_name", "code", "field", "founded_on", "territory",
        "contact", "contact_number", "address", "credit_code",
    )  # fmt: skip
    shown = ("code", "district", "committee", "masked_phone", "updated_at")
    change_fields = (
        "parent", "kind", "name", "short_name", "field", "founded_on", "dissolved_on", "territory",
        "contact", "contact_number", "address", "credit_code", "reason",
    )  # fmt: skip

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_change_tree(scope, path)

    def path_of(self, obj: Unit) -> str:
        return obj.path

    def describe(self, obj: Unit) -> str:
        return f"{obj.name}（{obj.code}）"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The words of the model itself."""
        return queryset.search(search_term.replace("\x00", "")), False  # type: ignore[attr-defined]

    @admin.display(description="联系电话")
    def masked_phone(self, unit: Unit) -> str:
        return unit.masked_contact_phone


@admin.register(UnitChange)
class UnitChangeAdmin(ScopedAdmin):
    joined = ("unit", "from_parent", "to_parent", "by")
    list_display = ("unit", "kind", "day", "from_parent", "to_parent", "old_name", "by")
    list_filter = ("kind", by_period("day"))
    shown = (
        "unit", "kind", "day", "from_parent", "to_parent", "into", "old_name", "reason", "by", "at",
    )  # fmt: skip


@admin.register(Member)
class MemberAdmin(ImportingAdmin):
    kind = "members"
    joined = ("unit", "group")
    list_display = ("name", "unit", "group", "sex", "kind", "state", "joined_on", "number", "phone")
    list_filter = ("kind", "state", "is_floating")
    search_fields = ("name",)
    search_help_text = "按姓名、拼音首字母、党支部代码，或完整的身份号码、手机号码查找。"
    autocomplete_fields = ("unit", "group")
    add_form = forms.MemberAddForm
    change_form = forms.MemberChangeForm
    add_fields = ("unit", "group", "identity", "mobile", *_PEOPLE)
    shown = ("number", "phone", "arrived_on", "left_on", "updated_at")
    change_fields = ("unit", "group", "state", "identity", "mobile", *_PEOPLE)

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_keep_roster(scope, path)

    def exported(self, request: HttpRequest) -> None:
        """That the roster was taken out is noted, as on the page."""
        Disclosure.unscoped.create(
            by=cast(User, request.user),
            kind=DisclosureKind.EXPORTED,
            what="党员名册（数据管理，号码已遮挡）",
        )

    def describe(self, obj: Member) -> str:
        return f"{obj.name}（{obj.unit}）"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By name; numbers only whole, by their keyed index."""
        text = search_term.replace("\x00", "").strip()
        if text.isascii() and any(character.isdigit() for character in text):
            found = Q(unit__code=text)
            for name in ("id_number", "phone"):
                found |= Q(**Member.sealed_lookup(name, text))
            return queryset.filter(found), False
        return queryset.search(text), False  # type: ignore[attr-defined]

    @admin.display(description="公民身份号码")
    def number(self, member: Member) -> str:
        return member.masked_id_number

    @admin.display(description="手机号码")
    def phone(self, member: Member) -> str:
        return member.masked_phone


@admin.register(Post)
class PostAdmin(ScopedAdmin):
    joined = ("unit", "member")
    own_search = ("member__name__icontains", "member__name_key__contains")
    search_help_text = "按党组织或党员姓名查找。"
    list_display = ("member", "kind", "unit", "since", "until")
    list_filter = ("kind",)
    autocomplete_fields = ("unit", "member")
    add_form = forms.PostAddForm
    change_form = forms.PostEndForm
    add_fields = ("unit", "member", "kind", "since")
    shown = ("unit", "member", "kind", "since")
    change_fields = ("until",)

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_keep_roster(scope, path)


@admin.register(CommitteeTerm)
class CommitteeTermAdmin(ScopedAdmin):
    list_display = ("unit", "number", "with_committee", "started_on", "due_on", "ended_on", "seats")
    list_filter = ("with_committee",)
    autocomplete_fields = ("unit",)
    add_form = forms.TermAddForm
    change_form = forms.TermEndForm
    add_fields = ("unit", "started_on", "last_day", "with_committee", "seats")
    shown = ("unit", "number", "with_committee", "started_on", "due_on", "seats")
    change_fields = ("ended_on",)

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_change_tree(scope, path)


@admin.register(Exemption)
class ExemptionAdmin(ScopedAdmin):
    joined = ("unit", "proposed_by", "decided_by")
    list_display = ("unit", "kind", "since", "until", "reason", "state", "proposed_by")
    list_filter = ("state", "kind")
    autocomplete_fields = ("unit",)
    add_form = forms.ExemptionAddForm
    add_fields = ("unit", "kind", "since", "until", "reason")
    shown = (
        "unit", "kind", "since", "until", "reason", "state", "proposed_by", "decided_by",
        "decided_at", "answer",
    )  # fmt: skip
    action_form = ReasonForm
    actions = ("approve", "refuse")

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_propose_exemption(scope, path)

    @admin.action(description="批准")
    def approve(self, request: HttpRequest, queryset: QuerySet[Exemption]) -> None:
        self._decide(request, queryset, approve=True)

    @admin.action(description="不批准（请在“意见”里写明原因）")
    def refuse(self, request: HttpRequest, queryset: QuerySet[Exemption]) -> None:
        self._decide(request, queryset, approve=False)

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[Exemption], *, approve: bool
    ) -> None:
        def verb(row: Exemption) -> None:
            if not permissions.may_decide_exemption(scope_of(request), row.unit.path):
                raise Refusal("您不能审批这个党组织的豁免。", code="forbidden")
            by, answer = cast(User, request.user), reason_of(request)
            services.decide(exemption=row, approve=approve, by=by, answer=answer)

        self.each(request, queryset, verb, "已批准" if approve else "已答复不批准")


@admin.register(Grant)
class GrantAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "user")
    own_search = ("user__name__icontains", "user__username__startswith")
    search_help_text = "按党组织、姓名或用户名查找。"
    list_display = ("user", "role", "unit", "since", "until")
    list_filter = ("role",)
    autocomplete_fields = ("user", "unit")
    add_form = forms.GrantAddForm
    change_form = forms.GrantDaysForm
    add_fields = ("user", "role", "unit", "since", "until")
    shown = ("user", "role", "unit")
    change_fields = ("since", "until")
    actions = ("take_back",)

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_manage_grants(scope, path)

    def get_field_queryset(self, db: str | None, db_field: Any, request: Any) -> Any:
        """Accounts: those that may be found."""
        if db_field.name == "user":
            return findable(request)
        return super().get_field_queryset(db, db_field, request)

    @admin.action(description="收回授权")
    def take_back(self, request: HttpRequest, queryset: QuerySet[Grant]) -> None:
        by = cast(User, request.user)
        self.each(request, queryset, lambda row: services.take(grant=row, by=by), "已收回")


def findable(request: HttpRequest) -> QuerySet[User]:
    """Accounts that the district may give further roles to: its own.

    Whoever makes an account, a superuser, gives it its first role: an account without one may be
    another district's tomorrow.
    """
    accounts = User.objects.order_by("-pk")
    if request.user.is_superuser:
        return accounts
    roots = scope_of(request).units_as(Role.DISTRICT_STAFF)
    if not roots:
        return accounts.none()
    own = Grant.objects.within(*roots)
    return accounts.filter(Exists(own.filter(user=OuterRef("pk"))), is_superuser=False)


@admin.register(User)
class ScopedAccountAdmin(AccountAdmin):
    """The district finds accounts when it gives roles; nothing else of them is open to it."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        match = request.resolver_match
        finding = match is not None and match.view_name == "admin:autocomplete"
        return bool(
            request.user.is_superuser
            or (finding and scope_of(request).units_as(Role.DISTRICT_STAFF))
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return findable(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))


@admin.register(ApiClient)
class ApiClientAdmin(ScopedAdmin):
    sees = (Role.DISTRICT_STAFF,)
    joined = ("unit", "client")
    own_search = ("title__icontains",)
    search_help_text = "按系统名称或党组织查找。"
    list_display = ("title", "unit", "expires_on", "is_active", "last_used_at")
    list_filter = ("is_active",)
    autocomplete_fields = ("unit",)
    add_form = forms.ClientAddForm
    change_form = forms.ClientChangeForm
    add_fields = ("title", "unit", "allowed", "expires_on", "sources")
    shown = ("title", "unit", "client_number", "last_used_at")
    change_fields = ("allowed", "expires_on", "sources", "is_active")
    actions = ("rotate", "disable")

    def may_write(self, scope: Scope, path: str) -> bool:
        return permissions.may_manage_grants(scope, path)

    @admin.display(description="客户端编号")
    def client_number(self, row: ApiClient) -> str:
        return str(row.client_id)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form with what the row allows now."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None and "allowed" in form.base_fields:
            form.base_fields["allowed"].initial = obj.scopes
            form.base_fields["sources"].initial = "\n".join(obj.addresses)
        return form

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The secret, once: it is kept nowhere, so that there is no page to go back to."""
        return self._secret(request, obj.issued)

    @admin.action(description="更换密钥（一次一个）")
    def rotate(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> HttpResponse | None:
        rows = list(queryset[:2])
        if len(rows) != 1:
            messages.warning(request, "新密钥只显示一次，请一次选择一个系统。")
            return None
        return self._secret(request, clients.rotate_secret(client=rows[0]))

    @admin.action(description="停用")
    def disable(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        self.each(request, queryset, lambda row: clients.disable_client(client=row), "已停用")

    def _secret(self, request: HttpRequest, issued: clients.Issued) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "接口密钥",
            "issued": issued,
            "opts": self.opts,
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, "admin/branches/apiclient/secret.html", context)


@admin.register(Robot)
class RobotAdmin(ScopedAdmin):
    """Looked at and switched off; set up on the page 通知渠道. No address is shown here."""

    joined = ("unit", "created_by")
    own_search = ("name__icontains",)
    search_help_text = "按名称或党组织查找。"
    list_display = ("name", "unit", "kind", "topics_label", "is_active")
    list_filter = ("kind", "is_active")
    shown = ("name", "unit", "kind", "topics_label", "is_active", "created_by", "created_at")
    actions = ("disable",)

    @admin.display(description="消息类别")
    def topics_label(self, robot: Robot) -> str:
        return "、".join(robot.topic_labels)

    @admin.action(description="停用")
    def disable(self, request: HttpRequest, queryset: QuerySet[Robot]) -> None:
        self.each(
            request,
            queryset,
            lambda row: services.change_robot(
                robot=row, name=row.name, topics=row.topics, is_active=False
            ),
            "已停用",
        )
