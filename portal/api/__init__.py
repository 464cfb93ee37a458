"""网上党支部 for other systems."""

from portal.api.feeds import CircularFeed, ReceiptFeed

__all__ = ["CircularFeed", "ReceiptFeed"]
