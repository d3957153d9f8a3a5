"""The language of people to whom nobody shows a page just now, as in mails."""

from __future__ import annotations

import gettext
from importlib.resources import files

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.logic.reading import reader_language

__all__ = ["remember_language", "wording_for"]

DOMAIN = "ckanext-citizendata"
OURS, LANGUAGE = "citizendata", "language"


def remember_language() -> None:
    """Keep with the person who looks at this page in which language she does."""
    user = model.User.get(tk.current_user.name) if tk.current_user.is_authenticated else None
    if user is None:
        return
    kept = dict(user.plugin_extras or {})
    if kept.get(OURS, {}).get(LANGUAGE) != reader_language():
        user.plugin_extras = {**kept, OURS: {**kept.get(OURS, {}), LANGUAGE: reader_language()}}
        model.Session.commit()


def wording_for(user: model.User) -> Wording:
    """The language that the person last used here, else the site's, with what puts our sentences into it."""
    known = ((user.plugin_extras or {}).get(OURS) or {}).get(LANGUAGE)
    language = str(known or tk.config.get("ckan.locale_default") or "en")
    folder = str(files("ckanext.citizendata").joinpath("i18n"))
    found = gettext.translation(DOMAIN, folder, [language.replace("-", "_")], fallback=True)
    return Wording(language.replace("_", "-"), found.gettext)
