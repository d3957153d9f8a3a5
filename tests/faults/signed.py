"""A member whose signed feed is on the hostile server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.lab import Lab, Member
from tests.generation.signed_feed import SignedFeed, record

__all__ = ["SignedMember"]

Titles = Mapping[str, str]


@dataclass
class SignedMember:
    """The member and its feed, whose files are served as they were published last."""

    lab: Lab
    name: str
    feed: SignedFeed = field(default_factory=SignedFeed)

    def __post_init__(self) -> None:
        self.member: Member = self.lab.member(self.name, kind="citizendata")
        self.feed.sequence = 0

    def publish(self, *pages: Titles) -> None:
        """From now on the feed has just these pages, with a manifest of the next number."""
        self.feed.lists(*([record(iri, title) for iri, title in page.items()] for page in pages))
        self.serve()

    def serve(self) -> None:
        """From now on the feed is served as it is."""
        for name, content in self.feed.files().items():
            self.lab.hostile.serve(f"/{self.name}/{name}", content)
        self.member.serves(self.feed.signed())

    @property
    def pages(self) -> Sequence[str]:
        """The paths of its pages."""
        return [f"/{self.name}/pages/{page.sha256}.nq" for page in self.feed.manifest().pages]
