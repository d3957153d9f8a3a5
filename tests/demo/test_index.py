"""What lies in search index and tables, whoever may ask for it: hidden records, and fields that stay closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from ckanext.citizendata.local.browser import Browser
from ckanext.citizendata.local.demo import Demo

from . import places

NODES = ("kenya", "ghana")
SIGNED_IN = "citizendata-signed-in"
CLOSED = ("sensitivity", "personal_data", "consent_type", "withdrawal_possible")
# What the two public canaries answer in these fields, in words that stand nowhere else in a record.
CLOSED_CODES = {
    "listening-phone-panel": ("low_or_none", "individual_verbal_recorded", "yes_person"),
    "beach-litter-counts": ("low_or_none", "terms_of_participation", "no_persons_observed"),
}
CLOSED_LABELS = ("Could it hurt someone?", "Could someone be recognised?", "How people agreed", "Can it be taken back?")
SCHEMES = ("sensitivity", "personal-data", "consent-type", "withdrawal-possible")

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def hidden(table: Callable[[str], Rows], administrator: Callable[[str], Browser]) -> list[dict[str, Any]]:
    """The lines of the table about hidden records, with the package as its administrator reads it."""
    rows = [row for row in table("canaries") if row["anonymous_node"] == "no"]
    return [
        {**row, "package": administrator(row["site"]).action("package_show", {"id": row["record"]})} for row in rows
    ]


def _marks(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["word"], row["record"], row["package"]["id"])


def _terms(solr: Callable[..., Any], site: str, **which: str) -> Iterator[tuple[str, str]]:
    """Every term of every indexed field, with the field's name, of the documents that are asked for."""
    known = solr(site, "admin/luke", numTerms=0)["fields"]
    fields = [name for name, about in known.items() if about["schema"].startswith("I") and about["type"] != "date"]
    assert {"text", "title", "notes", "name", "permission_labels"} <= set(fields)
    facets = {"facet": "true", "facet.limit": -1, "facet.mincount": 1, "json.nl": "arrarr", "facet.field": fields}
    counts = solr(site, **{"q": "*:*", "rows": 0, **facets, **which})["facet_counts"]["facet_fields"]
    for field, terms in counts.items():
        yield from ((field, str(term)) for term, _ in terms)


class TestHiddenDocuments:
    def test_a_hidden_document_is_for_its_own_people(
        self, solr: Callable[..., Any], hidden: list[dict[str, Any]]
    ) -> None:
        """Its labels name the producing organisation, for national records also whoever signed in, and nobody else."""
        labels = {
            row["record"]: {
                term for field, term in _terms(solr, row["site"], fq=f"id:{row['package']['id']}") if "label" in field
            }
            for row in hidden
        }

        assert labels == {
            row["record"]: {f"member-{row['package']['owner_org']}"}
            | ({SIGNED_IN} if row["record"] == "lake-catch-logbooks" else set())
            for row in hidden
        }

    @pytest.mark.parametrize("site", NODES)
    def test_no_public_document_knows_a_hidden_word(
        self, solr: Callable[..., Any], hidden: list[dict[str, Any]], site: str
    ) -> None:
        """Neither a stored value nor an indexed term of a document for everyone tells of a hidden record."""
        public = {"fq": "permission_labels:public"}
        documents = solr(site, q="*:*", rows=1000, fl="*", **public)["response"]["docs"]
        text = json.dumps(documents) + " ".join(term for _, term in _terms(solr, site, **public))

        assert len(documents) >= 6
        assert [mark for row in hidden for mark in _marks(row) if mark in text] == []

    def test_a_public_word_is_in_a_document_for_everyone(
        self, solr: Callable[..., Any], table: Callable[[str], Rows]
    ) -> None:
        """The search for each public word finds one document, labelled for everyone, at home and in the registry."""
        for row in table("canaries"):
            if row["anonymous_node"] == "yes":
                for site in (row["site"], "registry"):
                    words = {"q": f"text:{row['word']}"}
                    assert solr(site, **words)["response"]["numFound"] == 1
                    labels = [term for field, term in _terms(solr, site, **words) if field == "permission_labels"]
                    assert labels == ["public"]


class TestRegistry:
    def test_its_index_never_heard_of_a_hidden_record(
        self, solr: Callable[..., Any], hidden: list[dict[str, Any]]
    ) -> None:
        """No document of the registry, whomever it is for, holds a word, name or id of a record that stays at home."""
        documents = solr("registry", q="*:*", rows=1000, fl="*")["response"]["docs"]
        text = json.dumps(documents) + " ".join(term for _, term in _terms(solr, "registry"))

        assert len(documents) >= 18
        assert [mark for row in hidden for mark in _marks(row) if mark in text] == []

    def test_its_tables_never_heard_of_a_hidden_record(self, demo: Demo, hidden: list[dict[str, Any]]) -> None:
        """No row of any table of the registry does either."""
        marks = [mark for row in hidden for mark in _marks(row)]
        with psycopg2.connect(demo.registry.addresses.database) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            names = [name for (name,) in cursor.fetchall()]
            found = [(name, mark) for name in names for mark in _in_table(cursor, name, [*marks, "quillombat"])]
        connection.close()

        assert len(marks) == 21
        # The public word stands where it should, so a hidden one would have been found.
        assert {("package", "quillombat"), ("citizendata_record", "quillombat")} <= set(found)
        assert {mark for _, mark in found} == {"quillombat"}


