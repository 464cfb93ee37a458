"""The two lists of the standard as the district's programme names them, for a first year.

Rules.md §7: five 五有 of 15 points each and 群众认可度 of 25. Staff change them in the admin.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from brands.enums import ItemSet


class Item(NamedTuple):
    """One line of a list: what, what is asked, how many points."""

    set: str
    title: str
    note: str
    points: Decimal


_FIVE, _HIGH, _NONE = Decimal(15), Decimal(25), Decimal(0)
ITEMS = (
    Item(ItemSet.STANDARD, "有名称", "名称鲜明好记，叫得响，与工作相符", _FIVE),
    Item(ItemSet.STANDARD, "有主题", "主题突出，体现时代特征和单位职能", _FIVE),
    Item(ItemSet.STANDARD, "有理念", "理念清楚，党员群众说得出、认得准", _FIVE),
    Item(ItemSet.STANDARD, "有内涵", "内涵深刻，有具体做法和服务项目支撑", _FIVE),
    Item(ItemSet.STANDARD, "有目标", "目标明确，可检查、可评价", _FIVE),
    Item(ItemSet.STANDARD, "群众认可度高", "群众知晓、参与、满意，有事例可查", _HIGH),
    Item(ItemSet.CREATION, "规范要求", "有明确的规范要求", _NONE),
    Item(ItemSet.CREATION, "创建思路", "有明确的创建思路", _NONE),
    Item(ItemSet.CREATION, "品牌名称", "有鲜明的品牌名称", _NONE),
    Item(ItemSet.CREATION, "活动载体", "有丰富的活动载体", _NONE),
    Item(ItemSet.CREATION, "品牌内涵", "有深刻的品牌内涵", _NONE),
    Item(ItemSet.CREATION, "社会影响", "有广泛的社会影响", _NONE),
)
