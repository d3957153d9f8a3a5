"""The invented sample records of the demo and the tests, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

__all__ = ["SampleOrganization", "SampleRecord", "organizations", "records"]


@dataclass(frozen=True)
class SampleOrganization:
    """One invented organisation: `title` is text by language, `kind` a code of organisation-kind."""

    name: str
    site: str
    title: dict[str, str]
    kind: str
    country: str
    description: str


@dataclass(frozen=True)
class SampleRecord:
    """One invented record: `package` is what the site's form or API takes, without `owner_org`."""

    site: str
    organization: str
    package: dict[str, Any]


def organizations() -> tuple[SampleOrganization, ...]:
    """All invented organisations, in the order of the file."""
    text = files(__name__).joinpath("organizations.yaml").read_text(encoding="utf-8")
    return tuple(SampleOrganization(**entry) for entry in yaml.safe_load(text))


def records() -> tuple[SampleRecord, ...]:
    """All invented records, ordered by name."""
    folder = files(__name__).joinpath("records")
    texts = {
        entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")
    }
    return tuple(SampleRecord(**yaml.safe_load(texts[name])) for name in sorted(texts))
