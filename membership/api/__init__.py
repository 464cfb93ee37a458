"""The API's resources of 发展党员 and 转接."""

from membership.api.feeds import AdmissionFeed, TransferFeed

__all__ = ["AdmissionFeed", "TransferFeed"]
