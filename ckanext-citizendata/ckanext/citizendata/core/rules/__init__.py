"""What follows from the answers of a record; pure, and total on packages that hold anything."""

from ckanext.citizendata.core.rules.consistency import consistency
from ckanext.citizendata.core.rules.derived import derived
from ckanext.citizendata.core.rules.engagement import levels_by_stage
from ckanext.citizendata.core.rules.official import Claim, Decision, claims, official_values, rests_on, standing_of
from ckanext.citizendata.core.rules.quality import ASPECTS, Aspect, advice, quality_profile
from ckanext.citizendata.core.rules.safety import CAREFUL, asks_for_care, coarse, safe_defaults

__all__ = [
    "ASPECTS",
    "CAREFUL",
    "Aspect",
    "Claim",
    "Decision",
    "advice",
    "asks_for_care",
    "claims",
    "coarse",
    "consistency",
    "derived",
    "levels_by_stage",
    "official_values",
    "quality_profile",
    "rests_on",
    "safe_defaults",
    "standing_of",
]
