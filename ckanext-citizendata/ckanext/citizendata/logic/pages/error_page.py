"""What an error page says: words of people in the reader's language, whoever found the error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.exceptions import default_exceptions

__all__ = ["ErrorPage", "error_page"]

BAD, HIDDEN, NOWHERE, MUCH, BROKEN, AWAY = 400, 403, 404, 413, 500, 503
# What CKAN says of an error of ours.
OF_CKAN = ("Internal server error",)


@dataclass(frozen=True)
class ErrorPage:
    """`code` is that of HTTP."""

    code: int
    heading: str
    words: str

    @property
    def is_ours(self) -> bool:
        """Whether something is broken that those who run the site should know of; a search engine comes back."""
        return self.code >= BROKEN and self.code != AWAY


def error_page(code: Any, content: Any) -> ErrorPage:
    """The page for a code of HTTP; `content` is what CKAN or a page says of it, in place of Werkzeug's words to all."""
    number = int(code[0] if isinstance(code, list) else code or BROKEN)
    known = _words()
    heading, words = known.get(number, known[BROKEN if number >= BROKEN else BAD])()
    own = str(content or "").strip()
    return ErrorPage(number, heading, words if own in (*OF_CKAN, "", _of_werkzeug(number)) else own)


def _of_werkzeug(code: int) -> str:
    return str(default_exceptions[code].description) if code in default_exceptions else ""


def _words() -> Mapping[int, Callable[[], tuple[str, str]]]:
    return {
        BAD: lambda: (
            tk._("This could not be read"),
            tk._("Something in what was sent is missing or wrong. Go back in your browser, and try once more."),
        ),
        401: _hidden,
        HIDDEN: _hidden,
        NOWHERE: lambda: (
            tk._("There is no such page"),
            tk._("Look whether the address is right, or search for what you need."),
        ),
        MUCH: lambda: (
            tk._("This is too much at once"),
            tk._("Go back in your browser: what you typed is still there. Shorten it, or choose a smaller file."),
        ),
        BROKEN: lambda: (
            tk._("Something went wrong on this site"),
            tk._(
                "You did nothing wrong. Go back in your browser, where what you typed may still be, and try once more."
            ),
        ),
        AWAY: lambda: (
            tk._("Out of order for the moment"),
            tk._("Try once more in a few seconds."),
        ),
    }


def _hidden() -> tuple[str, str]:
    return tk._("You may not see this page"), tk._("It is for people of an organisation, or of this site.")
