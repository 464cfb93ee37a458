"""A year of 换届选举 in the sample district."""

from __future__ import annotations

from accounts.models import User
from branches.sample import SampleDistrict


def build(*, sample: SampleDistrict, authors: dict[int, User], users: dict[str, User]) -> None:
    """Write it; ``authors`` by unit, ``users`` by sign-in name (zuzhibu, jiedao, shuji …)."""
