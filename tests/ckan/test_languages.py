"""What people read is marked for translation, and translated: French and Arabic pages show no English."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

from ckanext.citizendata import catalogue_model
from tests import pseudo_language
from tests.ckan.conftest import COMPLETE
from tests.pseudo_language import LOCALE, latin, marked, said, translated

FOLDER = tempfile.mkdtemp(prefix="pseudo-")
NAME = "water-points"
PAGES = ("/", "/dataset/", "/dataset/?vocab_country=KEN", f"/dataset/{NAME}", "/coverage", "/coverage?country=KEN",
         "/coverage?country=XYZ", "/organization/27", "/user/login", "/account", "/connect", "/country/KEN",
         "/organization/", "/group/", "/community/", "/goal/6",
         "/goal/5", "/dataset/quick?sdg_goal=5", f"/dataset/{NAME}/sheet")  # fmt: skip
WRONG = {"/no/such": 404, "/dataset/none-such": 404, "/organization/none-such": 404, "/dataset/new": 403}
FOR_EDITORS = (
    "/dataset/quick",
    "/dataset/new",
    f"/dataset/edit/{NAME}",
    f"/dataset/{NAME}",
    f"/dataset/withdraw/{NAME}",
)
# In a sentence of Arabic, names and examples may be in other letters.
ARABIC_LETTER = re.compile("[\u0620-\u064a]{2}")
# Names of things that are called so in every language, and ways of writing.
NAMES = (
    "CKAN", "CSV", "JSON", "JSON-LD", "RDF", "RDF/XML", "Turtle", "N-Triples", "DCAT", "Atom", "RSS", "API", "ORCID",
    "RIS", "BibTeX", "CSL-JSON", "LGBTIQ", "HIV", "QR", "PDF", "XLSX", "HTML", "ISCO", "SDMX", "DOI", "Open Data",
    "https",
)  # fmt: skip
GREEK: dict[str, Any] = {
    "title_translated": {LOCALE: "Σημεία νερού"},
    "notes_translated": {LOCALE: "Πού παίρνουν νερό."},
    "contact": [{"name": "Γραφείο", "email": "1@2.34"}],
    "population_group": ["women", "trans"],
    "sdg_goal": ["6"],
    "disaggregation": [{"dimension": "sex"}],
    "collection_mode": ["participatory_mapping"],
    "initiator_kind": ["community_organisation"],
}
ARABIC: dict[str, Any] = {
    **GREEK,
    "title_translated": {"ar": "نقاط المياه"},
    "notes_translated": {"ar": "أين يجلب الناس الماء."},
    "contact": [{"name": "مكتب المياه", "email": "1@2.34"}],
}


@cache
def _labels() -> frozenset[str]:
    """What schemas and code lists tell people in English: it stands on pages of languages that have no labels."""
    dataset = catalogue_model.load()
    fields = [
        part
        for name in ("dataset", "organization")
        for schema in (catalogue_model.load(name).schema,)
        for field in (*schema.fields, *schema.resource_fields)
        for part in (field, *field.subfields)
    ]
    concepts = [concept for vocabulary in dataset.vocabularies.values() for concept in vocabulary]
    texts = [text for field in fields for text in (field.label, field.help_text)]
    texts += [section.label for section in dataset.schema.sections]
    texts += [vocabulary.titles for vocabulary in dataset.vocabularies.values()]
    texts += [text for concept in concepts for text in (concept.labels, concept.definitions)]
    return frozenset(" ".join(each["en"].split()) for each in texts if "en" in each)


@cache
def _nowhere_in_arabic() -> frozenset[str]:
    """Names of small languages and of formats, which no source has in Arabic."""
    lists = catalogue_model.load().vocabularies
    return frozenset(concept.labels["en"] for name in ("language", "file-type") for concept in lists[name])


def _record(editor: str, organisation: str, **fields: Any) -> None:
    users = [{"name": editor, "capacity": "editor"}]
    factories.Organization(name="27", title=organisation, description="", users=users)
    call("package_create", **{**COMPLETE, **fields, "owner_org": "27", "name": NAME})


def _read(app: Any, language: str, user: str) -> Iterator[tuple[str, str]]:
    """Each page as a visitor or an editor reads it, and the form with every message that a wrong answer gets."""
    headers = {"Authorization": factories.APIToken(user=user)["token"]}
    for address in PAGES:
        yield address, app.get(f"/{language}{address}").body
    for address, code in WRONG.items():
        yield address, app.get(f"/{language}{address}", status=code).body
    for address in FOR_EDITORS:
        yield f"{address} (editor)", app.get(f"/{language}{address}", headers=headers).body
    wrong = {"save": "publish", "owner_org": "27", "contact-0-email": "1", "country": "2", "frequency": "6",
             "temporal_coverage-0-start": "3", "min_typical_age": "4-5", "resources-0-url": "7"}  # fmt: skip
    yield "errors", app.post(f"/{language}/dataset/new", data=wrong, headers=headers).body


@pytest.fixture
def pseudo() -> None:
    """The catalogue of the language that nobody speaks."""
    pseudo_language.write(Path(FOLDER))


@pytest.mark.ckan_config("ckan.i18n_directory", FOLDER)
@pytest.mark.ckan_config("ckan.locales_offered", f"en {LOCALE}")
@pytest.mark.ckan_config("ckan.site_title", "Κατάλογος")
@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestMarked:
    def test_every_text_is_marked_and_translated(self, pseudo: None, site: None, app: Any) -> None:  # noqa: ARG002
        """No word outside of the marked texts but labels; and each marked one has its French and Arabic."""
        user = factories.User(name="1234", fullname="Ελένη")["name"]
        _record(user, "Γραφείο", **GREEK)
        found = {address: said(page) for address, page in _read(app, LOCALE, user)}

        known = (*_labels(), *NAMES)
        unmarked = {address: texts for address, each in found.items() if (texts := latin(each.outside, known))}
        assert unmarked == {}
        used = {marked()[number]: address for address, each in found.items() for number in each.numbers}
        for language in ("fr", "ar"):
            done = translated(language)
            assert {text: address for text, address in used.items() if text not in done} == {}, language


@pytest.mark.ckan_config("ckan.site_title", "السجل")
@pytest.mark.ckan_config("WTF_CSRF_ENABLED", False)
class TestArabic:
    def test_no_word_is_in_latin_letters(self, site: None, app: Any) -> None:  # noqa: ARG002
        """Labels, help, codes, numbers and messages of all pages."""
        user = factories.User(name="1234", fullname="سارة")["name"]
        _record(user, "مكتب المياه", **ARABIC)
        found = {address: said(page).outside for address, page in _read(app, "ar", user)}

        foreign = {
            address: [text for text in each if not ARABIC_LETTER.search(text)] for address, each in found.items()
        }
        known = (*NAMES, *_nowhere_in_arabic())
        assert {address: texts for address, each in foreign.items() if (texts := latin(each, known))} == {}
