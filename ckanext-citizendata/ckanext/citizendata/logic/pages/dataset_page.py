"""The page of a dataset, part by part; each is worked out when it is shown, so that a sheet asks for less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata.logic import own_type
from ckanext.citizendata.logic.forms.form_layout import Field, is_answered
from ckanext.citizendata.logic.official import Official, official
from ckanext.citizendata.logic.pages import citation
from ckanext.citizendata.logic.pages.asking import Asking, asking
from ckanext.citizendata.logic.pages.page_layout import Told, arranged, told
from ckanext.citizendata.logic.pages.provenance import Stop, way_here
from ckanext.citizendata.logic.pages.quality import Quality, quality
from ckanext.citizendata.logic.pages.related import Related, related
from ckanext.citizendata.logic.pages.standing import Standing, standing
from ckanext.citizendata.logic.reading import Text, readable_text, reader_language, site_fallbacks
from ckanext.citizendata.logic.wording import _

__all__ = ["DatasetPage", "dataset_page"]

# Shown above, below or beside the parts.
ELSEWHERE = frozenset(
    [
        "title_translated", "notes_translated", "name", "owner_org", "publisher", "audience", "uri", "record_status",
        "contact", "access_request_url", "attribution_statement", "completeness",
    ]
)  # fmt: skip
GLANCE = ("temporal_coverage", "country", "population_group", "sample_size", "collection_mode", "access_rights")
# These parts stand on the page whatever the record says in them.
ALWAYS = ("access", "quality")
# Where it is told what the record says of each field in the name of a statistical office.
OFFICIAL = {"integration_status": "use", "quality_status": "quality"}


@dataclass(frozen=True)
class DatasetPage:
    """What the reader of this request finds on the page of a package, as `package_show` gives it to her."""

    package: Mapping[str, Any]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields of the dataset by name, as ckanext-scheming has them."""
        schema = tk.h.scheming_get_dataset_schema(self.package["type"])
        return {field["field_name"]: field for field in schema["dataset_fields"]}

    @cached_property
    def standing(self) -> Standing:
        """Whose the record is, who may see it, and whether it was withdrawn."""
        return standing(self.package)

    @cached_property
    def is_own(self) -> bool:
        """Whether the reader is one of the people of the record."""
        return bool(tk.h.check_access("package_update", {"id": self.package["id"]}))

    @cached_property
    def is_open(self) -> bool:
        """Whether everyone reads this page."""
        return self.is_citable and not self.standing.stays_here

    @cached_property
    def is_citable(self) -> bool:
        """Whether others may build on it: it is finished, and nobody took it back."""
        return self.package["state"] == "active" and not self.standing.withdrawn

    @cached_property
    def title(self) -> Text:
        """What the data are called."""
        found = readable_text(self.package.get("title_translated"), reader_language(), site_fallbacks())
        return found or Text(str(self.package["name"]), "", "auto", foreign=False)

    @cached_property
    def publishers(self) -> tuple[str, ...]:
        """Who published the data, by the record."""
        return citation.names_of(self.package, "publisher")

    @cached_property
    def glance(self) -> tuple[Field, ...]:
        """The few answers that decide whether a reader goes on."""
        known = (self.fields[name] for name in GLANCE if name in self.fields)
        return tuple(field for field in known if is_answered(field, self.package.get(field["field_name"])))

    @cached_property
    def statements(self) -> tuple[Official, ...]:
        """What the record says in the name of a statistical office."""
        return official(self.package)

    def statements_in(self, part: str) -> tuple[Official, ...]:
        """Those that belong to a part of the page."""
        return tuple(each for each in self.statements if OFFICIAL.get(each.field, "use") == part)

    @cached_property
    def parts(self) -> tuple[Told, ...]:
        """The parts that have something to say, in the order of reading."""
        closed, schema = own_type.closed_fields(), tk.h.scheming_get_dataset_schema(self.package["type"])
        kept = {**schema, "dataset_fields": [each for name, each in self.fields.items() if name not in self._elsewhere]}
        shown = (told(part, self.package, lambda field: field["field_name"] in closed) for part in arranged(kept))
        mine = shown if self.is_own else (replace(part, closed=()) for part in shown)
        return tuple(part for part in mine if part.told or part.untold or part.closed or self._is_needed(part.name))

    @property
    def _elsewhere(self) -> frozenset[str]:
        """The levels of all steps stand in the picture of steps, what speaks for an office in sentences about it."""
        profile = {"engagement_profile"} if self.package.get("engagement") else set()
        sentences = {"official_statement", *(each.field for each in self.statements)} if self.statements else set()
        return ELSEWHERE | profile | sentences

    def _is_needed(self, name: str) -> bool:
        return name in ALWAYS or bool(self.statements_in(name))

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """What stands above each part, and above what follows them."""
        return {
            "what": _("What the data are"),
            "whose": _("Whose data they are"),
            "when_and_where": _("When and where"),
            "people": _("Who is represented"),
            "making": _("How the data were made"),
            "limits": _("What the data can't tell"),
            "access": _("How to get the data"),
            "use": _("How the data were used"),
            "quality": _("How well the data are described"),
            "protection": _("How people are protected"),
            "partners": _("Partners and money"),
            "cite": _("How to cite"),
            "way": _("From the community to this page"),
            "related": _("Related records"),
        }

    def heading(self, part: Told) -> str:
        """What stands above a part: for one that a site added, its own words."""
        return tk.h.scheming_language_text(part.label) if part.label else self.headings[part.name]

    @cached_property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """The anchor and the heading of everything on the page that has one."""
        last = {"cite": self.is_citable, "way": bool(self.way), "related": bool(self.related)}
        parts = ((part.name, self.heading(part)) for part in self.parts)
        return (*parts, *((name, self.headings[name]) for name, is_there in last.items() if is_there))

    @cached_property
    def asking(self) -> Asking:
        """How to get at the data."""
        about = self.standing
        return asking(self.package, self.title.text, self.address, about.origin, about.origin_url)

    @cached_property
    def address(self) -> str:
        """Where this page is, in the reader's language."""
        return tk.h.url_for(f"{self.package['type']}.read", id=self.package["name"], _external=True)

    @cached_property
    def citation(self) -> tuple[str, ...]:
        """The parts of a citation, as a sentence; the address is the last."""
        return citation.in_words(self.package)

    @cached_property
    def credit(self) -> Text | None:
        """How the community wants to be named."""
        return readable_text(self.package.get("attribution_statement"), reader_language(), site_fallbacks())

    @cached_property
    def way(self) -> tuple[Stop, ...]:
        """The way of the record from the community to this page."""
        return way_here(self.package, self.standing)

    @cached_property
    def quality(self) -> Quality:
        """What is told of each thing that decides whether the data fit a use."""
        return quality(self.package)

    @cached_property
    def related(self) -> tuple[Related, ...]:
        """Other records that everyone may read; for a draft, nobody has looked yet."""
        return related(self.package) if self.package["state"] == "active" else ()


def dataset_page(package: Mapping[str, Any]) -> DatasetPage:
    """The page of a package of our type."""
    return DatasetPage(package)
