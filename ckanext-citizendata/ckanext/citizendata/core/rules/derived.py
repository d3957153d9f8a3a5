"""The values that nobody types: each follows from answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.rules.answers import Package
from ckanext.citizendata.core.rules.completeness import completeness
from ckanext.citizendata.core.rules.consent import consent_status
from ckanext.citizendata.core.rules.engagement import engagement_profile, scope_hint
from ckanext.citizendata.core.rules.goals import sdg_values
from ckanext.citizendata.core.rules.languages import metadata_language
from ckanext.citizendata.core.rules.official import official_values

__all__ = ["derived"]


def derived(model: Model, package: Package) -> Mapping[str, Any]:
    """The derived values by field, None for what doesn't follow; whatever a caller gave for these doesn't count.

    Of the goals and targets only what is added to the given ones. What offices said isn't known here.
    """
    lists = model.vocabularies
    stages, levels = lists["engagement-stage"], lists["engagement-level"]
    goals = sdg_values(package, lists)
    return {
        **goals,
        "engagement_profile": engagement_profile(package, stages, levels),
        "scope_hint": scope_hint(package, stages, levels),
        **official_values(package),
        "consent_status": consent_status(package),
        "metadata_language": metadata_language(package, lists["language"]) or None,
        "completeness": completeness({**package, **goals}, model.schema),
    }
