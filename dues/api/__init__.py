"""The API's resources of 党费与经费."""

from dues.api.feeds import AllotmentFeed, DuesFeed

__all__ = ["AllotmentFeed", "DuesFeed"]
