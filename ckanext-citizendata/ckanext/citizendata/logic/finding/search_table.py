"""Any search as a table for spreadsheets, as everyone finds: no permission of the reader counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.exchange.table import table_line
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.feeds.answer import Answer, refusal
from ckanext.citizendata.logic.feeds.catalogue_head import site_address
from ckanext.citizendata.logic.finding.open_search import open_search, still_open
from ckanext.citizendata.logic.own_type import dataset_type
from ckanext.citizendata.logic.reading import number_text, period_text, readable_text, reader_language, site_fallbacks
from ckanext.citizendata.logic.whole_number import whole_number

__all__ = ["search_table"]

BYTE_ORDER_MARK = "\ufeff"
BATCH = 500
# Beyond it there are the files of the whole catalogue.
MOST = 10_000
FIELDS = ("country", "population_group", "sdg_goal", "temporal_coverage", "access_rights")
BETWEEN = "; "


def search_table(said: Mapping[str, Any]) -> Iterator[str] | Answer:
    """The lines of what a search finds, in the reader's language, asked for in parts as they are read; or a refusal.

    :param said: `q`, `fq` and `rows`, the most records that are wanted, as they came.
    """
    most = whole_number(said.get("rows") or MOST, MOST)
    if not most:
        sentence = tk._("{rows} can't be: the parameter rows takes a whole number from 1 to {most}.")
        return refusal(400, sentence.format(rows=said.get("rows"), most=MOST))
    first = open_search(said, 0, min(most, BATCH))
    return first if isinstance(first, Answer) else _Table().lines(said, first, most)


class _Table:
    """The lines of records in the language of one reader."""

    def __init__(self) -> None:
        self._language = reader_language()
        known = {field.name: field for field in site_model.model().schema.fields}
        self._fields = [known[name] for name in FIELDS if name in known and not known[name].closed]

    def lines(self, said: Mapping[str, Any], first: Mapping[str, Any], most: int) -> Iterator[str]:
        """The head, then a line for each record, latest change first; a last one says if there are more."""
        yield BYTE_ORDER_MARK + self._head()
        try:
            for start in range(0, min(first["count"], most), BATCH):
                part = first if start == 0 else open_search(said, start, min(most - start, BATCH))
                if isinstance(part, Answer):
                    # The head is sent: a broken line is all that can still tell that something is missing.
                    raise ConnectionAbortedError(part.sentence)
                yield from (self._line(package) for package, _ in still_open(part["results"]))
            if first["count"] > most:
                yield table_line([self._rest(most, first["count"]), *[""] * (len(self._fields) + 1), site_address()])
        finally:
            # CKAN gives its connection back before the first line is sent.
            model.Session.remove()

    def _head(self) -> str:
        labels = [tk.h.scheming_language_text(field.label) for field in self._fields]
        return table_line([tk._("Title"), tk._("Published by"), *labels, tk._("Page")])

    def _rest(self, most: int, count: int) -> str:
        """Who counts lines would count wrong without it."""
        said = tk._("Only the first {most} of {count} datasets are in this table.")
        return said.format(most=self._number(most), count=self._number(count))

    def _number(self, number: int) -> str:
        return number_text(number, "", self._language)

    def _line(self, package: Mapping[str, Any]) -> str:
        title = self._text(package.get("title_translated")) or str(package["name"])
        cells = [self._cell(field, package.get(field.name)) for field in self._fields]
        return table_line([title, _publishers(package), *cells, f"{site_address()}/{dataset_type()}/{package['name']}"])

    def _cell(self, field: Field, value: Any) -> str:
        answers: Sequence[Any] = value if isinstance(value, list) else [value] if value else []
        if field.vocabulary:
            codes = site_model.vocabulary(field.vocabulary)
            return BETWEEN.join(codes.label(str(code), self._language) for code in answers)
        return BETWEEN.join(period_text(each, self._language) for each in answers)

    def _text(self, value: object) -> str:
        found = readable_text(value, self._language, site_fallbacks())
        return found.text if found else ""


def _publishers(package: Mapping[str, Any]) -> str:
    """Who publishes, as the record says; else the organisation that keeps it."""
    names = [str(each["name"]) for each in package.get("publisher") or () if each.get("name")]
    organization = package.get("organization") or {}
    return BETWEEN.join(names) or str(organization.get("title") or organization.get("name") or "")
