from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.citizendata.model import ledger

from .conftest import Report, Server, dataset, listing, tombstone
from .test_harvest import JANUARY, MARCH, MAY, A, outcomes, titles

Member = Callable[..., str]
Harvest = Callable[[str], Report]
OTHERS = "<https://other.example.org/> a dcat:Catalog .\n"
KENYA = "<https://node.example.org/> a dcat:Catalog .\n"
OWN = "https://other.example.org/1"
MINE = ["https://other.example.org/"]


@pytest.fixture
def kenya(server: Server, member: Member) -> str:
    """A member that speaks for node.example.org and has one record there."""
    url = server.turtle("/k.ttl", KENYA + dataset(A, "Water") + listing(A, JANUARY))
    return member("kenya", url, prefixes=["https://node.example.org/"])


@pytest.mark.usefixtures("registry")
class TestTombstone:
    def test_of_another_member_is_rejected(self, server: Server, member: Member, harvest: Harvest, kenya: str) -> None:
        """And noted nowhere; of a record of one's own it counts."""
        other = member("other", server.turtle("/o.ttl", OTHERS + dataset(OWN, "Rivers")), prefixes=MINE)
        harvest(kenya)
        harvest(other)
        registrys = f"{tk.config['ckan.site_url']}/dataset/x"
        back = "".join(tombstone(iri, MARCH) for iri in (A, registrys, OWN))
        server.turtle("/o.ttl", OTHERS + back)
        report = harvest(other)
        assert outcomes(report) == {A: "rejected", registrys: "rejected", OWN: "removed"}
        reasons = {item.iri: item.reason for item in report.items}
        assert reasons[A] == "Its address belongs to Kenya, and Other may not take it back"
        assert "belongs to this registry" in reasons[registrys]
        assert titles() == ["Water"]
        assert ledger.by_iri(other, A) is None

    def test_before_the_owner_comes_blocks_nobody(
        self, server: Server, member: Member, harvest: Harvest, kenya: str
    ) -> None:
        """The owner's record is published, and its own tombstone still takes it back."""
        harvest(member("other", server.turtle("/o.ttl", OTHERS + tombstone(A, MAY)), prefixes=MINE))
        assert outcomes(harvest(kenya)) == {A: "added"}
        server.turtle("/k.ttl", KENYA + tombstone(A, MARCH))
        assert outcomes(harvest(kenya)) == {A: "removed"}


@pytest.mark.usefixtures("registry")
class TestSpelling:
    def test_of_an_address_gives_nobody_rights(
        self, server: Server, member: Member, harvest: Harvest, kenya: str
    ) -> None:
        """Another case, port or no slash: still the registry's root, still the other member's server."""
        harvest(kenya)
        root = tk.config["ckan.site_url"].rstrip("/")
        taken = [root, root.upper() + "/dataset/x", "HTTPS://NODE.example.org:443/dataset/upper"]
        free = "https://node.example.org.free.example/1"
        feed = OTHERS + "".join(dataset(iri, "Lakes") for iri in [*taken, free, OWN])
        report = harvest(member("other", server.turtle("/o.ttl", feed), prefixes=MINE))
        assert outcomes(report) == {**dict.fromkeys(taken, "rejected"), free: "added", OWN: "added"}


@pytest.mark.usefixtures("registry")
class TestControlCharacters:
    def test_cost_nothing_but_their_own_record(self, server: Server, member: Member, harvest: Harvest) -> None:
        """The run ends, its report is kept, and the others are published; so it goes the second time."""
        odd, bad = "https://other.example.org/odd", "https://other.example.org/b\\u0000d"
        feed = OTHERS + dataset(odd, "a\\u0000b") + dataset(OWN, "Rivers") + dataset(bad, "Lakes")
        feed += tombstone("https://gone.example.org/b\\u0000d", MARCH)
        name = member("other", server.turtle("/o.ttl", feed), prefixes=MINE)
        for _ in range(2):
            report = harvest(name)
            assert report.state == "finished"
            assert titles() == ["Rivers"]
        shown = call_action("citizendata_harvest_show", id=name)
        assert shown["state"] == "finished"
        assert not any("\0" in item["iri"] + item["reason"] for item in shown["items"])
        reasons = {item["iri"]: item["reason"] for item in shown["items"]}
        assert "holds a NUL character" in reasons[odd]
        assert "could run a script" in reasons["https://other.example.org/b\ufffdd"]
