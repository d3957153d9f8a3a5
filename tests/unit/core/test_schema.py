from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest

from ckanext.citizendata.catalogue_model import load, schema_dict
from ckanext.citizendata.core.mapping import (
    Model,
    Subject,
    fragment_from_package,
    own_statements,
    package_from_fragment,
)
from ckanext.citizendata.core.schema import Schema
from ckanext.citizendata.core.schema_reading import KINDS, SchemaError, schema_from_dict
from ckanext.citizendata.core.terms import DCT
from ckanext.citizendata.core.tokens import lines_of, token
from ckanext.citizendata.core.vocabulary import vocabulary_from_turtle

SMALL: dict[str, Any] = {
    "dataset_type": "dataset",
    "sections": [{"name": "about", "label": {"en": "About"}}],
    "dataset_fields": [
        {
            "field_name": "note",
            "label": {"en": "Note"},
            "section": "about",
            "obligation": "recommended",
            "cardinality": "one",
            "safety_class": "open",
            "rdf": {"predicate": "dct:abstract", "shape": "text"},
        }
    ],
}


def changed(**keys: Any) -> dict[str, Any]:
    """The small schema with other keys in its one field; None takes a key away."""
    document = deepcopy(SMALL)
    field = document["dataset_fields"][0] | keys
    document["dataset_fields"] = [{key: value for key, value in field.items() if value is not None}]
    return document


SECRET = SMALL["dataset_fields"][0] | {"field_name": "secret", "safety_class": "shared"}


def rdf(**keys: Any) -> dict[str, Any]:
    return changed(rdf={"predicate": "dct:abstract", "shape": "text"} | keys)


