"""Fields and forms: big targets, native pickers, errors said where they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
PICKERS = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, CHOICES):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    return "input"


def _dress(bound: BoundField, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes for the widget: Tabler class, native pickers, the right phone keyboard."""
    widget = bound.field.widget
    attrs: dict[str, Any] = dict(extra)
    css = "form-control"
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    for cls, input_type, pattern in PICKERS:
        if isinstance(widget, cls):
            # A picker would drop what it cannot read: what was typed wrong stays as text.
            widget.input_type = "text" if bound.errors and bound.data else input_type
            widget.format = pattern
            break
    if (
        isinstance(widget, forms.Textarea)
        and "rows" not in extra
        and widget.attrs.get("rows") == "10"
    ):
        attrs["rows"] = "5"
    if isinstance(widget, forms.NumberInput):
        # type="number" shows nothing for 十二元: a text box with digits on the keyboard keeps it.
        widget.input_type = "text"
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, forms.DecimalField | forms.FloatField
        )
        attrs.setdefault("inputmode", "numeric" if whole else "decimal")
    own = str(widget.attrs.get("class", ""))
    attrs["class"] = " ".join(filter(None, (css, own, "is-invalid" if bound.errors else "")))
    return attrs


@register.simple_tag
def field(
    bound: BoundField,
    *,
    label: str | None = None,
    help: str | None = None,
    unit: str = "",
    chips: bool = False,
    **attrs: Any,
) -> SafeString:
    """One field: label, control (≥44 px), help, errors.

    `unit` stands behind the box (元, 人); `chips` shows choices as pills; other keywords become
    attributes of the control with `_` turned into `-` (`{% field form.q hx_get=url %}`).
    """
    extra = {name.replace("_", "-"): value for name, value in attrs.items()}
    kind = _kind(bound.field.widget)
    dressed = _dress(bound, extra)
    return render_to_string(
        "core/_field.html",
        {
            "field": bound,
            "kind": kind,
            "control": "" if kind == "choices" else bound.as_widget(attrs=dressed),
            "options": bound.subwidgets if kind == "choices" else [],
            "label": bound.label if label is None else label,
            "help": bound.help_text if help is None else help,
            "unit": unit,
            "chips": chips,
            "required": bound.field.required,
            "errors": list(bound.errors),
        },
    )


@register.simple_tag
def form_errors(form: forms.BaseForm | None, title: str = "") -> SafeString:
    """Summary above a form: how many places need care, each a link to its field."""
    if form is None or not form.is_bound or not form.errors:
        return SafeString("")
    rows = [
        {
            "href": f"#{form[name].id_for_label or form[name].auto_id}",
            "label": form[name].label,
            "text": text,
        }
        for name, errors in form.errors.items()
        if name in form.fields
        for text in errors
    ]
    return render_to_string(
        "core/_form_errors.html",
        {
            "rows": rows,
            "general": list(form.non_field_errors()),
            "title": title,
            "count": len(rows) + len(form.non_field_errors()),
        },
    )


@register.simple_tag
def option_control(option: Any) -> SafeString:
    """The bare input of one choice, dressed."""
    option.data["attrs"]["class"] = "form-check-input"
    return SafeString(option.tag())


@register.simple_block_tag(takes_context=True)
def filterbar(context: Context, content: str, *, form: forms.BaseForm | None = None) -> SafeString:
    """A GET form that submits itself on change; folds behind 筛选 on a phone.

    Give `form` (its fields are laid out) and/or your own controls as the block's content.
    """
    request = context.get("request")
    used = 0
    if form is not None and form.is_bound:
        used = sum(
            1
            for name in form.fields
            if name != "q" and form[name].value() not in (None, False, "", [], ())
        )
    return render_to_string(
        "core/_filterbar.html",
        {
            "fields": [bound for bound in form if not bound.is_hidden] if form else [],
            "hidden": form.hidden_fields() if form else [],
            "content": content,
            "path": getattr(request, "path", ""),
            "used": used,
        },
    )
