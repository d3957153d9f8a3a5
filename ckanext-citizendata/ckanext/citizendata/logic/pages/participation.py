"""How far people decided at each step of the work, for a small picture and for the words beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.rules import levels_by_stage
from ckanext.citizendata.logic import reading, site_model
from ckanext.citizendata.logic.wording import _

__all__ = ["HIGHEST", "Participation", "Step", "engagement_profile", "participation"]

STAGES, LEVELS, WHO = "engagement-stage", "engagement-level", "engagement-who"
HIGHEST = 5


@dataclass(frozen=True)
class Step:
    """One step of the work; `height` is its level from 0 to 5, None where nobody told it."""

    number: str
    stage: reading.Text
    level: reading.Text | None
    height: int | None
    share: str
    who: tuple[reading.Text, ...]


@dataclass(frozen=True)
class Participation:
    """All steps in their order, and the whole of the picture in words."""

    steps: tuple[Step, ...]
    summary: str

    @property
    def told(self) -> tuple[Step, ...]:
        """The steps of which something is known."""
        return tuple(step for step in self.steps if step.height is not None or step.who)

    @property
    def untold(self) -> tuple[Step, ...]:
        """The steps of which nobody told anything."""
        return tuple(step for step in self.steps if step not in self.told)


def participation(engagement: Sequence[Mapping[str, Any]]) -> Participation:
    """The answers about how people took part, in the reader's language; of two about one step the higher counts."""
    stages, levels = site_model.vocabulary(STAGES), site_model.vocabulary(LEVELS)
    heights = levels_by_stage({"engagement": engagement}, stages, levels)
    current = [concept.code for concept in stages if concept.replaced_by is None]
    steps = tuple(_step(place, code, heights.get(code), engagement) for place, code in enumerate(current, 1))
    told = "; ".join(f"{step.number} {step.stage.text}: {step.share}" for step in steps if step.height is not None)
    return Participation(steps, _("How far people decided at each step, from 0 to 5: {steps}").format(steps=told))


def _step(place: int, code: str, height: int | None, engagement: Sequence[Mapping[str, Any]]) -> Step:
    reader = reading.reader_language()
    who = dict.fromkeys(each for row in engagement if _stage(row) == code for each in _codes(row.get("who")))
    return Step(
        number=reading.number_text(place, "", reader),
        stage=_labelled(STAGES, code),
        level=None if height is None else _labelled(LEVELS, str(height)),
        height=height,
        share=_share(height, reader),
        who=tuple(_labelled(WHO, each) for each in who),
    )


def _stage(row: Mapping[str, Any]) -> str:
    return site_model.vocabulary(STAGES).current(str(row.get("stage") or ""))


def _share(height: int | None, reader: str) -> str:
    if height is None:
        return _("not told yet")
    number, highest = (reading.number_text(each, "", reader) for each in (height, HIGHEST))
    return _("{number} of {highest}").format(number=number, highest=highest)


def engagement_profile(stated: object) -> list[tuple[reading.Text, reading.Text]]:
    """The step and the level, in words, of each part of an engagement profile such as `design3-collection4`."""
    parts = (re.fullmatch(r"(\D+)(\d)", part) for part in str(stated).split("-"))
    return [(_labelled(STAGES, part[1]), _labelled(LEVELS, part[2])) for part in parts if part]


def _codes(who: Any) -> list[str]:
    given = [who] if isinstance(who, str) else who
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []


def _labelled(vocabulary: str, code: str) -> reading.Text:
    reader = reading.reader_language()
    text, language = site_model.vocabulary(vocabulary).label_and_language(code, reader)
    return reading.labelled(text, language, reader)
