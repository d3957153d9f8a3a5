"""Rules about a dataset as a whole, run before and after the validators of its fields."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata import config
from ckanext.citizendata.core.audience import EVERYONE, effective, readable
from ckanext.citizendata.core.conformance import check_package
from ckanext.citizendata.core.conformance.codes import ASKED
from ckanext.citizendata.core.depth import shallow
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.values.derivation import derive_values, fill_in_safely
from ckanext.citizendata.logic.values.derived_values import keep_derived_rows
from ckanext.citizendata.logic.values.raw_values import (
    Errors,
    Flat,
    Key,
    is_empty,
    is_projection,
    key_of_path,
    package_of,
    store,
    stored,
    subfield_values,
    written_texts,
)
from ckanext.citizendata.logic.wording import _, reader_wording

__all__ = [
    "citizendata_default_unknown",
    "citizendata_derive",
    "citizendata_prepare",
    "citizendata_private",
    "citizendata_required_unless_draft",
]

Field = Mapping[str, Any]
Schema = Mapping[str, Any]
Rule = Callable[[Key, Flat, Errors, Any], None]
# What only shows when fields stand together.
TOGETHER = frozenset({"missing", "one_of", "order", "too_many", "too_small", "taken"})
NEEDED_IN_DRAFTS = "title_translated"
NAME_LENGTH = 80
# Where this site's organisations, datasets, records and catalogue have their addresses.
OWN_ADDRESSES = ("/organization/", "/dataset/", "/record/", "/catalog")
# Characters of the title in CKAN's own column: its index takes 2,704 bytes. The texts by language are kept whole.
TITLE_LENGTH = 500
# What stands in the address of a page where the name of a dataset could.
PAGES = ("quick",)
STATES = (model.State.ACTIVE, "draft", model.State.DELETED)


def _rule(apply: Callable[[Schema, Flat, Errors, Any], None]) -> Callable[[Field, Schema], Rule]:
    """A scheming validator of the whole dataset, given its schema."""

    def of_schema(_field: Field, schema: Schema) -> Rule:
        def rule(key: Key, data: Flat, errors: Errors, context: Any) -> None:  # noqa: ARG001
            apply(schema, data, errors, context)

        return rule

    of_schema.is_a_scheming_validator = True  # type: ignore[attr-defined]
    return of_schema


def citizendata_prepare(key: Key, data: Flat, errors: Errors, context: Any) -> None:  # noqa: ARG001
    """Gives a new dataset without a name one from its title, and refuses a state that no dataset has."""
    _check_state(data, errors)
    _write_out_addresses(data)
    if context.get("package") is None and is_empty(data.get(("name",), tk.missing)):
        data[("name",)] = _free_name(_readable_name(written_texts("title_translated", data)))


def _check_state(data: Flat, errors: Errors) -> None:
    # Here, since CKAN silently drops the state of some callers before any rule could read it.
    state = data.get(("state",), tk.missing)
    if is_empty(state):
        data[("state",)] = tk.missing
    elif state not in STATES:
        advice = _("{field}: “{value}” can't be taken. {advice}").format(
            field="state", value=state, advice=_("Write one of: {codes}.").format(codes=", ".join(STATES))
        )
        errors.setdefault(("state",), []).append(advice)


def _write_out_addresses(data: Flat) -> None:
    # CKAN guesses a file's format from its address before any rule could refuse one that isn't a text.
    for key, value in list(data.items()):
        if key[0] == "resources" and key[-1] == "url" and not isinstance(value, str) and not is_empty(value):
            data[key] = str(shallow(value))


def _readable_name(titles: Mapping[str, Any]) -> str:
    """The slug of the best title; empty for a script that has no Latin letters."""
    title = _for_site(titles)
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:NAME_LENGTH].strip("-")
    return slug if len(slug) > 3 else ""


def _free_name(slug: str) -> str:
    if slug and slug not in PAGES and model.Package.get(slug) is None:
        return slug
    return f"{slug or 'dataset'}-{secrets.token_hex(4)}"


def _for_site(texts: Mapping[str, Any]) -> str:
    """The text in the site's language, else in English, else in the first language by tag."""
    preferred = (str(tk.config.get("ckan.locale_default") or "en").replace("_", "-"), "en", *sorted(map(str, texts)))
    return next((str(texts[tag]) for tag in preferred if not is_empty(texts.get(tag))), "")


