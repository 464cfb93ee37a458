"""阵地: its facts, a photo, the yearly check."""

from __future__ import annotations

from django import forms

from branches.models import Unit
from core.deed_forms import (
    PHOTO,
    DeedForm,
    chips_field,
    day_field,
    decimal_field,
    line_field,
    pick_field,
    upload_field,
    words_field,
)
from support.models import Venue, VenueAnswer, VenueItem

YES, NO = "yes", "no"


class VenueForm(DeedForm):
    """名称、地址."""

    name = line_field("名称", 60, hint="例如：书院社区党群服务中心二楼")
    address = line_field("地址", 120)
    area = decimal_field("面积（平方米）", most=100_000, required=False)
    shared_with = line_field("与谁共用", 80, required=False, help_text="独立使用的留空。")
    opened_on = day_field("启用日期", required=False)

    def prepare(self) -> None:
        """As it stands; a new one at the branch's address."""
        unit: Unit | None = self.thing if isinstance(self.thing, Unit) else None
        venue = self.thing if unit is None else Venue.unscoped.filter(unit=unit).first()
        if isinstance(venue, Venue):
            self.begin(**{name: getattr(venue, name) for name in self.fields})
        elif unit is not None:
            self.begin(address=unit.address)


class PhotoForm(DeedForm):
    """一张照片."""

    item = pick_field("哪一项")
    photo = upload_field("照片", help_text=PHOTO, required=True)

    def prepare(self) -> None:
        """The item that was tapped."""
        rows = VenueItem.objects.filter(is_active=True)
        self.choose("item", [(row.code, row.title) for row in rows])
        self.begin(item=self.asked)


class CheckForm(DeedForm):
    """年度自查: each item, there or not; last time's answers stand already."""

    note = words_field("补充说明", 300, rows=2, required=False)

    def prepare(self) -> None:
        """A field for each item of the list."""
        known = {
            row.item_id: row
            for row in VenueAnswer.unscoped.filter(check_of__venue=self.thing).order_by(
                "check_of__year"
            )
        }
        note = self.fields.pop("note")
        self.items = list(VenueItem.objects.filter(is_active=True))
        for item in self.items:
            last = known.get(item.pk)
            choice = chips_field(item.title, [(YES, "有"), (NO, "没有")], help_text=item.demand)
            choice.initial = None if last is None else (YES if last.is_there else NO)
            self.fields[f"has_{item.pk}"] = choice
            self.fields[f"note_{item.pk}"] = forms.CharField(
                label=f"{item.title}：说明", max_length=100, required=False,
                initial=last.note if last else "",
                widget=forms.TextInput(attrs={"placeholder": "没有的写打算怎么补、什么时候补"}),
                error_messages={"max_length": "请控制在 100 字以内。"},
            )  # fmt: skip
        self.fields["note"] = note

    @property
    def answers(self) -> dict[int, tuple[bool, str]]:
        """By item: whether it is there, and a word on it."""
        data = self.cleaned_data
        return {
            item.pk: (data[f"has_{item.pk}"] == YES, data[f"note_{item.pk}"]) for item in self.items
        }


class ConfirmForm(DeedForm):
    """确认自查."""

    answer = line_field("意见", 300, required=False, help_text="可以不写。")


class ReturnForm(DeedForm):
    """退回."""

    answer = words_field("退回原因", 300, hint="哪一项要补、怎么补")