class TestSchemaFromDict:
    def test_field(self) -> None:
        """A field has what its block says."""
        field = schema_from_dict(SMALL).fields[0]
        assert (field.name, field.label["en"], field.section, field.obligation) == (
            "note",
            "Note",
            "about",
            "recommended",
        )
        assert (field.many, field.closed, field.facet, field.search_weight) == (False, False, False, 0)

    @pytest.mark.parametrize(
        ("document", "message"),
        [
            (changed(obligation="must"), "note: obligation: 'must' isn't one of"),
            (changed(obligation=None), "note: obligation: is missing"),
            (changed(section="other"), "note: section: 'other' isn't one of about"),
            (changed(cardinality="two"), "note: cardinality: 'two'"),
            (changed(safety_class="secret"), "note: safety_class: 'secret'"),
            (changed(safety_class="closed"), "note: safety_class: 'closed' isn't one of short, open, shared, own"),
            (
                changed(repeating_subfields=[{"field_name": "who", "safety_class": "shared"}]),
                "note.who: safety_class: only a whole field",
            ),
            (
                SMALL | {"resource_fields": [{"field_name": "key", "safety_class": "own"}]},
                "resources.key: safety_class: only a whole field",
            ),
            (changed(max_lenght=3), "note: max_lenght: unknown key"),
            (changed(preset="citizendata_tekst"), "note: preset: 'citizendata_tekst' isn't one of"),
            (changed(pattern=5), "note: pattern: 5 isn't a text"),
            (changed(required_when={"other": [True]}), "note: required_when.other: [True] aren't texts"),
            (SMALL | {"rdf_class": "dact:Dataset"}, "rdf_class: 'dact:Dataset'"),
            (changed(label={False: "Nei"}), "note: label: False: 'Nei' isn't a text"),
            (changed(default_code=False), "note: default_code: False isn't a text; put it in quotes"),
            (changed(default_items=[{"level": 5}]), "note: default_items.level: 5 isn't a text"),
            (changed(field_name=""), "field_name ''"),
            (changed(rdf="dct:title"), "note: rdf: 'dct:title' isn't a block"),
            (rdf(colour="red"), "note: rdf.colour: unknown key"),
            (rdf(shape="table"), "note: rdf.shape: 'table'"),
            (rdf(predicate="dtc:title"), "note: rdf.predicate: 'dtc:title'"),
            (rdf(predicate=None), "note: rdf.predicate: None"),
            (rdf(shape="concept", otherwise="literal"), "note: rdf.otherwise: "),
            (rdf(accept=["owl"]), "note: rdf.accept: 'owl'"),
            (rdf(shape="texts", datatype="xsd:string"), "note: rdf.datatype: unknown key"),
            (rdf(shape="node", each="row"), "note: rdf.each: 'row' isn't language"),
            (rdf(shape="literal", datatype="xds:date"), "note: rdf.datatype: 'xds:date'"),
            (rdf(shape="concept"), "note: rdf.shape: a concept needs a vocabulary"),
            (rdf(of="nobody"), "note: rdf.of: 'nobody'"),
            (
                rdf(shape="concept", also=[{"predicate": "dct:type", "through": "guess"}]),
                "note: rdf.also.through: 'guess'",
            ),
            (rdf(shape="node", parts={"body": {"predicate": "oa:hasBody", "kind": "x"}}), "note: rdf.parts.body.kind"),
            (rdf(shape="node", constants={"oa:motivatedBy": 5}), "note: rdf.constants.oa:motivatedBy: 5"),
        ],
    )
    def test_fault_names_field_and_key(self, document: dict[str, Any], message: str) -> None:
        """A file that can't be used is refused with the field, the key and the value."""
        with pytest.raises(SchemaError) as refused:
            schema_from_dict(document)
        assert message in str(refused.value)

    def test_two_fields_of_one_name(self) -> None:
        """A name is used once."""
        with pytest.raises(SchemaError, match="note: field_name: there are two"):
            schema_from_dict(SMALL | {"dataset_fields": SMALL["dataset_fields"] * 2})

    @pytest.mark.parametrize(
        ("safety_class", "closed"), [("short", False), ("open", False), ("shared", True), ("own", True)]
    )
    def test_closed(self, safety_class: str, closed: bool) -> None:
        """What people signed in or own people alone are told is closed, with its RDF."""
        field = schema_from_dict(changed(safety_class=safety_class)).fields[0]
        assert (field.closed, field.shape is not None) == (closed, True)

    def test_limits(self) -> None:
        """What a value must keep to is as the block says; what it doesn't say has no limit but a length."""
        limits = (
            schema_from_dict(
                changed(maximum=130, not_below="other", pattern="[a-z]+", at_most=1, required_when={"other": ["yes"]})
            )
            .fields[0]
            .limits
        )
        assert (limits.minimum, limits.maximum, limits.not_below, limits.at_most) == (None, 130, "other", 1)
        assert (limits.pattern, limits.max_length, limits.at_least_one_of) == ("[a-z]+", 20000, ())
        assert limits.required_when == {"other": ("yes",)}

    @pytest.mark.parametrize(
        ("preset", "kind", "many", "number"),
        [
            (None, "line", False, False),
            ("citizendata_text", "text", False, False),
            ("citizendata_integer", "integer", False, True),
            ("citizendata_decimal", "decimal", False, True),
            ("citizendata_urls", "urls", True, False),
            ("dataset_organization", "line", False, False),
        ],
    )
    def test_kind(self, preset: str | None, kind: str, many: bool, number: bool) -> None:
        """The preset tells the kind of value, whether there are several, and whether it is a number."""
        cardinality = "many" if many else "one"
        field = schema_from_dict(changed(preset=preset, cardinality=cardinality, safety_class="open")).fields[0]
        assert (field.kind, field.many, field.is_number) == (kind, many, number)


