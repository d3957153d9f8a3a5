"""Rules for what people write in words: texts by language, keywords, lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule, is_empty
from ckanext.citizendata.core.conformance.wording import N_, shortened
from ckanext.citizendata.core.lexical import canonical_tag, is_language_tag, strange_character
from ckanext.citizendata.core.schema import Field

__all__ = ["TWICE", "keywords_rule", "line_rule", "list_rule", "pattern_rule", "text_rule", "warn_of_twins"]

# What browsers act on at once, even where the tag isn't closed.
ACTIVE = "script|style|iframe|object|embed|svg|math|img|video|audio|link|meta|base|form|input|button|template|noscript"
PLAIN = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|center|cite|code|dd|del|details|dfn|div|dl|dt|em|figure|font"
    "|footer|h[1-6]|head|header|hr|html|i|ins|kbd|label|li|main|mark|nav|ol|p|pre|q|s|samp|section|select|small|span"
    "|strike|strong|sub|summary|sup|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|wbr"
)
MARKUP = re.compile(rf"<(?:!--|!doctype|/?(?:(?:{ACTIVE})(?:[\s/>]|$)|(?:{PLAIN})(?:[\s/][^<>]*)?>))", re.IGNORECASE)
BY_LANGUAGE = N_('Write one text for each language, as in {"en": "…", "fr": "…"}.')
LISTS_BY_LANGUAGE = N_('Write a list of words for each language, as in {"en": ["water", "queue"]}.')
LANGUAGE = N_("Write a language tag such as en, pt-BR or zh-Hant.")
TWO_TEXTS = N_("There are two texts in this language; keep one.")
TEXT = N_("Write a text.")
LIST = N_("Write a list.")
INVISIBLE = N_("This invisible character breaks files; take it out.")
TOO_LONG = N_("Write at most {limit} characters.")
NO_HTML = N_("Write it without HTML tags.")
FORM = N_("Write it in this form: {pattern}")
TWICE = N_("{field}: “{value}” is there twice; once is enough.")


def text_rule(field: Field) -> Rule:
    """One text for each language."""
    line = line_rule(field)

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, Mapping):
            report.refuse(path, "no_text", field, value, BY_LANGUAGE)
            return
        for tag, text in _by_language(field, value, path, report):
            line(text, f"{path}.{tag}", report)

    return rule


def keywords_rule(field: Field) -> Rule:
    """A list of words for each language."""
    words = list_rule(field, line_rule(field))

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, Mapping):
            report.refuse(path, "no_text", field, value, LISTS_BY_LANGUAGE)
            return
        for tag, listed in _by_language(field, value, path, report):
            words(listed, f"{path}.{tag}", report)

    return rule


def line_rule(field: Field) -> Rule:
    """A text: of characters that files can carry, not over-long, without HTML."""
    limit = field.limits.max_length
    matches = pattern_rule(field)

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str):
            report.refuse(path, "no_text", field, value, TEXT)
            return
        if strange := strange_character(value):
            report.refuse(path, "strange_character", field, f"U+{ord(strange):04X}", INVISIBLE)
        if len(value) > limit:
            report.refuse(path, "too_long", field, value, TOO_LONG, limit=limit)
        # What is beyond the limit has to go anyhow; nobody waits for it to be searched.
        if "<" in value and (tag := MARKUP.search(value, 0, limit)):
            report.refuse(path, "markup", field, tag.group(), NO_HTML)
        if matches is not None:
            matches(value, path, report)

    return rule


def pattern_rule(field: Field) -> Rule | None:
    """A text that matches the field's pattern from end to end; None where it has none."""
    if field.limits.pattern is None:
        return None
    pattern = re.compile(field.limits.pattern)

    def rule(value: str, path: str, report: Report) -> None:
        if not pattern.fullmatch(value):
            if told := report.wording.help_text(field):
                report.refuse(path, "pattern", field, value, told)
            else:
                report.refuse(path, "pattern", field, value, FORM, pattern=pattern.pattern)

    return rule


def list_rule(field: Field, one: Rule) -> Rule:
    """A list whose items each follow a rule; it warns of an item that is there twice."""

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, (list, tuple)):
            report.refuse(path, "not_understood", field, value, LIST)
            return
        for number, item in enumerate(value):
            if not is_empty(item):
                one(item, f"{path}[{number}]", report)
        if len(value) > 1:
            warn_of_twins(field, value, path, report)

    return rule


def warn_of_twins(field: Field, value: Sequence[Any], path: str, report: Report) -> None:
    """Warns of every item that was there before."""
    seen: set[str] = set()
    for number, item in enumerate(value):
        text = str(item)
        if text in seen:
            report.doubt(f"{path}[{number}]", "twice", field, TWICE, value=shortened(text))
        seen.add(text)


def _by_language(field: Field, value: Mapping[Any, Any], path: str, report: Report) -> list[tuple[str, Any]]:
    """What is written in each language, without what is under a bad tag or under one tag twice."""
    found: dict[str, tuple[str, Any]] = {}
    for tag, written in value.items():
        if is_empty(written):
            continue
        canonical = _canonical(tag) if isinstance(tag, str) else None
        if canonical is None:
            report.refuse(f"{path}.{tag}", "no_language", field, tag, LANGUAGE)
        elif canonical in found:
            report.refuse(f"{path}.{tag}", "twice", field, tag, TWO_TEXTS)
        else:
            found[canonical] = (tag, written)
    return list(found.values())


@lru_cache(maxsize=4096)
def _canonical(tag: str) -> str | None:
    return canonical_tag(tag) if is_language_tag(tag) else None