def _in_table(cursor: Any, name: str, marks: list[str]) -> list[str]:
    table = sql.Identifier(name)
    query = sql.SQL("SELECT mark FROM unnest(%s) mark WHERE EXISTS (SELECT FROM {0} WHERE strpos({0}::text, mark) > 0)")
    cursor.execute(query.format(table), (marks,))
    return [mark for (mark,) in cursor.fetchall()]


class TestClosedFields:
    @pytest.mark.parametrize("record", CLOSED_CODES)
    @pytest.mark.parametrize("kind", ["anonymous", "newcomer"])
    def test_no_answer_holds_them(
        self,
        demo: Demo,
        anyone: Callable[[str], Browser],
        newcomer: Callable[[str], Browser],
        record: str,
        kind: str,
    ) -> None:
        """Page, API, search, RDF and feeds of a public record keep names and values of its closed fields."""
        site = next(each.site for each in demo.records if each.package["name"] == record)
        reader = {"anonymous": anyone, "newcomer": newcomer}[kind](site)
        kept = [*CLOSED, *CLOSED_CODES[record], *CLOSED_LABELS, *(f"vocabulary/{scheme}/" for scheme in SCHEMES)]

        told = {place: reader.get(place).text for place in _places_of_closed(record)}

        assert all(len(text) > 100 for text in told.values())
        assert [(place, mark) for place, text in told.items() for mark in kept if mark in text] == []

    def test_those_who_may_edit_read_them(self, editor: Callable[[str], Browser]) -> None:
        """The editor of a record gets its closed fields, so that she doesn't lose them when she saves."""
        package = editor("baobab-banyan-network").action("package_show", {"id": "listening-phone-panel"})

        assert {name: package[name] for name in CLOSED} == {
            "sensitivity": "low_or_none",
            "personal_data": "anonymised",
            "consent_type": ["individual_verbal_recorded"],
            "withdrawal_possible": "yes_person",
        }

    @pytest.mark.parametrize("site", [*NODES, "registry"])
    def test_the_index_holds_none(self, solr: Callable[..., Any], site: str) -> None:
        """No field of the index is for them, no document stores them, and no search can find by them."""
        fields = set(solr(site, "admin/luke", numTerms=0)["fields"])
        documents = json.dumps(solr(site, q="*:*", rows=1000, fl="*")["response"]["docs"])
        codes = {code for each in CLOSED_CODES.values() for code in each}
        phrases = {code: f'text:"{code.replace("_", " ")}"' for code in codes}

        assert [field for field in fields for name in CLOSED if name in field] == []
        assert [name for name in (*CLOSED, *codes) if name in documents] == []
        assert {
            code: solr(site, q=phrase)["response"]["numFound"] for code, phrase in phrases.items()
        } == dict.fromkeys(codes, 0)

    @pytest.mark.parametrize("field", [*CLOSED, *(f"{kind}_{name}" for kind in ("extras", "vocab") for name in CLOSED)])
    def test_nothing_is_filtered_or_counted_by_them(self, anyone: Callable[[str], Browser], field: str) -> None:
        """A filter by such a field finds nothing, and its facet has no values."""
        asked = {"rows": 0, "facet.field": f'["{field}"]', "facet.limit": -1}
        counted = anyone("kenya").get(f"{places.API}package_search", params=asked).json()["result"]
        filtered = anyone("kenya").get(f"{places.API}package_search", params={"fq": f"{field}:*"}).json()["result"]

        assert counted["count"] == 12
        assert counted["facets"] == {field: {}}
        assert filtered["count"] == 0


def _places_of_closed(record: str) -> Iterator[str]:
    yield from (f"/dataset/{record}", "/dataset/", "/feeds/dataset.atom", "/catalog.ttl", "/catalog.jsonld")
    yield from (f"/dataset/{record}.{suffix}" for suffix in places.RDF)
    yield f"{places.API}package_show?id={record}"
    yield f"{places.API}package_show?id={record}&use_default_schema=true"
    yield f"{places.API}package_search?rows=1000&q=*:*"
    yield f"{places.API}package_search?rows=1000&fl=*,data_dict,validated_data_dict"
    yield f"{places.API}current_package_list_with_resources?limit=1000"
    yield f"{places.API}dcat_dataset_show?id={record}"
