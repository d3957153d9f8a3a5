"""Signed feeds that change while they are read, and keys that change, are lost or are stolen."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

from tests.faults.evidence import Evidence
from tests.faults.harness import case
from tests.faults.hostile import status
from tests.faults.lab import Lab
from tests.faults.signed import SignedMember


@case("F03")
def gone_meanwhile(lab: Lab, seen: Evidence) -> None:
    """A page of a signed feed is taken back while it is crawled: once with a newer manifest, then for ever."""
    pair = lab.pair("F03", seen)
    signed = SignedMember(lab, "f03-signed")
    member = signed.member
    first, second = ([*member.iris(6)[part : part + 3]] for part in (0, 3))
    signed.publish(dict.fromkeys(first, "Old"), dict.fromkeys(second, "Old"))
    harvest = member.harvest()
    seen.must(harvest.counts.get("added") == 6, f"the feed isn't harvested: {harvest.reason} {harvest.counts}")
    renewed, left = dict.fromkeys(first, "New"), dict.fromkeys(second[:2], "New")
    signed.publish(renewed, dict.fromkeys(second, "Never"))

    def taken_back(handler: BaseHTTPRequestHandler) -> None:
        signed.publish(renewed, left)
        status(410)(handler)

    lab.hostile.serve(signed.pages[1], taken_back)
    harvest = member.harvest()
    kept = {**renewed, **left, second[2]: "Old"}
    seen.must(harvest.state == "finished", f"a page that was taken back: {harvest.reason}")
    seen.must(member.found() == kept, f"after it: {member.found()}")
    signed.publish(renewed, dict.fromkeys(left, "Never"))
    lab.hostile.serve(signed.pages[1], status(410))
    harvest = member.harvest()
    seen.must(harvest.state == "failed" and bool(harvest.codes), f"gone for ever: {harvest.state} {harvest.counts}")
    seen.must(member.found() == kept, f"gone for ever: {member.found()}")
    pair.twin_is_published("gone pages")
    signed.publish(renewed, dict.fromkeys(second, "New"))
    harvest = member.harvest()
    seen.must(harvest.state == "finished", f"with whole pages again it isn't harvested: {harvest.reason}")
    seen.must({*member.found().values()} == {"New"}, f"at the end: {member.found()}")
    seen.shows("taken back once: the newer manifest was read; for ever: refused; nothing was removed")


@case("F04", smoke=True)
def keys(lab: Lab, seen: Evidence) -> None:
    """A member signs with a new key: vouched for by the old one, without it since that is lost, as a thief would."""
    pair = lab.pair("F04", seen)
    signed = SignedMember(lab, "f04-signed")
    member, feed = signed.member, signed.feed
    iri = member.iris(1)[0]
    signed.publish({iri: "First"})
    member.harvest()
    feed.rotate()
    signed.publish({iri: "Rotated"})
    harvest = member.harvest()
    seen.must(member.found() == {iri: "Rotated"}, f"a key that the old one vouches for: {harvest.reason}")
    before, stolen = feed.keys, feed.signer
    feed.replace_key()
    signed.publish({iri: "Replaced"})
    harvest = member.harvest()
    seen.must("rejected(key_changed)" in harvest.codes, f"a key that nobody vouches for: {harvest.codes}")
    seen.must(member.found() == {iri: "Rotated"}, f"a key that nobody vouches for: {member.found()}")
    waits = lab.action("citizendata_member_feed_show", id=member.name)["waiting_key"]
    lab.action("citizendata_member_key_trust", id=member.name, key=waits)
    harvest = member.harvest()
    seen.must(member.found() == {iri: "Replaced"}, f"a key that a person confirmed: {harvest.reason}")
    feed.keys, feed.signer = before, stolen
    signed.publish({iri: "Stolen"})
    harvest = member.harvest()
    seen.must(harvest.state == "failed" and bool(harvest.codes), f"the old key in a thief's hand: {harvest.counts}")
    seen.must(member.found() == {iri: "Replaced"}, f"the old key in a thief's hand: {member.found()}")
    pair.twin_is_published("other keys")
    seen.shows("rotated: read; replaced: refused till a person confirmed it; the old one from then on: refused")
