"""会议内容模板: kept by staff, for all below their unit."""

from __future__ import annotations

from django.db import transaction

from branches.models import Unit
from core.errors import Refusal
from core.screening import mark_in_text, refusal_of
from meetings.enums import Kind
from meetings.models import MinutesTemplate
from meetings.rules.minutes import PLACES, unknown_places


@transaction.atomic
def set_template(*, unit: Unit, kind: int, text: str) -> MinutesTemplate:
    """Write the template of one kind for all below ``unit``; there is one, written again.

    Raises:
        Refusal: the text is empty, names a place that nothing fills, or carries a secret mark.
    """
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not words:
        raise Refusal("请写模板的内容。", field="text")
    if len(words) > 5000:
        raise Refusal("模板请控制在 5000 字以内。", field="text")
    wrong = unknown_places(words)
    if wrong:
        raise Refusal(
            f"没有【{'】【'.join(wrong)}】可填；可用的有：【{'】【'.join(PLACES)}】。", field="text"
        )
    mark = mark_in_text(words)
    if mark:
        raise Refusal(refusal_of(mark, "模板"), field="text")
    found, _ = MinutesTemplate.unscoped.update_or_create(
        unit=unit, kind=Kind(kind), defaults={"text": words}
    )
    return found
