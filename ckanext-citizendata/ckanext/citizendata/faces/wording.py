"""What would be right, in the languages of the labels: the messages of the shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

__all__ = ["Rule", "message"]

# A key of RULES, and what stands in for its gaps: one text, or one for each language.
Gap: TypeAlias = "str | Mapping[str, str]"
Rule: TypeAlias = tuple[str, Mapping[str, Gap]]

LAST_RESORT = "en"
RULES: Mapping[str, Mapping[str, str]] = {
    "needed": {"en": "is needed", "fr": "il est nécessaire", "es": "es necesario", "ar": "لا بد منه"},
    "at_most": {"en": "at most {n}", "fr": "{n} au plus", "es": "{n} como máximo", "ar": "{n} على الأكثر"},
    "code": {
        "en": "an entry of the list “{list}”",
        "fr": "une entrée de la liste « {list} »",
        "es": "una entrada de la lista «{list}»",
        "ar": "عنصر من قائمة «{list}»",
    },
    "text": {
        "en": "a text, one in each language, of at most {n} characters",
        "fr": "un texte, un seul par langue, de {n} caractères au plus",
        "es": "un texto, uno por idioma, de {n} caracteres como máximo",
        "ar": "نص واحد لكل لغة، لا يزيد على {n} حرف",
    },
    "texts": {
        "en": "texts of at most {n} characters",
        "fr": "des textes de {n} caractères au plus",
        "es": "textos de {n} caracteres como máximo",
        "ar": "نصوص لا يزيد كل منها على {n} حرف",
    },
    "line": {
        "en": "a text of at most {n} characters",
        "fr": "un texte de {n} caractères au plus",
        "es": "un texto de {n} caracteres como máximo",
        "ar": "نص لا يزيد على {n} حرف",
    },
    "date": {
        "en": "a year, a month or a day, such as 2023, 2023-04 or 2023-04-15",
        "fr": "une année, un mois ou un jour, comme 2023, 2023-04 ou 2023-04-15",
        "es": "un año, un mes o un día, como 2023, 2023-04 o 2023-04-15",
        "ar": "سنة أو شهر أو يوم، مثل 2023 أو 2023-04 أو 2023-04-15",
    },
    "address": {"en": "an address", "fr": "une adresse", "es": "una dirección", "ar": "عنوان"},
    "link": {
        "en": "a web address that begins with https:// or http://",
        "fr": "une adresse web qui commence par https:// ou http://",
        "es": "una dirección web que empiece por https:// o http://",
        "ar": "عنوان ويب يبدأ بـ https:// أو http://",
    },
    "mail": {
        "en": "an e-mail address, behind mailto:",
        "fr": "une adresse électronique, après mailto:",
        "es": "una dirección de correo electrónico, tras mailto:",
        "ar": "عنوان بريد إلكتروني بعد mailto:",
    },
    "phone": {
        "en": "a telephone number, behind tel:",
        "fr": "un numéro de téléphone, après tel:",
        "es": "un número de teléfono, tras tel:",
        "ar": "رقم هاتف بعد tel:",
    },
    "number": {"en": "a number", "fr": "un nombre", "es": "un número", "ar": "رقم"},
    "whole_number": {"en": "a whole number", "fr": "un nombre entier", "es": "un número entero", "ar": "عدد صحيح"},
    "typed": {
        "en": "a value of the type {type}",
        "fr": "une valeur du type {type}",
        "es": "un valor del tipo {type}",
        "ar": "قيمة من النوع {type}",
    },
    "from": {"en": "not below {n}", "fr": "pas moins de {n}", "es": "no menos de {n}", "ar": "لا يقل عن {n}"},
    "to": {"en": "not above {n}", "fr": "pas plus de {n}", "es": "no más de {n}", "ar": "لا يزيد على {n}"},
    "row": {
        "en": "each with all that it needs: {parts}",
        "fr": "avec tout ce qu'il faut : {parts}",
        "es": "cada una con todo lo necesario: {parts}",
        "ar": "مع كل ما يلزم: {parts}",
    },
    "form": {
        "en": "of the form {pattern}",
        "fr": "de la forme {pattern}",
        "es": "de la forma {pattern}",
        "ar": "على الشكل {pattern}",
    },
}
COLON = {"fr": " : "}
BETWEEN = {"ar": "؛ "}


def message(labels: Sequence[Mapping[str, str]], rules: Sequence[Rule]) -> dict[str, str]:
    """Contact › E-mail: an address; at most 1. In each language that the innermost label has."""
    return {language: _sentence(labels, rules, language) for language in labels[-1]}


def _sentence(labels: Sequence[Mapping[str, str]], rules: Sequence[Rule], language: str) -> str:
    name = " › ".join(_in(label, language) for label in labels)
    parts = (_in(RULES[key], language).format(**_filled(gaps, language)) for key, gaps in rules)
    return f"{name}{COLON.get(language, ': ')}{BETWEEN.get(language, '; ').join(parts)}."


def _filled(gaps: Mapping[str, Gap], language: str) -> dict[str, str]:
    return {name: gap if isinstance(gap, str) else _in(gap, language) for name, gap in gaps.items()}


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get(LAST_RESORT) or next(iter(texts.values()), "")
