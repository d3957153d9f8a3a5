"""The addresses at which the files of feeds are, and what each of them asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ckanext.citizendata.core.audience import EVERYONE
from ckanext.citizendata.feeds.face import Face, face_from_suffix
from ckanext.citizendata.feeds.store import FEED_NAME, is_page_id

__all__ = [
    "BELOW",
    "DUMPS",
    "EVERYONE",
    "Asked",
    "CatalogueAsked",
    "DumpAsked",
    "ManifestAsked",
    "NothingAsked",
    "PageAsked",
    "SnapshotAsked",
    "asked_by",
    "catalogue_asked",
    "feed_address",
    "snapshot_address",
]

# What all addresses of files have.
BELOW = ("/feed/", "/snapshot/")
# Endings of dumps; each is packed.
DUMPS = ("nt", "nq", "ttl", "jsonld", "csv")
FEED = re.compile(r"/feed/(?P<feed>[^/]+)/(?P<rest>(?:manifest(?:\.json)?\Z|pages/|dump\.).*)", re.DOTALL)
SNAPSHOT = re.compile(r"/snapshot/(?P<rest>.*)", re.DOTALL)
NUMBER = re.compile(r"[0-9]{1,9}")
# Parameters of the catalogue that only the tables can answer.
OF_TABLES = ("q", "fq", "modified_since", "conforms", "order")
PLACE = re.compile(r"([0-9]{1,18})/([0-9]{1,9})\.([0-9a-z]+)")


@dataclass(frozen=True, slots=True)
class ManifestAsked:
    """The manifest of a feed: signed, or with `suffix` "json" what it says."""

    feed: str
    suffix: str


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A page of a feed by its hash."""

    feed: str
    name: str


@dataclass(frozen=True, slots=True)
class DumpAsked:
    """All of a feed in one file."""

    feed: str
    suffix: str


@dataclass(frozen=True, slots=True)
class SnapshotAsked:
    """The n-th page of a snapshot for everyone, in a face."""

    sequence: int
    number: int
    face: Face


@dataclass(frozen=True, slots=True)
class NothingAsked:
    """An address among ours at which there never is anything, and why. `feed` is "" where it names none."""

    feed: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CatalogueAsked:
    """The n-th page of the catalogue as it is now."""

    number: int
    face: Face


Asked = ManifestAsked | PageAsked | DumpAsked | SnapshotAsked | NothingAsked


def asked_by(path: str) -> Asked | None:
    """What a path without language asks for; None for one that isn't ours. No path leads out of the folder of feeds."""
    found = FEED.fullmatch(path)
    if found:
        return _of_feed(found["feed"], found["rest"])
    found = SNAPSHOT.fullmatch(path)
    return _of_snapshot(found["rest"]) if found else None


def catalogue_asked(path: str, pattern: str, query: Mapping[str, Sequence[str]], profile: str) -> CatalogueAsked | None:
    """The page of the catalogue that is asked for, None where it is none, or one that depends on more than its number.

    :param pattern: the path of the catalogue, with `{_format}` for the ending.
    :param query: the parameters, without empty ones.
    """
    before, _, after = pattern.partition("{_format}")
    face = face_from_suffix(path[len(before) : len(path) - len(after)])
    if face is None or not path.startswith(before) or not path.endswith(after):
        return None
    if any(name in query for name in OF_TABLES) or {*query.get("profiles", ())} - {profile}:
        return None
    number = query.get("page", ["1"])[0]
    return CatalogueAsked(int(number), face) if NUMBER.fullmatch(number) and int(number) else None


def feed_address(site: str, feed: str, rest: str) -> str:
    """The address of a file of a feed, such as `manifest`."""
    return f"{site}/feed/{feed}/{rest}"


def snapshot_address(site: str, sequence: int, number: int, suffix: str) -> str:
    """The address of a page of a snapshot."""
    return f"{site}/snapshot/{sequence}/{number}.{suffix}"


def _of_feed(feed: str, rest: str) -> Asked:
    if not FEED_NAME.fullmatch(feed):
        return NothingAsked("", "There is no feed of this name.")
    if rest.startswith("manifest"):
        return ManifestAsked(feed, rest.removeprefix("manifest").removeprefix("."))
    if rest.startswith("pages/"):
        name = rest.removeprefix("pages/").removesuffix(".nq")
        if is_page_id(name) and rest.endswith(".nq"):
            return PageAsked(feed, name)
        return NothingAsked(
            feed, "A page is named by the 64 hex digits of its SHA-256 and .nq, as the manifest lists it."
        )
    suffix = rest.removeprefix("dump.").removesuffix(".gz")
    if suffix in DUMPS and rest.endswith(".gz"):
        return DumpAsked(feed, suffix)
    return NothingAsked(feed, f"There is no such dump; there are {', '.join(f'dump.{each}.gz' for each in DUMPS)}.")


def _of_snapshot(rest: str) -> Asked:
    found = PLACE.fullmatch(rest)
    face = face_from_suffix(found[3]) if found else None
    if found is None or face is None:
        return NothingAsked("", "A page of a snapshot is at /snapshot/<number>/<page>.ttl, or .rdf, .jsonld or .nt.")
    return SnapshotAsked(int(found[1]), int(found[2]), face)
