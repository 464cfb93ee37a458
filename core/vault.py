"""The key under which a browser keeps somebody's unsent work on his device."""

from django.utils.crypto import salted_hmac


def vault_of(user_key: str) -> str:
    """64 hexadecimal digits: the same for one account of one installation, else unlike."""
    return salted_hmac("core.vault", user_key, algorithm="sha256").hexdigest()
