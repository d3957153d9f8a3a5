"""What templates call; each name begins with `citizendata_`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.citizendata import config
from ckanext.citizendata.config import contact as citizendata_contact
from ckanext.citizendata.config import largest_file as citizendata_largest_file
from ckanext.citizendata.config import own_look as citizendata_own_frame
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.logic import reading, site_model
from ckanext.citizendata.logic.feeds.sitemap import sitemap_address as citizendata_sitemap
from ckanext.citizendata.logic.feeds.structured_data import croissant as citizendata_croissant
from ckanext.citizendata.logic.feeds.structured_data import structured_data as citizendata_structured_data
from ckanext.citizendata.logic.finding.search_feed import search_feed as citizendata_search_feed
from ckanext.citizendata.logic.finding.search_period import asked_years as citizendata_asked_years
from ckanext.citizendata.logic.finding.search_shown import choices as citizendata_facet_choices
from ckanext.citizendata.logic.finding.search_shown import pills as citizendata_pills
from ckanext.citizendata.logic.finding.search_shown import remembered as citizendata_remembered
from ckanext.citizendata.logic.finding.search_shown import table_address as citizendata_table
from ckanext.citizendata.logic.finding.searching import near_of_this_page as citizendata_near
from ckanext.citizendata.logic.forms import form_choices, form_layout
from ckanext.citizendata.logic.forms.dataset_form import keywords_as_typed as citizendata_keywords_as_typed
from ckanext.citizendata.logic.forms.form_faults import faults_of as citizendata_faults
from ckanext.citizendata.logic.forms.form_faults import wrong_field as citizendata_wrong
from ckanext.citizendata.logic.forms.form_faults import wrong_part as citizendata_wrong_part
from ckanext.citizendata.logic.forms.next_steps import next_steps as citizendata_next_steps
from ckanext.citizendata.logic.forms.quick_record import audience_effects as citizendata_audience_effects
from ckanext.citizendata.logic.forms.second_look import second_look as citizendata_second_look
from ckanext.citizendata.logic.forms.typed_codes import is_typed
from ckanext.citizendata.logic.harvesting.mailing import is_on as citizendata_sends_mail
from ckanext.citizendata.logic.joining.accounts import may_ask as citizendata_may_ask_for_account
from ckanext.citizendata.logic.joining.accounts import organisations as citizendata_organisations
from ckanext.citizendata.logic.joining.accounts import requests_number as citizendata_requests_number
from ckanext.citizendata.logic.official import may_decide as citizendata_may_answer_for_office
from ckanext.citizendata.logic.pages import standing
from ckanext.citizendata.logic.pages.dataset_page import dataset_page as citizendata_dataset_page
from ckanext.citizendata.logic.pages.error_page import error_page as citizendata_error_page
from ckanext.citizendata.logic.pages.front import communities as citizendata_communities
from ckanext.citizendata.logic.pages.front import latest as citizendata_latest
from ckanext.citizendata.logic.pages.own_look import own_look as citizendata_own_look
from ckanext.citizendata.logic.pages.participation import engagement_profile as citizendata_engagement_profile
from ckanext.citizendata.logic.pages.participation import participation as citizendata_participation
from ckanext.citizendata.logic.reading import extract as citizendata_extract
from ckanext.citizendata.logic.reading import reader_language, site_fallbacks

__all__ = [
    "citizendata_address",
    "citizendata_answered",
    "citizendata_asked_years",
    "citizendata_audience_effects",
    "citizendata_choices",
    "citizendata_closed_fields",
    "citizendata_communities",
    "citizendata_contact",
    "citizendata_croissant",
    "citizendata_dataset_page",
    "citizendata_date",
    "citizendata_engagement_profile",
    "citizendata_error_page",
    "citizendata_extract",
    "citizendata_facet_choices",
    "citizendata_faults",
    "citizendata_form_layout",
    "citizendata_invented_example",
    "citizendata_is_answered",
    "citizendata_is_ours",
    "citizendata_is_typed",
    "citizendata_is_web_address",
    "citizendata_keywords",
    "citizendata_keywords_as_typed",
    "citizendata_label",
    "citizendata_language_name",
    "citizendata_largest_file",
    "citizendata_latest",
    "citizendata_may_answer_for_office",
    "citizendata_may_ask_for_account",
    "citizendata_may_restore",
    "citizendata_may_withdraw",
    "citizendata_money",
    "citizendata_near",
    "citizendata_next_steps",
    "citizendata_number",
    "citizendata_organisation_schema",
    "citizendata_own_frame",
    "citizendata_own_look",
    "citizendata_participation",
    "citizendata_organisations",
    "citizendata_period",
    "citizendata_pills",
    "citizendata_point",
    "citizendata_remembered",
    "citizendata_requests_number",
    "citizendata_resource_fields",
    "citizendata_schema",
    "citizendata_search_feed",
    "citizendata_second_look",
    "citizendata_sends_mail",
    "citizendata_sitemap",
    "citizendata_standing",
    "citizendata_structured_data",
    "citizendata_table",
    "citizendata_text",
    "citizendata_text_languages",
    "citizendata_typed_lists",
    "citizendata_typed_words",
    "citizendata_wrong",
    "citizendata_wrong_part",
]

# The field of a file that says how large it is.
BYTES = "size"


def _vocabulary(name: str) -> Vocabulary:
    return site_model.vocabulary(name)


def citizendata_schema(dataset_type: str) -> Mapping[str, Any] | None:
    """The scheming schema of a dataset type; None where there is none."""
    return tk.h.scheming_get_dataset_schema(dataset_type)


def citizendata_is_ours(dataset_type: str | None) -> bool:
    """Whether our pages serve this dataset type."""
    return form_layout.is_ours(citizendata_schema(dataset_type or "dataset"))


def citizendata_form_layout(dataset_type: str) -> form_layout.FormLayout:
    """The questions of the form in the order in which they are asked."""
    return form_layout.form_layout(tk.h.scheming_get_dataset_schema(dataset_type))


def citizendata_resource_fields(dataset_type: str) -> Sequence[Mapping[str, Any]]:
    """The fields of a file that a person fills in."""
    fields = tk.h.scheming_get_dataset_schema(dataset_type)["resource_fields"]
    return [field for field in fields if field.get("form_snippet", "") is not None]


def citizendata_organisation_schema(organisation_type: str | None) -> Mapping[str, Any] | None:
    """The scheming schema of an organisation's profile; None where there is none."""
    return tk.h.scheming_get_organization_schema(organisation_type or "organization")


