"""The catalogues that a registry reads: for everybody when and how they were harvested, for their people what to mend.

The same as JSON at the same address with `.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.federation.report import RUNNING
from ckanext.citizendata.logic.harvesting.returns import waiting_number
from ckanext.citizendata.logic.languages import remember_language
from ckanext.citizendata.views.asked import acted, allowed, found

__all__ = ["catalogues"]

catalogues = Blueprint("citizendata_catalogues", __name__)

# Harvests on one page; the next ones are one click away.
RUNS = 20


@catalogues.get("/catalogues")
def index() -> ResponseReturnValue:
    """All catalogues by name."""
    return tk.render("citizendata/catalogues/index.html", extra_vars=_list())


@catalogues.get("/catalogues.json")
def index_json() -> ResponseReturnValue:
    """The same for programs."""
    return jsonify(_list())


@catalogues.get("/catalogues/<id>")
def show(id: str) -> ResponseReturnValue:
    """One catalogue with its harvests; for its people with all that is to mend."""
    shown = _catalogue(id)
    remember_language()
    report = _report(shown) if allowed("citizendata_harvest_show", {"id": id}) else None
    waiting = waiting_number(id) if report is not None else 0
    extra_vars = {"catalogue": shown, "report": report, "waiting": waiting, "is_theirs": report is not None}
    extra_vars["may_run"] = allowed("citizendata_harvest_run", {"id": id})
    return tk.render("citizendata/catalogues/show.html", extra_vars=extra_vars)


@catalogues.get("/catalogues/<id>.json")
def show_json(id: str) -> ResponseReturnValue:
    """The same for programs, and the same for all of them."""
    return jsonify(_catalogue(id))


@catalogues.get("/catalogues/<id>/progress.json")
def progress_json(id: str) -> ResponseReturnValue:
    """How far the harvest is that is under way, for a page that shows it."""
    last = found("citizendata_catalogue_show", {"id": id, "limit": 1})["last_run"]
    words = tk.h.citizendata_progress(last["progress"]) if last and last["progress"] else ""
    return jsonify({"state": last["state"] if last else "none", "words": words})


@catalogues.post("/catalogues/<id>/harvest")
def harvest(id: str) -> ResponseReturnValue:
    """Have the catalogue harvested soon."""
    found("citizendata_catalogue_show", {"id": id, "limit": 1})
    if acted("citizendata_harvest_run", {"id": id}):
        tk.h.flash_success(tk._("It is harvested soon. Look again in a moment."))
    return tk.redirect_to("citizendata_catalogues.show", id=id)


def _list() -> dict[str, Any]:
    return found("citizendata_catalogue_list", {"after": request.args.get("after", ""), **_limit()})


def _catalogue(id: str) -> dict[str, Any]:
    wishes = {"id": id, "before": request.args.get("before"), "limit": RUNS, **_limit()}
    return found("citizendata_catalogue_show", wishes)


def _limit() -> dict[str, str]:
    return {"limit": request.args["limit"]} if "limit" in request.args else {}


def _report(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The problems of the harvest that was asked for, else of the last one that has ended; {} where there is none."""
    ended = [run["run"] for run in shown["runs"] if run["state"] != RUNNING]
    number = request.args.get("run") or next(iter(ended), None)
    return found("citizendata_harvest_show", {"id": shown["id"], "run": number, "limit": 0}) if number else {}
