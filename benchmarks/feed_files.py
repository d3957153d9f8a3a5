"""Feeds to harvest, made up and written as files: pages of Turtle, linked by hydra as ckanext-dcat links them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from tests.generation.records import usual_record  # isort: skip
import yaml
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import Subject, fragment_from_package
from ckanext.citizendata.local.settings import CHECKOUT

__all__ = ["CHANGED", "EVERY", "INPUTS", "PAGE", "Feed", "changed", "differences", "searches", "statements_of"]

PAGE = 100
CHANGED = "revised"
"""The word in the titles of the datasets that changed, by which they are found."""
EVERY = 100
"""One dataset of so many changes."""
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cdata": "https://w3id.org/citizen-data/ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
EU = "http://publications.europa.eu/resource/authority"
THEMES = ["AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"]
FORMATS = ("CSV", "JSON")
PUBLISHERS = 20


@dataclass(frozen=True)
class Feed:
    """A catalogue of so many datasets in pages; `marked` says whether one of a hundred carries the word CHANGED."""

    name: str
    kind: str
    size: int
    server: str
    page_size: int = PAGE
    marked: bool = False

    @property
    def base(self) -> str:
        """What the addresses of its datasets begin with."""
        return f"https://catalogue.example/{self.name}/"

    @property
    def url(self) -> str:
        """Where its first page is served."""
        return self.page_url(0)

    def page_url(self, page: int) -> str:
        """Where a page is served."""
        return f"{self.server}/{self.name}/{page + 1}.ttl"

    def iri(self, number: int) -> str:
        """The address of a dataset."""
        return f"{self.base}dataset/{number}"

    @property
    def marks(self) -> int:
        """How many of its datasets carry the word CHANGED."""
        return len(range(0, self.size, EVERY)) if self.marked else 0

    def write(self, folder: Path) -> Feed:
        """The feed itself, whose pages now lie in the server's folder."""
        place = folder / self.name
        place.mkdir(parents=True, exist_ok=True)
        for page, first in enumerate(range(0, self.size, self.page_size)):
            numbers = range(first, min(first + self.page_size, self.size))
            text = HEAD + self._links(page) + "".join(INPUTS[self.kind](self, numbers))
            (place / f"{page + 1}.ttl").write_text(text, encoding="utf-8")
        return self

    def _links(self, page: int) -> str:
        """The catalogue and its pages, in both spellings of hydra, as a stock site writes them."""
        last = (self.size - 1) // self.page_size
        links = {"first": 0, "last": last, **({"next": page + 1} if page < last else {})}
        told = "".join(
            f' ;\n hydra:{name} "{self.page_url(to)}" ; hydra:{name}Page "{self.page_url(to)}"'
            for name, to in links.items()
        )
        return (
            f"<{self.base}> a dcat:Catalog .\n<{self.page_url(page)}> a hydra:PagedCollection ;\n"
            f" hydra:totalItems {self.size} ; hydra:itemsPerPage {self.page_size}{told} .\n"
        )

    def mark(self, number: int) -> str:
        """What the title of a dataset ends with."""
        return f" ({CHANGED})" if self.marked and number % EVERY == 0 else ""


def changed(feed: Feed) -> Feed:
    """The feed with one dataset of a hundred changed."""
    return replace(feed, marked=True)


def statements_of(feed: Feed, number: int) -> str:
    """What the feed says of one dataset, its files and its publisher, as text that holds no other dataset."""
    return HEAD + "".join(INPUTS[feed.kind](feed, range(number, number + 1)))


def differences(source: str, harvested: str) -> tuple[int, int]:
    """How many statements of a Turtle text are lost in an N-Triples text, and how many are new there."""
    before, after = _canonical(source, RdfFormat.TURTLE), _canonical(harvested, RdfFormat.N_TRIPLES)
    return len(before - after), len(after - before)


