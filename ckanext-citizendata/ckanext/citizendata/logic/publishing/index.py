"""Brings documents into the search index beside the work on the next batch, and takes out of it what is hidden.

What becomes less public goes to the index before the database commits, what becomes more public after it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any

import ckan.plugins.toolkit as tk
import requests
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from pysolr import Solr, SolrError
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from ckanext.citizendata import config as options
from ckanext.citizendata.federation.errors import RegistryUnavailable
from ckanext.citizendata.federation.retry import PASSING_STATUS
from ckanext.citizendata.logic.finding.index_held import held
from ckanext.citizendata.model import unindexed

__all__ = ["Document", "IndexWriter", "patience_of"]

# What CKAN's own index would send to Solr for one dataset.
Document = Mapping[str, Any]

# So many batches wait for the search engine at most, the one that it is busy with among them.
QUEUED = 2
# Solr makes what was added visible by itself within this time.
VISIBLE_MILLISECONDS = 5000
# Enough of a document for CKAN to find the dataset by its name and place, to know who may see it, and to show it.
NEEDED = (
    "index_id", "id", "site_id", "entity_type", "dataset_type", "type", "name", "title", "state", "private", "capacity",
    "permission_labels", "organization", "owner_org", "metadata_created", "metadata_modified", "data_dict",
    "validated_data_dict",
)  # fmt: skip
# What CKAN takes out of its index instead of bringing it in.
DELETED = (None, model.State.DELETED)
STATUS = re.compile(r"\(HTTP (\d{3})\)")
REFUSED = (400, 413)
LOST = "the search engine of this registry doesn't answer"


class IndexWriter:
    """A context manager for one run; its methods are for the thread that made it.

    Who shows a document has noted its package in `unindexed`, in the transaction that wrote the rows; that note goes
    when Solr has the document. Each method raises `RegistryUnavailable` where Solr is lost; what it didn't get by then
    stays noted.
    """

    def __init__(self, patience: Retry | None = None) -> None:
        patience = patience or patience_of(options.search_patience_seconds())
        self._deletes = bool(tk.config.get("ckan.search.remove_deleted_packages"))
        # A connection for each thread.
        self._shown, self._hidden = _connection(patience), _connection(patience)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="citizendata-index")
        self._pending: deque[Future[list[str]]] = deque()
        self._refused: list[str] = []
        self._is_lost = False
        self._is_new = False

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)
        if self._is_new and not self._is_lost:
            # A run that ended early doesn't settle; what it published is found all the same.
            with suppress(RegistryUnavailable):
                _said(self._hidden.commit)

    def show(self, documents: Sequence[Document]) -> None:
        """Bring documents before readers; call it after the commit. Comes back at once, or when the queue has room."""
        self._pending.append(self._pool.submit(self._index, list(documents)))
        self._wait(QUEUED)

    def hide(self, documents: Sequence[Document]) -> None:
        """Replace documents by less public ones; call it before the commit, while the records are held.

        Comes back when no search finds the former ones any more. Who then fails to commit must note the packages in
        `unindexed`, so that the index shows again what the database still calls public.
        """
        refused = self._sent(self._hidden, documents, commit=True)
        self._refused += [each["id"] for each in refused]
        still = [each for each in refused if not self._sent_bare(self._hidden, each, commit=True)]
        if still:
            _delete(self._hidden, still, commit=True)
            unindexed.note([each["id"] for each in still])

    def settle(self) -> Sequence[str]:
        """The ids of the datasets whose document was refused since the last time, when search finds all that was shown.

        Such a dataset is found by its name and title alone, or by nothing where even that was refused.
        """
        self._wait(0)
        if self._is_new:
            _said(self._hidden.commit)
            self._is_new = False
        refused, self._refused = self._refused, []
        return refused

    def _wait(self, most: int) -> None:
        """Come back when no more than so many batches are left to do."""
        while len(self._pending) > most:
            self._refused += self._pending.popleft().result()

    def _index(self, documents: Sequence[Document]) -> list[str]:
        """The ids of those that Solr refuses. Documents that are older than their rows by now are left out.

        Somebody changed those meanwhile and brought them into the index; their notes stay, to be on the safe side.
        """
        if self._is_lost:
            raise RegistryUnavailable(LOST)
        try:
            held([each["id"] for each in documents])
            current = _current(documents)
            refused = self._sent(self._shown, current, commitWithin=VISIBLE_MILLISECONDS)
            missing = {each["id"] for each in refused if not self._sent_bare(self._shown, each)}
            unindexed.forget([each["id"] for each in current if each["id"] not in missing])
            model.Session.commit()
            return [each["id"] for each in refused]
        except RegistryUnavailable:
            self._is_lost = True
            raise
        finally:
            model.Session.remove()

    def _sent(self, solr: Solr, documents: Sequence[Document], **rhythm: Any) -> Sequence[Document]:
        """Those that Solr refuses; it has the others."""
        self._is_new = True
        parts: tuple[list[Document], list[Document]] = ([], [])
        for each in documents:
            parts[self._deletes and each.get("state") in DELETED].append(each)
        kept, gone = parts
        if gone:
            _delete(solr, gone, commit="commit" in rhythm)
        return _added(solr, kept, **rhythm)

    def _sent_bare(self, solr: Solr, document: Document, **rhythm: Any) -> bool:
        """Whether Solr takes the document without its words."""
        return not self._sent(solr, [{name: document[name] for name in NEEDED if name in document}], **rhythm)


def patience_of(seconds: int) -> Retry:
    """Tries over that time where nobody listens, one more where an answer is late.

    To add a document twice is harmless.
    """
    return Retry(
        # The pauses between tries are of 0, 2, 4, 8 and so on seconds.
        total=(seconds + 2).bit_length() - 1,
        read=1,
        backoff_factor=1,
        status_forcelist=PASSING_STATUS,
        allowed_methods=None,
        raise_on_status=False,
    )


def _connection(patience: Retry) -> Solr:
    """CKAN's own connection, with second tries; its time-out holds for each."""
    connection = make_connection(decode_dates=False)
    connection.session = requests.Session()
    for scheme in ("http://", "https://"):
        connection.session.mount(scheme, HTTPAdapter(max_retries=patience))
    return connection


