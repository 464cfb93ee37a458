"""Points: one item on the phone, one class of the sheet at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from starrating.enums import Method, Stage
from starrating.forms.base import decimal_field, upload_field, words_field
from starrating.models import ItemScore
from starrating.rules import Given, plain

_BEFORE = {Stage.CHECK: ("自评", "self_score"), Stage.REVIEW: ("初核", "check_score")}


class ItemForm(forms.Form):
    """自评 of one item: its points, a word, the evidence asked for."""

    score = decimal_field("自评得分", most=100)
    note = words_field("说明", rows=2, required=False, hint="可以不写；扣分的写一句原因")
    file = upload_field()

    def __init__(self, *args: Any, row: ItemScore, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["score"].initial = row.self_score and plain(row.self_score)
        self.fields["score"].help_text = f"满分 {plain(row.points)} 分。"
        self.fields["note"].initial = row.self_note
        if row.item.evidence:
            self.fields["file"].help_text = f"要求：{row.item.evidence}。照片或文件，涉密的不要传。"

    @property
    def given(self) -> Given:
        """What was given."""
        return Given(self.cleaned_data["score"], self.cleaned_data["note"])


class SheetForm(forms.Form):
    """初核 or 审核 of some items: the points of the step before stand there already.

    Fields: ``score_<id>``, ``note_<id>``, ``methods_<id>``, ``file_<id>``.
    """

    def __init__(self, *args: Any, rows: Sequence[ItemScore], stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.stage = rows, stage
        before, column = _BEFORE[stage]
        for row in rows:
            own = getattr(row, f"{stage}_score")
            first: Decimal | None = own if own is not None else getattr(row, column)
            points = decimal_field(f"{stage.label}得分", most=100)
            points.initial = None if first is None else plain(first)
            why = words_field(f"理由（与{before}不同时必写）", rows=2, required=False)
            why.initial = getattr(row, f"{stage}_note")
            ways = forms.MultipleChoiceField(
                label="怎么看的", required=False, choices=Method.choices,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
            ways.initial = getattr(row, f"{stage}_methods") or row.item.methods
            self.fields[f"score_{row.pk}"] = points
            self.fields[f"note_{row.pk}"] = why
            self.fields[f"methods_{row.pk}"] = ways
            self.fields[f"file_{row.pk}"] = upload_field(
                "核查材料", help_text="有测评表、现场照片的可以传一份。"
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each item with its three fields."""
        return [
            {
                "row": row,
                "score": self[f"score_{row.pk}"],
                "note": self[f"note_{row.pk}"],
                "methods": self[f"methods_{row.pk}"],
                "file": self[f"file_{row.pk}"],
            }
            for row in self.rows
        ]

    @property
    def uploads(self) -> dict[int, Any]:
        """The files that came, by the id of the row."""
        found = {row.pk: self.cleaned_data[f"file_{row.pk}"] for row in self.rows}
        return {pk: upload for pk, upload in found.items() if upload}

    @property
    def given(self) -> dict[int, Given]:
        """What was given, by the id of the row."""
        data = self.cleaned_data
        return {
            row.pk: Given(
                data[f"score_{row.pk}"], data[f"note_{row.pk}"], data[f"methods_{row.pk}"]
            )
            for row in self.rows
        }
