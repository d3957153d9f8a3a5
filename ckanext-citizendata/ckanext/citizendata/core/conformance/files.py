"""Rules for the files of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.citizendata.core.conformance.across import NEEDED
from ckanext.citizendata.core.conformance.fields import ROWS, Vocabularies, rule_of, tell_no_part
from ckanext.citizendata.core.conformance.report import Report
from ckanext.citizendata.core.conformance.rule import Rule, is_empty
from ckanext.citizendata.core.schema import Field

__all__ = ["files_rule"]

FILES = Field("resources", {"en": "Files", "fr": "Fichiers", "es": "Archivos", "ar": "الملفات"}, {}, kind="rows")
# What CKAN itself keeps of a file.
OF_CKAN = (
    "cache_last_updated cache_url created datastore_active datastore_contains_all_records_of_source_file extras"
    " format hash id last_modified metadata_modified mimetype mimetype_inner name package_id position"
    " resource_group_id resource_type revision_id size state tracking_summary upload url url_type"
)
FILE_KEYS = frozenset(OF_CKAN.split())


def files_rule(fields: tuple[Field, ...], vocabularies: Vocabularies) -> Rule:
    """A list of files: each part by its rule, and what is needed; the name of an uploaded file is CKAN's to check."""
    parts = {part.name: rule_of(part, vocabularies) for part in fields}
    needed = [part for part in fields if part.needed]

    def rule(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, (list, tuple)):
            report.refuse(path, "not_understood", FILES, value, ROWS)
            return
        for number, item in enumerate(value):
            where = f"{path}[{number}]"
            if not isinstance(item, Mapping):
                report.refuse(where, "not_understood", FILES, item, ROWS)
            elif not is_empty(item):
                _check_parts(parts, item, where, report)
                _check_needed(needed, item, where, report)

    return rule


def _check_parts(parts: Mapping[str, Rule], item: Mapping[str, Any], path: str, report: Report) -> None:
    uploaded = item.get("url_type") == "upload"
    for name, value in item.items():
        if name in parts:
            if not is_empty(value) and not (uploaded and name == "url"):
                parts[name](value, f"{path}.{name}", report)
        elif name not in FILE_KEYS:
            tell_no_part(FILES, name, path, report)


def _check_needed(needed: list[Field], item: Mapping[str, Any], path: str, report: Report) -> None:
    for part in needed:
        if is_empty(item.get(part.name)):
            told = report.wording.translate(NEEDED).format(field=report.label(part))
            report.add(f"{path}.{part.name}", "missing", told)