class TestModel:
    def test_public(self) -> None:
        """The public model is the schema without its closed fields."""
        document = SMALL | {"dataset_fields": [changed()["dataset_fields"][0], SECRET]}
        model = Model(schema_from_dict(document), {})
        assert [field.name for field in model.public.schema.fields] == ["note"]
        keys = [{part.key for part in each.plan.properties} for each in (model, model.public)]
        assert keys == [{"note", "secret"}, {"note"}]

    def test_mark_that_is_no_constant(self) -> None:
        """The nodes of a field are told from others by one of its constants."""
        schema = schema_from_dict(rdf(shape="node", mark="dct:type", constants={"dcat:hadRole": "cdata:Role"}))
        with pytest.raises(SchemaError, match=r"note: rdf\.mark: 'http://purl.org/dc/terms/type' isn't among"):
            _ = Model(schema, {}).plan

    def test_unknown_vocabulary(self) -> None:
        """A list that isn't shipped is named."""
        schema = schema_from_dict(changed(vocabulary="colour", rdf={"predicate": "dct:type", "shape": "concept"}))
        with pytest.raises(SchemaError, match="note: vocabulary: there is no vocabulary 'colour'"):
            _ = Model(schema, {}).plan

    def test_part_without_definition(self) -> None:
        """A value inside a part needs the part."""
        value = {"predicate": "rdf:value", "shape": "text", "inside": ["body"]}
        schema = schema_from_dict(rdf(shape="node", value=value))
        with pytest.raises(SchemaError, match=r"note: rdf\.parts\.body: is missing"):
            _ = Model(schema, {}).plan


def texts_of(value: Any) -> Iterator[dict[str, str]]:
    """Every label and help at any depth."""
    if isinstance(value, list):
        for entry in value:
            yield from texts_of(entry)
    elif isinstance(value, dict):
        yield from (value[key] for key in ("label", "help_text") if key in value)
        for entry in value.values():
            yield from texts_of(entry)


@pytest.fixture(scope="module")
def shipped() -> Schema:
    return load().schema


class TestShippedSchema:
    def test_mandatory_fields(self, shipped: Schema) -> None:
        """The fields that refuse a record and those that are stored as unknown are these."""
        asked = {field.name: field.obligation for field in shipped.fields if field.obligation != "derived"}
        assert {name for name, obligation in asked.items() if obligation == "quick"} == {
            "title_translated", "notes_translated", "country", "temporal_coverage", "population_group",
            "collection_mode", "initiator_kind", "contact", "access_rights",
        }  # fmt: skip
        assert {name for name, obligation in asked.items() if obligation == "safety"} == {
            "sensitivity", "personal_data", "indigenous_data",
        }  # fmt: skip
        assert {name for name, obligation in asked.items() if obligation == "audience"} == {"audience"}
        assert {name for name, obligation in asked.items() if obligation == "mandatory"} == {
            "language", "citizen_data_form", "producer_kind", "data_ownership", "engagement", "sdg_goal", "limitations",
            "consent_type", "withdrawal_possible", "integration_status",
        }  # fmt: skip

    def test_facets(self, shipped: Schema) -> None:
        """The filters of the search are these."""
        assert {field.name for field in shipped.fields if field.facet} == {
            "country", "language", "theme", "population_group", "lnob_factor", "sdg_goal", "sdg_target",
            "sdg_indicator", "initiator_kind", "purpose", "community_agency", "data_kind", "sampling_procedure",
            "geographic_granularity", "quality_status", "access_rights", "accessible_formats", "integration_status",
        }  # fmt: skip

    def test_closed_fields(self, shipped: Schema) -> None:
        """What the open web is never told is this; a new field joins the list, or leaves it, on purpose."""
        closed = {field.name: field.safety_class for field in shipped.fields if field.closed}
        assert {name for name, told in closed.items() if told == "own"} == {"scope_hint"}
        assert {name for name, told in closed.items() if told == "shared"} == {
            "consent_type", "consent_scope", "collective_consent", "consent_status", "withdrawal_possible",
            "withdrawal_procedure", "withdrawal_until", "withdrawal_event", "children_involved", "legal_basis",
            "personal_data", "sensitivity", "audience",
        }  # fmt: skip

    def test_only_what_ckan_keeps_has_no_rdf(self, shipped: Schema) -> None:
        """Every other field is said in RDF."""
        silent = {field.name for field in (*shipped.fields, *shipped.resource_fields) if field.shape is None}
        assert silent == {"name", "owner_org", "metadata_language", "uri", "record_status"}

    def test_every_question_is_explained(self, shipped: Schema) -> None:
        """Whatever a person is asked has label and help, and the help has an example."""
        for field in shipped.fields:
            if field.obligation != "derived":
                assert field.label, field.name
                assert "Example" in field.help_text["en"], field.name

    def test_every_text_in_every_language(self) -> None:
        """Each label and each help, of sections and parts of rows too, is there in the languages of the sites."""
        texts = list(texts_of(schema_dict()))
        assert len(texts) > 80
        for text in texts:
            assert set(text) == {"en", "fr", "es", "ar"}, text
            assert all(text.values()), text

    def test_unknown_is_an_answer(self, shipped: Schema) -> None:
        """Each coded field that a person must fill has a way not to know, except who may see the record."""
        vocabularies = load().vocabularies
        for field in shipped.fields:
            if field.obligation in ("mandatory", "safety") and field.vocabulary:
                assert field.default_code in vocabularies[field.vocabulary], field.name

    def test_codes_are_strings(self) -> None:
        """No value of the file was read as a number or a date, and none as yes or no but for switches."""
        switches = {"facet", "multiline", "needed", "shared", "node", "rest"}
        numbers = {"scheming_version", "search_weight", "max_length", "minimum", "maximum", "at_most"}

        def check(key: str, value: Any) -> None:
            if isinstance(value, dict):
                for inner, content in value.items():
                    assert isinstance(inner, str), inner
                    check(inner, content)
            elif isinstance(value, list):
                for content in value:
                    check(key, content)
            else:
                wanted = bool if key in switches else int if key in numbers else str
                assert type(value) is wanted, (key, value)

        check("", schema_dict())


