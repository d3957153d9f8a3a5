"""Decisions about many removals, carried out in the background: each record takes a moment."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.logic.harvesting import queues
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.harvesting.removals import approved, kept

__all__ = ["FEW", "decide", "decide_later"]

log = logging.getLogger(__name__)

# So many are decided about while a person waits.
FEW = 20
DECISIONS = {"approve": approved, "refuse": kept}


def decide_later(member_id: str, answer: str, iris: Sequence[str]) -> None:
    """Carry out one of `DECISIONS` about these records soon."""
    timeout = config.harvest_job_seconds()
    title, queue = f"Removals of {member_id}", queues.name_of(queues.for_harvests())
    tk.enqueue_job(decide, [member_id, answer, list(iris)], title=title, queue=queue, rq_kwargs={"timeout": timeout})


def decide(member_id: str, answer: str, iris: Sequence[str]) -> None:
    """Carry out a decision in the background; what can't be done waits on, for the person to see."""
    try:
        done = DECISIONS[answer](member_named(member_id), iris)
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        log.warning("Removals of %s aren't decided: %s", member_id, error)
        return
    log.info("Removals of %s: %s %s", member_id, answer, {name: len(found) for name, found in done.items()})
