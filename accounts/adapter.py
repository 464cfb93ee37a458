"""How the door behaves: no self-registration, user names instead of mail addresses."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class DoorAdapter(DefaultAccountAdapter):
    """Accounts are given out by the department, nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are sealed at rest."""
