"""党费与经费: bands, standards, member-months, payments, sums upward; budgets, allotments."""

from dues.models.bands import Band
from dues.models.funds import Allotment, Budget, BudgetLine, Spending, Voucher
from dues.models.members import Gift, Reduction, Standard
from dues.models.months import Due, DueChange, Payment
from dues.models.sums import Remittance

__all__ = [
    "Allotment",
    "Band",
    "Budget",
    "BudgetLine",
    "Due",
    "DueChange",
    "Gift",
    "Payment",
    "Reduction",
    "Remittance",
    "Spending",
    "Standard",
    "Voucher",
]
