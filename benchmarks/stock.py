"""ckanext-dcat's own profile on our records: the same package, its codes as the IRIs that a stock site would hold."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from typing import Any

from ckan import plugins
from ckan.common import config
from ckanext.dcat.processors import RDFParser, RDFSerializer

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

__all__ = ["prepare", "stock_record", "stock_round_trip"]

PROFILES = ["euro_dcat_ap_3"]
# The widest schema that ckanext-dcat brings. No service is asked for anything: the profile works on values alone.
SETTINGS = {
    "testing": True,
    "SECRET_KEY": "measures alone",
    "ckan.site_url": "https://node.example",
    "ckan.locale_default": "en",
    "ckan.plugins": "",
    "sqlalchemy.url": "sqlite://",
    "solr_url": "http://127.0.0.1:1/solr",
    "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
}
# Fields that both know by one name and that hold other things on a stock site.
OTHERWISE = ("in_series",)


def prepare() -> None:
    """Loads ckanext-dcat and ckanext-scheming with a stock schema, without a site."""
    logging.disable(logging.CRITICAL)
    config.update({**SETTINGS, "ckan.webassets.path": tempfile.gettempdir()})
    plugins.load("dcat", "scheming_datasets")


def stock_record(model: Model, package: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The package as a stock site would hold it."""
    fields = {field.name: field for field in model.schema.fields}
    parts = {field.name: field for field in model.schema.resource_fields}
    record = {name: _with_iris(model, fields.get(name), value) for name, value in package.items()}
    files = [
        {name: _with_iris(model, parts[name], value) for name, value in file.items()} for file in package["resources"]
    ]
    identity = f"record-{number}"
    title = next(iter(package["title_translated"].values()))
    notes = next(iter(package["notes_translated"].values()))
    record = {name: value for name, value in record.items() if name not in OTHERWISE}
    record |= {"id": identity, "name": identity, "title": title, "notes": notes}
    record["resources"] = [
        {**file, "id": f"{identity}-{place}", "package_id": identity, "uri": f"https://node.example/{identity}/{place}"}
        for place, file in enumerate(files)
    ]
    return record


def _with_iris(model: Model, field: Field | None, value: Any) -> Any:
    """The value with IRIs for codes."""
    if field is None:
        return value
    if field.kind == "rows":
        parts = {part.name: part for part in field.subfields}
        return [{name: _with_iris(model, parts.get(name), each) for name, each in row.items()} for row in value]
    if not field.vocabulary:
        return value
    vocabulary = model.vocabularies[field.vocabulary]
    iris = {concept.code: concept.iri for concept in vocabulary}
    return [iris.get(code, code) for code in value] if isinstance(value, list) else iris.get(value, value)


def stock_round_trip(record: Mapping[str, Any]) -> str:
    """The N-Triples of a record, once it was read from them again."""
    serializer = RDFSerializer(profiles=PROFILES, dataset_type="dataset")
    text = serializer.serialize_dataset(dict(record), _format="nt")
    parser = RDFParser(profiles=PROFILES, dataset_type="dataset")
    parser.parse(text, _format="nt")
    if len(list(parser.datasets())) != 1:
        raise AssertionError(f"{record['id']} isn't read again")
    return str(text)
