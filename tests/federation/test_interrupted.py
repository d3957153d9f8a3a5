from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import make_connection
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.core.identity import derived_id
from ckanext.citizendata.model import record, run

from .conftest import Report, Server, dataset
from .test_harvest import CATALOGUE, A, B, outcomes, titles

Member = Callable[..., str]
Harvest = Callable[[str], Report]
GHOST = "00000000-0000-4000-8000-000000000000"


def indexed() -> set[str]:
    """The ids of all that the search engine holds for this site."""
    found = make_connection().search("*:*", fq=f"site_id:{tk.config['ckan.site_id']}", fl="id", rows=100)
    return {document["id"] for document in found.docs}


def haunt(organization_id: str) -> None:
    """A document as a process leaves it that dies between index and commit."""
    ghost = {
        "id": GHOST,
        "index_id": GHOST,
        "name": "ghost",
        "title": "Ghost",
        "entity_type": "package",
        "owner_org": organization_id,
        "site_id": tk.config["ckan.site_id"],
    }
    make_connection().add([ghost], commit=True)


@pytest.mark.usefixtures("registry")
class TestSweep:
    def test_the_next_run_removes_what_an_interrupted_one_left(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """The ghost goes; a healthy record and a dataset of another organisation stay."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        harvest(name)
        healthy = record.by_iri(A)[0].package_id
        haunt(call_action("organization_show", id=name)["id"])
        run.start(name)
        model.Session.commit()
        assert outcomes(harvest(name)) == {A: "unchanged"}
        assert indexed() == {healthy}
        assert titles() == ["Water"]

    def test_a_run_after_a_good_one_leaves_the_index_alone(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """What nobody interrupted needs no search through the index."""
        name = member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water")))
        harvest(name)
        haunt(call_action("organization_show", id=name)["id"])
        harvest(name)
        assert GHOST in indexed()

    def test_rebuild_all_removes_ghosts_of_the_whole_site(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Whatever organisation they claim; healthy ones stay."""
        harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))))
        haunt(factories.Organization()["id"])
        done = CliRunner().invoke(citizendata, ["rebuild", "--all"])
        assert "no dataset stands behind them: 1." in done.output
        assert indexed() == {record.by_iri(A)[0].package_id}


@pytest.mark.usefixtures("registry")
class TestPackageId:
    def test_follows_from_member_and_address(self, server: Server, member: Member, harvest: Harvest) -> None:
        """Another attempt at the same record writes the same document of the index."""
        harvest(member("kenya", server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))))
        assert record.by_iri(A)[0].package_id == derived_id("kenya", A)

    def test_a_member_that_returns_finds_its_records_again(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Under the ids that they had."""
        url = server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water"))
        harvest(member("kenya", url))
        call_action("citizendata_member_delete", id="kenya")
        assert titles() == []
        assert outcomes(harvest(member("kenya", url))) == {A: "added"}
        assert record.by_iri(A)[0].package_id == derived_id("kenya", A)
        assert titles() == ["Water"]

    def test_a_dataset_of_ours_under_that_id_is_left_alone(
        self, server: Server, member: Member, harvest: Harvest
    ) -> None:
        """Whoever guessed the id gains nothing, and the member's record is published all the same."""
        taken = derived_id("kenya", A)
        ours = model.Package(id=taken, name="ours", title="Ours", type="dataset", state="draft")
        model.Session.add(ours)
        model.Session.commit()
        url = server.turtle("/c.ttl", CATALOGUE + dataset(A, "Water") + dataset(B, "Rivers"))
        assert outcomes(harvest(member("kenya", url))) == {A: "added", B: "added"}
        assert record.by_iri(A)[0].package_id != taken
        left = model.Session.get(model.Package, taken)
        assert left is not None
        assert left.title == "Ours"