NATIONAL_FIELD = {
    "field_name": "ward",
    "preset": "citizendata_codes",
    "vocabulary": "ward",
    "label": {"en": "Ward"},
    "section": "about",
    "obligation": "optional",
    "cardinality": "many",
    "safety_class": "open",
    "rdf": {"predicate": "dct:spatial", "shape": "concept", "shared": True},
}
WARDS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://wards.example/list> a skos:ConceptScheme .
<https://wards.example/1> skos:inScheme <https://wards.example/list> ; skos:notation "1" ; skos:prefLabel "Makina"@en .
<https://wards.example/2> skos:inScheme <https://wards.example/list> ; skos:notation "2" ; skos:prefLabel "Lindi"@en .
"""


class TestNationalField:
    def test_one_block_is_enough(self) -> None:
        """A field with a list of its own is written and read by its block alone, beside one of the same predicate."""
        document = dict(schema_dict()) | {"dataset_fields": [*schema_dict()["dataset_fields"], NATIONAL_FIELD]}
        vocabularies = {**load().vocabularies, "ward": vocabulary_from_turtle("ward", WARDS)}
        model = Model(schema_from_dict(document), vocabularies)
        subject = Subject("https://node.example/d")
        fragment = fragment_from_package(model, {"ward": ["1", "2"], "country": ["KEN"]}, subject)
        read = package_from_fragment(model, subject.iri, fragment)
        added = set(lines_of(fragment)) - set(lines_of(own_statements(model, subject.iri)))
        assert {line[2] for line in added if line[1] == token(DCT.spatial)} == {
            "<https://wards.example/1>", "<https://wards.example/2>",
            "<http://publications.europa.eu/resource/authority/country/KEN>",
        }  # fmt: skip
        assert (read.package["ward"], read.package["country"], read.residue) == (["1", "2"], ["KEN"], "")

    def test_every_preset_is_a_known_kind(self) -> None:
        """Form, checks and mapping know each kind of field that the presets offer."""
        presets = json.loads(files("ckanext.citizendata.schemas").joinpath("presets.json").read_text(encoding="utf-8"))
        offered = {preset["preset_name"].removeprefix("citizendata_") for preset in presets["presets"]}
        # The catalogue's moments come from no form.
        assert offered == KINDS - {"moment"}
