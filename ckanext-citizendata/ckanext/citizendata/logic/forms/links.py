"""Whether there is anything at an address that somebody just gave; advice, never a reason to refuse a record."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from threading import Thread
from typing import Any

from ckanext.citizendata import config
from ckanext.citizendata.federation.errors import SourceGone, SourceMalformed, SourceUnreachable
from ckanext.citizendata.federation.fetch import Fetcher
from ckanext.citizendata.federation.gate import Gate
from ckanext.citizendata.federation.limits import Limits

__all__ = ["dead", "new_links"]

# A person waits: what doesn't answer within these seconds is left alone.
SECONDS = 3.0
MOST = 3
LIMITS = Limits(connect=SECONDS, idle=SECONDS, total=SECONDS, page_bytes=65_536, held_bytes=65_536, tries=1)
AGENT = "citizendata-links"
# The fields of a record that lead elsewhere, beside its files.
LEADING = ("url", "access_request_url")


def new_links(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[str]:
    """The addresses in a record that weren't in it before, a few at most."""
    known = set(_links(before))
    return [address for address in dict.fromkeys(_links(after)) if address not in known][:MOST]


def _links(package: Mapping[str, Any]) -> Iterable[str]:
    files = (file.get("url") for file in package.get("resources") or () if file.get("url_type") != "upload")
    found = (*files, *(package.get(name) for name in LEADING))
    return (str(address) for address in found if str(address or "").startswith(("http://", "https://")))


def dead(addresses: Sequence[str]) -> list[str]:
    """Those whose server says that nothing is there; of what can't be told in time none."""
    gone: set[str] = set()
    gate = Gate(config.harvest_networks(), frozenset(config.harvest_ports()))
    # Looking up a name waits as long as the system likes, so nobody waits for these threads to end.
    threads = [Thread(target=_look, args=(address, gate, gone), daemon=True) for address in addresses]
    until = time.monotonic() + SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return [address for address in addresses if address in gone]


def _look(address: str, gate: Gate, gone: set[str]) -> None:
    try:
        with Fetcher(LIMITS, AGENT, gate) as fetcher:
            fetcher.get(address)
    except SourceGone:
        gone.add(address)
    except (SourceMalformed, SourceUnreachable):
        # Too large, elsewhere by now, slow, inside a network: all of that may be as it should.
        return
