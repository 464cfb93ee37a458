"""The API's resources of 两新星级."""

from starrating.api.feeds import OrganisationFeed, RatingFeed

__all__ = ["OrganisationFeed", "RatingFeed"]
