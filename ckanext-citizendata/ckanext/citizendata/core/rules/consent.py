"""The state of consent, by the names of the Data Privacy Vocabulary."""

from __future__ import annotations

from ckanext.citizendata.core.rules.answers import Package, codes, rows, text

__all__ = ["consent_status"]

# Events that end the use of data; a correction or a notice doesn't.
ENDING = frozenset(["", "hide_record", "tombstone_public", "remove_files_keep_record", "restrict_access"])
BY_PEOPLE = frozenset(["person", "community", "unknown", ""])
GIVING = frozenset(
    [
        "individual_written",
        "individual_verbal_recorded",
        "individual_digital",
        "guardian_consent_with_assent",
        "collective_fpic",
        "community_assembly_agreement",
        "terms_of_participation",
    ]
)
# The strictest first: one refusal outweighs every agreement.
COLLECTIVE = (
    ("withdrawn", "ConsentWithdrawn"),
    ("refused", "ConsentRefused"),
    ("in_progress", "ConsentRequested"),
    ("given", "ConsentGiven"),
)


def consent_status(package: Package) -> str | None:
    """What holds now; None where nobody was asked, or nobody had to be.

    A withdrawal outweighs what a community decided, and that what single people agreed to.
    """
    if events := [row for row in rows(package, "withdrawal_event") if text(row, "action") in ENDING]:
        last = max(events, key=lambda event: text(event, "date"))
        return "ConsentWithdrawn" if text(last, "requester") in BY_PEOPLE else "ConsentRevoked"
    statuses = {text(row, "status") for row in rows(package, "collective_consent")}
    decided = next((status for code, status in COLLECTIVE if code in statuses), None)
    return decided or _of_people(package)


def _of_people(package: Package) -> str | None:
    given = frozenset(codes(package, "consent_type"))
    if given & GIVING:
        return "ConsentGiven"
    return None if given or not package.get("consent_type") else "ConsentUnknown"
