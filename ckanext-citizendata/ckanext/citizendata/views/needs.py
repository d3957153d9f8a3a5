"""*What needs you*: one list, and the same as JSON."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.harvesting.needs import PAIRS, forget_number, needs_of, needs_shown
from ckanext.citizendata.logic.languages import remember_language
from ckanext.citizendata.logic.reading import number_text, reader_language
from ckanext.citizendata.logic.wording import reader_wording
from ckanext.citizendata.views.asked import acted, allowed, found

__all__ = ["needs"]

needs = Blueprint("citizendata_needs", __name__)


@needs.get("/needs")
def index() -> ResponseReturnValue:
    """What waits for the reader."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.url_for("citizendata_needs.index"))
    if not allowed("citizendata_needs_list", {}):
        tk.abort(403)
    remember_language()
    return tk.render("citizendata/needs.html", extra_vars={"needs": _mine()})


@needs.get("/needs.json")
def index_json() -> ResponseReturnValue:
    """The same for programs."""
    return jsonify({"needs": found("citizendata_needs_list", {})})


@needs.post("/needs")
def decide_application() -> ResponseReturnValue:
    """Admit a catalogue that applied as it wished, or refuse it."""
    answer, id_ = request.form.get("answer", ""), request.form.get("id", "")
    if answer == "approve" and acted("citizendata_member_approve", {"id": id_}):
        tk.h.flash_success(tk._("It is admitted, and harvested soon."))
    elif answer == "refuse" and acted("citizendata_member_refuse", {"id": id_}):
        tk.h.flash_success(tk._("It is refused; whoever asked may see that."))
    return _again("citizendata_needs.index")


@needs.get("/needs/alike")
def alike() -> ResponseReturnValue:
    """Pairs of datasets that look alike, one decision each."""
    pairs = found("citizendata_match_list", {"limit": PAIRS})
    return tk.render("citizendata/alike.html", extra_vars={"pairs": pairs})


@needs.post("/needs/alike")
def decide_alike() -> ResponseReturnValue:
    """Remember whether a pair is one dataset."""
    wish = {name: request.form.get(name, "") for name in ("left", "right", "decision")}
    if acted("citizendata_match_decide", wish):
        tk.h.flash_success(tk._("Noted. You aren't asked about these two again."))
    return _again("citizendata_needs.alike")


def _again(page: str) -> ResponseReturnValue:
    """The page anew, with the number in the menu counted anew too."""
    forget_number(tk.current_user.name)
    return tk.redirect_to(page)


def _mine() -> list[dict[str, Any]]:
    return needs_shown(
        needs_of(tk.current_user.name), reader_wording(), lambda number: number_text(number, "", reader_language())
    )
