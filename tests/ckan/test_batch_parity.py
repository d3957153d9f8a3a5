"""What a batch leaves is what CKAN's own `package_create` and `package_update` leave: rows, documents, answers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import ckan.plugins as p
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.citizendata.core.splitting import Received
from ckanext.citizendata.federation.answer import Answer
from ckanext.citizendata.federation.errors import SourceMalformed
from ckanext.citizendata.federation.parse import parsed
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.second_library import read_by_rdflib
from ckanext.citizendata.logic import site_model
from ckanext.citizendata.logic.harvesting.harvest import member_named
from ckanext.citizendata.logic.publishing.fits import misfit
from tests.generation.graphs import foreign
from tests.generation.packages import DATASET, maker
from tests.generation.records import full_record, usual_record

from .two_publishers import Publish, by_actions, by_batches, differences, empty, kept, left, received, record

A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
CLASS = "<http://www.w3.org/ns/dcat#Dataset>"
BASE = "https://node.example.org/dataset"
REAL = os.environ.get("CITIZENDATA_REAL_FEEDS")
SEEDS = range(int(os.environ.get("CITIZENDATA_PARITY_RECORDS", "24")))


@pytest.fixture
def member(site: None) -> Member:  # noqa: ARG001
    """A member whose records are for everyone."""
    call_action("citizendata_member_create", id="kenya", url="https://node.example.org/c.ttl", title="Kenya")
    return member_named("kenya")


def assert_same(member: Member, versions: Sequence[Sequence[Received]]) -> None:
    """Each version is published in batches and by actions, from what the actions made of the versions before it."""
    empty()
    for version in versions:
        before = kept()
        found = left(_course(member, by_batches, version))
        before()
        expected = left(_course(member, by_actions, version))
        assert len(found.shown) == len(version)
        assert differences(expected, found) == []


def _course(member: Member, publish: Publish, records: Sequence[Received]) -> Callable[[], None]:
    return lambda: publish(member, records)


def made_up(seed: int) -> dict[str, Any]:
    return maker(site_model.model().public).package(seed)


def strange(seed: int) -> Received:
    """A fragment of others; some say not even that it is a dataset."""
    iri = f"<{DATASET}{seed}>"
    text = foreign(site_model.model().public, seed).replace(f"<{DATASET}>", iri)
    return next(each for each in received(f"{text}{iri} {A} {CLASS} .\n") if iri == f"<{each.iri}>")


class TestNew:
    def test_records_of_sites_like_ours(self, member: Member) -> None:
        """With every field, with the usual ones, and with what chance brings."""
        model = site_model.model().public
        usual = [record(f"{BASE}/usual-{number}", usual_record(model, number)) for number in range(4)]
        full = [record(f"{BASE}/full-{number}", full_record(model, number)) for number in range(4)]
        random = [record(f"{BASE}/random-{seed}", made_up(seed)) for seed in SEEDS]
        assert_same(member, [[*usual, *full, *random]])

    def test_records_of_others(self, member: Member) -> None:
        """Fragments with statements that no site of ours makes."""
        assert_same(member, [[strange(seed) for seed in SEEDS]])


def changed(seed: int) -> dict[str, Any]:
    """The package of a seed with some answers of another one; files are kept, dropped, added, renamed, reordered."""
    random, package, other = Random(seed), made_up(seed), made_up(seed + 100_000)
    for name in sorted({*package, *other} - {"resources"}):
        if random.random() < 0.2:
            package[name] = other.get(name)
    files: list[dict[str, Any]] = list(package.get("resources") or ())
    if files and random.random() < 0.5:
        files.pop(random.randrange(len(files)))
    if random.random() < 0.6:
        files += (other.get("resources") or [])[:2]
    if files and random.random() < 0.5:
        files[0] = {**files[0], "name": "Renamed"}
    if len(files) > 1 and random.random() < 0.4:
        files.reverse()
    return {**{name: value for name, value in package.items() if value is not None}, "resources": files}


def changed_again(seed: int) -> dict[str, Any]:
    """What it was at first, or with its first file alone."""
    package = changed(seed)
    return made_up(seed) if seed % 2 else {**package, "resources": package["resources"][:1]}


class TestChanged:
    def test_records_with_other_answers_and_files(self, member: Member) -> None:
        """Also where a file comes back that was dropped, and where a column of CKAN's own is filled no more."""
        versions = [
            [record(f"{BASE}/changed-{seed}", make(seed)) for seed in SEEDS]
            for make in (made_up, changed, changed_again)
        ]
        assert_same(member, versions)

    def test_what_the_source_dropped_is_shown_no_more(self, member: Member) -> None:
        """CKAN keeps the name, format, media type and size of a file where an update doesn't give them."""
        file = {
            "url": "https://data.example.org/1",
            "name": "Points",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 9,
        }
        full, bare = {**made_up(1), "resources": [file]}, {**made_up(1), "resources": [{"url": file["url"]}]}
        versions = [[record(f"{BASE}/dropped", package)] for package in (full, bare)]
        for publish in (by_actions, by_batches):
            empty()
            found = [left(_course(member, publish, each)) for each in versions][-1]
            (shown,) = (each["resources"][0] for each in found.shown.values())
            assert [shown.get(name) for name in ("name", "format", "mimetype", "size")] == [None, "", None, None]
        assert_same(member, versions)


