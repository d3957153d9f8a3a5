"""How a catalogue stands to the registry that may harvest it, and how far it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ACTIVE", "APPLIED", "BRAKES", "ORDINARY", "REFUSED", "SUSPENDED", "TRUSTED", "TRUSTS", "WATCHED"]

# It asked to be harvested, and nobody has decided.
APPLIED = "applied"
REFUSED = "refused"
ACTIVE = "active"
# Not harvested for the time being; its records stay.
SUSPENDED = "suspended"

TRUSTED = "trusted"
ORDINARY = "ordinary"
# Each of its harvests needs a plan that a person looked at.
WATCHED = "watched"
TRUSTS = (TRUSTED, ORDINARY, WATCHED)

# So many times what the brake lets go may be removed at once without a person.
BRAKES: Mapping[str, int] = MappingProxyType({TRUSTED: 2, ORDINARY: 1, WATCHED: 1})