def _current(documents: Sequence[Document]) -> list[Document]:
    """Those that tell what the database has now."""
    package = model.package_table.c
    query = sa.select(package.id, package.metadata_modified).where(package.id.in_([each["id"] for each in documents]))
    times = {row.id: f"{row.metadata_modified.isoformat()}Z" for row in model.Session.execute(query)}
    return [each for each in documents if times.get(each["id"]) == each["metadata_modified"]]


def _added(solr: Solr, documents: Sequence[Document], **rhythm: Any) -> Sequence[Document]:
    """Those that Solr refuses: it takes a batch up to its first wrong document, so the batch is halved down to that."""
    if not documents:
        return []
    try:
        solr.add(list(documents), **rhythm)
    except (SolrError, OSError) as error:
        if not _refuses(solr, error):
            raise RegistryUnavailable(LOST) from error
    else:
        return []
    if len(documents) == 1:
        return documents
    middle = len(documents) // 2
    return [*_added(solr, documents[:middle], **rhythm), *_added(solr, documents[middle:], **rhythm)]


def _refuses(solr: Solr, error: Exception) -> bool:
    """Whether the fault lies in what was sent. An internal error may, where Solr is well otherwise."""
    found = STATUS.search(str(error))
    status = int(found[1]) if found else None
    if status == requests.codes.internal_server_error:
        _said(solr.commit)
        return True
    return status in REFUSED


def _delete(solr: Solr, documents: Collection[Document], commit: bool) -> None:
    _said(lambda: solr.delete(id=[each["index_id"] for each in documents], commit=commit))


def _said(request: Any) -> None:
    """Make a request in which nothing can be wrong."""
    try:
        request()
    except (SolrError, OSError) as error:
        raise RegistryUnavailable(LOST) from error
