"""Records and what is wrong with them, whichever file they came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.citizendata.core.conformance import Profile, Wording, check_package, check_record, package_in_shape
from ckanext.citizendata.core.lexical import is_iri
from ckanext.citizendata.core.mapping import Agent, Model, Subject, fragment_from_package, package_from_fragment
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.rules import consistency
from ckanext.citizendata.core.vocabulary import language_chain
from ckanext.citizendata.exchange.documents import Record, Statements
from ckanext.citizendata.exchange.shacl import Shapes
from ckanext.citizendata.exchange.spreadsheet import PlacedPackage

__all__ = ["Checked", "Checker"]

# Where a package is described for its shapes: a site gives it an address and a publisher when it is stored.
NOWHERE = "https://example.org/dataset/"
SOMEBODY = Agent("https://example.org/organization/publisher", "Publisher")


@dataclass(frozen=True, slots=True)
class Checked:
    """A record by the name or IRI that it goes by, and its problems, each with where it was written ("" if unknown)."""

    key: str
    name: str
    title: str
    problems: tuple[tuple[Problem, str], ...]


@dataclass(frozen=True, slots=True)
class Checker:
    """What records are checked by: schema and code lists, DCAT-AP's own rules, the day `today` (2024-03-15), shapes
    where they are wanted."""

    model: Model
    profile: Profile
    wording: Wording
    today: str
    shapes: Shapes | None = None

    def check(self, record: Record) -> Checked:
        """The problems of a record, those of the file about it first."""
        return self._statements(record) if isinstance(record, Statements) else self._package(record)

    def _statements(self, record: Statements) -> Checked:
        shown = package_from_fragment(self.model.public, record.iri, record.ntriples).package
        problems = [*record.problems]
        problems += check_record(self.model, record.iri, record.ntriples, self.profile, self.wording)
        problems += self._inconsistent(shown)
        problems += self._shape_problems(record.ntriples)
        return Checked("iri", record.iri, self._title(shown), tuple((problem, "") for problem in problems))

    def _package(self, record: PlacedPackage) -> Checked:
        package = package_in_shape(self.model, record.package)
        found = (*check_package(self.model, package, self.wording), *self._inconsistent(package))
        problems = [(each, record.place(each.path)) for each in found]
        name = str(package.get("name") or "")
        if self.shapes:
            fragment = fragment_from_package(self.model.public, package, Subject(_named(package), SOMEBODY))
            broken = self._shape_problems(fragment)
            problems += [(problem, "") for problem in broken if SOMEBODY.iri not in problem.path + problem.message]
        return Checked("name", name, self._title(package), tuple(problems))

    def _shape_problems(self, ntriples: str) -> Iterator[Problem]:
        yield from self.shapes.problems(ntriples, self.wording.language) if self.shapes else ()

    def _inconsistent(self, package: Mapping[str, Any]) -> tuple[Problem, ...]:
        return consistency(package, self.model.schema, self.today, self.wording)

    def _title(self, package: Mapping[str, Any]) -> str:
        """What people call it, in the reader's language or another; "" where it has no title."""
        texts = package.get("title_translated")
        if not isinstance(texts, Mapping) or not texts:
            return str(package.get("title") or "")
        tags = {str(tag).lower(): text for tag, text in texts.items()}
        best = next((tags[tag] for tag in language_chain(self.wording.language) if tag in tags), None)
        return str(best or next(iter(tags.values())))


def _named(package: Mapping[str, Any]) -> str:
    """The package's own IRI; one of nowhere, where it has none that is well-formed."""
    uri = package.get("uri")
    return uri if isinstance(uri, str) and is_iri(uri) else f"{NOWHERE}unnamed"
