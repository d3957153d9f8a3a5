"""The words by which programs know a problem; `docs/reference/problems.md` explains each."""

from __future__ import annotations

__all__ = ["ASKED", "PROBLEM_CODES"]

PROBLEM_CODES = (
    "missing",
    "expected",
    "one_of",
    "too_many",
    "twice",
    "unknown_code",
    "replaced_code",
    "alone",
    "no_text",
    "no_language",
    "too_long",
    "strange_character",
    "markup",
    "pattern",
    "no_date",
    "order",
    "inconsistent",
    "no_number",
    "too_small",
    "too_large",
    "no_address",
    "no_mail",
    "no_phone",
    "no_geometry",
    "taken",
    "two_names",
    "not_yours",
    "unknown_field",
    "not_understood",
    "other_class",
)
# What a draft may still lack.
ASKED = frozenset({"missing", "expected", "one_of"})
