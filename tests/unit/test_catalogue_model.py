"""The schemas as shipped, and what a site adds to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.catalogue_model import Additions
from ckanext.citizendata.core.mapping import Subject, fragment_from_package, package_from_fragment
from ckanext.citizendata.core.vocabulary import VocabularyError

NATIONAL = Path(__file__).parent.parent / "data" / "national"
ADDITIONS = Additions((str(NATIONAL / "fields.yaml"),), (str(NATIONAL / "vocabularies"),))
DATASET = "https://node.example/dataset/1"


class TestLoad:
    @pytest.mark.parametrize("name", ["dataset", "organization", "catalogue", "catalogue_record"])
    def test_every_schema_compiles(self, name: str) -> None:
        """Each file names only vocabularies and parts that are there."""
        assert catalogue_model.load(name).plan

    def test_a_national_field_is_mapped_both_ways(self) -> None:
        """One block and one list make statements of the field, and the field of statements."""
        model = catalogue_model.load("dataset", ADDITIONS)
        package = {"title_translated": {"en": "A"}, "notes_translated": {"en": "B"}, "county": ["047", "001"]}
        fragment = fragment_from_package(model, package, Subject(DATASET))
        assert "<https://stats.example.ke/ns#county> <https://stats.example.ke/county/047>" in fragment
        assert package_from_fragment(model, DATASET, fragment).package["county"] == ["001", "047"]

    def test_the_shipped_model_stays_as_it_was(self) -> None:
        """What one site adds is on that site alone."""
        assert catalogue_model.load().schema.field("county") is None

    def test_entries_are_added_to_a_shipped_list(self) -> None:
        """A file under the name of a shipped list adds to it, with the shipped ones as broader."""
        groups = catalogue_model.load("dataset", ADDITIONS).vocabularies["population-group"]
        assert groups.by_code("ke_boda_boda_riders").broader == ("informal_workers",)
        assert "women" in groups

    def test_an_addition_that_breaks_a_list_names_it(self, tmp_path: Path) -> None:
        """A code that is there already is refused with the list and the code."""
        (tmp_path / "sensitivity.ttl").write_text(
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            "<https://x.example/high> a skos:Concept ; skos:notation 'high' ; skos:prefLabel 'High'@en ;\n"
            "    skos:inScheme <https://w3id.org/citizen-data/vocabulary/sensitivity> .\n"
        )
        with pytest.raises(VocabularyError, match="sensitivity: several concepts have the notation high"):
            catalogue_model.load("dataset", Additions((), (str(tmp_path),)))


class TestDigest:
    def test_is_another_one_where_records_may_say_something_else(self, tmp_path: Path) -> None:
        """With other fields or codes; not with other words about a field."""
        shipped = catalogue_model.digest()
        assert shipped == catalogue_model.digest()
        assert catalogue_model.digest(additions=Additions(ADDITIONS.schemas)) != shipped
        assert catalogue_model.digest(additions=Additions((), ADDITIONS.vocabularies)) != shipped
        reworded = tmp_path / "fields.yaml"
        said = Path(ADDITIONS.schemas[0]).read_text(encoding="utf-8")
        reworded.write_text(said.replace('"County"', '"Shire"'), encoding="utf-8")
        assert said != reworded.read_text(encoding="utf-8")
        theirs = catalogue_model.digest(additions=ADDITIONS)
        assert catalogue_model.digest(additions=Additions((str(reworded),), ADDITIONS.vocabularies)) == theirs
