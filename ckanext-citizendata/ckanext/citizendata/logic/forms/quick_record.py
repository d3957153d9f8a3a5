"""The quick record: nine answers, three on safety and who may see it; what others see before it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import plugins as dataset_plugins  # how an action checks a package, without storing it
from ckan.types import Context

from ckanext.citizendata.core.audience import EVERYONE, EVERYONE_SHORT, NATIONAL, SAFETY_QUESTIONS, effective, readable
from ckanext.citizendata.core.rules import asks_for_care
from ckanext.citizendata.logic.forms.dataset_form import FormShape
from ckanext.citizendata.logic.forms.form_layout import Field, FormLayout, Schema, fields_of, is_answered
from ckanext.citizendata.logic.own_type import closed_fields

__all__ = [
    "Outcome",
    "audience_by_answers",
    "audience_effects",
    "faults",
    "outcome",
    "public_fields",
    "quick_names",
    "quick_shape",
]

OWN_PEOPLE = "producer"
# Beside the questions: whose record it is, its address, and a link to the data where there is one.
BESIDE = ("owner_org", "name")
# Asked of nobody, yet kept: an empty square of the picture of coverage begins a record with its Goal.
OFFERED = ("sdg_goal",)
LINK = ("url",)


@dataclass(frozen=True)
class Outcome:
    """Who will see a record: `seen_by` is the audience in force.

    `choices` is what the person still decides, the careful answer first; with one there is nothing to decide. `capped`
    says that a question on safety is open, so that the full description isn't for everyone.
    """

    seen_by: str
    choices: tuple[str, ...]
    careful: bool
    capped: bool


def quick_names(layout: FormLayout) -> tuple[str, ...]:
    """The questions of the quick record."""
    return tuple(field["field_name"] for field in (*layout.quick, *layout.safety, *layout.audience))


def quick_shape(shape: FormShape, layout: FormLayout) -> FormShape:
    """What the quick form may hold of all that the whole form holds."""
    names = {*quick_names(layout), *BESIDE, *OFFERED}
    files = {part: question for part, question in shape.rows.get("resources", {}).items() if part in LINK}
    rows = {name: parts for name, parts in shape.rows.items() if name in names}
    return FormShape({name: each for name, each in shape.fields.items() if name in names}, rows | {"resources": files})


def audience_by_answers(package: Mapping[str, Any]) -> str | None:
    """The readers that the answers on safety suggest: own people after a yes, everyone in short after a don't know.

    None after three times no: then the person chooses.
    """
    if asks_for_care(package):
        return OWN_PEOPLE
    return EVERYONE_SHORT if any(package.get(name) == "unknown" for name in SAFETY_QUESTIONS) else None


def outcome(package: Mapping[str, Any]) -> Outcome:
    """Who will see the record when it is published as it stands."""
    chosen = readable(package.get("audience")) or audience_by_answers(package) or OWN_PEOPLE
    careful = asks_for_care(package)
    seen_by = effective({**package, "audience": chosen}) or OWN_PEOPLE
    choices = tuple(dict.fromkeys((OWN_PEOPLE, chosen) if careful else (chosen,)))
    return Outcome(choices[0] if careful else seen_by, choices, careful, capped=seen_by != chosen)


def public_fields(schema: Schema, package: Mapping[str, Any], audience: str) -> Sequence[Field]:
    """What people beyond the record's own read of it; nothing where nobody beyond reads it."""
    if audience not in (EVERYONE, NATIONAL):
        return ()
    closed = closed_fields()
    return [
        field
        for field in fields_of(schema)
        if field["field_name"] not in (*closed, *BESIDE) and is_answered(field, package.get(field["field_name"]))
    ]


def audience_effects() -> Mapping[str, str]:
    """For each choice of readers, in plain words, who sees the record today."""
    own = tk._(
        "your own people: members of your organisation, people you invited to this record, and"
        " this site's administrators"
    )
    for_now = tk._("It is not passed on yet: for now only your own people see it.")
    partners = tk._("For partners whom you name.")
    members = tk._("For signed-in members of the shared registry.")
    short = tk._("For everyone, as a short public version that does not say who or where exactly.")
    return {
        "producer": tk._("Seen by {people}. Nobody else.").format(people=own),
        "partners": f"{partners} {for_now}",
        "national": tk._("Seen by everyone who is signed in to this catalogue. It stays on this catalogue."),
        "collaborative": f"{members} {for_now}",
        "everyone_short": f"{short} {for_now}",
        "everyone": tk._(
            "Seen by everyone: here, in the shared registry and in search engines."
            " A copy that others took cannot be called back."
        ),
    }


def faults(context: Context, package: Mapping[str, Any]) -> dict[str, Any]:
    """What stands against publishing the package, by field; nothing is stored."""
    stored = model.Package.get(str(package.get("id") or ""))
    plugin = dataset_plugins.lookup_package_plugin(package["type"])
    schema = plugin.update_package_schema() if stored else plugin.create_package_schema()
    asked: Any = {**context, "model": model, "session": model.Session, "allow_state_change": True}
    asked |= {"package": stored} if stored else {}
    whole = deepcopy(dict(package)) | {"state": model.State.ACTIVE}
    action = "package_update" if stored else "package_create"
    _, errors = dataset_plugins.plugin_validate(plugin, asked, whole, schema, action)
    return dict(errors)
