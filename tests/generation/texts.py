"""Made-up texts, language tags, addresses and numbers: all that the rules allow, odd ones first."""

from __future__ import annotations

from random import Random
from re import _constants as regular  # type: ignore[attr-defined]
from re import _parser as regular_parser  # type: ignore[attr-defined]
from typing import Any

from ckanext.citizendata.core.lexical import canonical_tag

__all__ = ["address", "date", "geometry", "line", "mail", "matching", "period", "phone", "tag", "text"]

WORDS = (
    "water", "queue", "Ü", "ñandú", "ماء", "قائمة الانتظار", "מים", "آب", "水", "點", "जल", "ပေ", "ᓄᓇ", "ꓡꓲ", "߁ߌ",
    "e\u0301", "o\u0328\u0301", "\u0915\u094d\u0937", "😀", "👩🏽\u200d🌾", "🇰🇪", "𝄞", "𞤀𞤣",
)  # fmt: skip
ODD = (
    '"', "'", '"""', "\\", "\\n", "\\u0041", "\t", "\u00a0", "\u0085", "\u2028", "\u2029", "\ufffd", "\u200e", "\u200f",
    "\u202b", "\u202c", "\u2066", "\u2069", "\ufeff", "\u200b", "\u00ad", "\x7f", "&", "&amp;", "< 5", "> 5", "]]>",
    "@en", "^^", "{}", "%20", "#", "_:c0", " .", ";", "|", "$dataset", "0", "\ue000",
)  # fmt: skip
LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru", "sw", "pt", "fa", "he", "ur", "dv", "ne", "iu", "qu", "kea", "aym")
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "dv", "az-Arab", "ff-Adlm", "nqo")
SCRIPTS = ("Latn", "Arab", "Hant", "Hans", "Cyrl", "Cans", "Adlm", "Nkoo")
REGIONS = ("KE", "BR", "TW", "419", "001", "CH")
ENDS = ("1996", "x-kibera", "u-nu-latn", "x-a-b1", "t-fr")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
HOSTS = ("example.org", "données.example", "xn--mgba3a.example", "a-b.example:8443", "10.1.2.3")
PATHS = ("a", "ä/ö", "a%20b", "水", "(b)", "c;d=1", "e,f", "g'h", "~i", "j:k", "l@m", "ماء", "n!", "*o", "&amp;p")
TAILS = ("", "", "", "?q=1&r=2", "#part", "?q=ü#é", "/", "?u=https://b.example/")


def text(random: Random, longest: int) -> str:
    """A text of several lines that begins and ends with a letter; sometimes of the greatest length."""
    if random.random() < 0.005:
        return "x" * longest
    pieces = _pieces(random)
    return random.choice((" ", "\n", "\n\n", "")).join(pieces)[: longest - 1].strip() + "."


def line(random: Random, longest: int) -> str:
    """A text without line breaks that begins and ends with a letter."""
    return " ".join(_pieces(random)).replace("\u2028", "")[: longest - 1].strip() + "."


def _pieces(random: Random) -> list[str]:
    first = random.choice(WORDS)
    rest = (random.choice(ODD if random.random() < 0.3 else WORDS) for _ in range(int(random.random() * 5)))
    return [first, *rest]


def tag(random: Random) -> str:
    """A language tag as BCP 47 recommends to write it, or the key of a text without one."""
    chance = random.random()
    if chance < 0.5:
        return random.choice(LANGUAGES)
    if chance < 0.6:
        return "und"
    if chance < 0.7:
        return random.choice(RIGHT_TO_LEFT)
    language = random.choice(LANGUAGES) if random.random() < 0.7 else "".join(random.choices(LETTERS, k=3))
    parts = [language]
    for choices in (SCRIPTS, REGIONS, ENDS):
        if random.random() < 0.5:
            parts.append(random.choice(choices))
    return canonical_tag("-".join(parts)) if language != "und" else "en"


def address(random: Random) -> str:
    """A web address, with letters of the world and percent signs."""
    path = "/".join(random.choices(PATHS, k=1 + int(random.random() * 3)))
    place = int(random.random() * 1000)
    return f"{random.choice(('https', 'http'))}://{random.choice(HOSTS)}/{place}/{path}{random.choice(TAILS)}"


def mail(random: Random) -> str:
    """An e-mail address."""
    return f"{random.choice(('desk', 'a.b', 'a+b', 'o.d-e', 'x_y', 'q/r=s'))}{int(random.random() * 100)}@data.example"


def phone(random: Random) -> str:
    """A telephone number without blanks, as it is stored."""
    return f"{random.choice(('+', ''))}{int(random.random() * 10**9) + 10**9}"


def date(random: Random) -> str:
    """A year, a month or a day."""
    year, month, day = 1950 + int(random.random() * 100), 1 + int(random.random() * 12), 1 + int(random.random() * 28)
    return random.choice((f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"))


def period(random: Random) -> tuple[str, str]:
    """Two dates in order, of which the first may be the second."""
    dates = date(random), date(random)
    return dates if dates[0][:4] < dates[1][:4] else (dates[0], dates[0])


def geometry(random: Random) -> str:
    """A point or a box, as GeoJSON."""
    x, y = round(random.uniform(-179, 178), 3), round(random.uniform(-89, 88), 3)
    if random.random() < 0.5:
        return f'{{"type":"Point","coordinates":[{x},{y}]}}'
    corners = ",".join(f"[{a},{b}]" for a, b in ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)))
    return f'{{"type": "Polygon", "coordinates": [[{corners}]]}}'


def matching(random: Random, pattern: str) -> str:
    """A text that the whole pattern matches, for the few signs that patterns of a schema use."""
    return "".join(_matched(random, operation, given) for operation, given in regular_parser.parse(pattern))


def _matched(random: Random, operation: Any, given: Any) -> str:
    if operation is regular.LITERAL:
        return chr(given)
    if operation is regular.IN:
        return random.choice(_letters(given))
    if operation is regular.MAX_REPEAT:
        least, most, inner = given
        times = least + int(random.random() * (min(int(most), least + 4) - least + 1))
        return "".join(_matched(random, *each) for _ in range(times) for each in inner)
    if operation is regular.SUBPATTERN:
        return "".join(_matched(random, *each) for each in given[-1])
    raise NotImplementedError(f"no text can be made up for {operation}")


def _letters(given: Any) -> str:
    """The letters of a set; of all but a set, letters and digits."""
    if given[0][0] is regular.NEGATE:
        return LETTERS + LETTERS.upper() + "0123456789-.:"
    return "".join(
        chr(letter)
        for operation, value in given
        for letter in (range(value[0], value[1] + 1) if operation is regular.RANGE else (value,))
    )
