"""Looks at a running demo over HTTP as its readers do, and says in words what is not as promised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from rdflib import DCAT, RDF, Graph, Namespace
from rdflib.compare import isomorphic

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.people import account_of, administrator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.citizendata.local.browser import Browser
    from ckanext.citizendata.local.demo import Demo
    from ckanext.citizendata.local.samples import SampleRecord

__all__ = ["Findings", "check", "is_public"]

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SAFETY = ("sensitivity", "personal_data", "indigenous_data")
PAGES = 100
ROWS = 1000


@dataclass
class Findings:
    """What was found, and what was wrong."""

    published: int = 0
    registry: int = 0
    lossless: bool = False
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Copy:
    """One record as a reader finds it at a site."""

    iri: str
    name: str
    url: str


def is_public(record: SampleRecord) -> bool:
    """Whether a record is for everyone: by its own choice, and with every safety question answered."""
    package = record.package
    return package["audience"] == "everyone" and all(package[question] != "unknown" for question in SAFETY)


def check(demo: Demo, findings: Findings) -> None:
    """Look at everything that the demo promises, in the order in which a person would."""
    public = [record for record in demo.records if is_public(record)]
    originals = _check_nodes(demo, public, findings)
    _check_registry(demo, originals, findings)
    demo.progress.step("harvesting again")
    _check_unchanged(demo, findings)
    demo.progress.step("withdrawing a record")
    _check_withdrawal(demo, public[0], findings)


def _check_nodes(demo: Demo, public: list[SampleRecord], findings: Findings) -> dict[str, Copy]:
    """The public records as the national catalogues show them to everyone, by IRI."""
    found: dict[str, Copy] = {}
    for node in demo.nodes:
        expected = {record.package["name"] for record in public if record.site == node.name}
        copies = _search(demo.browser(site=node.name))
        _compare(f"the search of {node.name}", expected, {copy.name for copy in copies}, findings)
        found |= {copy.iri: copy for copy in copies}
        everything = _search(demo.browser(administrator(node, demo.credentials)), include_private=True)
        findings.published += len(everything)
    if findings.published != len(demo.records):
        findings.problems.append(
            f"{findings.published} records are at the national catalogues instead of {len(demo.records)}"
        )
    return found


def _check_registry(demo: Demo, originals: dict[str, Copy], findings: Findings) -> None:
    reader = demo.browser(site="registry")
    copies = {copy.iri: copy for copy in _search(reader)}
    findings.registry = len(copies)
    demo.progress.step("reading the registry's catalogue")
    _compare("the registry's search", set(originals), set(copies), findings)
    _compare("the registry's catalog.ttl", set(originals), _datasets(_catalogue(reader)), findings)
    both, different = sorted(set(originals) & set(copies)), []
    for count, iri in enumerate(both, start=1):
        demo.progress.count("comparing records of node and registry", count, len(both))
        if not isomorphic(_description(reader, originals[iri]), _description(reader, copies[iri])):
            different.append(iri)
            findings.problems.append(f"{iri} differs between {originals[iri].url}.ttl and {copies[iri].url}.ttl")
    findings.lossless = bool(both) and not different


def _check_unchanged(demo: Demo, findings: Findings) -> None:
    for run in demo.harvest():
        if any(count for outcome, count in run.counts.items() if outcome != "unchanged"):
            findings.problems.append(f"a second harvest isn't without changes: {run.in_words()}")


def _check_withdrawal(demo: Demo, record: SampleRecord, findings: Findings) -> None:
    name = record.package["name"]
    organization = next(each for each in demo.organizations if each.name == record.organization)
    reader, registry = demo.browser(site=record.site), demo.browser(site="registry")
    iri = next((copy.iri for copy in _search(reader) if copy.name == name), "")
    listed = next((copy for copy in _search(registry) if copy.iri == iri), None)
    editor = demo.browser(account_of(organization, demo.credentials))
    answer = editor.submit(f"/dataset/withdraw/{name}", "_csrf_token", [])
    if not answer.ok:
        findings.problems.append(f"the form to withdraw {name} answers HTTP {answer.status_code}")
        return
    _check_gone(reader, iri, f"/dataset/{name}", findings)
    demo.harvest()
    _check_gone(registry, iri, f"/dataset/{listed.name}" if listed else "", findings)


def _check_gone(reader: Browser, iri: str, path: str, findings: Findings) -> None:
    if iri in {copy.iri for copy in _search(reader)}:
        findings.problems.append(f"the withdrawn {iri} is still in the search of {reader.url}")
    if iri in _datasets(_catalogue(reader)):
        findings.problems.append(f"the withdrawn {iri} is still a dataset in the catalog.ttl of {reader.url}")
    if path and reader.get(path).ok:
        findings.problems.append(f"the withdrawn {iri} still has a page at {reader.url}{path}")


def _search(browser: Browser, include_private: bool = False) -> list[Copy]:
    answer = browser.get(
        "/api/3/action/package_search", params={"rows": ROWS, "include_private": str(include_private).lower()}
    )
    _require(answer.ok, browser, "package_search", answer.status_code)
    return [_copy(browser, package) for package in answer.json()["result"]["results"]]


def _copy(browser: Browser, package: dict[str, Any]) -> Copy:
    return Copy(package.get("uri") or "", package["name"], f"{browser.url}/dataset/{package['name']}")


def _catalogue(browser: Browser) -> Graph:
    """All pages of the catalogue's Turtle as one graph."""
    whole, path = Graph(), "/catalog.ttl"
    for _ in range(PAGES):
        answer = browser.get(path)
        _require(answer.ok, browser, path, answer.status_code)
        page = Graph().parse(data=answer.text, format="turtle")
        whole += page
        following = next(iter(page.objects(None, HYDRA.next)), None)
        if following is None:
            return whole
        path = urljoin(browser.url + path, str(following)).removeprefix(browser.url)
    return whole


def _datasets(graph: Graph) -> set[str]:
    return {str(subject) for subject in graph.subjects(RDF.type, DCAT.Dataset)}


def _description(browser: Browser, copy: Copy) -> Graph:
    """What a site says about a record, without its own catalogue and entries in it."""
    answer = browser.session.get(f"{copy.url}.ttl", timeout=60)
    _require(answer.ok, browser, f"{copy.url}.ttl", answer.status_code)
    graph = Graph().parse(data=answer.text, format="turtle")
    for kind in (DCAT.CatalogRecord, DCAT.Catalog):
        for subject in list(graph.subjects(RDF.type, kind)):
            graph.remove((subject, None, None))
            graph.remove((None, None, subject))
    return graph


def _compare(place: str, expected: Iterable[str], found: Iterable[str], findings: Findings) -> None:
    missing, surplus = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    if missing:
        findings.problems.append(f"{place} lacks {', '.join(missing)}")
    if surplus:
        findings.problems.append(f"{place} shows what it should not: {', '.join(surplus)}")


def _require(ok: bool, browser: Browser, what: str, status: int) -> None:
    if not ok:
        raise LocalError(f"{browser.url} answers HTTP {status} to {what}.")
