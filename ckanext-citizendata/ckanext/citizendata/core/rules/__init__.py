"""What follows from the answers of a record; pure, and total on packages that hold anything."""

from ckanext.citizendata.core.rules.consistency import consistency
from ckanext.citizendata.core.rules.derived import derived
from ckanext.citizendata.core.rules.official import Claim, Decision, claims, official_values, rests_on, standing_of
from ckanext.citizendata.core.rules.safety import CAREFUL, asks_for_care, coarse, safe_defaults

__all__ = [
    "CAREFUL",
    "Claim",
    "Decision",
    "asks_for_care",
    "claims",
    "coarse",
    "consistency",
    "derived",
    "official_values",
    "rests_on",
    "safe_defaults",
    "standing_of",
]
