"""阵地与联系 for other systems."""

from support.api.feeds import VenueFeed, VisitFeed

__all__ = ["VenueFeed", "VisitFeed"]
