"""What a record says in the name of a statistical office, and what the office says to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ckanext.citizendata.core.rules.answers import Package, code, codes, rows, text
from ckanext.citizendata.core.rules.engagement import OF_PEOPLE

__all__ = [
    "CONFIRMED",
    "DENIED",
    "STATED",
    "Claim",
    "Decision",
    "claims",
    "official_values",
    "rests_on",
    "standing_of",
]

STATED, CONFIRMED, DENIED = "stated_by_producer", "confirmed", "denied"
INTEGRATION, QUALITY = "integration_status", "quality_status"
CERTIFICATE, ASSESSMENT = "quality_certificate", "quality_assessment"
# Relations that an office alone can know.
OF_OFFICE = frozenset(
    [
        "inventoried_by_nso",
        "under_assessment",
        "assessed_not_suitable",
        "used_as_complementary",
        "integrated",
        "formerly_used",
    ]
)
# What a relation tells of the quality once the office has confirmed it.
TELLING = {
    "assessed_not_suitable": "nso_assessed",
    "used_as_complementary": "nso_validated",
    "integrated": "nso_validated",
    "formerly_used": "nso_validated",
}
# From the weakest to the strongest.
QUALITIES = (
    "not_assessed",
    "self_assessed",
    "community_validated",
    "peer_reviewed",
    "nso_assessed",
    "nso_validated",
    "certified",
)
NESTED = 20
QUALITIES_OF_OFFICE = frozenset(["nso_assessed", "nso_validated", "certified"])


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that speaks for a statistical office, and a digest of the answers that carry it."""

    field: str
    value: str
    digest: str

    @property
    def mark(self) -> str:
        """What stands for field, value and digest together: who answers says by it what she saw."""
        return sha256(json.dumps([self.field, self.value, self.digest]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Decision:
    """What an office said to a claim; of several about one value the last counts."""

    claim: Claim
    confirmed: bool


def claims(package: Package) -> tuple[Claim, ...]:
    """What the producer says in the name of an office, the strongest of each field first."""
    relation = code(package, INTEGRATION)
    stated = _stated_qualities(package)
    quality = [_claim(package, QUALITY, each) for each in reversed(QUALITIES) if each in stated & QUALITIES_OF_OFFICE]
    return (*([_claim(package, INTEGRATION, relation)] if relation and relation in OF_OFFICE else []), *quality)


def standing_of(claim: Claim, decisions: Sequence[Decision]) -> str:
    """`stated_by_producer` until the office has spoken, then `confirmed` or `denied`.

    What it said of other content counts no more: nobody knows whether it would say so again.
    """
    about = (claim.field, claim.value)
    said = [decision for decision in decisions if (decision.claim.field, decision.claim.value) == about]
    if not said or said[-1].claim != claim:
        return STATED
    return CONFIRMED if said[-1].confirmed else DENIED


def official_values(package: Package, decisions: Sequence[Decision] = ()) -> dict[str, Any]:
    """`official_statement` and `quality_status` as they follow from the answers and from what offices said.

    One denied claim makes the statement denied, one that waits makes it stated; None without any claim. What was denied
    counts no more for the quality, and what was confirmed may tell more of it.
    """
    return {"official_statement": _statement(package, decisions), QUALITY: _quality(package, decisions)}


def rests_on(claim: Claim) -> tuple[str, ...]:
    """The fields that a reader takes as said by the office along with the claim; its digest is made of them.

    Of the assessments those alone that name an office.
    """
    return (*_carriers(claim.field, claim.value), "country")


def _claim(package: Package, field: str, value: str) -> Claim:
    carried = [{"country": sorted(codes(package, "country"))}, *_carrying(package, field, value)]
    written = json.dumps([_plain(each) for each in carried], sort_keys=True, default=str)
    return Claim(field, value, sha256(written.encode()).hexdigest())


def _carrying(package: Package, field: str, value: str) -> list[Any]:
    """What a reader would take as said by the office along with the value, in an order of its own."""
    return [_sorted(_told(package, name)) for name in _carriers(field, value)]


def _carriers(field: str, value: str) -> tuple[str, ...]:
    if field == INTEGRATION:
        return ("integration_detail", "nso_partner")
    return (CERTIFICATE,) if value == "certified" else (ASSESSMENT,)


def _told(package: Package, name: str) -> Sequence[Any]:
    if name == CERTIFICATE:
        return codes(package, name)
    return [row for row in rows(package, name) if name != ASSESSMENT or code(row, "assessor_kind") == "nso"]


def _sorted(items: Sequence[Any]) -> list[Any]:
    plain = [_plain(item) for item in items]
    return sorted(plain, key=lambda item: json.dumps(item, sort_keys=True, default=str))


def _plain(value: Any, nested: int = NESTED) -> Any:
    """The value without empty parts and with texts for keys: an answer left open says the same as none."""
    if nested == 0:
        return None
    if isinstance(value, Mapping):
        return {
            str(name): _plain(part, nested - 1) for name, part in value.items() if part not in (None, "", [], {}, ())
        }
    return [_plain(part, nested - 1) for part in value] if isinstance(value, (list, tuple)) else value


def _statement(package: Package, decisions: Sequence[Decision]) -> str | None:
    standings = {standing_of(claim, decisions) for claim in claims(package)}
    return next((standing for standing in (DENIED, STATED, CONFIRMED) if standing in standings), None)


def _quality(package: Package, decisions: Sequence[Decision]) -> str:
    made = claims(package)
    denied = {claim.value for claim in made if claim.field == QUALITY and standing_of(claim, decisions) == DENIED}
    told = {
        TELLING[claim.value]
        for claim in made
        if claim.field == INTEGRATION and claim.value in TELLING and standing_of(claim, decisions) == CONFIRMED
    }
    reached = (_stated_qualities(package) - denied) | told
    return next((quality for quality in reversed(QUALITIES) if quality in reached), QUALITIES[0])


def _stated_qualities(package: Package) -> frozenset[str]:
    assessed = {_assessment(row, code(package, "producer_kind")) for row in rows(package, "quality_assessment")}
    validated = {"community_validated"} if text(package, "community_validation") == "yes" else set()
    certified = {"certified"} if codes(package, "quality_certificate") else set()
    return frozenset(assessed | validated | certified)


def _assessment(row: Package, producer_kind: str | None) -> str:
    """What one assessment reaches; by the producer's own kind it counts as the producer's, since nothing tells more."""
    assessor = code(row, "assessor_kind")
    if assessor is None or assessor == producer_kind:
        return "self_assessed"
    if assessor == "nso":
        return "nso_assessed"
    return "community_validated" if assessor in OF_PEOPLE else "peer_reviewed"
