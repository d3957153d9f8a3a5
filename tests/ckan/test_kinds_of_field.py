"""The kinds of field in CKAN: what is written comes back in the shape of the API, and nobody writes what is derived."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.navl.dictization_functions import DataError
from ckan.tests import factories
from ckan.tests.helpers import call_action

DEPTHS = (100, 900, 5000)
KENYA = "http://publications.europa.eu/resource/authority/country/KEN"
POINT = '{"type": "Point", "coordinates": [36.8, -1.3]}'
BASE: dict[str, Any] = {
    "type": "dataset",
    "title_translated": {"en": "Water points"},
    "notes_translated": {"en": "Where people fetch water."},
    "country": ["KEN"],
    "temporal_coverage": [{"start": "2023"}],
    "contact": [{"name": "Desk", "email": "desk@example.org"}],
    "initiator_kind": ["community_organisation"],
    "population_group": ["women"],
    "collection_mode": ["photo_report"],
    "personal_data": "none",
    "sensitivity": "low_or_none",
    "indigenous_data": "no",
    "access_rights": "PUBLIC",
    "audience": "everyone",
}
LABEL = {"label": "tk_attribution", "community": "Makina"}

Create = Callable[..., dict[str, Any]]


@pytest.fixture
def create(site_with_tables: None) -> Create:  # noqa: ARG001
    """Creates a complete dataset with some fields more."""
    organization = factories.Organization()

    def create_dataset(context: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
        return call_action("package_create", context or {}, **{"owner_org": organization["id"], **BASE, **values})

    return create_dataset


def errors(create: Create, **values: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as refused:
        create(**values)
    return refused.value.error_dict


class TestKinds:
    @pytest.mark.parametrize(
        ("field", "written", "shown"),
        [
            ("sample_size", 212, 212),
            ("sample_size", "212", 212),
            ("sample_size", 0, 0),
            ("response_rate", "92.5", 92.5),
            ("documentation", ["https://example.org/a"], ["https://example.org/a"]),
            (
                "documentation",
                "https://example.org/a\r\nhttps://example.org/b\r\n",
                ["https://example.org/a", "https://example.org/b"],
            ),
            ("keyword", {"en": ["water", "queue"], "zh-hant": ["水"]}, {"en": ["water", "queue"], "zh-Hant": ["水"]}),
            ("keyword", json.dumps({"en": ["water"]}), {"en": ["water"]}),
            ("spatial_coverage", [{"name": "Kibera", "centroid": POINT}], [{"name": "Kibera", "centroid": POINT}]),
            ("funding", [{"funder": "Fund", "amount": "1000.50"}], [{"funder": "Fund", "amount": 1000.5}]),
            ("use_policy", [{"duty": ["attribute"]}], [{"duty": ["attribute"]}]),
        ],
    )
    def test_comes_back(self, create: Create, field: str, written: Any, shown: Any) -> None:
        """Numbers are numbers, lists are lists, geometries are text; sent back, they stay."""
        first = call_action("package_show", id=create(**{field: written})["id"])
        assert first[field] == shown
        again = call_action("package_update", **first)
        assert call_action("package_show", id=again["id"])[field] == shown

    def test_keywords_of_a_form(self, create: Create) -> None:
        """A form sends the words of each language as one text."""
        assert create(**{"keyword-en": "water, queue", "keyword-fr": ""})["keyword"] == {"en": ["water", "queue"]}

    def test_file(self, create: Create) -> None:
        """A file has numbers, lists and a media type too."""
        file = {"url": "https://example.org/a.csv", "size": "12", "mimetype": "text/csv; charset=utf-8"}
        more = {"language": ["SWA", "ENG"], "documentation": "https://example.org/a"}
        shown = call_action("package_show", id=create(resources=[file | more])["id"])["resources"][0]
        assert (shown["size"], shown["mimetype"]) == (12, "text/csv")
        assert (shown["language"], shown["documentation"]) == (["ENG", "SWA"], ["https://example.org/a"])

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("sample_size", "about 200", ["How many were reached", "about 200"]),
            ("min_typical_age", 131, ["131", "130"]),
            ("documentation", ["https://example.org/a", "x"], ["“x”"]),
            ("keyword", "water", ["Keywords", "water"]),
            ("notes_translated", {"en": "<b>Water</b>"}, ["<b>", "HTML"]),
        ],
    )
    def test_message(self, create: Create, field: str, value: Any, words: list[str]) -> None:
        """What is refused is named, with its field."""
        message = errors(create, **{field: value})[field][0]
        assert all(word in message for word in words), message

    @pytest.mark.parametrize("address", ["/organization/5", "/dataset/5", "/record/5", KENYA])
    def test_taken(self, create: Create, address: str) -> None:
        """An address of this site, or of an answer of a list, is no partner's; a feed says what it says."""
        iri = address if address == KENYA else tk.config["ckan.site_url"] + address
        creator = [{"name": "Board", "uri": iri}]
        assert "already names something else" in errors(create, creator=creator)["creator"][0]["uri"][0]
        name = factories.Organization.stub().name
        assert create({"citizendata_projection": True}, name=name, creator=creator)["creator"] == creator

    @pytest.mark.parametrize("depth", DEPTHS)
    @pytest.mark.parametrize("field", ["title_translated", "keyword", "country", "sample_size", "documentation"])
    def test_deep(self, create: Create, field: str, depth: int) -> None:
        """A text of JSON without an end of brackets is refused as any other."""
        assert field in errors(create, **{field: "[" * depth + "]" * depth})

    @pytest.mark.parametrize("field", ["title_translated", "keyword", "country", "sample_size", "documentation"])
    @pytest.mark.parametrize("depth", DEPTHS[:2])
    def test_deep_list(self, create: Create, field: str, depth: int) -> None:
        """So are the lists themselves."""
        value: list[Any] = []
        for _ in range(depth):
            value = [value]
        assert field in errors(create, **{field: value})

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("resources", True),
            ("resources", ["x"]),
            ("resources", [{"url": ["x"]}]),
            ("contact", "x"),
            ("contact", [[1]]),
        ],
    )
    def test_not_rows(self, create: Create, field: str, value: Any) -> None:
        """What are no entries is refused, by CKAN where it looks first."""
        with pytest.raises((tk.ValidationError, DataError)):
            create(**{field: value})

    def test_fields_together(self, create: Create) -> None:
        """One wrong field hides no other, and what only shows together is told beside them."""
        steward = [{"name": "A"}, {"name": "B"}]
        wrong = errors(
            create, country=["KENYA"], min_typical_age=20, max_typical_age=10, data_steward=steward, response_rate=101
        )
        assert set(wrong) == {"country", "max_typical_age", "data_steward", "response_rate"}


