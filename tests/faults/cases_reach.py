"""Feeds that would lead the registry where it has no business: other servers, its own network, its own files."""

from __future__ import annotations

import json

from tests.faults.evidence import Evidence
from tests.faults.feeds import catalogue, dataset
from tests.faults.harness import case
from tests.faults.hostile import JSON, Answer, redirects, says
from tests.faults.lab import Lab, Member, Pair

# What the canary's own address looks like when somebody hides it, and other places where no member lives.
HIDDEN = (
    "127.0.0.2",
    "127.2",
    "2130706434",
    "0x7f000002",
    "0x7f.0.0.2",
    "0177.0.0.2",
    "017700000002",
    "[::ffff:127.0.0.2]",
    "[::ffff:7f00:2]",
    "[::7f00:2]",
    "[2002:7f00:2::]",
    "[64:ff9b::7f00:2]",
    "[::1]",
    "[::]",
    "0.0.0.0",
    "localhost",
    "localhost.",
    "inside.faults.test",
    "169.254.169.254",
    "[fd00:ec2::254]",
)
ELSEWHERE = ("10.0.0.1", "192.168.0.1", "172.16.0.1", "100.100.100.200", "metadata.faults.test")
NAMES = {
    "inside.faults.test": [["127.0.0.2"]],
    "metadata.faults.test": [["169.254.169.254"]],
    "rebinding.faults.test": [["127.0.0.10"], ["127.0.0.2"]],
    "both.faults.test": [["127.0.0.2", "127.0.0.10"]],
}
REFUSED = r"rejected\((ssrf|address)\)"
META = b'<html><head><meta http-equiv="refresh" content="0;url=%b"></head></html>'


@case("S01")
def own_network(lab: Lab, seen: Evidence) -> None:
    """The address of a member leads into the house, in 25 spellings."""
    lab.ask("names", answers=NAMES)
    pair = lab.pair("S01", seen)
    home = pair.bad.url
    for number, host in enumerate((*HIDDEN, *ELSEWHERE)):
        pair.bad.url = f"http://{host}:{lab.canary.port if number < len(HIDDEN) else 80}/c.ttl"
        _moves(lab, pair.bad)
        pair.tries(host, b"", REFUSED, 10)
    pair.bad.url = home
    _moves(lab, pair.bad)
    pair.recovers(lab.feed_of(pair.bad))
    seen.notes(f"{len(HIDDEN) + len(ELSEWHERE)} addresses, canary accepted {len(lab.canary.accepted)} connections")
    pair.notes()


def _moves(lab: Lab, member: Member) -> None:
    """The member's address is another one, whoever let it in: each harvest has to look for itself."""
    lab.site.sql("UPDATE citizendata_member SET url = %s WHERE id = %s", (member.url, member.name))


@case("S02", smoke=True)
def led_away(lab: Lab, seen: Evidence) -> None:
    """A member redirects into the house, by status, by web page and by a name that changes its address."""
    lab.ask("names", answers=NAMES)
    pair = lab.pair("S02", seen)
    target = f"{lab.canary.address}/c.ttl"
    for code in (301, 302, 303, 307, 308):
        pair.tries(f"{code}", redirects(code, target), r"failed\(redirect\)|rejected\((ssrf|redirect)\)", 10)
    pair.tries("meta refresh", says(META % target.encode(), "text/html"), r"rejected\(web_page\)", 10)
    pair.tries("a file", redirects(302, f"file://{lab.bait.path}"), r"rejected\(address\)", 10)
    pair.recovers(lab.feed_of(pair.bad))
    rebinding(lab, pair, seen)
    seen.notes(f"canary accepted {len(lab.canary.accepted)} connections")
    pair.notes()


