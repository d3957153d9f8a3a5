"""`citizendata spreadsheet`: descriptions that exist already, or none, as the spreadsheet that people fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ckanext.citizendata.command.additions import fields_option, lists_option, model_with, stop
from ckanext.citizendata.core.conformance import package_in_shape
from ckanext.citizendata.core.conformance.wording import printable
from ckanext.citizendata.core.mapping import Model, package_from_fragment
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.exchange.documents import Document, Statements, document_from
from ckanext.citizendata.exchange.errors import Unusable
from ckanext.citizendata.exchange.filling import spreadsheet_from_packages
from ckanext.citizendata.exchange.sources import source_of

__all__ = ["spreadsheet"]


@click.command(short_help="Write the spreadsheet that people fill in.")
@click.argument("files", metavar="[FILE|URL...]", nargs=-1)
@click.option(
    "--output", default="datasets.xlsx", show_default=True, metavar="FILE", help="Where to write it; a new file."
)
@fields_option
@lists_option
def spreadsheet(files: tuple[str, ...], output: str, fields: tuple[str, ...], lists: tuple[str, ...]) -> None:
    """Write the spreadsheet with a row for each dataset that files or web pages describe; without a file, empty.

    Read is what `validate` reads. What no cell can hold is named and left out. The exit code is 0, or 2 for what can't
    be read or written; a file that is there already isn't replaced.
    """
    try:
        model = model_with(fields, lists)
        documents = [document_from(model, source_of(file)) for file in files]
        packages = [package for document in documents for package in _packages(model, document)]
        content, problems = spreadsheet_from_packages(model, packages)
        _write(Path(output), content)
    except Unusable as error:
        stop(str(error))
    _tell([problem for document in documents for problem in document.problems])
    _tell(problems)
    click.echo(f"{output} written; datasets in it: {len(packages)}.")


def _packages(model: Model, document: Document) -> Iterator[Mapping[str, Any]]:
    """The records of a document as packages; of one in RDF what the fields have room for."""
    for record in document.records:
        if isinstance(record, Statements):
            yield package_from_fragment(model.public, record.iri, record.ntriples).package
        else:
            package = package_in_shape(model, record.package)
            name = package.get("name")
            # All sheets refer to a dataset by its name, which therefore is never left out of a cell.
            yield package | {"name": printable(name)} if isinstance(name, str) else package


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Unusable(f"There is a file {path} already; give another name with --output") from error
    except OSError as error:
        raise Unusable(f"{path} can't be written: {error.strerror}") from error


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(printable(f"{problem.message} {problem.advice}".rstrip()), err=True)
