"""Validators that `schemas/` names: each takes what form, API or import write, and stores the shape of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core import lexical
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.logic.dataset_rules import (
    citizendata_default_unknown,
    citizendata_derive,
    citizendata_prepare,
    citizendata_private,
    citizendata_required_unless_draft,
)
from ckanext.citizendata.logic.raw_values import Errors, Flat, Key, form_texts, is_empty, is_projection
from ckanext.citizendata.logic.reading import reader_language
from ckanext.citizendata.logic.wording import _, label_of

__all__ = [
    "citizendata_code",
    "citizendata_codes",
    "citizendata_date",
    "citizendata_default_unknown",
    "citizendata_derive",
    "citizendata_derived",
    "citizendata_email",
    "citizendata_file_address",
    "citizendata_format",
    "citizendata_line",
    "citizendata_load_json",
    "citizendata_name",
    "citizendata_phone",
    "citizendata_prepare",
    "citizendata_private",
    "citizendata_required_unless_draft",
    "citizendata_text",
    "citizendata_url",
]

Validator = Callable[[Key, Flat, Errors, Any], None]
# What turns a written value into the stored one; raises `tk.Invalid`.
Reader = Callable[[Mapping[str, Any], Any, Any], Any]


MAX_LENGTH = 20000


def _validator(read: Reader) -> Callable[[Mapping[str, Any], Any], Validator]:
    """A scheming validator: an empty value is left out, any other is read; a bad one costs a projection only itself."""

    def of_field(field: Mapping[str, Any], _schema: Any) -> Validator:
        def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
            value = data.get(key, tk.missing)
            if is_empty(value):
                data.pop(key, None)
                raise tk.StopOnError
            try:
                data[key] = read(field, value, context)
            except tk.Invalid as invalid:
                if is_projection(context):
                    del data[key]
                else:
                    errors.setdefault(key, []).append(invalid.error)
                raise tk.StopOnError from None

        return validator

    of_field.is_a_scheming_validator = True  # type: ignore[attr-defined]
    return of_field


def _refuse(field: Mapping[str, Any], value: Any, advice: str) -> tk.Invalid:
    return tk.Invalid(
        _("{field}: “{value}” can't be taken. {advice}").format(field=label_of(field), value=value, advice=advice)
    )


def _clean(field: Mapping[str, Any], value: Any, context: Any) -> str:
    """The text itself, if every serialisation of RDF can carry it and it isn't over-long; a harvested one may be."""
    limit = int(field.get("max_length", MAX_LENGTH))
    if not isinstance(value, str):
        raise _refuse(field, value, _("Write a text."))
    strange = lexical.strange_character(value)
    if strange:
        shown = f"U+{ord(strange):04X}"
        raise _refuse(field, shown, _("This invisible character breaks files; take it out."))
    if len(value) > limit and not is_projection(context):
        raise _refuse(field, value[:40] + "…", _("Write at most {limit} characters.").format(limit=limit))
    return value


def _text(field: Mapping[str, Any], value: Any, context: Any) -> str:
    if isinstance(value, str):
        value = _parsed(field, value)
    if not isinstance(value, Mapping):
        raise _refuse(field, value, _('Write one text for each language, as in {"en": "…", "fr": "…"}.'))
    texts: dict[str, str] = {}
    for tag, text in value.items():
        if is_empty(text) or (isinstance(text, str) and not text.strip()):
            continue
        try:
            _add_text(field, texts, tag, text, context)
        except tk.Invalid:
            if not is_projection(context):
                raise
    return json.dumps(texts, ensure_ascii=False)


def _add_text(field: Mapping[str, Any], texts: dict[str, str], tag: Any, text: Any, context: Any) -> None:
    if not isinstance(tag, str) or not lexical.is_language_tag(tag):
        raise _refuse(field, tag, _("Write a language tag such as en, pt-BR or zh-Hant."))
    canonical = lexical.canonical_tag(tag)
    if canonical in texts:
        raise _refuse(field, tag, _("There are two texts in this language; keep one."))
    texts[canonical] = _clean(field, text, context)


