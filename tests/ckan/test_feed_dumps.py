"""Pages and dumps of snapshots that a site cut itself."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any

import pytest
from ckan import model
from ckan.lib.jobs import get_queue
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from pyoxigraph import CanonicalizationAlgorithm, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Dataset as Quads

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.core.graph import Index
from ckanext.citizendata.core.terms import DCAT, HYDRA, RDF
from ckanext.citizendata.feeds.face import FACES, face_from_suffix
from ckanext.citizendata.logic.feeds import dump_jobs
from ckanext.citizendata.logic.finding.other_types import OtherTypes
from ckanext.citizendata.model import record
from tests.ckan.snapshots import *  # noqa: F403 - fixtures
from tests.ckan.snapshots import settled

pytestmark = pytest.mark.usefixtures("site")

RDFLIB = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}


def dump(*words: str) -> Any:
    return CliRunner().invoke(citizendata, ["feed", "dump", *words])


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def paged(app: Any, suffix: str, page: str = "") -> bytes:
    """A page of the catalogue, from its snapshot."""
    answer = app.get(f"/catalog.{suffix}{page}", follow_redirects=False, status=302)
    return app.get(path(answer.headers["Location"]), status=200).data


def statements(body: bytes, suffix: str) -> set[Quad]:
    """What a page says of anything but its catalogue and its own place."""
    form = face_from_suffix(suffix)
    quads = [Quad(*quad.triple) for quad in parse(body, format=form.format)]  # type: ignore[union-attr]
    index = Index({quad.triple for quad in quads})
    heads = {*index.subjects(RDF.type, DCAT.Catalog), *index.subjects(RDF.type, HYDRA.PartialCollectionView)}
    kept = Quads(quad for quad in quads if quad.subject not in heads)
    kept.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(kept)


@pytest.fixture
def packages(store, dataset) -> list[dict[str, Any]]:  # noqa: ANN001
    """Two datasets and one that was withdrawn, in a snapshot."""
    made = [dataset(), dataset(title_translated={"en": "=1+1"}), dataset()]
    call_action("citizendata_record_withdraw", id=made[2]["id"])
    settled()
    assert store.current()
    return made


class TestPages:
    @pytest.mark.usefixtures("packages")
    def test_as_from_the_tables(self, app):
        """Each face of a snapshot says of its records what the tables do."""
        for face in FACES:
            tables = app.get(f"/catalog.{face.suffix}?modified_since=2020-01-01", status=200).data
            assert statements(paged(app, face.suffix), face.suffix) == statements(tables, face.suffix)

    def test_withdrawn(self, app, packages):
        """When a withdrawal returns, the page is gone in every face; the next snapshot has a tombstone."""
        address = app.get("/catalog.nt", follow_redirects=False).headers["Location"]
        assert packages[0]["id"] in app.get(path(address)).text
        call_action("citizendata_record_withdraw", id=packages[0]["id"])
        answer = app.get(path(address), status=410)
        assert 'rel="latest-version"' in answer.headers["Link"]
        settled()
        catalogue = NamedNode(f"{packages[0]['uri'].partition('/dataset/')[0]}/catalog")
        index = Index({quad.triple for quad in parse(paged(app, "nt"), format=RdfFormat.N_TRIPLES)})
        assert index.objects(catalogue, DCAT.dataset) == (NamedNode(packages[1]["uri"]),)
        assert index.value(catalogue, HYDRA.totalItems).value == "3"

    def test_without_title(self, app, packages):
        """A record without a title is in the feed and on no page of the catalogue."""
        row = record.by_package(packages[0]["id"])
        lines = [line for line in row.fragment.splitlines(keepends=True) if "/terms/title>" not in line]
        record.write({**row._mapping, "fragment": "".join(lines)})
        model.Session.commit()
        assert CliRunner().invoke(citizendata, ["feed", "cut", "--anew"]).exit_code == 0
        body = paged(app, "nt").decode()
        assert f"<{packages[0]['uri']}>" not in body
        assert f"<{packages[1]['uri']}>" in body

    @pytest.mark.usefixtures("app", "packages")
    def test_other_types(self):
        """A site with datasets of other types goes on answering from the tables; it is looked at now and then."""
        factories.Dataset(type="portal", title="Other portal", owner_org=factories.Organization()["id"])
        assert OtherTypes().are_there()


class TestDumps:
    def test_faces(self, app, packages):
        """The command writes all dumps and says where; each is served, and says what it should."""
        done = dump()
        assert done.exit_code == 0, done.output
        assert done.output.count("Dumped: ") == 5
        for suffix in ("nt", "ttl", "jsonld"):
            body = gzip.decompress(app.get(f"/feed/everyone/dump.{suffix}.gz", status=200).data)
            assert statements(body, suffix) == statements(paged(app, suffix), suffix)
        quads = [*parse(gzip.decompress(app.get("/feed/everyone/dump.nq.gz").data), format=RdfFormat.N_QUADS)]
        graphs = {quad.graph_name.value.rpartition("/")[2] for quad in quads if isinstance(quad.graph_name, NamedNode)}
        assert graphs == {package["id"] for package in packages}

    def test_table(self, app, packages):
        """The table has a line a dataset, and no formula."""
        assert dump("--face", "csv").exit_code == 0
        text = gzip.decompress(app.get("/feed/everyone/dump.csv.gz").data).decode("utf-8-sig")
        rows = {row["uri"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
        assert {*rows} == {package["uri"] for package in packages[:2]}
        assert rows[packages[1]["uri"]]["title_translated:en"] == "'=1+1"
        assert rows[packages[0]["uri"]]["country"] == "Kenya"

    def test_taken_back(self, app, packages):
        """What is taken back takes all dumps with it."""
        assert dump("--face", "nt").exit_code == 0
        call_action("citizendata_record_withdraw", id=packages[0]["id"])
        assert "There is no dump now" in app.get("/feed/everyone/dump.nt.gz", status=404).text
        refused = dump("--face", "nt")
        assert refused.exit_code == 1
        assert "try again in a minute" in refused.output

    @pytest.mark.usefixtures("store")
    def test_nothing_cut(self):
        """Without a snapshot there is nothing to dump."""
        assert "There is no snapshot to dump" in dump("--face", "nt").output
        assert dump("--face", "xls").exit_code == 2

    @pytest.mark.usefixtures("packages")
    def test_background(self, store):
        """The background work makes them once in a span of time, and not where they are there."""
        queue = get_queue()
        before = {*queue.job_ids}
        dump_jobs.plan_dumps()
        dump_jobs.plan_dumps()
        (made,) = {*queue.job_ids} - before
        dump_jobs.make_dumps()
        assert {each.name.partition(".")[2] for each in (store.folder / "dumps").iterdir()} == {
            f"{suffix}.gz" for suffix in ("nt", "nq", "ttl", "jsonld", "csv")
        }
        queue.remove(made)
        queue.fetch_job(made).delete()
        dump_jobs.plan_dumps()
        assert made not in queue.job_ids

    @pytest.mark.usefixtures("packages")
    def test_in_turns(self, store):
        """Each job works for a short while; the rest comes behind what waits meanwhile."""
        queue = get_queue()
        before = {*queue.job_ids}
        dump_jobs.make_dumps(0.0)
        (made,) = {*queue.job_ids} - before
        queue.remove(made)
        assert not [*(store.folder / "dumps").iterdir()]
