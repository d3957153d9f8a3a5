"""The stock site and ours on the same services, and one server with the feeds that both harvest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# Before CKAN, which puts a folder with a `tests` of its own in front of the path.
from benchmarks.feed_files import Feed  # isort: skip
from benchmarks import our_site, stock_site
from benchmarks.bench_services import services
from benchmarks.bench_site import Told
from benchmarks.feed_server import FeedServer, feed_server
from benchmarks.neighbours import noticed
from benchmarks.our_site import OurSite
from benchmarks.stock_environment import stock_python
from benchmarks.stock_site import StockSite
from ckanext.citizendata.local.progress import Progress

__all__ = ["Pair", "alone", "pair"]

PARTS = 5
WARM = {"stock": stock_site.WARM, "ours": our_site.WARM}


@dataclass(frozen=True)
class Pair:
    """Both sites; `stock` is None where ours is measured alone.

    `others` are the cores that other programs took meanwhile, one number a harvest.
    """

    ours: OurSite
    stock: StockSite | None
    server: FeedServer
    progress: Progress
    others: list[float] = field(default_factory=list)

    def feed(self, kind: str, name: str, size: int) -> Feed:
        """A feed that is served from now on, new in each round as far as the sites know."""
        return Feed(f"{kind}-{name}", kind, size, self.server.address).write(self.server.folder)

    def first(self, name: str, feed: Feed, step: str) -> float:
        """The seconds of a first harvest by the named site, which is warm and otherwise empty."""
        self.warm(name, feed, step)
        return self.again(name, feed, f"{step}: {name} harvests {feed.size}")

    def warm(self, name: str, feed: Feed, step: str) -> None:
        """Begin a round: the named site warm and otherwise empty, with the feed admitted, and the other one ended."""
        site = self.named(name)
        for each in (self.ours, self.stock):
            if each:
                each.end()
        before = min(WARM[name], feed.size)
        self.progress.step(f"{step}: {name} starts, and harvests {before} to be warm")
        site.warm(self.feed(feed.kind, f"warm-{name}", before))
        site.admit(feed)

    def again(self, name: str, feed: Feed, step: str, **expected: int) -> float:
        """The seconds of a further harvest by the site that runs; `expected` counts what becomes of the datasets."""
        self.progress.step(step)
        with noticed() as neighbours:
            took = self.named(name).harvest(feed, self._told(step), **expected)
        self.others.append(round(neighbours.cores, 2))
        return took

    def named(self, name: str) -> OurSite | StockSite:
        """The site of that name."""
        site = self.stock if name == "stock" else self.ours
        assert site, "ours is measured alone"
        return site

    def _told(self, step: str) -> Told:
        """Shows how far a step is: all that is told on a terminal, each fifth part elsewhere."""
        shown: set[tuple[str, int]] = set()

        def told(doing: str, done: int, total: int | None) -> None:
            part = (doing, done if self.progress.terminal else PARTS * done // total if total else 0)
            if done and part not in shown:
                shown.add(part)
                self.progress.step(f"{step}, {doing}: {done}{f' of {total}' if total else ''}")

        return told


@contextmanager
def pair(environment: dict[str, str], progress: Progress) -> Iterator[Pair]:
    """Both sites, prepared and not begun; all that was started is ended after the block."""
    python = stock_python(environment, progress)
    with ExitStack() as stack:
        found = stack.enter_context(services(("ours", "stock"), progress))
        ours, stock = OurSite(found, ("ours", "stock")), StockSite(found, ("ours", "stock"), python)
        server = stack.enter_context(_served(found.home.root))
        for site in (ours, stock):
            progress.step(f"making the tables of {site.name}")
            site.prepare()
            stack.callback(site.end)
        yield Pair(ours, stock, server, progress)


@contextmanager
def alone(progress: Progress) -> Iterator[Pair]:
    """Ours, prepared and not begun; all that was started is ended after the block."""
    with ExitStack() as stack:
        found = stack.enter_context(services(("ours",), progress))
        server = stack.enter_context(_served(found.home.root))
        ours = OurSite(found, ("ours",))
        progress.step("making the tables of ours")
        ours.prepare()
        stack.callback(ours.end)
        yield Pair(ours, None, server, progress)


@contextmanager
def _served(root: Path) -> Iterator[FeedServer]:
    """The server of the feeds, whose files go with it."""
    folder = root / "feeds"
    try:
        with feed_server(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
