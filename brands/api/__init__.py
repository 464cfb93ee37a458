"""The API's resources of 党建品牌."""

from brands.api.feeds import BrandFeed, BrandYearFeed, InspectionFeed, MediaFeed

__all__ = ["BrandFeed", "BrandYearFeed", "InspectionFeed", "MediaFeed"]
