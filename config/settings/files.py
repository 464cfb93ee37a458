"""Private files: never under a public address, always through an authorised view."""

from config.settings.env import BASE_DIR, env

PRIVATE_ROOT = env.path("PRIVATE_ROOT", BASE_DIR / "var" / "private")
# Set to the internal location of nginx (for example "/private/") to let it send the bytes.
PRIVATE_ACCEL_PREFIX = env.str("PRIVATE_ACCEL_PREFIX", "")
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
