"""Validators that `schemas/` names: each brings what form, API or import write into the shape of the API and checks it.

What is right is said once, in `core.conformance`; here are only the places where CKAN keeps values and messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.core.conformance import check_value, value_in_shape
from ckanext.citizendata.core.depth import shallow
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.projecting import readable_value
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.schema_reading import schema_from_dict
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.forms.organisation_rows import citizendata_profile_rows
from ckanext.citizendata.logic.values.dataset_rules import (
    PAGES,
    citizendata_default_unknown,
    citizendata_derive,
    citizendata_prepare,
    citizendata_private,
    citizendata_required_unless_draft,
)
from ckanext.citizendata.logic.values.derived_values import is_derived, refuse_new_label
from ckanext.citizendata.logic.values.raw_values import (
    Errors,
    Flat,
    Key,
    as_stored,
    field_at,
    form_texts,
    is_empty,
    is_projection,
    value_of_json,
)
from ckanext.citizendata.logic.wording import _, reader_wording

__all__ = [
    "citizendata_code",
    "citizendata_codes",
    "citizendata_date",
    "citizendata_decimal",
    "citizendata_default_unknown",
    "citizendata_derive",
    "citizendata_derived",
    "citizendata_email",
    "citizendata_file_address",
    "citizendata_format",
    "citizendata_geometry",
    "citizendata_integer",
    "citizendata_keywords",
    "citizendata_line",
    "citizendata_lines",
    "citizendata_load_json",
    "citizendata_media_type",
    "citizendata_name",
    "citizendata_phone",
    "citizendata_prepare",
    "citizendata_private",
    "citizendata_profile_rows",
    "citizendata_required_unless_draft",
    "citizendata_text",
    "citizendata_url",
    "citizendata_urls",
]

Validator = Callable[[Key, Flat, Errors, Any], None]
Raw = Mapping[str, Any]

UPLOAD = "upload"
# What says how the values of a field are checked.
KEYS = ("field_name", "preset", "vocabulary", "default_code", "max_length", "pattern", "minimum", "maximum")


def _answer(raw: Raw, schema: Raw) -> Validator:
    """The scheming validator of every kind of field: an empty value is left out, any other is shaped and checked."""

    def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        model = _model(schema)
        field = field_at(model.schema, key) or _made_up(raw)
        read = _readable if is_projection(context) else _faultless
        value = read(model, field, key, data, errors, context)
        if is_empty(value):
            del data[key]
            raise tk.StopOnError
        data[key] = as_stored(field, key, value)

    return validator


_answer.is_a_scheming_validator = True  # type: ignore[attr-defined]


def _model(schema: Raw) -> Model:
    return site_model.model("organization" if "organization_type" in schema else "dataset")


def _made_up(raw: Raw) -> Field:
    """A field of a schema that isn't ours but names our presets."""
    label = raw.get("label")
    entry = {key: raw[key] for key in KEYS if key in raw} | {"label": label if isinstance(label, Mapping) else {}}
    return schema_from_dict({"dataset_type": "", "dataset_fields": [], "resource_fields": [entry]}).resource_fields[0]


def _readable(model: Model, field: Field, key: Key, data: Flat, *_: Any) -> Any:
    """What of a harvested value can be shown: nobody here can mend it."""
    value = data.get(key, tk.missing)
    return None if is_empty(value) else readable_value(model, field, value)


def _faultless(model: Model, field: Field, key: Key, data: Flat, errors: Errors, context: Any) -> Any:  # noqa: PLR0913
    """What a person wrote, refused where anything is wrong with it; None for what nobody fills in."""
    value = _shaped(model, field, key, data)
    if is_derived(model.schema, key):
        refuse_new_label(model.schema, key, value, errors, context)
        return None
    _refuse_faults(model, field, value, errors.setdefault(key, []))
    return value


def _shaped(model: Model, field: Field, key: Key, data: Flat) -> Any:
    """What was written, in the shape of the API; a form writes texts beside the field, as `title_translated-en`."""
    if is_empty(data.get(key, tk.missing)):
        data[key] = form_texts(key, data)
    # A refused value stays where it is, and others walk it.
    data[key] = shallow(data[key])
    return value_in_shape(model, field, data[key])


def _refuse_faults(model: Model, field: Field, value: Any, messages: list[str]) -> None:
    problems = check_value(model, field, value, reader_wording())
    faults = [f"{problem.message} {problem.advice}".rstrip() for problem in problems if problem.severity == "error"]
    messages.extend(faults)
    if faults:
        raise tk.StopOnError


citizendata_code = _answer
citizendata_codes = _answer
citizendata_date = _answer
citizendata_decimal = _answer
citizendata_email = _answer
citizendata_format = _answer
citizendata_geometry = _answer
citizendata_integer = _answer
citizendata_keywords = _answer
citizendata_line = _answer
citizendata_lines = _answer
citizendata_media_type = _answer
citizendata_phone = _answer
citizendata_text = _answer
citizendata_url = _answer
citizendata_urls = _answer


def citizendata_file_address(raw: Raw, schema: Raw) -> Validator:
    """Stores where a file is; the name of an uploaded one is CKAN's to check."""
    validate = _answer(raw, schema)

    def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        if data.get((*key[:-1], "url_type")) != UPLOAD:
            validate(key, data, errors, context)

    return validator


citizendata_file_address.is_a_scheming_validator = True  # type: ignore[attr-defined]


def citizendata_derived(raw: Raw, schema: Raw) -> Validator:
    """Leaves out what a caller writes: only the projection of a harvested record sets such a field."""
    keep = _answer(raw, schema)

    def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        if not is_projection(context):
            data.pop(key, None)
            raise tk.StopOnError
        keep(key, data, errors, context)

    return validator


citizendata_derived.is_a_scheming_validator = True  # type: ignore[attr-defined]


def citizendata_load_json(value: Any) -> Any:
    """The value that was stored as JSON; any other value as it is."""
    return value_of_json(value)


def citizendata_name(key: Key, data: Flat, errors: Errors, context: Any) -> None:  # noqa: ARG001
    """Leaves an empty name to CKAN (an update keeps the old one); `citizendata_prepare` makes one for a new dataset."""
    if is_empty(data.get(key, tk.missing)):
        data.pop(key, None)
        raise tk.StopOnError
    if data[key] in PAGES and not is_projection(context):
        told = _("{field}: “{value}” can't be taken. {advice}")
        advice = _("It is the address of a page of this site; choose another one.")
        errors[key].append(told.format(field="name", value=data[key], advice=advice))
        raise tk.StopOnError
