"""A field that a site adds in a file of its own is everywhere where a shipped field is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import plugins
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.exchange.workbook import pages_of
from ckanext.citizendata.model import record

NATIONAL = Path(__file__).parents[1] / "data" / "national"
COUNTY = "<https://stats.example.ke/county/047>"
FIELD = "<https://stats.example.ke/ns#county>"
Make = Callable[..., dict[str, Any]]


@pytest.fixture
def national_site(site: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001
    """The test site with one national field and two code lists from files."""
    schemas = tk.config["scheming.dataset_schemas"]
    monkeypatch.setitem(tk.config, "ckanext.citizendata.schema_files", [str(NATIONAL / "fields.yaml")])
    monkeypatch.setitem(tk.config, "ckanext.citizendata.vocabulary_folders", [str(NATIONAL / "vocabularies")])
    tk.config["scheming.dataset_schemas"] = "ckanext.citizendata.schemas:dataset.yaml"
    plugins.plugins_update()
    yield
    monkeypatch.undo()
    tk.config["scheming.dataset_schemas"] = schemas
    plugins.plugins_update()


@pytest.mark.usefixtures("national_site")
class TestNationalField:
    def test_is_checked_stored_and_said(self, dataset: Make) -> None:
        """The API takes its codes, and the record says them."""
        package = dataset(county=["047"])
        assert package["county"] == ["047"]
        assert f"{FIELD} {COUNTY}" in record.by_package(package["id"]).fragment

    def test_an_unknown_code_is_refused_in_its_own_words(self, dataset: Make) -> None:
        """With the field's label, the value and what would be right."""
        with pytest.raises(tk.ValidationError) as refused:
            dataset(county=["Nairobi"])
        (message,) = refused.value.error_dict["county"]
        assert message.startswith("County: “Nairobi” can't be taken. Did you mean Nairobi City (047)")

    def test_stands_in_form_and_page(self, dataset: Make, app: Any, editor: dict[str, Any]) -> None:
        """With its label, its help and its codes by name, in the reader's language."""
        package = dataset(county=["047"])
        page = app.get(f"/fr/dataset/{package['name']}").text
        form = app.get(
            f"/dataset/edit/{package['name']}",
            headers={"Authorization": factories.APIToken(user=editor["name"])["token"]},
        ).text
        assert "Comté" in page
        assert "Nairobi City" in page
        assert "The counties that the data cover. Example: Nairobi City." in form

    def test_is_a_filter_of_the_search(self, dataset: Make) -> None:
        """Its codes are a facet, and its labels are words in every language."""
        package = dataset(county=["047"])
        found = call_action("package_search", fq="vocab_county:047")
        by_word = call_action("package_search", q="نيروبي")
        assert [each["id"] for each in found["results"]] == [package["id"]]
        assert [each["id"] for each in by_word["results"]] == [package["id"]]

    def test_an_added_entry_counts_for_the_shipped_one_above_it(self, dataset: Make) -> None:
        """A national group is found by the group that it belongs to."""
        package = dataset(population_group=["ke_boda_boda_riders"])
        found = call_action("package_search", fq="vocab_population_group:informal_workers")
        assert [each["id"] for each in found["results"]] == [package["id"]]

    def test_is_in_everything_that_the_site_serves_of_its_model(self, app: Any) -> None:
        """Shapes, context, template and reference page have it too."""
        pages = pages_of(app.get("/citizendata/template.xlsx").data)
        cells = [str(cell.value) for page in pages for row in page.rows.values() for cell in row]
        assert "https://stats.example.ke/county/047" in app.get("/citizendata/shapes.ttl").text
        assert "https://stats.example.ke/ns#county" in app.get("/citizendata/context.jsonld").text
        assert any("County" in cell for cell in cells)
        assert "County" in app.get("/citizendata/fields.md").text
