"""The state of one member's records, told by PostgreSQL, by Solr and by the registry's own feed, which must agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tests.faults.lab import Lab, Member

__all__ = ["Digest", "digest", "leaks"]

MOST_NAMED = 4
# What stands about a record beside itself, and all of its package that doesn't follow from a time or a random id.
BESIDE = """
    SELECT r.iri, l.state, l.absences, l.removal, r.tombstone, l.fingerprint = r.fingerprint,
           (SELECT string_agg(c.operation, '+' ORDER BY c.sequence) FROM citizendata_change c
            WHERE c.package_id = r.package_id) AS changes,
           (SELECT 'waits' FROM citizendata_unindexed u WHERE u.package_id = r.package_id) AS waits
    FROM citizendata_record r LEFT JOIN citizendata_ledger l ON l.package_id = r.package_id
    WHERE r.authority = %s
"""
PACKAGES = """
    SELECT r.iri, p.title, p.notes, p.type, p.url, p.version, p.author, p.maintainer, p.license_id, p.extras::text,
           (SELECT string_agg(concat_ws(' ', f.name, f.description, f.url, f.format, f.mimetype, f.size, f.extras), ' '
                              ORDER BY f.position) FROM resource f WHERE f.package_id = p.id AND f.state = 'active')
    FROM citizendata_record r JOIN package p ON p.id = r.package_id WHERE r.authority = %s
"""
# What of a document tells of times and ids, and the whole package as text, which holds them too.
VOLATILE = ("id", "index_id", "_version_", "timestamp", "indexed_ts", "metadata_created", "metadata_modified", "name")
VOLATILE += ("name_ngram", "organization", "owner_org", "creator_user_id", "data_dict", "validated_data_dict")


@dataclass(frozen=True)
class Digest:
    """By the end of each address: what is public with a hash of its text, and the state of all."""

    states: dict[str, str]
    postgres: dict[str, str]
    solr: dict[str, str]
    export: dict[str, str]

    @property
    def disagreement(self) -> str:
        """What one of the three shows and another doesn't; empty where they agree."""
        for name, shown in (("Solr", self.solr), ("the export", self.export)):
            more, less = sorted(shown.keys() - self.postgres.keys()), sorted(self.postgres.keys() - shown.keys())
            if more or less:
                return f"{name} shows {', '.join(more) or 'nothing'} too much and lacks {', '.join(less) or 'nothing'}"
        return ""

    def difference(self, other: Digest) -> str:
        """In what this state differs from another one; empty where it doesn't."""
        pairs = ((self.states, other.states), (self.postgres, other.postgres), (self.solr, other.solr))
        for name, (mine, theirs) in zip(("state", "PostgreSQL", "Solr"), pairs, strict=True):
            if mine != theirs:
                return f"{name}: {_apart(theirs, mine)}"
        return "" if self.export == other.export else f"export: {_apart(other.export, self.export)}"


def _apart(expected: dict[str, str], found: dict[str, str]) -> str:
    keys = {*expected, *found}
    apart = sorted(key for key in keys if expected.get(key) != found.get(key))
    more = [f"and {len(apart) - MOST_NAMED} more"] if len(apart) > MOST_NAMED else []
    return ", ".join([*(f"{key} {found.get(key, 'not at all')}" for key in apart[:MOST_NAMED]), *more])


def digest(lab: Lab, member: Member, export: str) -> Digest:
    """The state of a member's records; `export` is the registry's whole feed."""
    rows = member.rows()
    public = [row for row in rows if _is_public(row)]
    beside, packages = _by_iri(lab, member, BESIDE), _by_iri(lab, member, PACKAGES)
    return Digest(
        states={
            _end(member, row["iri"]): f"{row['state']} {row['audience']} {row['package']} {beside[row['iri']]}"
            for row in rows
        },
        postgres={
            _end(member, row["iri"]): _hashed(member, f"{row['fragment']} {packages[row['iri']]}") for row in public
        },
        solr=_indexed(lab, member),
        export=_exported(member, export),
    )


def leaks(lab: Lab, member: Member) -> list[str]:
    """What the index shows to everyone though PostgreSQL doesn't call it public."""
    public = {row["package_id"] for row in member.rows() if _is_public(row)}
    return [each["title"] for each in _documents(lab, member) if each["id"] not in public]


def _by_iri(lab: Lab, member: Member, query: str) -> dict[str, str]:
    found = lab.site.sql(query, (member.authority,))
    return {iri: " ".join("-" if each is None else str(each) for each in values) for iri, *values in found}


def _is_public(row: dict[str, Any]) -> bool:
    live = row["package"] == "active" and row["state"] == "live" and not row["private"]
    return live and row["audience"] == "everyone"


def _documents(lab: Lab, member: Member) -> list[dict[str, Any]]:
    """The documents of its organisation that Solr shows to everyone."""
    filters = [f"owner_org:{member.organization}", "permission_labels:public"]
    return lab.site.solr(fq=filters)


def _indexed(lab: Lab, member: Member) -> dict[str, str]:
    by_id = {row["package_id"]: row["iri"] for row in member.rows()}
    found: dict[str, str] = {}
    for each in _documents(lab, member):
        key = _end(member, by_id.get(each["id"], f"unknown {each['id']}"))
        found[key] = f"twice {each['id']}" if key in found else _hashed(member, _lasting(each))
    return found


def _lasting(document: Mapping[str, Any]) -> str:
    """What of a document is the same whenever and by whomever it is written."""
    return json.dumps({name: value for name, value in document.items() if name not in VOLATILE}, sort_keys=True)


def _exported(member: Member, export: str) -> dict[str, str]:
    """The statements about each dataset and its files that the feed lists, those alone that came from its source."""
    texts: dict[str, list[str]] = {}
    for line in export.splitlines():
        subject, _, rest = line.partition("> ")
        if subject.startswith(f"<{member.prefix}") and "#record" not in subject and "registry.faults.test" not in rest:
            texts.setdefault(subject[1:].removesuffix("/file"), []).append(line)
    listed = {iri: lines for iri, lines in texts.items() if any("dcat#Dataset>" in line for line in lines)}
    return {_end(member, iri): _hashed(member, "\n".join(sorted(lines))) for iri, lines in listed.items()}


def _end(member: Member, iri: str) -> str:
    return iri.removeprefix(f"{member.prefix}dataset/")


def _hashed(member: Member, text: str) -> str:
    """A short hash that members with the same records have in common."""
    return sha256(text.replace(member.prefix, "").encode()).hexdigest()[:8]
