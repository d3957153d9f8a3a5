"""The files of feeds, before Flask: no session, no user, no page of CKAN stands between them and their reader."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from ckan.lib.i18n import get_locales_from_config

from ckanext.citizendata import config
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.feeds.addresses import (
    BELOW,
    EVERYONE,
    Asked,
    CatalogueAsked,
    SnapshotAsked,
    asked_by,
    catalogue_asked,
)
from ckanext.citizendata.feeds.delivery import Delivery, Site
from ckanext.citizendata.feeds.kept_faces import KeptFaces
from ckanext.citizendata.feeds.sending import ALLOWED, EXPOSED, OPEN, Refusal, Reply, refused, reply_to
from ckanext.citizendata.logic.feeds.catalogue_head import catalogue_path, site_address
from ckanext.citizendata.logic.feeds.catalogue_rdf import PROFILE
from ckanext.citizendata.logic.feeds.feed_readers import refused_reader
from ckanext.citizendata.logic.finding.other_types import OtherTypes

__all__ = ["FeedFiles"]

log = logging.getLogger(__name__)

METHODS = ("GET", "HEAD")
PREFLIGHT = (
    OPEN,
    EXPOSED,
    ("Access-Control-Allow-Methods", ALLOWED),
    ("Access-Control-Allow-Headers", "If-Modified-Since, If-None-Match, If-Range, Range"),
    ("Access-Control-Max-Age", "86400"),
)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FeedFiles:
    """An application that answers for the files of feeds, and leaves all else to CKAN."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._delivery = Delivery(KeptFaces(_note))
        self._others = OtherTypes()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = _asked(environ)
        site = _site() if asked else None
        reply = self._reply(environ, site, asked) if asked and site else None
        if reply is None:
            return self._application(environ, start_response)
        start_response(reply.line, reply.headers)
        return reply.body

    def _reply(self, environ: dict[str, Any], site: Site, asked: Asked | CatalogueAsked) -> Reply | None:
        if isinstance(asked, CatalogueAsked):
            return self._catalogue(environ, site, asked)
        feed = EVERYONE if isinstance(asked, SnapshotAsked) else asked.feed or EVERYONE
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return Reply(204, [("Allow", ALLOWED), *(PREFLIGHT if feed == EVERYONE else ())], [])
        if method not in METHODS:
            return refused(Refusal(405, "These files can only be read.", (), {"Allow": ALLOWED}), environ)
        no_reader = refused_reader(feed, environ.get("HTTP_AUTHORIZATION", ""))
        return refused(no_reader, environ) if no_reader else self._given(environ, site, asked)

    def _given(self, environ: dict[str, Any], site: Site, asked: Asked) -> Reply:
        found = self._delivery.given(site, asked)
        if isinstance(found, Refusal):
            return refused(found, environ)
        try:
            return reply_to(environ, found)
        except FileNotFoundError:
            return refused(Refusal(410, "This was taken back just now; read the manifest again."), environ)

    def _catalogue(self, environ: dict[str, Any], site: Site, asked: CatalogueAsked) -> Reply | None:
        """The way into the current snapshot; None for what the tables have to answer."""
        if environ["REQUEST_METHOD"] not in METHODS or self._others.are_there():
            return None
        found = self._delivery.current(site, asked)
        return refused(found, environ) if found else None


def _asked(environ: dict[str, Any]) -> Asked | CatalogueAsked | None:
    """What a request asks for; of all requests to a site, only few come to the second line."""
    path, catalogue = environ.get("PATH_INFO", ""), catalogue_path()
    if not any(each in path for each in (*BELOW, catalogue.partition("{")[0])):
        return None
    path = _without_language(path)
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return catalogue_asked(path, catalogue, query, PROFILE) or asked_by(path)


def _site() -> Site | None:
    folder = config.feed_folder()
    return Site(folder, site_address(), f"{config.base_iri()}/catalog", config.metadata_licence()) if folder else None


def _without_language(path: str) -> str:
    """The path as CKAN knows it: `/fr/feed/…` is `/feed/…`."""
    first, slash, rest = path[1:].partition("/")
    return f"/{rest}" if slash and f"/{first}/" not in BELOW and first in get_locales_from_config() else path


def _note(problem: Problem) -> None:
    log.error("Left out of the catalogue: %s", problem.message)
