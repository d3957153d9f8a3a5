"""Where the people of a catalogue decide: about what the next harvest would do, about removals, about what returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.federation.report import OUTCOMES
from ckanext.citizendata.logic.harvesting.plan_jobs import SHOWN, forget_plan, make_plan, planned
from ckanext.citizendata.logic.harvesting.removal_jobs import FEW, decide_later
from ckanext.citizendata.logic.harvesting.returns import returns_waiting
from ckanext.citizendata.logic.reading import reader_language
from ckanext.citizendata.views.asked import acted, allowed, found

__all__ = ["decisions"]

decisions = Blueprint("citizendata_decisions", __name__, url_prefix="/catalogues")

ACTIONS = {"approve": "citizendata_removal_approve", "refuse": "citizendata_removal_refuse"}
# So many removals are listed; all of them can be decided about at once.
LISTED = 100


@decisions.get("/<id>/plan")
def plan(id: str) -> ResponseReturnValue:
    """What the next harvest would do, once it was asked for."""
    extra_vars = {
        **_of_people(id),
        "planned": planned(id, reader_language()),
        "outcomes": OUTCOMES,
        "shown": SHOWN,
        "may_run": allowed("citizendata_harvest_run", {"id": id}),
    }
    return tk.render("citizendata/catalogues/plan.html", extra_vars=extra_vars)


@decisions.get("/<id>/plan.json")
def plan_json(id: str) -> ResponseReturnValue:
    """The same for programs, and for a page that shows how far it is."""
    _of_people(id)
    made = planned(id, reader_language())
    return jsonify({**asdict(made), "words": _progress(made.progress)} if made else {"state": "none"})


@decisions.post("/<id>/plan")
def decide_plan(id: str) -> ResponseReturnValue:
    """Ask for a plan, have it carried out, or put it away."""
    catalogue = _of_people(id)["catalogue"]
    answer = request.form.get("answer")
    if answer == "look":
        make_plan(id, reader_language())
    elif answer == "approve" and acted("citizendata_harvest_run", {"id": id, "plan": request.form.get("plan", "")}):
        forget_plan(id)
        tk.h.flash_success(
            tk._("It is done soon, just as you saw it. If the feed has changed by then, nothing is done.")
        )
        return tk.redirect_to("citizendata_catalogues.show", id=id)
    elif answer == "refuse":
        forget_plan(id)
        tk.h.flash_notice(_refused(catalogue))
        return tk.redirect_to("citizendata_catalogues.show", id=id)
    return tk.redirect_to("citizendata_decisions.plan", id=id)


@decisions.get("/<id>/waiting")
def waiting(id: str) -> ResponseReturnValue:
    """What waits for a decision: removals, and what was taken back and is listed again."""
    removals = found("citizendata_removal_list", {"id": id})
    extra_vars = {
        **_of_people(id),
        "removals": removals,
        "listed": LISTED,
        "digest": _digest(removals),
        "returns": returns_waiting(id),
        "may_return": allowed("citizendata_harvest_approve", {"id": id}),
    }
    return tk.render("citizendata/catalogues/waiting.html", extra_vars=extra_vars)


@decisions.post("/<id>/waiting")
def decide(id: str) -> ResponseReturnValue:
    """One decision, about one record or about all that was seen."""
    _of_people(id)
    answer, iri = request.form.get("answer", ""), request.form.get("iri")
    if answer == "return" and iri:
        if acted("citizendata_harvest_approve", {"id": id, "iri": iri}):
            tk.h.flash_success(tk._("It returns with the next harvest that finds it in the feed."))
    elif answer in ACTIONS:
        _decide_removals(id, answer, [iri] if iri else None)
    return tk.redirect_to("citizendata_decisions.waiting", id=id)


def _decide_removals(id: str, answer: str, iris: Sequence[str] | None) -> None:
    """About these records; about all that wait where none is named, if they are those that the person saw."""
    if iris is None:
        removals = found("citizendata_removal_list", {"id": id})
        if request.form.get("digest") != _digest(removals):
            tk.h.flash_error(tk._("Something changed since you looked. Look again, and decide then."))
            return
        iris = [each["iri"] for each in removals]
    if len(iris) > FEW and allowed(ACTIONS[answer], {"id": id}):
        decide_later(id, answer, iris)
        tk.h.flash_success(tk._("It is done in the background. Look again in a few minutes."))
    else:
        _told(answer, acted(ACTIONS[answer], {"id": id, "iris": iris}))


def _told(answer: str, done: dict[str, Any] | None) -> None:
    if done is None:
        return
    if answer == "approve":
        tk.h.flash_success(tk._("Removed: {count}.").format(count=len(done["removed"])))
        for each in done["failed"]:
            tk.h.flash_error(each["reason"])
    else:
        tk.h.flash_success(tk._("Kept: {count}. You aren't asked again.").format(count=len(done["kept"])))


def _of_people(id: str) -> dict[str, Any]:
    """The catalogue; 403 for who isn't one of its people, 404 where there is none."""
    catalogue = found("citizendata_catalogue_show", {"id": id, "limit": 1})
    if not allowed("citizendata_harvest_show", {"id": id}):
        tk.abort(403, tk._("Only the catalogue's own people and the people of this registry see this."))
    return {"catalogue": catalogue}


def _refused(catalogue: dict[str, Any]) -> str:
    # Nothing of a plan is kept, so that there is nothing to undo.
    return tk._(
        "Nothing was done. If {catalogue} is harvested by itself, the next harvest happens all the same."
    ).format(catalogue=catalogue["title"])


def _digest(removals: Sequence[dict[str, Any]]) -> str:
    return sha256("\n".join(sorted(each["iri"] for each in removals)).encode()).hexdigest()


def _progress(progress: dict[str, Any] | None) -> str:
    return tk.h.citizendata_progress(progress) if progress else ""
