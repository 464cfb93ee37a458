"""PostgreSQL and the cache on the Redis protocol."""

from config.settings.env import env

DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgres:///desk", conn_max_age=60)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {"TEMPLATE": "template0"}

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "desk",
        "TIMEOUT": 300,
    }
}
# Sessions live in the database: a wiped Redis signs nobody out and keeps nobody in.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
