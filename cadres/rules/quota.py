"""职数预审: 现配 − 拟免 + 拟配 ≤ 核定."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sum:
    """The posts of one unit and level on one day, in persons.

    ``filled`` now, ``leaving`` and ``planned`` with all plans under way, this one included.
    """

    approved: int
    filled: int
    leaving: int = 0
    planned: int = 0

    @property
    def after(self) -> int:
        """How many there are when all is done."""
        return self.filled - self.leaving + self.planned

    @property
    def free(self) -> int:
        """Posts left; negative when over."""
        return self.approved - self.after

    @property
    def fits(self) -> bool:
        """Whether it stays within what was approved."""
        return self.after <= self.approved

    @property
    def shown(self) -> str:
        """The sum as it is written: 现配 5 − 拟免 1 + 拟配 1 = 5 ≤ 核定 5."""
        sign = "≤" if self.fits else "＞"
        return (
            f"现配 {self.filled} − 拟免 {self.leaving} + 拟配 {self.planned} = {self.after}"
            f" {sign} 核定 {self.approved}"
        )

    @property
    def fault(self) -> str:
        """Why it is refused; "" when it fits."""
        if self.fits:
            return ""
        return (
            f"超职数：{self.shown}，超 {-self.free} 名。请先办理免职，或者等核定职数调整后再动议。"
        )
