"""What becomes of the packages of other people's CKANs."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.mapping import package_from_fragment
from ckanext.citizendata.core.tokens import text_of_written
from ckanext.citizendata.federation.sources.stock_package import package_from_stock
from ckanext.citizendata.federation.sources.stock_record import StockReader, address_of, is_listed
from tests.generation.stock_site import stock_package

SITE = "https://data.example.org"
MODEL = catalogue_model.load().public
THEME = "http://publications.europa.eu/resource/authority/data-theme"


def read(language: str = "en", **more: Any) -> dict[str, Any]:
    return package_from_stock(MODEL, stock_package(1, **more), language, SITE)


def extras(**answers: Any) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in answers.items()]


def fragment(**more: Any) -> str:
    stock = stock_package(1, **more)
    return text_of_written([*StockReader(MODEL, SITE, "en").statements(stock, f"{SITE}/dataset/a", 0)])


def shown(**more: Any) -> dict[str, Any]:
    """The package that a registry shows."""
    return dict(package_from_fragment(MODEL, f"{SITE}/dataset/a", fragment(**more)).package)


class TestPackage:
    def test_takes_what_every_ckan_has(self) -> None:
        """Each of CKAN's own fields in its place, in the language of the site."""
        found = read()
        (file,) = found.pop("resources")
        assert {name: found.get(name) for name in ("title_translated", "notes_translated", "keyword")} == {
            "title_translated": {"en": "Wells 1"},
            "notes_translated": {"en": "Where people fetch water."},
            "keyword": {"en": ["tap"]},
        }
        assert (found["issued"], found["modified"]) == ("2024-03-01", "2024-05-02")
        assert (found["url"], found["version"]) == ("https://water.example.org/wells", "2.1")
        assert found["contact"] == [{"name": "Water desk", "email": "water@example.org"}]
        assert found["creator"] == [{"name": "Neighbours of Kibera"}]
        organization = f"{SITE}/organization/20000000-0000-4000-8000-000000000001"
        assert found["publisher"] == [{"name": "Water for all", "uri": organization}]
        assert file["url"] == "https://files.example.org/1.csv"
        assert (file["format"], file["mimetype"], file["size"], file["license"]) == ("CSV", "text/csv", 2048, "CC0")
        assert (file["issued"], file["modified"], file["name"]) == ("2024-03-01", "2024-05-02", "All wells")

    def test_takes_the_extras_of_ckanext_dcat(self) -> None:
        """Lists as JSON, dates with a time, codes by their addresses or names."""
        found = read(
            extras=extras(
                issued="2020-01-02T03:04:05",
                modified="2021",
                identifier="W-1",
                temporal_start="2023-01-01",
                temporal_end="2023-12-31",
                theme=json.dumps([f"{THEME}/HEAL", f"{THEME}/ENVI"]),
                language='["en", "http://publications.europa.eu/resource/authority/language/SWA"]',
                contact_name="Desk",
                contact_email="desk@example.org",
                publisher_name="Statistics office",
                publisher_uri="https://nso.example.org/",
                spatial='{"type": "Point", "coordinates": [36.8, -1.3]}',
                spatial_text="Kibera",
                frequency="ANNUAL",
                provenance="Gathered by neighbours.",
                country="Kenya",
            )
        )
        assert (found["issued"], found["modified"]) == ("2020-01-02", "2021")
        assert found["alternate_identifier"] == [{"identifier": "W-1"}]
        assert found["temporal_coverage"] == [{"start": "2023-01-01", "end": "2023-12-31"}]
        assert sorted(found["theme"]) == ["ENVI", "HEAL"]
        assert sorted(found["language"]) == ["ENG", "SWA"]
        assert found["contact"] == [{"name": "Desk", "email": "desk@example.org"}]
        assert found["publisher"] == [{"name": "Statistics office", "uri": "https://nso.example.org/"}]
        assert found["spatial_coverage"][0]["name"] == "Kibera"
        assert json.loads(found["spatial_coverage"][0]["geom"])["type"] == "Point"
        assert found["frequency"] == "ANNUAL"
        assert found["provenance"] == {"en": "Gathered by neighbours."}
        assert found["country"] == ["KEN"]

    def test_takes_fields_that_are_named_as_here(self) -> None:
        """A site with ckanext-fluent or with our own schema; its texts in their languages."""
        found = read(title_translated={"en": "Wells", "fr": "Puits"}, tags_translated={"fr": ["eau"]}, sdg_goal=["6"])
        assert found["title_translated"] == {"en": "Wells", "fr": "Puits"}
        assert found["keyword"] == {"fr": ["eau"]}
        assert found["sdg_goal"] == ["6"]

    def test_never_says_what_only_its_people_may_decide(self) -> None:
        """Closed answers don't leave the open web, whoever wrote them there."""
        assert "audience" not in shown(audience="producer", withdrawal_event=[{"date": "2024"}])

    def test_has_no_language_where_the_site_has_none(self) -> None:
        """Never a guess."""
        assert read(language="und")["title_translated"] == {"und": "Wells 1"}


