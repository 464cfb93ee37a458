"""授权: giving and taking roles. Only the district may (branches.permissions)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from branches.enums import BRANCH_KINDS, COMMITTEE_KINDS, Role, UnitKind
from branches.models import Grant, Unit
from core.errors import Refusal

# Where a role makes sense; a leader may look anywhere.
ROLE_KINDS: dict[str, tuple[str, ...]] = {
    Role.DISTRICT_STAFF: (UnitKind.DISTRICT,),
    Role.COMMITTEE_STAFF: COMMITTEE_KINDS,
    Role.SECRETARY: BRANCH_KINDS,
    Role.GROUP_LEADER: (UnitKind.GROUP,),
    Role.LEADER: tuple(UnitKind),
    Role.CADRE_OFFICER: (UnitKind.DISTRICT, *COMMITTEE_KINDS),
}
_WHERE = {
    Role.DISTRICT_STAFF: "区委",
    Role.COMMITTEE_STAFF: "党（工）委或党总支",
    Role.SECRETARY: "党支部",
    Role.GROUP_LEADER: "党小组",
    Role.CADRE_OFFICER: "区委、党（工）委或党总支",
}


@transaction.atomic
def give(
    *,
    user: User,
    role: str,
    unit: Unit,
    since: date | None = None,
    until: date | None = None,
    by: User | None = None,
) -> Grant:
    """Give a role in a unit and everything below it; a taken one comes back with new days.

    Giving what is held already changes its days only. Raises Refusal for a unit of the wrong kind
    and for giving oneself a role. A cadre officer is named at the server's console (``by`` None),
    so that no account of the desk, the administrator's included, opens 干部工作 to anybody.
    """
    if role == Role.CADRE_OFFICER and by is not None:
        raise Refusal(
            "“干部工作人员”不能在页面上授权：请按书面批准，由两人在服务器上用"
            "“name_cadre_officer”命令登记。",
            field="role",
            code="forbidden",
        )
    since = since or timezone.localdate()
    if unit.kind not in ROLE_KINDS[role]:
        raise Refusal(
            f"“{Role(role).label}”要授权在{_WHERE[Role(role)]}上，"
            f"“{unit}”是{unit.get_kind_display()}。",
            field="unit",
        )
    if by is not None and by.pk == user.pk and not by.is_superuser:
        raise Refusal("不能给自己授权，请由另一位工作人员办理。", field="user", code="forbidden")
    if until is not None and until < since:
        raise Refusal("失效日期不能早于生效日期。", field="until")
    grant, _ = Grant.unscoped.update_or_create(
        user=user, role=role, unit=unit, defaults={"since": since, "until": until}
    )
    return grant


@transaction.atomic
def take(*, grant: Grant, by: User | None = None) -> None:
    """Take a role away at once: yesterday was its last day. The row stays as history."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if by is not None and by.pk == grant.user_id and not by.is_superuser:
        raise Refusal("不能收回自己的授权，请由另一位工作人员办理。", code="forbidden")
    if grant.since > yesterday:
        # Given today: there is no day left on which it held. The change history keeps it.
        grant.delete()
        return
    grant.until = min(grant.until or yesterday, yesterday)
    grant.save(update_fields=["until"])
