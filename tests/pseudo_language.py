"""A language that nobody speaks: each text that is marked for translation, CKAN's too, in brackets with its number.

Whatever stands outside of brackets on a page was never marked. It is written under the name of Greek, so that dates and
names of languages, which don't come from catalogues, are in no Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

LOCALE = "el"
TOKEN = re.compile(r"⟦(\d+)⁝|⟧")
LATIN = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
# A citation ends with the address of what it cites.
ADDRESS = re.compile(r"https?://\S+")
# What a person is read or shown of an element beside its text.
SPOKEN = ("alt", "aria-label", "data-bs-title", "placeholder", "title")
UNSEEN = ("script", "style", "template", "noscript")
OURS = files("ckanext.citizendata").joinpath("i18n")
CKANS = files("ckan").joinpath("i18n")


@cache
def marked() -> tuple[tuple[str, ...], ...]:
    """All texts that are marked, by their numbers: one, or singular and plural."""
    templates = (CKANS.joinpath("ckan.pot"), OURS.joinpath("ckanext-citizendata.pot"))
    found: dict[tuple[str, ...], None] = {}
    for template in templates:
        with template.open("rb") as file:
            found |= {_forms(message.id): None for message in read_po(file) if message.id}
    return tuple(found)


def write(folder: Path) -> None:
    """Write the catalogue where the option `ckan.i18n_directory` looks for it."""
    catalogue = Catalog(locale=LOCALE)
    for number, forms in enumerate(marked()):
        texts = tuple(f"⟦{number}⁝{form}⟧" for form in forms)
        catalogue.add(forms if len(forms) > 1 else forms[0], texts if len(texts) > 1 else texts[0])
    target = folder / "i18n" / LOCALE / "LC_MESSAGES" / "ckan.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)


def translated(language: str) -> set[tuple[str, ...]]:
    """The texts that have a translation, CKAN's or ours."""
    return {
        _forms(message.id)
        for folder, domain in ((CKANS, "ckan"), (OURS, "ckanext-citizendata"))
        for message in _catalogue(folder.joinpath(language, "LC_MESSAGES", f"{domain}.po"))
        if message.id and all([message.string] if isinstance(message.string, str) else message.string)
    }


@dataclass(frozen=True)
class Said:
    """What a page says: the numbers of the marked texts, and what stands outside of all of them."""

    numbers: frozenset[int]
    outside: tuple[str, ...]


def said(html: str) -> Said:
    """What a reader sees and hears of a page."""
    page = BeautifulSoup(html, "html.parser")
    whole = [part for text in _texts(page) for part in (text, "\0")]
    spoken = [each for element in page.find_all(True) for each in _spoken(element)]
    numbers = {int(number) for text in (*whole, *spoken) for number in TOKEN.findall(text) if number}
    outside = [*_outside(whole), *(part for text in spoken for part in _outside([text]))]
    return Said(frozenset(numbers), tuple(dict.fromkeys(outside)))


def latin(texts: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those with words in Latin letters, beside addresses and what is known."""
    longest = sorted((each for each in known if len(each) > 1), key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" for each in longest), re.IGNORECASE)
    return [text for text in texts if not ADDRESS.fullmatch(text) and LATIN.search(pattern.sub(" ", text))]


def _outside(texts: Iterable[str]) -> Iterator[str]:
    """The parts at no depth of brackets, which may open in one text and close in another."""
    depth = 0
    for text in texts:
        at = 0
        for token in TOKEN.finditer(text):
            if depth == 0 and (part := " ".join(text[at : token.start()].split())):
                yield part
            depth = depth + 1 if token[1] else max(depth - 1, 0)
            at = token.end()
        if depth == 0 and (part := " ".join(text[at:].split())) and part != "\0":
            yield part


def _texts(page: BeautifulSoup) -> Iterator[str]:
    for text in page.descendants:
        if isinstance(text, NavigableString) and not isinstance(text, PreformattedString) and not _is_unseen(text):
            yield str(text)


def _is_unseen(text: NavigableString) -> bool:
    """Whether nobody sees it, or it says of itself that it is in another language."""
    return any(above.name in UNSEEN or _is_foreign(above) for above in text.parents if isinstance(above, Tag))


def _is_foreign(element: Tag) -> bool:
    language = element.get("lang") or element.get("hreflang")
    switch = element.name == "select" and element.get("name") == "url"
    return switch or (bool(language) and element.name != "html")


def _spoken(element: Tag) -> Iterator[str]:
    if any(_is_foreign(each) for each in (element, *element.parents) if isinstance(each, Tag)):
        return
    yield from (str(element[name]) for name in SPOKEN if element.get(name))
    if element.name == "input" and element.get("type") in ("submit", "button", "reset"):
        yield str(element.get("value") or "")


def _catalogue(path: Path) -> Catalog:  # type: ignore[valid-type]
    with path.open("rb") as file:
        return read_po(file)


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
