"""The shipped model, and packages that hold what the spreadsheet has columns for."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from openpyxl import load_workbook

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.core.mapping import Agent, Model, Subject, fragment_from_package
from ckanext.citizendata.exchange.spreadsheet import spreadsheet_from_packages
from ckanext.citizendata.exchange.template import template
from ckanext.citizendata.local import samples

Edit = Callable[[Any], None]


@pytest.fixture(scope="session")
def model() -> Model:
    return catalogue_model.load()


@pytest.fixture(scope="session")
def sample_packages() -> tuple[Mapping[str, Any], ...]:
    """The sample records without what has no column: their type, and lists that are empty."""
    kept = [{key: value for key, value in record.package.items() if key != "type"} for record in samples.records()]
    return tuple({key: value for key, value in package.items() if value != []} for package in kept)


@pytest.fixture
def package(sample_packages: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    return dict(sample_packages[0])


@pytest.fixture(scope="session")
def empty(model: Model) -> bytes:
    """The empty spreadsheet, made once."""
    return template(model)


@pytest.fixture(scope="session")
def filled(model: Model) -> Callable[..., bytes]:
    """The spreadsheet of packages; of the same ones it is made once."""
    kept: dict[str, bytes] = {}

    def fill(*packages: Mapping[str, Any]) -> bytes:
        name = json.dumps(packages, sort_keys=True)
        if name not in kept:
            kept[name] = spreadsheet_from_packages(model, packages)[0]
        return kept[name]

    return fill


@pytest.fixture
def edited(filled: Callable[..., bytes]) -> Callable[..., bytes]:
    """The spreadsheet of packages after somebody has changed its workbook."""

    def edit(edit: Edit, *packages: Mapping[str, Any]) -> bytes:
        book = load_workbook(io.BytesIO(filled(*packages)))
        edit(book)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    return edit


@pytest.fixture
def ntriples(model: Model, package: Mapping[str, Any]) -> str:
    """A sample record as its feed says it."""
    subject = Subject("https://data.example.org/dataset/1", Agent("https://data.example.org/organization/1", "Office"))
    return fragment_from_package(model.public, package, subject)