def rebinding(lab: Lab, pair: Pair, seen: Evidence) -> None:
    """A name that is the member's server at first and the canary then; another that is both at once."""
    changing = named_member(lab, "s02-rebinding", "rebinding.faults.test")
    first = changing.harvest()
    seen.must(first.state == "finished", f"a name that leads to the member's server isn't read: {first.reason}")
    pair.bad = changing
    pair.tries("rebinding", b"", REFUSED, 10)
    both = named_member(lab, "s02-both", "both.faults.test")
    seen.must(both.harvest().state == "finished", "a name with two addresses isn't read by the open one")


def named_member(lab: Lab, name: str, host: str) -> Member:
    """A member by a name; the canary listens at the port of the hostile server, so that one name can mean both."""
    member = lab.member(name, f"http://{host}:{lab.hostile.port}/{name}/c.ttl")
    member.serves(catalogue(dataset(f"{member.prefix}dataset/a", "Water")))
    return member


@case("S03", smoke=True)
def next_page(lab: Lab, seen: Evidence) -> None:
    """The link to the next page leads to files, devices and other servers."""
    pair = lab.pair("S03", seen)
    bait, canary = str(lab.bait.path), lab.canary.address
    outside = r"rejected\(pagination_origin\)"
    links = {
        f"file://{bait}": outside,
        "file:///etc/passwd": outside,
        "file:///dev/zero": outside,
        f"//127.0.0.2:{lab.canary.port}/2": outside,
        f"{canary}/2": outside,
        f"{canary.replace('127.0.0.2', '2130706434')}/2": outside,
        "http://127.0.0.1:80/2": outside,
        "ftp://127.0.0.2/2": outside,
        "javascript:alert(1)": outside,
        # These are paths of the member's own server, where there is nothing.
        bait: r"failed\(status\)",
        "/etc/hostname": r"failed\(status\)",
        "/dev/zero": r"failed\(status\)",
        "../../../../etc/passwd": r"failed\(status\)",
    }
    with lab.memory() as memory:
        for link, expected in links.items():
            for said in (f"hydra:next <{link}>", f'hydra:nextPage "{link}"')[lab.size(0, 1) :]:
                iri = f"{pair.bad.prefix}dataset/water"
                pair.tries(said, catalogue(dataset(iri, "From inside"), f"<> {said} ."), expected, 10)
    pair.recovers(lab.feed_of(pair.bad))
    seen.must(memory.grown < 256, f"memory grew by {memory.grown} MB")
    seen.notes(f"{len(links)} links, memory grew by {memory.grown} MB")
    pair.notes()


@case("S04", smoke=True)
def contexts(lab: Lab, seen: Evidence) -> None:
    """JSON-LD names contexts on other servers and in files, alone, nested, in terms and imported."""
    pair = lab.pair("S04", seen)
    places = (f"{lab.canary.address}/context", f"file://{lab.bait.path}", str(lab.bait.path), "/etc/passwd")
    for where in places[: lab.size(4, 2)]:
        for shape, answer in shapes(where).items():
            pair.tries(f"{shape} {where}", answer, r"rejected\((remote_context|malformed)\)", 10)
    pair.recovers(lab.feed_of(pair.bad))
    seen.must("rejected(remote_context)" in pair.codes, "no context was refused by name")
    pair.notes()


def shapes(where: str) -> dict[str, Answer]:
    """Ways to name a context at an address."""
    dcat = "http://www.w3.org/ns/dcat#"
    body = {"@id": "https://s04-bad.example.org/dataset/water", "@type": f"{dcat}Dataset"}
    contexts = {
        "alone": {"@context": where, **body},
        "in a list": {"@context": [{}, where], **body},
        "imported": {"@context": {"@version": 1.1, "@import": where}, **body},
        "in a term": {"@context": {"a": {"@id": "x:a", "@context": where}}, **body, "a": {"x:b": "c"}},
        "deep inside": {**body, "x:a": {"@context": where, "x:b": "c"}},
    }
    return {shape: says(json.dumps(document).encode(), JSON) for shape, document in contexts.items()}