def _derive(_schema: Schema, data: Flat, _errors: Errors, context: Any) -> None:
    if not is_projection(context):
        keep_derived_rows(site_model.model().schema, data, context)
        if not _is_draft(data):
            fill_in_safely(data)
    derive_values(data, context)
    values = stored(data)
    for field in ("title", "notes"):
        made_up = data.get((field,)) if is_projection(context) else ""
        data[(field,)] = _for_site(json.loads(values.get(f"{field}_translated") or "{}")) or made_up or ""
    if not data[("title",)]:
        data[("title",)] = data.get(("name",)) or ""
    data[("title",)] = data[("title",)][:TITLE_LENGTH]


def _default_unknown(schema: Schema, data: Flat, errors: Errors, context: Any) -> None:
    if _is_draft(data) or is_projection(context):
        return
    values = stored(data)
    for field in schema["dataset_fields"]:
        if (
            field.get("obligation") == "mandatory"
            and not _is_given(field, values, data)
            and not _is_refused(field["field_name"], errors)
        ):
            _set_default(field, data)


def _set_default(field: Field, data: Flat) -> None:
    for number, item in enumerate(field.get("default_items", ())):
        for part, value in item.items():
            data[(field["field_name"], number, part)] = value
    code = field.get("default_code", "unknown")
    if "vocabulary" in field and code in site_model.vocabulary(field["vocabulary"]):
        store(field["field_name"], [code] if field.get("cardinality") == "many" else code, data)


def _is_given(field: Field, values: Mapping[str, Any], data: Flat) -> bool:
    name = field["field_name"]
    if "repeating_subfields" in field:
        return any(subfield_values(name, data).values())
    return not is_empty(values.get(name, data.get((name,))))


def _is_refused(name: str, errors: Errors) -> bool:
    return any(found for key, found in errors.items() if key[0] == name)


def _is_draft(data: Flat) -> bool:
    return str(data.get(("state",), "")).startswith("draft")


def _required_unless_draft(_schema: Schema, data: Flat, errors: Errors, context: Any) -> None:
    """Refuses what is missing or doesn't go together; each field has said already what is wrong with it alone."""
    if is_projection(context):
        return
    ours = site_model.model()
    taken = tuple(config.base_iri() + start for start in OWN_ADDRESSES)
    for problem in check_package(ours, package_of(ours.schema, data), reader_wording(), taken):
        if _refuses(problem, draft=_is_draft(data)):
            _blame(key_of_path(ours.schema, problem.path), problem, errors)


def _refuses(problem: Problem, *, draft: bool) -> bool:
    if problem.severity == "warning" or problem.code not in TOGETHER:
        return False
    return not (draft and problem.code in ASKED and problem.path != NEEDED_IN_DRAFTS)


def _blame(key: Key, problem: Problem, errors: Errors) -> None:
    """Tells a problem at its part of the form, unless something was said there already."""
    if not errors.get(key) and not (len(key) == 1 and _is_refused(key[0], errors)):
        errors.setdefault(key, []).append(f"{problem.message} {problem.advice}".rstrip())


def _private(_schema: Schema, data: Flat, _errors: Errors, context: Any) -> None:
    """Sets `private`, whatever a caller says. A feed has no safety answers: its audience was set for the member."""
    values = stored(data)
    audience = readable(values.get("audience")) if is_projection(context) else effective(values)
    data[("private",)] = audience != EVERYONE


citizendata_derive = _rule(_derive)
citizendata_default_unknown = _rule(_default_unknown)
citizendata_required_unless_draft = _rule(_required_unless_draft)
citizendata_private = _rule(_private)
