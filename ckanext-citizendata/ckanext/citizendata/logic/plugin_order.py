"""Refuses to start where another plugin would answer in our place."""

from __future__ import annotations

from collections.abc import Sequence

from ckan.exceptions import CkanConfigurationException

__all__ = ["refuse_wrong_order"]


def refuse_wrong_order(plugins: Sequence[str]) -> None:
    """Nothing where `citizendata` comes before `dcat`.

    Raises `CkanConfigurationException`: of two plugins with one address CKAN serves the one that is listed first.
    """
    if "dcat" not in plugins:
        raise CkanConfigurationException("ckan.plugins has citizendata without dcat; write: citizendata dcat")
    if list(plugins).index("citizendata") > list(plugins).index("dcat"):
        message = (
            "ckan.plugins lists dcat before citizendata, so its RDF would hide ours; write citizendata before dcat"
        )
        raise CkanConfigurationException(message)
