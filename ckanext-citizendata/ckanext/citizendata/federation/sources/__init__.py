"""The kinds of catalogue that can be harvested: each gives pages of RDF, from which on all is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.federation.answer import Getter
from ckanext.citizendata.federation.feed_state import FeedStates
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.pages import pages
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import CITIZENDATA, CKAN, DCAT, Member
from ckanext.citizendata.federation.sources.ckan_api import CkanApi
from ckanext.citizendata.federation.sources.signed_feed import SignedFeed

__all__ = ["KINDS", "Source", "Sources", "sources"]

# Every page of a member's catalogue, in its order; raises as `pages.pages` does for one that can't be read. It is
# called where the tables are, and what it gives is gone through elsewhere.
Source = Callable[[Getter, Parser, Member], Iterator[Page]]
Sources = Mapping[str, Source]

# What people call each kind.
KINDS: Mapping[str, str] = MappingProxyType({DCAT: "DCAT in RDF", CKAN: "CKAN's API", CITIZENDATA: "its signed feed"})


def sources(model: Model, states: FeedStates) -> Sources:
    """The source of each kind; `model` says what our fields are, where a kind isn't in RDF itself."""
    return MappingProxyType({DCAT: pages, CKAN: CkanApi(model).pages, CITIZENDATA: SignedFeed(states).pages})
