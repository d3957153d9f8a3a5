"""A stock CKAN that harvests: `python stock_program.py CONFIG` makes its tables, then answers line by line.

A request is the address of a catalogue on standard input; the answer is what its harvest did, as JSON on standard
output. It runs in the environment of the stock stack, so it imports CKAN and ckanext-harvest alone.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.cli.db import _run_migrations
from ckan.config.middleware import make_app
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestObject, HarvestObjectError

TYPE = "dcat_rdf"


def main(config: str) -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    app: Any = make_app(CKANConfigLoader(config).get_config())
    with app._wsgi_app.test_request_context():
        model.repo.init_db()
        _run_migrations("harvest")
        organization = action("organization_create", name="elsewhere")["id"]
        print(json.dumps("ready"), file=answers, flush=True)
        for line in sys.stdin:
            print(json.dumps(harvested(line.strip(), organization)), file=answers, flush=True)


def action(name: str, /, **data: Any) -> Any:
    """The result of an action, done by the site itself."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"ignore_auth": True, "user": user}, data)


def harvested(url: str, organization: str) -> dict[str, Any]:
    """What a harvest of a catalogue did, stage by stage, as the two consumers of ckanext-harvest do it."""
    job = HarvestJob.get(action("harvest_job_create", source_id=source_of(url, organization))["id"])
    job.status = "Running"
    job.save()
    harvester = queue.get_harvester(TYPE)
    ids = queue.gather_stage(harvester, job) or []
    for each in ids:
        queue.fetch_and_import_stages(harvester, HarvestObject.get(each))
    job.status = "Finished"
    job.save()
    return {"gathered": [guid_of(each) for each in ids], "errors": errors_of(job.id), "shown": shown(organization)}


def source_of(url: str, organization: str) -> str:
    """The harvest source of an address, made where there is none."""
    known = {each["url"]: each["id"] for each in action("harvest_source_list")}
    wish = {"name": f"source-{len(known)}", "title": url, "url": url, "source_type": TYPE, "frequency": "MANUAL"}
    return known.get(url) or action("harvest_source_create", owner_org=organization, **wish)["id"]


def guid_of(object_id: str) -> str:
    """The address of the dataset of a harvest object, and that it was to be deleted where it was."""
    found = HarvestObject.get(object_id)
    marks = [extra.value for extra in found.extras if extra.key == "status"]
    return " ".join([*marks, found.guid])


def errors_of(job_id: str) -> list[str]:
    """What went wrong, in the harvester's own words."""
    gathering = model.Session.query(HarvestGatherError).filter_by(harvest_job_id=job_id)
    importing = model.Session.query(HarvestObjectError).join(HarvestObject).filter_by(harvest_job_id=job_id)
    return [each.message for query in (gathering, importing) for each in query]


def shown(organization: str) -> dict[str, str]:
    """The titles that the stock site shows, by the address of the dataset."""
    query = {"fq": f"+owner_org:{organization} +dataset_type:dataset", "rows": 1000}
    return {each["uri"]: each["title"] for each in action("package_search", **query)["results"]}


if __name__ == "__main__":
    main(sys.argv[1])