def _parsed(field: Mapping[str, Any], value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise _refuse(field, value[:80], _('Write one text for each language, as in {"en": "…", "fr": "…"}.')) from None


def citizendata_text(field: Mapping[str, Any], schema: Any) -> Validator:
    """Stores one text for each language; a form sends them as `title_translated-en`, the API as an object."""
    validate = _validator(_text)(field, schema)

    def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        if is_empty(data.get(key, tk.missing)):
            data[key] = form_texts(key, data)
        validate(key, data, errors, context)
        if data[key] == "{}":
            del data[key]
            raise tk.StopOnError

    return validator


citizendata_text.is_a_scheming_validator = True  # type: ignore[attr-defined]


def _vocabulary(field: Mapping[str, Any]) -> Vocabulary:
    return catalogue_model.load().vocabularies[field["vocabulary"]]


def _known_code(field: Mapping[str, Any], value: Any) -> str:
    vocabulary = _vocabulary(field)
    if isinstance(value, str) and value in vocabulary:
        return value
    near = get_close_matches(str(value), vocabulary.codes, n=3, cutoff=0.5)
    codes = ", ".join(_in_words(vocabulary, code) for code in near)
    advice = _("Did you mean {codes}?").format(codes=codes) if near else _("Choose an answer of the list.")
    raise _refuse(field, value, advice)


def _in_words(vocabulary: Vocabulary, code: str) -> str:
    """Kenya (KEN): what the reader knows, and what a program writes."""
    return f"{vocabulary.label(code, reader_language())} ({code})"


def _code(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return _known_code(field, value)


def _codes(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    chosen = {_known_code(field, code) for code in _listed(value) if not is_empty(code)}
    alone = chosen & {"unknown", field.get("default_code", "unknown")}
    if alone and len(chosen) > 1:
        answer = _in_words(_vocabulary(field), sorted(alone)[0])
        raise _refuse(field, answer, _("This answer stands alone; take it or the others."))
    return json.dumps([code for code in _vocabulary(field).codes if code in chosen])


def _listed(value: Any) -> list[Any]:
    """The codes of a list, of a JSON list, or of a form's single choice."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _date(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    text = str(value).strip()
    if not lexical.is_date(text):
        raise _refuse(field, value, _("Write a year, a month or a day: 2023, 2023-04 or 2023-04-15."))
    return text


def _email(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    text = str(value).strip().removeprefix("mailto:")
    if not lexical.is_mail(text):
        raise _refuse(field, value, _("Write one e-mail address, as in data@example.org."))
    return text


def _phone(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    text = str(value).strip().removeprefix("tel:")
    if not lexical.is_phone(text):
        raise _refuse(field, value, _("Write the number with its country code, as in +254700000000."))
    return lexical.phone_digits(text)


def _url(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    text = str(value).strip()
    if not lexical.is_link(text):
        raise _refuse(field, value, _("Write a whole web address, as in https://example.org/data."))
    return text


def _file_address(field: Mapping[str, Any], value: Any, _context: Any) -> str:
    text = str(value).strip()
    if not lexical.is_file_address(text):
        raise _refuse(
            field, value, _("Write a whole web address, as in https://example.org/data.csv, or upload a file.")
        )
    return text


def citizendata_file_address(field: Mapping[str, Any], schema: Any) -> Validator:
    """Stores where a file is; the name of an uploaded one is CKAN's to check."""
    validate = _validator(_file_address)(field, schema)

    def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        if data.get((*key[:-1], "url_type")) != "upload":
            validate(key, data, errors, context)

    return validator


citizendata_file_address.is_a_scheming_validator = True  # type: ignore[attr-defined]


def _format(field: Mapping[str, Any], value: Any, context: Any) -> str:
    text = _clean(field, value, context).strip()
    known = text.upper().lstrip(".")
    return known if known in _vocabulary(field) else text


citizendata_line = _validator(_clean)
citizendata_code = _validator(_code)
citizendata_codes = _validator(_codes)
citizendata_date = _validator(_date)
citizendata_email = _validator(_email)
citizendata_phone = _validator(_phone)
citizendata_url = _validator(_url)
citizendata_format = _validator(_format)


def citizendata_derived(field: Mapping[str, Any], schema: Any) -> Validator:
    """Leaves out what a caller writes: only the projection of a harvested record sets such a field."""
    keep = _validator(_clean)(field, schema)

    def validator(key: Key, data: Flat, errors: Errors, context: Any) -> None:
        if not is_projection(context):
            data.pop(key, None)
            raise tk.StopOnError
        keep(key, data, errors, context)

    return validator


citizendata_derived.is_a_scheming_validator = True  # type: ignore[attr-defined]


def citizendata_load_json(value: Any) -> Any:
    """The value that was stored as JSON; any other value as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def citizendata_name(key: Key, data: Flat, errors: Errors, context: Any) -> None:  # noqa: ARG001
    """Leaves an empty name to CKAN (an update keeps the old one); `citizendata_prepare` makes one for a new dataset."""
    if is_empty(data.get(key, tk.missing)):
        data.pop(key, None)
        raise tk.StopOnError
