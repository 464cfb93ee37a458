"""作用发挥 for other systems."""

from works.api.feeds import PledgeFeed, ProjectFeed

__all__ = ["PledgeFeed", "ProjectFeed"]
