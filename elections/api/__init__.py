"""The API's resources of 换届."""

from elections.api.feeds import ElectionFeed

__all__ = ["ElectionFeed"]
