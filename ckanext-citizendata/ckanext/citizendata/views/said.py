"""Error pages that say more than a code of HTTP."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

__all__ = ["said"]


def said(code: int, words: str, **more: Any) -> ResponseReturnValue:
    """CKAN's error page with these words, and with more that our template knows."""
    variables = {"code": code, "content": words, "name": "", **more}
    return tk.render("error_document_template.html", extra_vars=variables), code
