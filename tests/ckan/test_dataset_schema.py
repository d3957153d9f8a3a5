"""The schema in CKAN: what people and programs write through its actions, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

FULL: dict[str, Any] = {
    "type": "dataset",
    "title_translated": {"en": "Water points", "ar": "نقاط المياه", "zh-hant": "水"},
    "notes_translated": {"en": "Where people fetch water."},
    "limitations": {"en": "Private taps were not counted."},
    "country": ["UGA", "KEN"],
    "language": ["SWA", "ENG"],
    "temporal_coverage": [{"start": "2023-01", "end": "2023-12-31"}, {"start": "2024"}],
    "contact": [{"name": "Desk", "email": "desk@example.org", "phone": "+254 (700) 000-000"}],
    "citizen_data_form": ["citizen_science"],
    "initiator_kind": ["community_organisation"],
    "producer_kind": "national_ngo",
    "data_ownership": "community_owned",
    "engagement": [{"stage": "design", "level": "4", "who": ["youth", "cbo"]}, {"stage": "collection", "level": "5"}],
    "population_group": ["women"],
    "sdg_goal": ["6"],
    "collection_mode": ["photo_report"],
    "consent_type": ["individual_written"],
    "withdrawal_possible": "both",
    "personal_data": "none",
    "sensitivity": "low_or_none",
    "indigenous_data": "no",
    "access_rights": "PUBLIC",
    "audience": "everyone",
    "integration_status": "under_assessment",
    "resources": [{"url": "https://example.org/a.csv", "name": "All", "format": "csv", "license": "CC_BY_4"}],
}
QUICK = [
    "title_translated",
    "notes_translated",
    "country",
    "temporal_coverage",
    "population_group",
    "collection_mode",
    "initiator_kind",
    "contact",
    "access_rights",
    "sensitivity",
    "personal_data",
    "indigenous_data",
    "audience",
]

Create = Callable[..., dict[str, Any]]


@pytest.fixture
def organization(site_with_tables: None) -> dict[str, Any]:  # noqa: ARG001
    """An organisation on a site that isn't emptied for each test: these tests look at their own datasets only."""
    return factories.Organization()


