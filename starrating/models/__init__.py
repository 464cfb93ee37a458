"""两新星级: organisations, standards and rounds, ratings with their scores, what they won."""

from starrating.models.organisation import (
    Activity,
    ActivityKind,
    ModelSite,
    Organisation,
    StarChange,
    StarFile,
)
from starrating.models.rating import ItemScore, Rating, RatingStep
from starrating.models.standard import (
    GuidanceLevel,
    Plan,
    Round,
    Standard,
    StandardItem,
    Target,
    VetoReason,
)

__all__ = [
    "Activity",
    "ActivityKind",
    "GuidanceLevel",
    "ItemScore",
    "ModelSite",
    "Organisation",
    "Plan",
    "Rating",
    "RatingStep",
    "Round",
    "Standard",
    "StandardItem",
    "StarChange",
    "StarFile",
    "Target",
    "VetoReason",
]
