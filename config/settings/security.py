"""Keys, transport, content policy, sessions."""

import sys

import pgtrigger
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

from config.settings.base import DEBUG
from config.settings.env import env

_TRIAL = DEBUG or "pytest" in sys.modules
_DEV_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f000112233445566778899aabbccddeeff"

SECRET_KEY = env.str("SECRET_KEY", "trial-only-" + _DEV_KEY if _TRIAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set: give a random text of 50 characters.")

# "1:<64 hex>,2:<64 hex>": data keys by version; the highest seals, all of them open.
_keys = env.str("DATA_KEYS", f"1:{_DEV_KEY}" if _TRIAL else "")
if not _keys:
    raise ImproperlyConfigured("DATA_KEYS is not set: give 1:<64 hexadecimal digits>.")
DATA_KEYS: dict[int, str] = {
    int(version): key for version, key in (item.split(":", 1) for item in _keys.split(","))
}
# The blind index has a key of its own, so that data keys rotate without touching it.
DATA_INDEX_KEY = env.str("DATA_INDEX_KEY", "") or DATA_KEYS[min(DATA_KEYS)]

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# HTTPS is the default of a real deployment; the embedded default listens on this machine only
# and says so by HTTPS=0.
HTTPS = env.bool("HTTPS", not _TRIAL)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# 等保三级: idle 15 minutes, absolute 8 hours.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", 15 * 60)
SESSION_COOKIE_AGE = env.int("SESSION_ABSOLUTE_SECONDS", 8 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# History is written by statement triggers: bulk and raw writes are seen, and stay fast.
PGHISTORY_LEVEL = pgtrigger.Statement  # type: ignore[has-type,unused-ignore]
PGHISTORY_APPEND_ONLY = True
