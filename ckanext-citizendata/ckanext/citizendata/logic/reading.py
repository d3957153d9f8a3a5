"""What a reader sees of a stored value: text in a language she reads, periods as dates, languages by name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from flask import has_request_context

# What a number counts, by its field; CLDR's names.
UNITS = {
    "min_typical_age": "duration-year",
    "max_typical_age": "duration-year",
    "spatial_resolution_in_meters": "length-meter",
}
PERCENT = ("completeness", "response_rate")
ADDRESS_LENGTH = 60
EXTRACT_LENGTH = 180


@dataclass(frozen=True)
class Text:
    """A text with the language it is really in; `foreign` when that isn't the reader's."""

    text: str
    language: str
    direction: str
    foreign: bool


def reader_language() -> str:
    """The language of the page that is being made, as a BCP 47 tag; the site's own where no page is."""
    chosen = tk.h.lang() if has_request_context() else None
    return str(chosen or tk.config.get("ckan.locale_default") or "en").replace("_", "-")


def site_fallbacks() -> tuple[str, str]:
    """The languages in which a text is looked for that is not in the reader's: the site's own, then English."""
    return str(tk.config.get("ckan.locale_default") or "en"), "en"


def readable_text(value: object, language: str, fallbacks: Sequence[str] = ()) -> Text | None:
    """The text in the reader's language, else in the first fallback there is, else in the first language by tag."""
    if isinstance(value, str):
        return Text(value, "", "auto", foreign=False) if value.strip() else None
    if not isinstance(value, Mapping):
        return None
    texts = {str(tag): str(text) for tag, text in value.items() if text and str(text).strip()}
    tag = next((found for wish in (language, *fallbacks) if (found := _closest(texts, wish))), None)
    tag = tag or next(iter(sorted(texts)), None)
    if tag is None:
        return None
    return Text(texts[tag], tag, direction(tag), foreign=_primary(tag) != _primary(language))


def readable_words(value: object, language: str, fallbacks: Sequence[str] = ()) -> list[Text]:
    """The keywords of the language in which `readable_text` would find a text."""
    if not isinstance(value, Mapping):
        return []
    joined = readable_text({tag: " ".join(words) for tag, words in value.items()}, language, fallbacks)
    return [labelled(str(word), joined.language, language) for word in value[joined.language]] if joined else []


def labelled(text: str, language: str, reader: str) -> Text:
    """A text whose language is known; one without a language counts as the reader's own."""
    return Text(
        text,
        language,
        direction(language) if language else "auto",
        foreign=bool(language) and _primary(language) != _primary(reader),
    )


def _closest(texts: Mapping[str, str], wish: str) -> str | None:
    tags = {tag.lower(): tag for tag in texts}
    same = [tag for tag in sorted(texts) if _primary(tag) == _primary(wish)]
    return tags.get(wish.lower().replace("_", "-")) or next(iter(same), None)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


def direction(tag: str) -> str:
    """`ltr` or `rtl`; `auto` for a language whose script isn't known."""
    locale = _locale(tag)
    if locale is None:
        return "auto"
    return "rtl" if locale.text_direction == "rtl" else "ltr"


def _locale(tag: str) -> Locale | None:
    for candidate in (tag, _primary(tag)):
        try:
            return Locale.parse(candidate, sep="-" if "-" in candidate else "_")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def language_name(tag: str, reader: str) -> str:
    """The name of a language in the reader's language, as it stands within a sentence; else its code."""
    locale, own = _locale(tag), _locale(reader)
    return (locale.get_display_name(own) if locale else None) or tag


def period_text(period: Mapping[str, Any], reader: str, since: str = "{date} –", until: str = "– {date}") -> str:
    """A period as a reader writes it: `2021 – March 2022`; `since` and `until` are words for one with an open end."""
    start, end = (date_text(str(period.get(key) or ""), reader) for key in ("start", "end"))
    if start and end:
        return start if start == end else f"{start} – {end}"
    return (since if start else until).format(date=start or end) if start or end else ""


def date_text(stated: str, reader: str) -> str:
    """A day, month or year as a reader writes it; what is none as it stands."""
    parts = [int(part) for part in stated.split("-") if part.isdigit()]
    locale = _locale(reader) or Locale("en")
    day = _as_date(parts)
    if day is None:
        return stated
    match len(parts):
        case 1:
            return str(parts[0])
        case 2:
            return format_skeleton("yMMMM", day, locale=locale)
        case _:
            return format_date(day, "long", locale=locale)


def _as_date(parts: Sequence[int]) -> date | None:
    if not 1 <= len(parts) <= 3:
        return None
    try:
        return date(*[*parts, 1, 1][:3])
    except ValueError:
        return None


def number_text(value: object, name: str, reader: str) -> str:
    """A number in the reader's figures, with what it counts by the name of its field; what is none as it stands."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    locale = _locale(reader) or Locale("en")
    if name in PERCENT:
        return format_percent(Decimal(str(value)) / 100, locale=locale, decimal_quantization=False)
    unit = UNITS.get(name)
    return format_unit(value, unit, locale=locale) if unit else format_decimal(value, locale=locale)


def money_text(value: object, currency: str, reader: str) -> str:
    """An amount with its currency's letters: any three letters may stand in a feed."""
    return f"{number_text(value, '', reader)} {currency}".strip()


def address_text(address: str) -> str:
    """A web address as people say it, long ones shortened in the middle."""
    plain = address.partition("://")[2].removeprefix("www.").rstrip("/") or address
    half = ADDRESS_LENGTH // 2
    return plain if len(plain) <= ADDRESS_LENGTH else f"{plain[:half]}…{plain[-half:]}"


def point_text(geometry: str, reader: str) -> str:
    """Latitude and longitude of a GeoJSON point; empty for any other shape."""
    try:
        shape = json.loads(geometry)
        longitude, latitude = shape["coordinates"][:2] if shape["type"] == "Point" else ("", "")
    except (ValueError, TypeError, KeyError):
        return ""
    return ", ".join(number_text(each, "", reader) for each in (latitude, longitude) if each != "")


def moment_text(moment: datetime, reader: str, zone: tzinfo) -> str:
    """A day and an hour as a reader writes it, with the name of the time zone."""
    locale = _locale(reader) or Locale("en")
    there = moment.astimezone(zone)
    day = format_date(there, "medium", locale=locale)
    return f"{day}, {format_time(there, 'short', tzinfo=zone, locale=locale)} {there:%Z}"


def extract(text: str) -> str:
    """The beginning of a text, without the marks of Markdown."""
    return _extract(text)


@lru_cache(4000)
def _extract(text: str) -> str:
    # To read Markdown takes a millisecond, and a list has twenty texts, most of which the last list had too.
    return tk.h.markdown_extract(text, extract_length=EXTRACT_LENGTH)
