"""Whether the broker takes bells, and what lies in its queue. Asked with little patience."""

import re

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


def client_address(url: str) -> str:
    """REDIS_URL as redis-py reads it. Of a socket the number of the database is `virtual_host` to
    Celery and `db` to it."""
    address, mark, query = url.partition("?")
    if not address.startswith("redis+socket://"):
        return url
    query = re.sub(r"(?:^|(?<=&))virtual_host=", "db=", query)
    return address.replace("redis+socket://", "unix://", 1) + mark + query


def _client() -> Redis:
    return Redis.from_url(
        client_address(settings.REDIS_URL),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
