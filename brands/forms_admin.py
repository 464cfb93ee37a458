"""Input of the data administration: the district's year, its lists and its places."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction

from brands.models import Quota, Scheme, StandardItem
from brands.services import schemes
from core.admin_base import ServiceForm
from core.errors import Refusal


class SchemeAddForm(ServiceForm):
    """The scheme of another year, with last year's numbers and lists."""

    def perform(self) -> Scheme:
        """Open it."""
        given = self.cleaned_data
        return schemes.open_scheme(district=given["unit"], year=given["year"])


class SchemeForm(ServiceForm):
    """The numbers of a year."""

    def perform(self) -> Scheme:
        """Change them; the places of 拳头品牌 go along."""
        return schemes.change_scheme(
            scheme=cast(Scheme, self.instance), facts=dict(self.cleaned_data)
        )


class ItemForm(ServiceForm):
    """One line of a list."""

    def perform(self) -> StandardItem:
        """Write it, while no sheet of that year was filled."""
        known = cast(StandardItem, self.instance)
        return schemes.keep_item(item=known if known.pk else None, facts=dict(self.cleaned_data))


class QuotaForm(ServiceForm):
    """The places of a district or committee."""

    def perform(self) -> Quota:
        """Set them."""
        given: dict[str, Any] = self.cleaned_data
        known = cast(Quota, self.instance)
        unit, year = (known.unit, known.year) if known.pk else (given["unit"], given["year"])
        if unit.depth > 2:
            raise Refusal("名额定给区委或党（工）委，请选择这样的单位。", field="unit")
        with transaction.atomic():
            return schemes.set_quota(unit=unit, year=year, low=given["low"], high=given["high"])
