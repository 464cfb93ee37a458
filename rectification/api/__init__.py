"""The API's resources of 后进整顿."""

from rectification.api.feeds import CaseFeed, FigureFeed, ProblemFeed

__all__ = ["CaseFeed", "FigureFeed", "ProblemFeed"]
