"""The signed feed of a site as a source: what changed since it was last read, page by page, each as it was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from hashlib import sha256
from urllib.parse import urljoin

from ckanext.citizendata.core.manifest import ManifestPage
from ckanext.citizendata.core.terms import DCAT, HYDRA, RDF, XSD
from ckanext.citizendata.core.tokens import text_of_written, token, token_of_subject
from ckanext.citizendata.federation.answer import Answer, Getter
from ckanext.citizendata.federation.errors import SourceChanged, SourceGone, SourceMalformed
from ckanext.citizendata.federation.feed_state import FeedState, FeedStates
from ckanext.citizendata.federation.page import Page
from ckanext.citizendata.federation.parser import Parser
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.sources.manifest import Listed, listed

__all__ = ["SignedFeed"]

MEDIA_TYPE = "application/n-quads"
CHUNK = 1024 * 1024
TYPE, CATALOG = token(RDF.type), token(DCAT.Catalog)
TOTAL, INTEGER, NEXT = token(HYDRA.totalItems), token(XSD.integer), token(HYDRA.next)


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, slots=True)
class SignedFeed:
    """Reads the feeds of members beside what is known of them."""

    states: FeedStates
    clock: Callable[[], datetime] = _now

    def pages(self, getter: Getter, parser: Parser, member: Member) -> Iterator[Page]:
        """The pages that weren't read before, behind one that says what the feed is; all of them from time to time.

        Raises as `Getter.get`, `Parser` and `manifest.listed` do, and `SourceChanged` for a page that was taken back.
        """
        return _crawled(getter, parser, member.url, self.states.of(member.id), self.clock())


def _crawled(getter: Getter, parser: Parser, url: str, known: FeedState | None, now: datetime) -> Iterator[Page]:
    found = listed(getter, url, known, now)
    yield Page(found.url, _head(found), snapshot=found.snapshot)
    # A page without a record has no byte, which is no RDF that a parser takes.
    pages = [page for page in found.pages if page.size]
    if pages:
        parser.start()
    for page, following in zip(pages, [*pages[1:], None], strict=False):
        address = _address(found, page)
        parts = parser.records_of(_fetched(getter, address, page))
        link = _link(address, _address(found, following)) if following else ""
        yield from _linked(parts, page.sha256, link)


def _address(found: Listed, page: ManifestPage) -> str:
    return urljoin(found.url, f"pages/{page.sha256}.nq")


def _head(found: Listed) -> str:
    """What the feed says of itself as a whole; how many records it has only where all of them follow."""
    state = found.snapshot.state
    node = token_of_subject(state.catalogue)
    lines = [f"{node} {TYPE} {CATALOG} .\n"]
    if found.snapshot.is_whole:
        lines.append(f'{node} {TOTAL} "{found.total}"^^{INTEGER} .\n')
    return text_of_written(lines)


def _link(address: str, following: str) -> str:
    return f"{token_of_subject(address)} {NEXT} {token_of_subject(following)} .\n"


def _linked(parts: Iterator[Page], hash_: str, link: str) -> Iterator[Page]:
    """The parts of a page with its hash, the last of them with where the feed goes on."""
    before: Page | None = None
    for part in parts:
        if before:
            yield before
        before = replace(part, sha256=hash_)
    if before:
        yield replace(before, text=_with(before.text, link)) if link else before


def _with(text: str, line: str) -> str:
    # No literal holds a line break as it is.
    return text_of_written([*(f"{each}\n" for each in text.split("\n")[:-1]), line])


def _fetched(getter: Getter, address: str, page: ManifestPage) -> Answer:
    """The page as it was signed, whatever its server says that it is."""
    try:
        answer = getter.get(address)
    except SourceGone as error:
        advice = "It is read anew by itself; if that happens again and again, ask the catalogue's people"
        raise SourceChanged(address, "was taken back while the feed was read", advice, "changing") from error
    size, digest = _measured(answer)
    if (size, digest) != (page.size, page.sha256):
        answer.close()
        reason = (
            f"this page isn't the one in the feed's signed list: it has {size} bytes instead of {page.size}, or "
            "others. Nothing of the feed was taken; if the next harvest says so too, ask the catalogue's people"
        )
        raise SourceMalformed(address, reason, code="hash")
    return replace(answer, content_type=MEDIA_TYPE, framed=True)


def _measured(answer: Answer) -> tuple[int, str]:
    if answer.file is None:
        return len(answer.body), sha256(answer.body).hexdigest()
    digest, size = sha256(), 0
    answer.file.seek(0)
    while chunk := answer.file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
