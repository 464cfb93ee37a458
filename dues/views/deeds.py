"""Everything that may be done by a form of its own: form, predicate and verb of each, by name.

One page serves them all (:mod:`dues.views.act`). ``find`` looks within the asker's scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404, resolve_url

from branches.enums import BRANCH_KINDS
from branches.models import Member, Unit
from branches.scope import Scope
from dues import permissions as may
from dues import services
from dues.forms import base, desk
from dues.forms import members as member_forms
from dues.models import (
    Allotment,
    Budget,
    BudgetLine,
    Due,
    Gift,
    Payment,
    Reduction,
    Remittance,
    Spending,
)
from dues.views.parts import DeskRequest, keeper_units, payer_units, reader_units


@dataclass(frozen=True)
class Told:
    """What a deed is done with."""

    request: DeskRequest
    thing: Any
    form: Any
    on: date

    @property
    def data(self) -> dict[str, Any]:
        """The checked input."""
        return dict(self.form.cleaned_data)

    @property
    def by(self) -> Any:
        """Who does it."""
        return self.request.user


@dataclass(frozen=True)
class Deed:
    """One thing that may be done. ``draft`` False: nothing typed is kept on the device."""

    title: str
    button: str
    form: type[base.AboutForm]
    allowed: Callable[[Scope, str], bool]
    do: Callable[[Told], Any]
    done: str
    note: str = ""
    icon: str = "check"
    draft: bool = True


def path_of(thing: Any) -> str:
    """Where a thing belongs."""
    return str(unit_of(thing).path)


def unit_of(thing: Any) -> Unit:
    """The unit a thing belongs to."""
    if isinstance(thing, Unit):
        return thing
    if isinstance(thing, Reduction):
        return thing.member.unit
    if isinstance(thing, Spending):
        return thing.budget.unit
    found: Unit = thing.unit
    return found


def back_to(of: str, thing: Any, on: date, asked: Any) -> str:
    """Where one goes when it is done, or left."""
    unit = unit_of(thing)
    if of in ("members", "payments", "months"):
        member = thing if of == "members" else thing.member
        return resolve_url("dues:member", member.uuid)
    if of == "branches":
        own = f"{resolve_url('dues:branch', unit.code)}#sums"
        return own if unit.kind in BRANCH_KINDS else resolve_url("dues:sum_list")
    if of == "units":
        return resolve_url("dues:fund", unit.code, desk.asked_year(asked, on))
    if of == "spendings":
        return resolve_url("dues:fund", unit.code, thing.budget.year)
    if of == "allotments" and thing.state != "proposed":
        return resolve_url("dues:fund", unit.code, thing.year)
    return resolve_url("dues:queue")


def find(request: DeskRequest, of: str, key: Any) -> Any:
    """The thing, within scope; 404 otherwise."""
    people, readers = payer_units(request), reader_units(request)
    if of in ("units", "branches"):
        rows: Any = keeper_units(request).select_related("committee")
        return get_object_or_404(rows, code=key)
    by_kind: dict[str, Any] = {
        "members": lambda: Member.objects.within(*people).select_related("unit"),
        "payments": lambda: Payment.objects.within(*people).select_related("unit", "member"),
        "months": lambda: Due.objects.within(*people).select_related("unit", "member"),
        "reductions": lambda: Reduction.objects.within(*people).select_related("member__unit"),
        "gifts": lambda: Gift.objects.within(*people).select_related("unit", "member"),
        "remittances": lambda: Remittance.objects.within(*readers).select_related("unit"),
        "allotments": lambda: Allotment.objects.within(*readers).select_related("unit"),
        "spendings": lambda: Spending.objects.within(*readers).select_related("budget__unit"),
    }
    return get_object_or_404(by_kind[of](), uuid=key)


def _spend(t: Told) -> Any:
    data, year = t.data, desk.asked_year(t.form.asked, t.on)
    chosen, voucher = data.pop("line"), data.pop("voucher")
    line = BudgetLine.unscoped.filter(budget__unit=t.thing, pk=chosen).first() if chosen else None
    return services.spend(
        unit=t.thing, year=year, by=t.by, on=t.on, line=line,
        vouchers=[voucher] if voucher else [], **data,
    )  # fmt: skip


def _close(t: Told) -> Any:
    year = desk.asked_year(t.form.asked, t.on)
    budget = Budget.unscoped.filter(unit=t.thing, year=year).first()
    if budget is None:
        raise Http404
    return services.close_year(budget=budget, by=t.by, on=t.on, **t.data)


def _remit(t: Told) -> Any:
    return services.remit(unit=t.thing, quarter=t.form.period, by=t.by, on=t.on, **t.data)


def _allot(t: Told) -> Any:
    data = t.data
    return services.propose_allotment(unit=t.thing, by=t.by, year=int(data.pop("year")), **data)


def _may_confirm(scope: Scope, path: str) -> bool:
    return may.may_confirm(scope, path, of_committee=False)


OF_MEMBER: dict[str, Deed] = {
    "standard": Deed(
        "核定党费", "核定", member_forms.StandardForm, may.may_collect,
        lambda t: services.set_standard(member=t.thing, by=t.by, **t.data),
        "已核定，没有交的月份随即按新标准计算。", icon="coin", draft=False,
        note="比例按全部基数计算，不分段累进。基数只用来算出金额，系统里不保存。",
    ),
    "reduction": Deed(
        "申请减免党费", "提交申请", member_forms.ReductionForm, may.may_collect,
        lambda t: services.propose_reduction(member=t.thing, by=t.by, **t.data),
        "已提交，等上级党（工）委审批。", icon="heart-handshake",
        note="交纳党费确有困难的，经支部研究、上级党委批准后可以少交或免交。",
    ),
    "gift": Deed(
        "登记大额党费", "登记", member_forms.GiftForm, may.may_collect,
        lambda t: services.record_gift(member=t.thing, by=t.by, on=t.on, **t.data),
        "已登记，单独统计，全额转交中央。", icon="award",
    ),
}  # fmt: skip
OF_PAYMENT: dict[str, Deed] = {
    "undo": Deed(
        "撤销这次交纳", "撤销", base.ReasonForm, may.may_collect,
        lambda t: services.undo(payment=t.thing, by=t.by, **t.data),
        "已撤销，这几个月重新变为未交，原因留在更正记录里。", icon="arrow-back-up",
        note="记错了人、日期或月份时用。撤销后按正确的情况重新登记。",
    ),
}  # fmt: skip
OF_MONTH: dict[str, Deed] = {
    "strike": Deed(
        "这个月不计", "改为不计", base.ReasonForm, may.may_collect,
        lambda t: services.strike(due=t.thing, by=t.by, **t.data),
        "已改为不计。", icon="ban",
        note="例如已在转入地交纳。生活困难的请申请减免，不在这里办。",
    ),
    "restore": Deed(
        "恢复应交", "恢复", base.ReasonForm, may.may_collect,
        lambda t: services.restore(due=t.thing, by=t.by, **t.data),
        "已恢复为应交。", icon="refresh",
    ),
    "explain": Deed(
        "说明没有交的原因", "保存", base.ReasonForm, may.may_collect,
        lambda t: services.explain(due=t.thing, by=t.by, **t.data),
        "已保存，这几个月不再提醒，仍然列为未交。", icon="message",
        note="连同以前没有交的月份一起说明。有正当理由的不算无故不交。",
    ),
}  # fmt: skip
OF_REDUCTION: dict[str, Deed] = {
    "approve": Deed(
        "批准减免", "批准", base.SureForm, may.may_decide_reduction,
        lambda t: services.decide_reduction(reduction=t.thing, by=t.by, approve=True),
        "已批准，没有交的月份随即按减免后的金额计算。", icon="checks",
        note="由申请人以外的同志审批。",
    ),
    "refuse": Deed(
        "不批准减免", "不批准", base.AnswerForm, may.may_decide_reduction,
        lambda t: services.decide_reduction(reduction=t.thing, by=t.by, approve=False, **t.data),
        "未批准，意见支部可以看到。", icon="arrow-back-up",
    ),
}  # fmt: skip
OF_REMITTANCE: dict[str, Deed] = {
    "confirm": Deed(
        "确认收到上缴", "确认收到", desk.ConfirmForm, _may_confirm,
        lambda t: services.confirm_remittance(remittance=t.thing, by=t.by, on=t.on, **t.data),
        "已确认收到。", icon="checks", note="由上缴人以外的同志确认。",
    ),
    "return": Deed(
        "退回上缴", "退回", base.ReasonForm, _may_confirm,
        lambda t: services.return_remittance(remittance=t.thing, by=t.by, **t.data),
        "已退回。", icon="arrow-back-up",
    ),
}  # fmt: skip
OF_GIFT: dict[str, Deed] = {
    "forward": Deed(
        "登记转交中央", "登记", member_forms.ForwardForm, may.may_decide_reduction,
        lambda t: services.forward_gift(gift=t.thing, by=t.by, on=t.on, **t.data),
        "已登记转交。", icon="send",
    ),
}  # fmt: skip
OF_BRANCH: dict[str, Deed] = {
    "remit": Deed(
        "上缴党费", "上缴", desk.RemitForm, may.may_collect, _remit,
        "已报送，等上级确认收到。", icon="send",
    ),
}  # fmt: skip
OF_UNIT: dict[str, Deed] = {
    "budget": Deed(
        "年度预算", "保存", desk.BudgetForm, may.may_keep_money,
        lambda t: services.save_budget(
            unit=t.thing, year=desk.asked_year(t.form.asked, t.on), by=t.by, **t.data
        ),
        "预算已保存。", icon="clipboard-list",
    ),
    "spend": Deed(
        "登记支出", "登记", desk.SpendForm, may.may_keep_money, _spend,
        "支出已登记。", icon="plus", note="票据不要有身份证号、银行卡号；涉密票据不要上传。",
    ),
    "close": Deed(
        "年终结账", "结账", desk.ResultForm, may.may_keep_money, _close,
        "已结账。", icon="lock",
    ),
    "allot": Deed(
        "提出区拨党费", "提出", desk.AllotmentForm, may.may_allot, _allot,
        "已提出，请另一位同志审批。", icon="coin",
    ),
}  # fmt: skip
OF_ALLOTMENT: dict[str, Deed] = {
    "approve": Deed(
        "批准拨款", "批准", base.SureForm, may.may_allot,
        lambda t: services.decide_allotment(allotment=t.thing, by=t.by, approve=True, on=t.on),
        "已批准，等对方签收。", icon="checks", note="由提出人以外的同志审批。",
    ),
    "refuse": Deed(
        "不批准拨款", "不批准", base.AnswerForm, may.may_allot,
        lambda t: services.decide_allotment(
            allotment=t.thing, by=t.by, approve=False, on=t.on, **t.data
        ),
        "未批准。", icon="arrow-back-up",
    ),
    "receive": Deed(
        "签收区拨党费", "签收", desk.ReceiveForm, may.may_keep_money,
        lambda t: services.receive_allotment(allotment=t.thing, by=t.by, on=t.on, **t.data),
        "已签收，计入本年度经费。", icon="check",
    ),
}  # fmt: skip
OF_SPENDING: dict[str, Deed] = {
    "void": Deed(
        "作废这笔支出", "作废", base.ReasonForm, may.may_keep_money,
        lambda t: services.void_spending(spending=t.thing, by=t.by, **t.data),
        "已作废，余额随即恢复。", icon="ban",
    ),
    "voucher": Deed(
        "加一份票据", "上传", desk.VoucherForm, may.may_keep_money,
        lambda t: services.keep_voucher(
            spending=t.thing, by=t.by, upload=t.data["voucher"]
        ),
        "票据已保存。", icon="paperclip",
    ),
}  # fmt: skip

# The address of each kind of thing → its deeds; the first two are named by code, others by uuid.
ALL: dict[str, dict[str, Deed]] = {
    "branches": OF_BRANCH,
    "units": OF_UNIT,
    "members": OF_MEMBER,
    "payments": OF_PAYMENT,
    "months": OF_MONTH,
    "reductions": OF_REDUCTION,
    "remittances": OF_REMITTANCE,
    "gifts": OF_GIFT,
    "allotments": OF_ALLOTMENT,
    "spendings": OF_SPENDING,
}
BY_CODE = ("branches", "units")
