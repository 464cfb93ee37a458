"""党组织: the tree and its history."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node, MP_NodeManager

from branches.enums import BRANCH_KINDS, ChangeKind, Field, UnitKind
from branches.querysets import ScopedQuerySet, UnitQuerySet
from core.codes import mask_phone
from core.history import tracked
from core.sealed import SealedField, SealedMixin


# A move rewrites the places of a whole subtree: UnitChange tells of it once, the history of the
# rows need not tell it ten thousand times.
@tracked(exclude=["name_key", "path", "depth", "numchild", "committee", "district", "updated_at"])
class Unit(SealedMixin, MP_Node):
    """党组织: 区委, 党(工)委, 党总支, 党支部, 党小组 in one tree.

    ``path``, ``depth``, ``numchild``, ``parent``, ``committee`` and ``district`` are written only
    by ``branches.services.place`` and ``move``. ``committee`` is the ancestor directly below the
    district (the unit itself counts when it stands there), ``district`` the 区委 above.
    """

    steplen = 4

    # Byte order: a prefix is a range of the index whatever the database's locale is.
    path = models.CharField(max_length=64, unique=True, db_collation="C")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级党组织"
    )
    district = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属区委"
    )
    committee = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所属党（工）委",
    )
    code = models.CharField("党组织代码", max_length=40, unique=True)
    name = models.CharField("党组织名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    name_key = models.TextField("检索键", blank=True, editable=False)
    kind = models.CharField("党组织类别", max_length=20, choices=UnitKind)
    field = models.CharField("领域", max_length=20, choices=Field, default=Field.OTHER)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    territory = models.CharField("属地关系", max_length=60, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = SealedField("联系电话", null=True)
    address = models.CharField("地址", max_length=200, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    unscoped = MP_NodeManager()  # type: ignore[django-manager-missing]
    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "党组织"
        verbose_name_plural = "党组织"
        ordering = ["path"]
        default_manager_name = "unscoped"
        base_manager_name = "unscoped"
        indexes = [
            models.Index(fields=["parent", "code"], name="branches_unit_parent"),
            models.Index(fields=["committee", "kind"], name="branches_unit_committee"),
            models.Index(fields=["district", "kind"], name="branches_unit_district"),
            models.Index(fields=["kind", "code"], name="branches_unit_kind"),
            # The feed's whole key: one statement may change a district's units at one instant.
            models.Index(fields=["updated_at", "id"], name="branches_unit_feed"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="branches_unit_name"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="branches_unit_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(dissolved_on__isnull=True),
                name="branches_unit_name_once",
                violation_error_message="同一上级下已有同名的党组织，请核对或改用全称。",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
                name="branches_unit_span",
                violation_error_message="撤销日期不能早于成立日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind="district", depth=1) | (~Q(kind="district") & Q(depth__gt=1)),
                name="branches_unit_root",
                violation_error_message="只有区委没有上级党组织。",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def is_branch(self) -> bool:
        """Whether it keeps a roster and holds 三会一课."""
        return self.kind in BRANCH_KINDS

    @property
    def is_group(self) -> bool:
        """Whether it is a 党小组."""
        return self.kind == UnitKind.GROUP

    def covers(self, other: "Unit") -> bool:
        """Whether ``other`` is this unit or lies below it."""
        return other.path.startswith(self.path)

    @property
    def masked_contact_phone(self) -> str:
        """联系电话 as it is shown: 138****5678."""
        return mask_phone(self.unseal("contact_phone"))


class UnitChange(models.Model):
    """组织变动记录: founding, moves, merges, dissolutions, new names; never deleted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="党组织")
    kind = models.CharField("变动", max_length=10, choices=ChangeKind)
    day = models.DateField("日期")
    from_parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原上级"
    )
    to_parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="新上级"
    )
    into = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入"
    )
    old_name = models.CharField("原名称", max_length=120, blank=True)
    reason = models.CharField("依据或原因", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经办人",
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    unscoped = models.Manager()
    objects = ScopedQuerySet["UnitChange"].as_manager()

    class Meta:
        verbose_name = "组织变动"
        verbose_name_plural = "组织变动"
        ordering = ["-day", "-id"]
        default_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display()} {self.day:%Y-%m-%d}"
