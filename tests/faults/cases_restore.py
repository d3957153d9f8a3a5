"""A registry whose database is put back from a backup while those who read it, and those whom it reads, go on."""

from __future__ import annotations

import json
from typing import Any

from tests.faults.evidence import Evidence
from tests.faults.harness import case
from tests.faults.lab import Lab
from tests.faults.signed import SignedMember
from tests.faults.snapshots import Snapshot, cut, snapshot

COMPLETE = {
    "notes_translated": {"en": "Where people fetch water, mapped by those who fetch it."},
    "country": ["KEN"],
    "temporal_coverage": [{"start": "2023", "end": "2024"}],
    "population_group": ["unknown"],
    "collection_mode": ["unknown"],
    "initiator_kind": ["unknown"],
    "contact": [{"name": "Water desk", "email": "water@example.org"}],
    "access_rights": "PUBLIC",
    "sensitivity": "low_or_none",
    "personal_data": "none",
    "indigenous_data": "no",
    "audience": "everyone",
}
KEPT, WITHDRAWN, DELETED, CLOSED, LATER = "kept", "withdrawn", "deleted", "closed", "later"


@case("F02")
def put_back(lab: Lab, seen: Evidence) -> None:
    """The database of last week comes back: what was withdrawn, deleted and closed since must stay away."""
    pair = lab.pair("F02", seen)
    lab.action("organization_create", name="f02-office", title="Office")
    made = {name: _published(lab, name) for name in (KEPT, WITHDRAWN, DELETED, CLOSED)}
    signed = SignedMember(lab, "f02-signed")
    member = signed.member
    titles = dict.fromkeys(member.iris(3), "Old")
    signed.publish(titles)
    member.harvest()
    cut(lab)
    lab.site.back_up(lambda: lab.ask("let_go"))

    lab.action("citizendata_record_withdraw", id=made[WITHDRAWN]["id"])
    lab.action("package_delete", id=made[DELETED]["id"])
    lab.action("package_patch", id=made[CLOSED]["id"], audience="national")
    made[LATER] = _published(lab, LATER)
    signed.publish(dict.fromkeys(titles, "New"))
    member.harvest()
    before = cut(lab)

    lab.site.put_back(lambda: lab.ask("let_go"))
    code, said = lab.ask("command", words=["restore", "--yes", "--json"])
    seen.must(code == 0, f"`ckan citizendata restore` ends with {code}: {said[-300:]}")
    lab.ask("command", words=["reconcile"])
    told = json.loads(said[said.index("{") : said.rindex("}") + 1])
    after = cut(lab)
    _stays_away(lab, seen, made, after)
    seen.must(after.manifest.epoch == before.manifest.epoch + 1, f"epoch {after.manifest.epoch}")
    seen.must(after.sequence > before.sequence, f"snapshot {after.sequence} after {before.sequence}")
    seen.must(made[LATER]["uri"] in told["missing"], f"what was published later isn't named: {told['missing']}")
    code, said = lab.ask("command", words=["restore", "--yes", "--json"])
    again = snapshot(lab)
    seen.must(again.manifest.epoch == after.manifest.epoch, f"called once more it counts anew again: {said[-200:]}")
    _reads_on(seen, signed, titles)
    pair.twin_is_published("a backup put back")
    seen.shows(
        f"three records stay away, epoch {after.manifest.epoch}, snapshot {before.sequence} then {after.sequence}"
    )


def _published(lab: Lab, name: str) -> dict[str, Any]:
    """A record of the registry itself."""
    title = {"title_translated": {"en": f"Restored {name}"}}
    made = lab.action("package_create", name=f"f02-{name}", owner_org="f02-office", **title, **COMPLETE)
    ((iri,),) = lab.site.sql("SELECT iri FROM citizendata_record WHERE package_id = %s", (made["id"],))
    return {**made, "uri": iri}


def _stays_away(lab: Lab, seen: Evidence, made: dict[str, dict[str, Any]], after: Snapshot) -> None:
    """What was taken back is in no feed, on no page and in no search; what wasn't is in all of them."""
    found = lab.ask("found", organization="f02-office")
    for name in (KEPT, WITHDRAWN, DELETED, CLOSED):
        iri, is_kept = made[name]["uri"], name == KEPT
        seen.must((iri in after.titles) == is_kept, f"{name} is in the feed: {iri in after.titles}")
        seen.must((iri in found) == is_kept, f"{name} is found: {iri in found}")
        status, _ = lab.ask("page", path=f"/dataset/{made[name]['id']}.ttl")
        seen.must((status == 200) == is_kept, f"the RDF of {name} answers {status}")
    seen.must(after.tombstones >= 3, f"{after.tombstones} tombstones in the feed")


def _reads_on(seen: Evidence, signed: SignedMember, titles: dict[str, str]) -> None:
    """A member's feed is ahead of what the backup knows of it: read on; one that counts anew itself waits."""
    member, new = signed.member, dict.fromkeys(titles, "New")
    harvest = member.harvest()
    seen.must(harvest.state == "finished", f"a member that went on isn't read any more: {harvest.reason}")
    seen.must(member.found() == new, f"of the member there is {member.found()}")
    signed.feed.epoch += 1
    signed.publish(dict.fromkeys(titles, "After its own backup"))
    harvest = member.harvest()
    seen.must("rejected(epoch)" in harvest.codes, f"a member that counts anew: {harvest.codes} {harvest.state}")
    seen.must(member.found() == new, f"a member that counts anew: {member.found()}")