@pytest.fixture
def create(organization: dict[str, Any]) -> Create:
    """Creates a dataset with some values changed; None leaves a field out."""

    def create_dataset(context: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
        package = {"owner_org": organization["id"], **FULL, **values}
        return call_action(
            "package_create", context or {}, **{key: value for key, value in package.items() if value is not None}
        )

    return create_dataset


def errors(create: Create, **values: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as refused:
        create(**values)
    return refused.value.error_dict


class TestPackageCreate:
    def test_values_return_in_the_shape_of_the_api(self, create: Create) -> None:
        """Texts are objects, codes are lists in the list's order, rows are lists of objects."""
        shown = call_action("package_show", id=create()["id"])
        assert shown["title_translated"] == {"en": "Water points", "ar": "نقاط المياه", "zh-Hant": "水"}
        assert (shown["country"], shown["language"]) == (["KEN", "UGA"], ["ENG", "SWA"])
        assert shown["temporal_coverage"] == [{"start": "2023-01", "end": "2023-12-31"}, {"start": "2024"}]
        assert shown["contact"] == [{"name": "Desk", "email": "desk@example.org", "phone": "+254700000000"}]
        assert shown["engagement"] == [
            {"stage": "design", "level": "4", "who": ["cbo", "youth"]},
            {"stage": "collection", "level": "5"},
        ]
        assert shown["resources"][0]["format"] == "CSV"
        assert (shown["title"], shown["notes"]) == ("Water points", "Where people fetch water.")

    def test_quick_record(self, create: Create) -> None:
        """Nine answers, three safety answers and the audience are enough; the rest is stored as unknown."""
        quick = {key: None for key in FULL if key not in (*QUICK, "type")}
        shown = create(**quick)
        assert (shown["language"], shown["data_ownership"], shown["sdg_goal"]) == (["unknown"], "unknown", ["none"])
        assert shown["engagement"] == [
            {"stage": "design", "level": "unknown"},
            {"stage": "collection", "level": "unknown"},
        ]
        assert "limitations" not in shown

    @pytest.mark.parametrize("field", QUICK)
    def test_answer_that_is_needed(self, create: Create, field: str) -> None:
        """Each of the nine, of the safety questions and the audience is asked for when it is left out."""
        assert list(errors(create, **{field: None})) == [field]

    def test_draft_needs_only_a_title(self, create: Create) -> None:
        """A draft is kept with a title alone, and nothing is invented for it."""
        draft = {key: None for key in FULL if key not in ("title_translated", "type")}
        shown = create(state="draft", **draft)
        assert (shown["state"], shown["private"], shown.get("language")) == ("draft", True, None)
        assert list(errors(create, state="draft", title_translated=None)) == ["title_translated"]

    def test_form_keys(self, create: Create) -> None:
        """A form sends texts one by one, rows as numbered keys, and one choice of many as a text."""
        shown = create(
            title_translated=None,
            contact=None,
            country="KEN",
            **{
                "title_translated-en": "By form",
                "title_translated-fr": "",
                "contact-0-name": "Desk",
                "contact-0-email": "desk@example.org",
                "contact-0-phone": "",
            },
        )
        assert (shown["title_translated"], shown["country"]) == ({"en": "By form"}, ["KEN"])
        assert shown["contact"] == [{"name": "Desk", "email": "desk@example.org"}]

    def test_json_texts(self, create: Create) -> None:
        """A text or list may also come as JSON, as from a spreadsheet."""
        shown = create(title_translated=json.dumps({"en": "By JSON"}), country='["KEN", "UGA"]')
        assert (shown["title_translated"], shown["country"]) == ({"en": "By JSON"}, ["KEN", "UGA"])

    @pytest.mark.parametrize(
        ("field", "value", "parts"),
        [
            ("country", ["KEN", "KENYA"], ["Country", "KENYA", "Kenya (KEN)"]),
            ("country", ["unknown", "KEN"], ["Country", "(unknown)", "stands alone"]),
            ("sdg_goal", ["none", "5"], ["Goals", "none"]),
            ("access_rights", "OPEN", ["Who may get the data", "OPEN"]),
            ("title_translated", {"english": "", "en_GB": "x"}, ["Title", "en_GB", "pt-BR"]),
            ("title_translated", {"en": "a\x01b"}, ["Title", "U+0001"]),
            ("title_translated", {"en": "a", "EN": "b"}, ["Title", "two texts"]),
            ("title_translated", "A plain text", ["Title", "A plain text", "language"]),
            ("title_translated", {"en": "x" * 301}, ["Title", "300"]),
        ],
    )
    def test_message_names_field_and_value(self, create: Create, field: str, value: Any, parts: list[str]) -> None:
        """What is refused is refused with the field's label, the value and what would be right."""
        message = errors(create, **{field: value})[field][0]
        assert all(part in message for part in parts), message

    @pytest.mark.ckan_config("ckan.locale_default", "es")
    def test_answers_in_the_readers_language(self, create: Create) -> None:
        """An answer that a message proposes is named as the reader reads it, with its code."""
        message = errors(create, access_rights="PUBLIK")["access_rights"][0]
        assert message.startswith("Quién puede obtener los datos: “PUBLIK”")
        assert "Cualquiera (PUBLIC)" in message

    @pytest.mark.parametrize(
        ("field", "item", "part", "words"),
        [
            ("temporal_coverage", {"start": "2023-13"}, "start", ["From", "2023-13"]),
            ("temporal_coverage", {"start": "2024", "end": "2023-12"}, "end", ["Period 1", "2023-12", "2024"]),
            ("contact", {"email": "desk@example.org"}, "name", ["Contact 1", "needed"]),
            ("contact", {"name": "Desk"}, "email", ["Contact 1", "Telephone"]),
            ("contact", {"name": "Desk", "email": "desk at example"}, "email", ["E-mail", "desk at example"]),
            ("contact", {"name": "Desk", "url": "javascript:alert(1)"}, "url", ["Web page", "javascript"]),
            ("contact", {"name": "Desk", "phone": "call me"}, "phone", ["Telephone", "call me"]),
            ("engagement", {"stage": "design", "level": "6"}, "level", ["Level", "6"]),
            ("engagement", {"stage": "design"}, "level", ["How people took part 1", "needed"]),
        ],
    )
    def test_message_in_a_row(
        self, create: Create, field: str, item: dict[str, str], part: str, words: list[str]
    ) -> None:
        """A fault in a row stands at its part."""
        message = errors(create, **{field: [item]})[field][0][part][0]
        assert all(word in message for word in words), message

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data.csv"])
    def test_address_of_a_file(self, create: Create, url: str) -> None:
        """A file is at a web address or uploaded; scripts and disks are refused."""
        assert url in errors(create, resources=[{"url": url}])["resources"][0]["url"][0]

    @pytest.mark.parametrize("file", [{"name": "Notes"}, {"name": "Notes", "url": " "}])
    def test_file_without_address(self, create: Create, file: dict[str, str]) -> None:
        """A file that is nowhere isn't taken, but may wait in a draft."""
        assert errors(create, resources=[file])["resources"] == [{"url": ["File or address: an answer is needed."]}]
        assert create(resources=[file], state="draft")["resources"][0]["name"] == "Notes"

    def test_year_within_a_longer_date(self, create: Create) -> None:
        """A period within one year may name it by year alone at its end."""
        period = [{"start": "2023-05-01", "end": "2023"}]
        assert create(temporal_coverage=period)["temporal_coverage"] == period

    def test_empty_rows_are_dropped(self, create: Create) -> None:
        """A row that a form left empty isn't kept and isn't blamed."""
        shown = create(contact=[{"name": "", "email": ""}, {"name": "Desk", "email": "desk@example.org"}])
        assert shown["contact"] == [{"name": "Desk", "email": "desk@example.org"}]

    def test_what_is_derived_cannot_be_written(self, create: Create) -> None:
        """Publisher, permanent address and the plain title follow from other things."""
        shown = create(publisher=[{"name": "Somebody else"}], uri="https://evil.example", title="Other")
        assert not shown.get("publisher")
        assert shown.get("uri") != "https://evil.example"
        assert shown["title"] == "Water points"


class TestName:
    def test_from_title(self, create: Create) -> None:
        """A dataset without a name gets one from its title; a second one of that title another."""
        title = {"en": f"Éducation & Santé {factories.Organization.stub().name}"}
        first, second = create(title_translated=title)["name"], create(title_translated=title)["name"]
        assert first.startswith("education-sante")
        assert second.startswith(first)
        assert second != first

    def test_from_any_script(self, create: Create) -> None:
        """A title without Latin letters gives a name as well."""
        assert create(title_translated={"ar": "نقاط المياه"})["name"].startswith("dataset-")

    def test_is_no_address_of_a_page(self, create: Create) -> None:
        """A title gives another one; a person is told."""
        assert create(title_translated={"en": "Quick"})["name"].startswith("quick-")
        with pytest.raises(tk.ValidationError, match="choose another one"):
            create(name="quick")


class TestPrivate:
    @pytest.mark.parametrize(
        ("values", "private"),
        [
            ({}, False),
            ({"private": False}, False),
            ({"audience": "national", "private": False}, True),
            ({"audience": "producer", "private": False}, True),
            ({"audience": "everyone_short"}, True),
            ({"sensitivity": "unknown"}, True),
            ({"personal_data": "unknown"}, True),
            ({"indigenous_data": "unknown"}, True),
        ],
    )
    def test_follows_from_the_audience(self, create: Create, values: dict[str, Any], private: bool) -> None:
        """Only a record for everyone, with every safety question answered, is open; the caller isn't asked."""
        assert create(**values)["private"] is private


class TestPackageUpdate:
    def test_show_and_update_change_nothing(self, create: Create) -> None:
        """What `package_show` gives can be sent back and stays the same."""
        shown = call_action("package_show", id=create()["id"])
        again = call_action("package_update", **shown)
        kept = [key for key in shown if key not in ("metadata_modified", "record_status", "uri")]
        assert {key: again[key] for key in kept} == {key: shown[key] for key in kept}

    def test_patch_of_one_field(self, create: Create) -> None:
        """A patch changes its field, and what is derived from it."""
        shown = create()
        patched = call_action(
            "package_patch", id=shown["id"], title_translated={"fr": "Points d'eau"}, audience="national"
        )
        assert (patched["title"], patched["private"], patched["name"]) == ("Points d'eau", True, shown["name"])
        assert patched["engagement"] == shown["engagement"]

    def test_patch_of_rows(self, create: Create) -> None:
        """Rows are replaced together; a needed field can't be emptied."""
        shown = create()
        contact = [{"name": "Office", "url": "https://example.org/office"}]
        assert call_action("package_patch", id=shown["id"], contact=contact)["contact"] == contact
        with pytest.raises(tk.ValidationError) as refused:
            call_action("package_patch", id=shown["id"], contact=[])
        assert list(refused.value.error_dict) == ["contact"]


class TestProjection:
    def test_nothing_is_needed_and_nothing_refused(self, create: Create) -> None:
        """A harvested record is taken with what can be shown; a bad value costs only itself."""
        bare = {key: None for key in FULL if key not in ("type",)}
        values = bare | {
            "audience": "everyone",
            "title_translated": {"und": "Lärm", "not a tag": "x", "en": "a\x01"},
            "notes": "17",
            "country": ["KEN"],
            "contact": [{"name": "Office", "email": "not an address"}],
            "publisher": [{"name": "City", "uri": "https://city.example/org"}],
            "resources": [{"url": "no address", "name": "File", "uri": "https://city.example/file"}],
        }
        shown = create({"citizendata_projection": True}, name=factories.Organization.stub().name, **values)
        assert (shown["title_translated"], shown["title"], shown["notes"]) == ({"und": "Lärm"}, "Lärm", "17")
        assert shown["contact"] == [{"name": "Office"}]
        assert shown["publisher"] == [{"name": "City", "uri": "https://city.example/org"}]
        assert (shown.get("sensitivity"), shown["resources"][0]["uri"]) == (None, "https://city.example/file")
