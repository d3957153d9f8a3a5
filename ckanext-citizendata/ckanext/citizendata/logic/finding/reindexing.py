"""Brings one dataset into the search index as the database has it, by CKAN's own way."""

from __future__ import annotations

import logging

from ckan import model
from ckan.lib import search
from ckan.lib.search.common import SearchError, SolrConnectionError
from ckan.logic import index_update_package
from rq.timeouts import JobTimeoutException

from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.logic.contexts import the_site
from ckanext.citizendata.logic.finding.index_contents import take_out
from ckanext.citizendata.logic.finding.index_held import held
from ckanext.citizendata.logic.finding.index_truth import stored
from ckanext.citizendata.model import unindexed

__all__ = ["LOST", "reindexed"]

log = logging.getLogger(__name__)

LOST = "the search engine of this registry doesn't answer"
FAILS = (SearchError, search.SearchIndexError, SolrConnectionError)


def reindexed(package_id: str) -> bool:
    """Whether the index has the dataset now; one that can't be indexed is noted behind the others that wait.

    Ends the transaction of the session. Raises `RegistryUnavailable`.
    """
    try:
        _index(package_id)
    except JobTimeoutException:
        raise
    except Exception as error:
        # The one catch a record: whatever is wrong with it, the others must not wait.
        model.Session.rollback()
        if isinstance(error, FAILS) and not search.is_available():
            raise RegistryUnavailable(LOST) from error
        log.exception("The package %s can't be indexed; it is tried again", package_id)
        unindexed.note([package_id])
        model.Session.commit()
        return False
    return True


def _index(package_id: str) -> None:
    # What the session knows may be older than what the database has.
    model.Session.expire_all()
    held([package_id])
    if stored([package_id]):
        index_update_package(the_site(), package_id)
    else:
        take_out([package_id])
    unindexed.forget([package_id])
    model.Session.commit()
