"""One sheet of paper about a dataset, with a code that leads a telephone back to its page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import segno
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.citizendata.logic.pages.dataset_page import dataset_page
from ckanext.citizendata.views.readable import readable_package

__all__ = ["sheet"]

sheet = Blueprint("citizendata_sheet", __name__, url_prefix="/dataset")


@sheet.get("/<id>/sheet")
def show(id: str) -> ResponseReturnValue:
    """The sheet as a page without anything but the record; whoever may read its page may read this."""
    package = readable_package(id)
    page = dataset_page(package)
    return tk.render("citizendata/sheet.html", {"pkg_dict": package, "dataset_page": page, "code": _code(page.address)})


def _code(address: str) -> str:
    """A QR code as SVG, black on white in any colours of the page, with the quiet edge that readers need."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="cd-qr", lineclass=None)
