"""The files made from the schema are current, and the command says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from ckanext.citizendata.core.mapping import Model, Subject, fragment_from_package
from ckanext.citizendata.faces.__main__ import main
from ckanext.citizendata.faces.context import context_json
from ckanext.citizendata.faces.files import FACES
from ckanext.citizendata.faces.reference import reference_markdown
from ckanext.citizendata.faces.solr import solr_json
from tests.generation.records import usual_record

IRI = "https://data.example.org/dataset/1"
# What people narrow a search by.
FACETS = (
    "country", "language", "theme", "population_group", "lnob_factor", "sdg_goal", "sdg_target", "sdg_indicator",
    "initiator_kind", "purpose", "community_agency", "data_kind", "sampling_procedure", "geographic_granularity",
    "quality_status", "access_rights", "accessible_formats", "integration_status",
)  # fmt: skip
VOCABULARY = "https://w3id.org/citizen-data/vocabulary"


class TestCommand:
    def test_writes_what_it_then_finds_current(self, tmp_path: Path) -> None:
        """All files, in folders that it makes."""
        assert main(["write"], tmp_path) == 0
        assert all((tmp_path / path).is_file() for path in FACES)
        assert main(["check"], tmp_path) == 0

    def test_names_what_is_not_current(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The file, and the command that helps."""
        main(["write"], tmp_path)
        (tmp_path / "schemas/generated/context.jsonld").write_text("{}", encoding="utf-8")
        assert main(["check"], tmp_path) == 1
        told = capsys.readouterr().err
        assert "schemas/generated/context.jsonld" in told
        assert "bin/faces write" in told
        assert "shapes.ttl" not in told

    @pytest.mark.parametrize(("arguments", "code"), [([], 2), (["all"], 2), (["--help"], 0)])
    def test_explains_itself(self, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
        """For help it is asked, else it says no."""
        assert main(arguments) == code
        assert "usage: bin/faces" in capsys.readouterr().out


class TestContext:
    def test_short_names_mean_what_the_mapping_writes(self, model: Model) -> None:
        """A record written by hand with these names is the record that the mapping writes."""
        document = {
            **json.loads(context_json(model.public)),
            "id": IRI,
            "type": "Dataset",
            "identifier": IRI,
            "title": {"en": "Water points", "fr": "Points d'eau"},
            "keyword": {"en": ["queue", "tap"]},
            "population_group": [f"{VOCABULARY}/population-group/women"],
            "temporal_coverage": [
                {"type": "PeriodOfTime", "startDate": {"@value": "2023", "@type": "xsd:gYear"}},
            ],
            "contact": [{"type": "Kind", "fn": "Water desk", "hasEmail": "mailto:desk@example.org"}],
            "min_typical_age": "15",
        }
        package = {
            "title_translated": {"en": "Water points", "fr": "Points d'eau"},
            "keyword": {"en": ["queue", "tap"]},
            "population_group": ["women"],
            "temporal_coverage": [{"start": "2023"}],
            "contact": [{"name": "Water desk", "email": "desk@example.org"}],
            "min_typical_age": 15,
        }
        ours = Graph().parse(data=fragment_from_package(model.public, package, Subject(IRI)), format="nt")
        assert isomorphic(Graph().parse(data=json.dumps(document), format="json-ld"), ours)

    def test_a_record_keeps_every_statement(self, model: Model) -> None:
        """Compacted with the context and read again, it is the same graph."""
        fragment = fragment_from_package(model.public, usual_record(model.public, 0), Subject(IRI))
        ours = Graph().parse(data=fragment, format="nt")
        context = json.loads(context_json(model.public))["@context"]
        compacted = ours.serialize(format="json-ld", context=context, auto_compact=True)
        assert isomorphic(Graph().parse(data=compacted, format="json-ld"), ours)
        assert '"population_group"' in compacted


class TestSolr:
    def test_lists_facets_and_words(self, model: Model) -> None:
        """Words where people write them, codes in fields with CKAN's prefix, what nobody looks for nowhere."""
        found = [(entry["field"], entry["name"]) for entry in json.loads(solr_json(model))]
        assert found.count(("title_translated", "text")) == 1
        assert ("country", "vocab_country") in found
        assert ("country", "vocab_about") in found
        assert ("country", "text") not in found
        assert [name for field, name in found if field == "keyword"] == ["text", "citizendata_*", "citizendata_title"]
        assert [name for field, name in found if field == "time_method"] == []
        assert found[-2:] == [("region", "vocab_about"), ("region", "vocab_region")]

    def test_tells_of_no_closed_field(self, model: Model) -> None:
        """What strangers aren't told is found by no search."""
        closed = {field.name for field in model.schema.fields if field.closed}
        assert not closed & {entry["field"] for entry in json.loads(solr_json(model))}


class TestReference:
    def test_has_a_heading_for_each_field(self, model: Model) -> None:
        """Of the dataset and of its files."""
        page = reference_markdown(model)
        keys = [field.name for field in model.schema.fields]
        keys += [f"resources.{field.name}" for field in model.schema.resource_fields]
        assert [line for line in page.splitlines() if line.startswith("### ")] and all(
            f"(`{key}`)\n" in page for key in keys
        )

    def test_shows_rdf_for_each_field_that_has_it(self, model: Model) -> None:
        """By the mapping itself."""
        page = reference_markdown(model)
        for field in (field for field in model.schema.fields if field.shape):
            section = page.partition(f"(`{field.name}`)\n")[2].partition("\n### ")[0]
            assert "```turtle" in section, field.name
