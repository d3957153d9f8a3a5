"""The pages of the two forms, the quick one and the whole one: what they read of a request and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import ckan.plugins.toolkit as tk
from flask import request

from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.forms.dataset_form import FormShape, package_from_form
from ckanext.citizendata.logic.forms.form_edits import seen_of
from ckanext.citizendata.logic.forms.form_layout import form_layout, form_shape
from ckanext.citizendata.logic.forms.form_once import new_form_id
from ckanext.citizendata.logic.forms.quick_record import quick_shape
from ckanext.citizendata.logic.harvesting import mailing

__all__ = ["DRAFT", "FULL", "QUICK", "Form", "Posted", "Said", "shown"]

DRAFT = "draft"


@dataclass(frozen=True)
class Form:
    """One of the two forms for a type of dataset; `new` and `edit` are the endpoints of its pages."""

    template: str
    new: str
    edit: str
    is_quick: bool
    package_type: str = "dataset"

    @property
    def shape(self) -> FormShape:
        """How the answers of this form arrive."""
        schema = tk.h.scheming_get_dataset_schema(self.package_type)
        whole = form_shape(schema, site_model.model().vocabularies)
        return quick_shape(whole, form_layout(schema)) if self.is_quick else whole

    @property
    def names(self) -> Sequence[str]:
        """The questions that two people may answer at a time; files are only added here."""
        shape = self.shape
        return tuple(name for name in (*shape.fields, *shape.rows) if name != "resources")

    def of_type(self, package_type: str) -> Form:
        """The same form for another type of dataset."""
        return replace(self, package_type=package_type)


QUICK = Form("citizendata/quick/page.html", "citizendata_quick.new", "citizendata_quick.edit", is_quick=True)
FULL = Form("citizendata/form/page.html", "citizendata_form.new", "citizendata_form.edit", is_quick=False)


@dataclass(frozen=True)
class Posted:
    """What somebody sent: `wish` is publish, check, draft or keep, `section` where she was in the form."""

    package: dict[str, Any]
    wish: str
    section: str
    form_id: str
    seen: str

    @classmethod
    def of(cls, form: Form) -> Posted:
        """The answers of this request."""
        wish, _, section = request.form.get("save", "publish").partition(":")
        package = package_from_form(request.form, form.shape)
        return cls(package, wish, section, request.form.get("form_id", ""), request.form.get("seen", ""))


@dataclass(frozen=True)
class Said:
    """What a page says above the questions.

    `notice` names a text of the template, `words` are its own; `conflicts` are fields that two people answered, with
    `stored` as the other one left them and `seen` as a form remembers that.
    """

    notice: str = ""
    words: str = ""
    errors: Mapping[str, Any] = field(default_factory=dict)
    conflicts: Sequence[str] = ()
    stored: Mapping[str, Any] = field(default_factory=dict)
    seen: str = ""


NOTHING = Said()


def shown(form: Form, package: Mapping[str, Any], said: Said = NOTHING, posted: Posted | None = None) -> str:
    """The form with a package in it: as stored, or as somebody typed it (`posted`)."""
    began = posted.seen if posted else seen_of(package, form.names)
    variables = {
        "data": package,
        "errors": said.errors,
        "dataset_type": form.package_type,
        "pkg_dict": package if package.get("id") else None,
        "said": said,
        "typed": posted is not None,
        "pressed": f"{posted.wish}:{posted.section}" if posted else "keep",
        "by_mail": mailing.is_on(),
        "form_id": posted.form_id if posted and posted.form_id else new_form_id(),
        "seen": said.seen or began,
        "reader": _reader(),
        "open_section": posted.section if posted else request.args.get("open", ""),
    }
    return tk.render(form.template, extra_vars=variables)


def _reader() -> str:
    """Whose copy in the browser it is, without telling her name to whoever looks there."""
    if not tk.current_user.is_authenticated:
        return "visitor"
    return sha256(f"{tk.config['ckan.site_id']} {tk.current_user.id}".encode()).hexdigest()[:12]
