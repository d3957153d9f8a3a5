"""How a dataset is named in the works of others: as a sentence, and in the forms that reference managers read."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FORMS", "Citation", "Form", "Words", "bibtex", "csl_json", "ris", "sentence"]

DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
# The names of months that every style of BibTeX knows.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENDINGS = (".", "!", "?", "。", "؟", "۔", "।")
# BibTeX counts braces even behind a backslash, so that one alone would end the value too early or never.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{each: "\\" + each for each in "#$%&_"},
    }
)
# An address is read as it stands, but for what would end the value.
OF_ADDRESSES = str.maketrans({each: f"%{ord(each):02X}" for each in '{}\\ "<>'})


@dataclass(frozen=True, slots=True)
class Citation:
    """What is known of a dataset; "" where a part isn't.

    `authors` are organisations and communities: no name is taken apart. `date` is a year, a month or a day, `credit`
    how the community wants to be named, `catalogue` where the description was found.
    """

    key: str
    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    version: str = ""
    credit: str = ""
    address: str = ""
    language: str = ""
    catalogue: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a sentence in the reader's language; `version` has a gap `{version}`."""

    dataset: str
    no_date: str
    version: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form for programs: what people call it, its media type, and what writes it."""

    name: str
    media_type: str
    write: Callable[[Citation], str]


def sentence(citation: Citation, words: Words) -> tuple[str, ...]:
    """The parts of a citation in words, which stand side by side; the address is the last.

    Water Watch; Mtaa Committee (2024). Water points (version 2) [Dataset]. Map House. Collected with us. https://…
    """
    year, authors = _plain(citation.date)[:4] or words.no_date, _names(citation)
    version = f" ({words.version.format(version=_plain(citation.version))})" if _plain(citation.version) else ""
    title = f"{_plain(citation.title)}{version} [{words.dataset}]"
    begin = (_ended(f"{authors} ({year})"), _ended(title)) if authors else (_ended(f"{title} ({year})"),)
    publisher = "" if citation.publisher in citation.authors else citation.publisher
    others = (_ended(_plain(each)) for each in (publisher, citation.credit) if _plain(each))
    return (*begin, *others, *filter(None, [_plain(citation.address)]))


def _names(citation: Citation) -> str:
    return "; ".join(filter(None, map(_plain, citation.authors)))


def _ended(text: str) -> str:
    return text if text.endswith(ENDINGS) else f"{text}."


def ris(citation: Citation) -> str:
    """The reference in RIS: a tag and a value on each line, so that no value may end its line."""
    # The asterisk has a meaning of its own in names.
    authors = (("AU", name.replace("*", " ")) for name in citation.authors)
    lines = (
        ("TY", "DATA"),
        *authors,
        ("TI", citation.title),
        ("PY", "".join(_date(citation)[:1])),
        ("DA", _ris_date(citation)),
        ("PB", citation.publisher),
        ("ET", citation.version),
        ("N1", citation.credit),
        ("LA", citation.language),
        ("DP", citation.catalogue),
        ("UR", citation.address),
    )
    told = [f"{tag}  - {_plain(value)}" for tag, value in lines if _plain(value)]
    return "\r\n".join([*told, "ER  - ", ""])


def _ris_date(citation: Citation) -> str:
    """Year, month and day, each with a stroke behind it: `2024/03//`."""
    parts = _date(citation)
    return "".join(f"{part}/" for part in (*parts, "", "")[:3]) if parts else ""


def bibtex(citation: Citation) -> str:
    """The reference in BibTeX, as an entry of the type that every style knows."""
    year, month = (*_date(citation), "", "")[:2]
    authors = " and ".join(f"{{{_tex(name)}}}" for name in citation.authors if _plain(name))
    values = {
        "author": authors,
        # In a second pair of braces no style makes small letters of the capitals.
        "title": f"{{{_tex(citation.title)}}}",
        "year": year,
        "publisher": _tex(citation.publisher),
        "version": _tex(citation.version),
        "howpublished": "Dataset",
        "note": _tex(citation.credit),
        "language": _tex(citation.language),
        "url": _plain(citation.address).translate(OF_ADDRESSES),
    }
    told = [f"  {name} = {{{value}}}" for name, value in values.items() if value]
    named = [f"  month = {MONTHS[int(month) - 1]}"] if month and 0 < int(month) <= len(MONTHS) else []
    key = re.sub(r"[^A-Za-z0-9_-]", "", citation.key) or "dataset"
    return f"@misc{{{key},\n" + ",\n".join([*told, *named]) + "\n}\n"


def _tex(text: str) -> str:
    return _plain(text).translate(TEX)


def csl_json(citation: Citation) -> str:
    """The reference as a list of one item of CSL-JSON."""
    values = {
        "id": citation.key,
        "type": "dataset",
        "title": _plain(citation.title),
        "author": [{"literal": _plain(name)} for name in citation.authors if _plain(name)],
        "issued": {"date-parts": [[int(part) for part in _date(citation)]]} if _date(citation) else {},
        "publisher": _plain(citation.publisher),
        "version": _plain(citation.version),
        "note": _plain(citation.credit),
        "language": citation.language,
        "source": _plain(citation.catalogue),
        "URL": _plain(citation.address),
    }
    return json.dumps([{name: value for name, value in values.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _date(citation: Citation) -> tuple[str, ...]:
    """Year, month and day as far as they are told."""
    found = DATE.match(citation.date)
    return tuple(part for part in found.groups() if part) if found else ()


def _plain(text: str) -> str:
    """The text in one line, without characters that control something."""
    return " ".join("".join(each for each in text if each.isspace() or unicodedata.category(each) != "Cc").split())


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "ris": Form("RIS", "application/x-research-info-systems", ris),
        "bib": Form("BibTeX", "application/x-bibtex", bibtex),
        "json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
    }
)
