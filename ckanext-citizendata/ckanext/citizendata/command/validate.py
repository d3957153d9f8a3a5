"""`citizendata validate`: what is wrong in files that describe datasets."""

from __future__ import annotations

import gettext
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.command.additions import (
    CLEAN,
    UNUSABLE,
    WRONG,
    fields_option,
    lists_option,
    model_with,
    stop,
)
from ckanext.citizendata.core.conformance import Wording
from ckanext.citizendata.core.conformance.wording import printable
from ckanext.citizendata.core.lexical import is_language_tag
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.vocabulary import language_chain
from ckanext.citizendata.exchange.checking import Checker
from ckanext.citizendata.exchange.documents import document_from
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.report import FileReport, json_line, lines
from ckanext.citizendata.exchange.shacl import Shapes, shapes_from
from ckanext.citizendata.exchange.sources import source_of
from ckanext.citizendata.faces.shacl import shapes_turtle

__all__ = ["validate"]

DOMAIN = "ckanext-citizendata"
TRANSLATIONS = Path(__file__).parents[1] / "i18n"
# Seconds between two lines about how far it is.
PATIENCE = 2.0


@click.command(short_help="Check the descriptions in a file.")
@click.argument("files", metavar="FILE|URL...", nargs=-1, required=True)
@click.option("--shacl", is_flag=True, help="Check with SHACL shapes too; needs pyshacl.")
@click.option("--shapes", multiple=True, metavar="FILE", help="Further SHACL shapes; implies --shacl.")
@click.option("--json", "as_json", is_flag=True, help="Write one line of JSON a file, for programs.")
@click.option(
    "--language", default="en", show_default=True, metavar="TAG", help="Language of the messages: fr, es, ar."
)
@fields_option
@lists_option
def validate(files: tuple[str, ...], as_json: bool, **wishes: Any) -> None:
    """Check the datasets that files or web pages describe.

    Read are Turtle, RDF/XML, JSON-LD, N-Triples, N-Quads, TriG, JSON of CKAN, and the spreadsheet that people fill in.
    The exit code is 0 without errors, 1 with errors, 2 for what can't be read.
    """
    try:
        checker = _checker(**wishes)
    except Unusable as error:
        stop(str(error))
    sys.exit(max([_checked(checker, file, as_json) for file in files]))


def _checker(shacl: bool, shapes: Sequence[str], language: str, fields: Sequence[str], lists: Sequence[str]) -> Checker:
    wording = _wording(language)
    model = model_with(fields, lists)
    today = datetime.now(timezone.utc).date().isoformat()
    own = _shapes(model, shapes) if shacl or shapes else None
    return Checker(model, catalogue_model.profile(), wording, today, own)


def _shapes(model: Model, files: Sequence[str]) -> Shapes:
    """The shapes of the model at hand, which knows more than what is shipped, with those of the files."""
    return shapes_from(shapes_turtle(model.public, catalogue_model.profile()), files)


def _wording(language: str) -> Wording:
    if not is_language_tag(language):
        raise Unusable(f"“{language}” is no language; write its tag, as in fr, es or ar")
    tags = [tag.replace("-", "_") for tag in language_chain(language)]
    texts = gettext.translation(DOMAIN, TRANSLATIONS, languages=tags, fallback=True)
    return Wording(language, texts.gettext)


def _checked(checker: Checker, file: str, as_json: bool) -> int:
    """Checks one file and says what became of it; the exit code."""
    try:
        document = document_from(checker.model, source_of(file))
    except Unusable as error:
        if as_json:
            click.echo(printable(json.dumps({"file": file, "error": str(error)}, ensure_ascii=False)))
        click.echo(printable(f"Error: {error}"), err=True)
        return UNUSABLE
    report = FileReport(file, document.kind, document.problems)
    said = time.monotonic()
    for number, record in enumerate(document.records, 1):
        report.records.append(checker.check(record))
        if time.monotonic() - said > PATIENCE:
            said = time.monotonic()
            click.echo(f"{file}: {number} of {len(document.records)} datasets checked", err=True)
    click.echo(printable(json_line(report) if as_json else "\n".join(lines(report, checker.wording))))
    return WRONG if report.count("error") else CLEAN
