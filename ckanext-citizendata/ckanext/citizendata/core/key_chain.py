"""Keys that follow one another: each is vouched for by the one before it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ckanext.citizendata.core.manifest import KEY_TYPE, KeyProof
from ckanext.citizendata.core.signature import PublicKey, Unsigned

__all__ = ["leads_on", "vouches"]


def vouches(before: PublicKey, after: KeyProof) -> bool:
    """Whether the key before signed that this one follows it."""
    try:
        said = json.loads(before.verified(after.proof or "", KEY_TYPE))
    except (Unsigned, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("x") == after.key.x


def leads_on(keys: Sequence[KeyProof], known: str) -> bool:
    """Whether a known key, by its `x`, is the last of these, or each one behind it is vouched for."""
    names = [each.key.x for each in keys]
    if known not in names:
        return False
    chain = keys[names.index(known) :]
    return all(vouches(before.key, after) for before, after in zip(chain, chain[1:], strict=False))
