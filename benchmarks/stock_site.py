"""The stock stack: CKAN with ckanext-harvest and ckanext-dcat, its two consumers running before a job begins."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import redis

from benchmarks.bench_site import BenchSite, Told, silent, started
from benchmarks.feed_files import Feed
from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import reason_in
from ckanext.citizendata.local.services import Services

__all__ = ["WARM", "StockSite"]

WARM = 20
"""So many datasets the consumers have harvested before they are measured."""
CONSUMERS = ("gather-consumer", "fetch-consumer")
PAUSE = 0.25
SECONDS = 120
PATIENCE = 10
# What ours has too, as far as stock has it: neither the activity plugin nor any view.
OPTIONS = {
    "use": "egg:ckan",
    "debug": "false",
    "ckan.plugins": "harvest dcat dcat_rdf_harvester structured_data scheming_datasets",
    "ckan.site_url": "http://stock.example",
    "ckan.harvest.mq.type": "redis",
    "ckan.views.default_views": "",
    "ckan.locale_default": "en",
    "ckanext.dcat.rdf.profiles": "euro_dcat_ap_3 euro_dcat_ap_scheming",
    "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
}
LOGGING = """
[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain

[formatter_plain]
format = %(asctime)s %(levelname)s [%(name)s] %(message)s
"""
OF_JOB = """
select (select gather_finished is not null from harvest_job where id = %s),
    count(*) filter (where state in ('COMPLETE', 'ERROR')), count(*) filter (where state = 'ERROR'), count(*)
from harvest_object where harvest_job_id = %s
"""


class StockSite(BenchSite):
    """A stock site with one source a feed."""

    def __init__(self, services: Services, sites: Sequence[str], python: Path) -> None:
        super().__init__(services, sites, "stock", python)
        self.consumers: dict[str, subprocess.Popen[str]] = {}
        self.sources: dict[str, str] = {}
        storage = self.home.sites / "stock"
        storage.mkdir(mode=0o700, exist_ok=True)
        key = Credentials(services.home).get("stock secret key")
        secrets = dict.fromkeys(("SECRET_KEY", "WTF_CSRF_SECRET_KEY"), key) | dict.fromkeys(
            ("api_token.jwt.encode.secret", "api_token.jwt.decode.secret"), f"string:{key}"
        )
        own = {"ckan.site_id": self.home.identity("stock"), "ckan.storage_path": str(storage)}
        # Without it the consumers end by themselves after some idle seconds, and the time would hold their restart.
        patient = {"ckan.redis.url": f"{self.addresses.redis}?socket_timeout=3600"}
        self.write({**OPTIONS, **own, **secrets, **self.addresses.options(), **patient}, LOGGING)

    def warm(self, feed: Feed) -> None:
        """A round begins, with consumers that have harvested a source before."""
        self.begin()
        self._consume()
        self.admit(feed)
        self.harvest(feed)

    def end(self) -> None:
        """End process and consumers."""
        for consumer in self.consumers.values():
            consumer.terminate()
        for consumer in self.consumers.values():
            try:
                consumer.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                consumer.kill()
                consumer.wait()
        self.consumers.clear()
        super().end()

    def admit(self, feed: Feed) -> None:
        """Make the feed's catalogue a harvest source of an organisation of its name."""
        organization = self.action("organization_create", name=feed.name)
        source = {"name": f"source-{feed.name}", "url": feed.url, "source_type": "dcat_rdf", "title": feed.name}
        made = self.action("harvest_source_create", **source, owner_org=organization["id"], frequency="MANUAL")
        self.sources[feed.name] = made["id"]

    def harvest(self, feed: Feed, told: Told = silent, **_: int) -> float:
        """The seconds from the start of a job until search finds all of it; it never knows what is unchanged.

        Raises LocalError where the job didn't do that.
        """
        began = time.monotonic()
        job = self.action("harvest_job_create", source_id=self.sources[feed.name], run=True)["id"]
        while not self._is_done(job, feed, told):
            time.sleep(PAUSE)
        self.await_found(feed)
        took = time.monotonic() - began
        self._finish(job)
        return took

    def _is_done(self, job: str, feed: Feed, told: Told) -> bool:
        """Whether each object of the job is in the end state that means success."""
        ((gathered, done, wrong, total),) = self.services.databases.rows(self.database, OF_JOB, [job, job])
        if wrong or (gathered and total != feed.size):
            counted = f"{total} of {feed.size} datasets, {wrong} failed"
            raise LocalError(f"The stock harvest gathered {counted}: {self._why()}")
        told("harvesting", done, feed.size)
        self._revive()
        return bool(gathered and done == total)

    def _why(self) -> str:
        """What the stock site says went wrong."""
        query = "select message from harvest_object_error union all select message from harvest_gather_error limit 1"
        found = self.services.databases.rows(self.database, query)
        return str(found[0][0])[-600:] if found else reason_in(self.home.logs / "fetch-consumer.log")

    def _finish(self, job: str) -> None:
        """What `ckan harvester run` does each few minutes; without it no other job of the source can begin."""
        deadline = time.monotonic() + SECONDS
        while self.action("harvest_job_show", id=job)["status"] != "Finished":
            if time.monotonic() > deadline:
                raise LocalError(f"The stock job {job} doesn't finish: see {self.log}.")
            self.action("harvest_jobs_run")

    def _consume(self) -> None:
        """Start the consumers and wait until both wait for work."""
        self._revive()
        server = redis.Redis.from_url(self.addresses.redis)
        deadline = time.monotonic() + SECONDS
        while sum(client["cmd"] == "blpop" for client in server.client_list()) < len(CONSUMERS):
            if time.monotonic() > deadline:
                reason = reason_in(self.home.logs / "fetch-consumer.log")
                raise LocalError(f"The stock consumers don't start: {reason}. See the logs in {self.home.logs}.")
            time.sleep(PAUSE)

    def _revive(self) -> None:
        """Start the consumers that don't run: idle ones end by themselves, and a stock site's supervisor does this."""
        for name in CONSUMERS:
            if name not in self.consumers or self.consumers[name].poll() is not None:
                command = [self.python.with_name("ckan"), "-c", self.file, "harvester", name]
                log = self.home.logs / f"{name}.log"
                self.consumers[name] = started(command, log, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
