"""Whether the broker takes bells, and what lies in its queue. Asked with little patience."""

from celery import current_app
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PATIENCE = 0.3
NO_QUEUE, LIKE_A_BELL = "nobody", bytes(1024)


def waiting_bells() -> int | None:
    """How many bells nobody has heard yet. None: the broker does not answer, or is full."""
    client = _client()
    try:
        client.lpushx(NO_QUEUE, LIKE_A_BELL)  # refused when a bell is, and leaves nothing
        return int(client.llen(current_app.conf.task_default_queue))  # type: ignore[arg-type]  # not the asynchronous client
    except (RedisError, OSError):
        return None
    finally:
        client.close()


def _client() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL.replace("redis+socket://", "unix://"),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