class TestRecord:
    def test_is_read_again_as_it_was_written(self) -> None:
        """What the registry shows is what the site says."""
        found = shown(extras=extras(theme=f"{THEME}/HEAL"))
        assert found["title_translated"] == {"en": "Wells 1"}
        assert found["theme"] == ["HEAL"]
        (file,) = found["resources"]
        assert file["uri"] == f"{SITE}/dataset/a/resource/10000000-0000-4000-8000-000000000001"

    def test_keeps_what_our_fields_have_no_place_for(self) -> None:
        """Licences and themes of other lists, and checksums."""
        text = fragment(
            license_id="other-open",
            license_url="https://licences.example.org/ours",
            extras=extras(theme='["https://themes.example.org/wells"]'),
        )
        assert "<http://purl.org/dc/terms/license> <https://licences.example.org/ours> ." in text
        assert "<http://www.w3.org/ns/dcat#theme> <https://themes.example.org/wells> ." in text
        assert '"d41d8cd98f00b204e9800998ecf8427e"^^<http://www.w3.org/2001/XMLSchema#hexBinary>' in text

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "no address", "", None, 5, ["x"]])
    def test_a_bad_address_costs_that_file_alone(self, url: Any) -> None:
        """The others stay, and all that is said of the dataset."""
        bad = {"id": "b", "url": url, "format": "CSV"}
        found = shown(resources=[bad, {"id": "g", "url": "https://files.example.org/g.csv"}])
        assert [file["url"] for file in found["resources"] if file["url"].startswith("http")] == [
            "https://files.example.org/g.csv"
        ]
        assert found["title_translated"] == {"en": "Wells 1"}

    def test_any_odd_value_costs_that_value_alone(self) -> None:
        """Whatever stands under whichever key: nothing is raised, and every line is canonical N-Triples."""
        chance = random.Random(5)
        odd = [None, True, -1, 1e400, 10**30, "", "\ud800", '"x" .\n<a:b>', "x" * 5000, [], [[]], {}, {"": ""}, [None]]
        odd += [{"a": [1, {"b": None}]}, ["\x00", {"name": 5}], '["', '{"en": 5}', "http://a b", "<>", "en", "_:c0"]
        keys = [*stock_package(1), *(each.name for each in MODEL.schema.fields), "uri", "guid", "theme", "identifier"]
        for _ in range(300):
            more = {key: chance.choice(odd) for key in chance.sample(keys, 12)}
            more["extras"] = extras(**{key: chance.choice(odd) for key in chance.sample(keys, 6)})
            file = {**stock_package(1)["resources"][0], **{key: chance.choice(odd) for key in ("id", "url", "size")}}
            text = fragment(**{"resources": [file, chance.choice(odd)], **more})
            package_from_fragment(MODEL, f"{SITE}/dataset/a", text)
            assert all(line.startswith(("<", "_:p0")) and line.endswith(" .") for line in text.split("\n")[:-1])


class TestAddress:
    @pytest.mark.parametrize(
        ("said", "address"),
        [
            ({}, f"{SITE}/dataset/00000000-0000-4000-8000-000000000001"),
            ({"uri": f"{SITE}/id/wells"}, f"{SITE}/id/wells"),
            ({"extras": extras(uri=f"{SITE}/id/wells")}, f"{SITE}/id/wells"),
            ({"extras": extras(guid="http://data.example.org/guid/1")}, "http://data.example.org/guid/1"),
            ({"extras": extras(guid="wells-of-kibera")}, f"{SITE}/dataset/00000000-0000-4000-8000-000000000001"),
            ({"uri": "https://other.example.org/1"}, f"{SITE}/dataset/00000000-0000-4000-8000-000000000001"),
            ({"uri": "javascript:alert(1)"}, f"{SITE}/dataset/00000000-0000-4000-8000-000000000001"),
            ({"id": "../../x"}, f"{SITE}/dataset/wells-1"),
        ],
    )
    def test_is_its_own_on_its_own_site(self, said: dict[str, Any], address: str) -> None:
        """Else that of its page, which is another one for each."""
        assert address_of(stock_package(1, **said), SITE) == address

    def test_is_none_without_an_id(self) -> None:
        """Such a package can't be told from others."""
        assert address_of({"title": "Wells"}, SITE) is None

    def test_elsewhere_is_kept_as_another_identifier(self) -> None:
        """Nobody speaks for another site, but may say what that calls it."""
        assert {"identifier": "https://other.example.org/1"} in shown(uri="https://other.example.org/1")[
            "alternate_identifier"
        ]


class TestListed:
    @pytest.mark.parametrize(
        "said", [{"private": True}, {"state": "deleted"}, {"state": "draft"}, {"private": "yes"}, {"type": "harvest"}]
    )
    def test_only_what_is_public(self, said: dict[str, Any]) -> None:
        """Whatever a site answers to strangers by mistake."""
        assert is_listed(stock_package(1))
        assert not is_listed(stock_package(1, **said))