def citizendata_closed_fields(schema_name: str) -> frozenset[str]:
    """The names of the fields of datasets (`dataset`) or organisations (`organization`) that no stranger is told."""
    return frozenset(field.name for field in site_model.model(schema_name).schema.fields if field.closed)


def citizendata_answered(fields: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> int:
    """How many of these questions somebody answered."""
    return form_layout.answered(fields, data)


def citizendata_is_answered(field: Mapping[str, Any], value: object) -> bool:
    """Whether the value says more than that nobody knows."""
    return form_layout.is_answered(field, value)


def citizendata_choices(field: Mapping[str, Any], chosen: Sequence[str] | str = ()) -> list[dict[str, Any]]:
    """The codes of a field's vocabulary with labels in the reader's language; chosen ones also when out of use.

    That nobody knows is told in the words of whoever is asked.
    """
    codes = [chosen] if isinstance(chosen, str) else chosen
    found = form_choices.choices(_vocabulary(field["vocabulary"]), reader_language(), codes)
    return [each | {"label": tk._("Don't know")} if each["value"] == "unknown" else each for each in found]


def citizendata_typed_words(field: Mapping[str, Any], codes: Sequence[str] | str | None) -> list[str]:
    """What stands in the boxes of a field whose codes are asked for as words."""
    chosen = [codes] if isinstance(codes, str) and codes else codes or ()
    return form_choices.typed_words(_vocabulary(field["vocabulary"]), chosen, reader_language())


def citizendata_typed_lists(schema: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """The labels to offer for each list that the form of a scheming schema asks for as words."""
    lists = form_layout.typed_lists(schema, site_model.model().vocabularies)
    return {each.name: form_choices.labels_in_order(each, reader_language()) for each in lists}


def citizendata_is_typed(field: Mapping[str, Any]) -> bool:
    """Whether the form asks for this field's codes as words."""
    return is_typed(_vocabulary(field["vocabulary"]))


def citizendata_is_web_address(value: object) -> bool:
    """Whether a page may link to it: what comes from a feed may hold a script."""
    return str(value or "").lower().startswith(("http://", "https://", "ftp://", "ftps://"))


def citizendata_label(name: str, code: str) -> reading.Text:
    """A code of a vocabulary in the reader's language, with the language that it is really in."""
    text, language = _vocabulary(name).label_and_language(str(code), reader_language())
    return reading.labelled(text, language, reader_language())


def citizendata_text(value: object) -> reading.Text | None:
    """A text in the reader's language, else in the site's, else in English, else in the first there is."""
    return reading.readable_text(value, reader_language(), site_fallbacks())


def citizendata_keywords(value: object) -> list[reading.Text]:
    """The keywords in the reader's language, else as `citizendata_text`."""
    return reading.readable_words(value, reader_language(), site_fallbacks())


def citizendata_text_languages(value: object) -> list[str]:
    """The languages to offer for a text: the reader's first, then the option's, then those already written in."""
    reader = reader_language()
    written = [str(tag) for tag in value] if isinstance(value, Mapping) else []
    offered = config.text_languages()
    own = [tag for tag in (*written, *offered) if tag.lower() == reader.lower()] or [reader.split("-")[0]]
    return list(dict.fromkeys((own[0], *offered, *written)))


def citizendata_language_name(tag: str) -> str:
    """The name of a language in the reader's language."""
    return reading.language_name(tag, reader_language())


def citizendata_period(period: Mapping[str, Any]) -> str:
    """A reference period in the reader's words."""
    return reading.period_text(period, reader_language(), tk._("Since {date}"), tk._("Until {date}"))


def citizendata_date(stated: object) -> str:
    """A day, month or year in the reader's words."""
    return reading.date_text(str(stated), reader_language())


def citizendata_number(value: object, name: str = "") -> str:
    """A number in the reader's figures, with what it counts by the name of its field."""
    number = reading.number_text(value, name, reader_language())
    # CLDR has no word for bytes in Arabic.
    return tk._("{number} bytes").format(number=number) if name == BYTES else number


def citizendata_money(value: object, currency: str | None) -> str:
    """An amount with its currency."""
    return reading.money_text(value, currency or "", reader_language())


def citizendata_address(address: object) -> str:
    """A web address as people say it."""
    return reading.address_text(str(address))


def citizendata_point(geometry: object) -> str:
    """Latitude and longitude of a point; empty for another shape."""
    return reading.point_text(str(geometry), reader_language())


def citizendata_standing(package: Mapping[str, Any]) -> standing.Standing:
    """Whose the record is, who may see it, and whether it was withdrawn."""
    return standing.standing(package)


def citizendata_may_withdraw(package: Mapping[str, Any]) -> bool:
    """Whether the reader may withdraw this record."""
    return standing.may_withdraw(package)


def citizendata_may_restore(package: Mapping[str, Any]) -> bool:
    """Whether the reader may bring this record back."""
    return standing.may_restore(package)


def citizendata_invented_example() -> bool:
    """Whether every page says that the records are invented."""
    return config.invented_example()