def _canonical(text: str, form: RdfFormat) -> set[Quad]:
    dataset = Dataset(parse(text, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _plain(feed: Feed, numbers: range) -> Iterator[str]:
    """Datasets as a stock portal describes them: 40 statements and two files each, and their publishers."""
    for publisher in sorted({number % PUBLISHERS for number in numbers}):
        yield f'<{feed.base}org/{publisher}> a foaf:Agent ; foaf:name "Office {publisher}"@en .\n'
    for number in numbers:
        yield _plain_dataset(feed, number)
        yield from (_plain_file(feed, number, place, form) for place, form in enumerate(FORMATS, 1))


def _plain_dataset(feed: Feed, number: int) -> str:
    iri, desk, mark = feed.iri(number), number % PUBLISHERS, feed.mark(number)
    files = ", ".join(f"<{iri}/file/{place}>" for place in range(1, len(FORMATS) + 1))
    return f"""<{iri}> a dcat:Dataset ;
 dct:title "Water points of district {number}{mark}"@en , "Points d'eau du district {number}{mark}"@fr ;
 dct:description "All water points of district {number} with their state, asked of the people who use them, \
{number % 97} households in the sample."@en ;
 dct:identifier "plain-{number}" ; dct:issued "2024-0{1 + number % 9}-11"^^xsd:date ;
 dct:modified "2025-0{1 + number % 9}-{10 + number % 18}T08:00:00Z"^^xsd:dateTime ;
 dct:language <{EU}/language/ENG> ; dcat:theme <{EU}/data-theme/{THEMES[number % len(THEMES)]}> ;
 dct:accrualPeriodicity <{EU}/frequency/ANNUAL> ; dct:spatial <{EU}/country/KEN> ;
 dcat:keyword "water"@en , "wells"@en , "district {number % 50}"@en ;
 dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2023-01-01"^^xsd:date ; dcat:endDate "2023-12-31"^^xsd:date ] ;
 dct:publisher <{feed.base}org/{desk}> ; dct:accessRights <{EU}/access-right/PUBLIC> ;
 dcat:contactPoint [ a vcard:Organization ; vcard:fn "Desk {desk}" ; vcard:hasEmail <mailto:desk{desk}@example.org> ] ;
 dcat:distribution {files} .
"""


def _plain_file(feed: Feed, number: int, place: int, form: str) -> str:
    address = f"https://data.example.org/{feed.name}/{number}/{place}"
    return f"""<{feed.iri(number)}/file/{place}> a dcat:Distribution ; dct:title "Points as {form}"@en ;
 dcat:accessURL <{address}> ; dcat:downloadURL <{address}.{form.lower()}> ; dct:format <{EU}/file-type/{form}> ;
 dct:license <{EU}/licence/CC_BY_4_0> ; dct:modified "2025-01-02"^^xsd:date .
"""


def _rich(feed: Feed, numbers: range) -> Iterator[str]:
    """Records as a national catalogue of ours gives them: 110 statements and three files each."""
    statements = [
        quad.triple
        for number in numbers
        for quad in parse(_rich_fragment(feed, number), format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)
    ]
    yield str(serialize(statements, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"", "utf-8")


def _rich_fragment(feed: Feed, number: int) -> str:
    record = usual_record(_model(), number)
    titles = record["title_translated"].items()
    record["title_translated"] = {tag: f"{text} {number}{feed.mark(number)}" for tag, text in titles}
    return fragment_from_package(_model(), record, Subject(feed.iri(number)))


def _searched(feed: Feed, numbers: range) -> Iterator[str]:
    """The records that the table of searches must find, then as many plain ones as there is room for."""
    table = searches()["records"]
    told = [*table.values()]
    for number in numbers[: max(0, len(told) - numbers.start)]:
        yield _searched_dataset(feed, number, told[number])
    yield from _plain(feed, range(max(len(told), numbers.start), numbers.stop))


def _searched_dataset(feed: Feed, number: int, told: Mapping[str, Any]) -> str:
    record = {name: value for name, value in told.items() if name not in ("title", "notes")}
    record["title_translated"] = {tag: f"{text}{feed.mark(number)}" for tag, text in told["title"].items()}
    record |= {"notes_translated": told["notes"], "metadata_language": ["ENG"], "access_rights": "open"}
    text = fragment_from_package(_model(), record, Subject(feed.iri(number)))
    statements = [quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)]
    return str(serialize(statements, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"", "utf-8")


@cache
def searches() -> dict[str, Any]:
    """The table of searches: `records` by name, and `queries`, each with what is typed and the record to find."""
    return yaml.safe_load((CHECKOUT / "tests" / "data" / "searches.yaml").read_text(encoding="utf-8"))


_model = cache(load)

INPUTS: Mapping[str, Callable[[Feed, range], Iterator[str]]] = {"plain": _plain, "rich": _rich, "searched": _searched}