class TestDerived:
    def test_is_ignored(self, create: Create) -> None:
        """What follows from other things isn't taken from anybody, rows as little as values."""
        event = [{"date": "2024", "scope": "All"}]
        shown = create(withdrawal_event=event, record_status="withdrawn", publisher=[{"name": "X"}])
        assert not shown.get("withdrawal_event")
        assert shown.get("record_status") != "withdrawn"

    def test_label_is_refused(self, create: Create) -> None:
        """A label that only a community gives is refused with its reason."""
        assert "Local Contexts" in errors(create, lc_label=[LABEL])["lc_label"][0]["label"][0]

    def test_label_stays(self, create: Create) -> None:
        """A label that is there comes back as it was, whether it is sent along or left out."""
        projection = {"citizendata_projection": True}
        package = create(projection, name=factories.Organization.stub().name, lc_label=[LABEL])
        shown = call_action("package_show", id=package["id"])
        assert shown["lc_label"] == [LABEL]
        assert call_action("package_update", **shown)["lc_label"] == [LABEL]
        assert call_action("package_patch", id=package["id"], lc_label=[])["lc_label"] == [LABEL]
        with pytest.raises(tk.ValidationError):
            call_action("package_patch", id=package["id"], lc_label=[{**LABEL, "label": "tk_family"}])


class TestProjection:
    def test_bad_item_costs_itself(self, create: Create) -> None:
        """Of a list, a text or a row, only what is bad is left out."""
        shown = create(
            {"citizendata_projection": True},
            name=factories.Organization.stub().name,
            country=["KEN", "KENYA"],
            documentation=["https://example.org/a", "x"],
            keyword={"en": ["water", "tap\x01"]},
            notes_translated={"en": "<p>Water</p>"},
            sample_size="many",
            lc_label=[LABEL],
        )
        assert (shown["country"], shown["documentation"]) == (["KEN"], ["https://example.org/a"])
        assert (shown["keyword"], shown.get("sample_size")) == ({"en": ["water"]}, None)
        assert (shown["notes_translated"], shown["lc_label"]) == ({"en": "<p>Water</p>"}, [LABEL])
