"""What a registry answers when a catalogue says that something is new."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.citizendata.core.manifest import Misstated
from ckanext.citizendata.core.ping import PING_TYPE, Ping, ping_from_json
from ckanext.citizendata.core.signature import Signer, Unsigned, unverified
from ckanext.citizendata.logic.harvesting.member_keys import key_of
from ckanext.citizendata.logic.harvesting.ping_jobs import read_soon
from ckanext.citizendata.model import member as members

__all__ = ["LARGEST", "Heard", "heard"]

log = logging.getLogger(__name__)

LARGEST = 8 * 1024
# Seconds between two pings of one member.
PAUSE = 5
# Who asks as a catalogue that isn't read here takes as long to be refused as one whose signature is wrong.
NOBODY = Signer.new().public


@dataclass(frozen=True, slots=True)
class Heard:
    """A status, a sentence, and after how many seconds to come again."""

    status: int
    sentence: str
    again: int | None = None


def heard(body: bytes, now: datetime) -> Heard:
    """What is answered; where the ping is right and comes in time, the catalogue is read within seconds."""
    if len(body) > LARGEST:
        return Heard(413, f"A ping has at most {LARGEST} bytes.")
    text = body.decode("ascii", "replace").strip()
    try:
        ping = ping_from_json(unverified(text))
    except (Unsigned, Misstated) as error:
        return Heard(400, f"This is no ping: {error}.")
    if not ping.is_fresh(now):
        return Heard(400, "This ping was not written in the last five minutes. Is your clock right?")
    member_id = _signer_of(ping, text)
    if member_id is None:
        return Heard(403, "This registry reads no such catalogue, or the ping isn't signed with its key.")
    return _taken(member_id)


def _signer_of(ping: Ping, text: str) -> str | None:
    """The member whose feed it is and whose key signed it; None where either isn't so."""
    member_id = members.read_at(ping.manifest)
    key = (key_of(member_id) if member_id else None) or NOBODY
    try:
        key.verified(text, PING_TYPE)
    except Unsigned:
        return None
    return member_id


def _taken(member_id: str) -> Heard:
    try:
        again = _seconds_left(member_id)
        if again:
            said = f"The last ping of this catalogue was just now. Come again in {again} seconds."
            return Heard(429, said, again)
        read_soon(member_id)
    except RedisError as error:
        log.warning("A ping of %s is lost: %s", member_id, error)
        return Heard(503, "This registry can't take pings at the moment; it reads the catalogue later.", 60)
    return Heard(202, "Thank you. This registry reads the catalogue soon.")


def _seconds_left(member_id: str) -> int:
    """How long it has to wait yet; 0 where it needn't, and then the next one has to."""
    redis, key = connect_to_redis(), f"ckan:{tk.config['ckan.site_id']}:citizendata-ping:{member_id}"
    if redis.set(key, "1", nx=True, ex=PAUSE):
        return 0
    left = redis.ttl(key)
    return max(1, int(left))  # type: ignore[arg-type] - no promise: this client isn't an asynchronous one
