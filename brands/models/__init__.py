"""党建品牌: brands and their years, the district's scheme, the work, reviews and promotion."""

from brands.models.brand import Brand, BrandFile, BrandMove, BrandYear
from brands.models.promotion import Honour, MediaReport, Showing
from brands.models.review import Review, ReviewScore
from brands.models.scheme import Quota, Scheme, StandardItem
from brands.models.work import CreationAnswer, Inspection, PlanItem

__all__ = [
    "Brand",
    "BrandFile",
    "BrandMove",
    "BrandYear",
    "CreationAnswer",
    "Honour",
    "Inspection",
    "MediaReport",
    "PlanItem",
    "Quota",
    "Review",
    "ReviewScore",
    "Scheme",
    "Showing",
    "StandardItem",
]