class Text:
    """The statements of one page of somebody else."""

    def __init__(self) -> None:
        self.lines = b""

    def add(self, text: bytes) -> None:
        self.lines += text

    def forget(self) -> None:
        self.lines = b""


def page(path: Path) -> list[Received]:
    """The records of a file; none where it can't be read."""
    text = Text()
    try:
        parsed(Answer(f"https://node.example.org/{path.name}", "", path.read_bytes()), text, read_by_rdflib)
    except SourceMalformed:
        return []
    return received(text.lines.decode())


@pytest.mark.skipif(not REAL, reason="no catalogues of others are here: set CITIZENDATA_REAL_FEEDS")
def test_real_records(member: Member) -> None:
    """Of all catalogues in the folder."""
    records = {each.iri: each for path in sorted(Path(REAL or "").iterdir()) for each in page(path)}
    assert_same(member, [[*records.values()]])


class OtherPlugin(p.SingletonPlugin):
    """Somebody else's, which adds to what is shown and searched."""

    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IResourceController, inherit=True)

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        pkg_dict["files_by_other"] = len(pkg_dict["resources"])

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        shown = json.loads(pkg_dict["validated_data_dict"])
        return {**pkg_dict, "vocab_other": [shown["title"].upper()], "notes": None}

    def before_resource_show(self, resource_dict: dict[str, Any]) -> dict[str, Any]:
        resource_dict["name"] = f"Seen: {resource_dict['name']}"
        resource_dict["by_other"] = {"extension": resource_dict["url"][-4:]}
        return resource_dict


@pytest.fixture
def other_plugin(provide_plugin: Any, site: None) -> Iterator[None]:  # noqa: ARG001
    """The plugin above beside ours."""
    provide_plugin("other", OtherPlugin)
    with p.use_plugin("other"):
        yield


@pytest.mark.usefixtures("other_plugin")
def test_hooks_of_other_plugins(member: Member) -> None:
    """Those about what is shown and searched are run; the batch fits beside them."""
    assert misfit() is None
    records = [record(f"{BASE}/other-{seed}", made_up(seed)) for seed in range(8)]
    assert_same(member, [records])
    assert call_action("package_search", fq="vocab_other:*")["count"] == len(records)


def published_by(iri: str, name: str) -> Received:
    """A record that names its publisher."""
    said = (
        f"<{iri}> {A} {CLASS} .\n"
        f'<{iri}> <http://purl.org/dc/terms/title> "Water"@en .\n'
        f"<{iri}> <http://purl.org/dc/terms/publisher> _:p .\n"
        f'_:p <http://xmlns.com/foaf/0.1/name> "{name}" .\n'
    )
    (found,) = received(said)
    return found


class TestOrganisations:
    def test_follow_the_publisher(self, member: Member) -> None:
        """Also where a record comes back to a former publisher, and where nobody chose an organisation for one."""
        for name in ("water", "rivers"):
            factories.Organization(name=name)
            call_action("citizendata_publisher_map", id="kenya", publisher=f"Desk of {name}", organization=name)
        names = ("Desk of water", "Desk of rivers", "Nobody")
        iris = [f"{BASE}/of-{number}" for number in range(3)]
        versions = [
            [published_by(iri, names[(number + turn) % 3]) for number, iri in enumerate(iris)] for turn in range(4)
        ]
        assert_same(member, versions[:1])
        assert_same(member, versions)
