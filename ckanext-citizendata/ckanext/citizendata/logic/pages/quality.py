"""The quality profile in the reader's words: no grade, but what is told of each thing and what would help most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.rules import Aspect, advice, quality_profile
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.reading import Text, readable_text, reader_language, site_fallbacks
from ckanext.citizendata.logic.wording import _

__all__ = ["Advice", "Quality", "Told", "quality"]

MOST_ADVICE = 3


@dataclass(frozen=True)
class Told:
    """One aspect: how much of it is told, in words, and the names of the questions with and without an answer."""

    heading: str
    standing: str
    told: tuple[str, ...]
    untold: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """A question whose answer would help readers, by field, name and explanation."""

    field: str
    label: str
    help: Text | None


@dataclass(frozen=True)
class Quality:
    """All aspects, and what to answer next."""

    aspects: tuple[Told, ...]
    advice: tuple[Advice, ...]


def quality(package: Mapping[str, Any]) -> Quality:
    """The profile of a package as it is shown."""
    profile, headings = quality_profile(package, site_model.model().schema), _headings()
    return Quality(
        aspects=tuple(_told(aspect, headings[aspect.name]) for aspect in profile),
        advice=tuple(_advice(field) for field in advice(profile, MOST_ADVICE)),
    )


def _headings() -> Mapping[str, str]:
    return {
        "people": _("Who is represented"),
        "participation": _("How far people decided"),
        "method": _("How the data were made"),
        "limits": _("What the data can't tell"),
        "checks": _("Who checked them"),
        "protection": _("How people are protected"),
        "access": _("How to get the data"),
    }


def _told(aspect: Aspect, heading: str) -> Told:
    return Told(heading, _standing(aspect), tuple(map(_label, aspect.told)), tuple(map(_label, aspect.untold)))


def _standing(aspect: Aspect) -> str:
    if not aspect.untold:
        return _("told")
    return _("partly told") if aspect.told else _("not told yet")


def _advice(field: Field) -> Advice:
    return Advice(field.name, _label(field), readable_text(field.help_text, reader_language(), site_fallbacks()))


def _label(field: Field) -> str:
    text = readable_text(field.label, reader_language(), site_fallbacks())
    return text.text if text else field.name
