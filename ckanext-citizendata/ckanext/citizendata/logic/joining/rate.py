"""How often strangers may ask something of this site; counted in Redis, under the hash of where they ask from."""

from __future__ import annotations

from hashlib import sha256

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

__all__ = ["is_within"]


def is_within(what: str, whose: str, most: int, seconds: int) -> bool:
    """Counts one request, and whether it is among the first so many of this time."""
    place = sha256(f"{tk.config['SECRET_KEY']} {whose}".encode()).hexdigest()[:20]
    key = f"citizendata:rate:{tk.config['ckan.site_id']}:{what}:{place}"
    redis = connect_to_redis()
    # First the end: a count that never ended would lock somebody out for good.
    redis.set(key, 0, ex=seconds, nx=True)
    return int(redis.incr(key)) <= most
