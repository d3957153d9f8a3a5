"""A site that was written from the page alone passes, and each mistake is found by the check that it is about."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ckanext.citizendata.command import main
from ckanext.citizendata.core.manifest import KEY_TYPE
from ckanext.citizendata.core.signature import Signer
from tests.protocol_server import CDATA, DCAT, DCT, FOAF, RDF, Handler, Site, base64url

MANIFEST, DOCUMENT = "/feed/everyone/manifest", "/.well-known/citizendata"
Break = Callable[[Site], None]


@pytest.fixture
def site() -> Iterator[Site]:
    """The site of a hundred lines, being served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Quiet", (Handler,), {"log_message": lambda *_: None})) as server:
        server.daemon_threads = True
        server.site = Site(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.site  # type: ignore[attr-defined]
        server.shutdown()


def checked(address: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and each check by its name."""
    result = CliRunner().invoke(main, ["conformance", "--json", address])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, {check["name"]: check for check in json.loads(result.stdout)["checks"]}


def failures(address: str) -> list[str]:
    """The names of the checks that fail."""
    return [name for name, check in checked(address)[1].items() if not check["passed"]]


class TestRightSite:
    def test_passes_every_check(self, site: Site) -> None:
        """With exit code 0, also by the address of its document, and of its manifest alone."""
        code, checks = checked(site.address)
        assert (code, [name for name, check in checks.items() if not check["passed"]]) == (0, [])
        assert len(checks) == 25
        assert checked(site.address + DOCUMENT)[1] == checks
        alone = checked(site.address + MANIFEST)[1]
        assert [*alone] == [name for name in checks if not name.startswith("well_known")]

    def test_passes_after_it_changed(self, site: Site) -> None:
        """Its old page answers 410."""
        old = next(path for path in site.answers if "/pages/" in path)
        site.records["1"] = site.tombstone("1")
        site.publish()
        assert site.answers[old][0] == 410
        assert failures(site.address) == []

    def test_passes_after_its_key_changed(self, site: Site) -> None:
        """With a proof; without one it is said that people have to confirm the new one."""
        old, before = site.manifest["keys"], Signer(site.key.private_bytes_raw())
        site.key = Ed25519PrivateKey.generate()
        site.sign()
        (new,) = site.manifest["keys"]
        proof = before.signed(json.dumps({"x": new["x"]}).encode(), KEY_TYPE)
        sealed(site, site.manifest | {"keys": [*old, new | {"proof": proof}]})
        assert failures(site.address) == []
        sealed(site, site.manifest | {"keys": [*old, new]})
        check = checked(site.address)[1]["manifest.keys"]
        assert (check["passed"], "have to confirm" in check["found"]) == (True, True)

    def test_is_told_in_lines(self, site: Site) -> None:
        """One a check, and one at the end."""
        result = CliRunner().invoke(main, ["conformance", site.address])
        lines = result.stdout.splitlines()
        assert len(lines) == 26
        assert lines[0] == "ok      well_known.answers     200 with JSON"
        assert lines[-1] == "All 25 checks of citizendata/1 pass."

    def test_was_written_from_the_page(self) -> None:
        """It imports nothing of ours, and has a hundred lines at most."""
        lines = (Path(__file__).parents[3] / "protocol_server.py").read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 100
        packages = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
        assert packages - {"__future__", "base64", "datetime", "hashlib", "http", "json", "sys", "typing"} == {
            "cryptography"
        }


def document(**fields: Any) -> Break:
    """Says something else in the site's document."""

    def broken(site: Site) -> None:
        status, media_type, body = site.answers[DOCUMENT]
        site.answers[DOCUMENT] = status, media_type, json.dumps(json.loads(body) | fields).encode()

    return broken


def manifest(**fields: Any) -> Break:
    """Says something else in the manifest, and signs that."""

    def broken(site: Site) -> None:
        site.manifest |= fields
        site.sign()

    return broken


def page(number: int, **fields: Any) -> Break:
    """Lists a page otherwise than it is."""

    def broken(site: Site) -> None:
        site.manifest["pages"][number] |= fields
        site.sign()

    return broken


def answered(path: str, status: int, media_type: str | None = None, body: bytes | None = None) -> Break:
    """Answers otherwise at an address."""

    def broken(site: Site) -> None:
        _, usual, content = site.answers[path]
        site.answers[path] = status, media_type or usual, content if body is None else body

    return broken


def first_page(status: int, more: bytes = b"") -> Break:
    """Answers otherwise where the first page is."""

    def broken(site: Site) -> None:
        path = f"/feed/everyone/pages/{site.manifest['pages'][0]['sha256']}.nq"
        _, media_type, body = site.answers[path]
        site.answers[path] = status, media_type, body + more

    return broken


def record(old: str, new: str, name: str = "1") -> Break:
    """Writes a record otherwise, and publishes that."""

    def broken(site: Site) -> None:
        assert old in site.records[name]
        site.records[name] = site.records[name].replace(old, new)
        site.publish()

    return broken


def added(text: str, name: str = "1") -> Break:
    """Writes one more statement into a record; NAME is its address."""

    def broken(site: Site) -> None:
        graph = f"<{site.address}/record/{name}>"
        line = text.replace("RECORD", graph).replace("TOPIC", f"<{site.address}/dataset/{name}>")
        site.records[name] += f"{line} {graph} .\n"
        site.publish()

    return broken


def stolen(site: Site) -> None:
    """Somebody else signs with a key that he names himself."""
    answer = site.answers[DOCUMENT]
    site.key = Ed25519PrivateKey.generate()
    site.sign()
    site.answers[DOCUMENT] = answer


def sealed(site: Site, content: dict[str, Any], signature: str | None = None) -> None:
    """Serves another manifest, signed, or with the signature of somebody else's."""
    status, media_type, text = site.answers[MANIFEST]
    signed = f"{text.decode().partition('.')[0]}.{base64url(json.dumps(content).encode())}"
    mark = signature or base64url(site.key.sign(signed.encode()))
    site.answers[MANIFEST] = status, media_type, f"{signed}.{mark}".encode()


def forged(site: Site) -> None:
    """The text was touched after it was signed."""
    text = site.answers[MANIFEST][2].decode()
    sealed(site, site.manifest | {"sequence": 99}, text.rpartition(".")[2])


def another_type(site: Site) -> None:
    """A text of another type is signed by the right key."""
    site.sign("citizendata-ping+json")


def unproved(site: Site) -> None:
    """A new key has a proof that it signed itself."""
    old = site.manifest["keys"]
    site.key = Ed25519PrivateKey.generate()
    site.sign()
    (new,) = site.manifest["keys"]
    proof = Signer(site.key.private_bytes_raw()).signed(json.dumps({"x": new["x"]}).encode(), KEY_TYPE)
    sealed(site, site.manifest | {"keys": [*old, new | {"proof": proof}]})


def miscounted(site: Site) -> None:
    """The manifest takes a dataset for a tombstone."""
    site.manifest["pages"][0] |= {"datasets": 0, "tombstones": 1}
    site.manifest |= {"datasets": 2, "tombstones": 2}
    site.sign()


def twice(site: Site) -> None:
    """A record stands on two pages."""
    site.records["5"] = site.records["1"] + site.records["2"].replace("/2>", "/5>").replace("_:c2", "_:c5")
    site.publish()
    site.manifest["pages"][-1] |= {"datasets": 2}
    site.manifest["datasets"] += 1
    site.sign()


def apart(site: Site) -> None:
    """Two records on one page, one inside the other."""
    first, *rest = site.records["1"].splitlines(keepends=True)
    other = site.records["2"].replace("/2>", "/6>").replace("_:c2", "_:c6")
    site.records["1"] = first + other + "".join(rest)
    _count_two(site)


def same_label(site: Site) -> None:
    """Two records on one page use one label."""
    site.records["1"] += site.records["2"].replace("/2>", "/6>").replace("_:c2", "_:c1")
    _count_two(site)


def _count_two(site: Site) -> None:
    site.publish()
    site.manifest["pages"][0] |= {"datasets": 2}
    site.manifest["datasets"] += 1
    site.sign()


AUDIENCE = f"RECORD <{CDATA}ns#audience> <{CDATA}vocabulary/audience/producer>"
BROKEN: list[tuple[str, Break]] = [
    ("well_known.answers", answered(DOCUMENT, 404)),
    ("well_known.answers", answered(DOCUMENT, 200, "text/html")),
    ("well_known.answers", answered(DOCUMENT, 200, body=b"[]")),
    ("well_known.fields", document(protocol="citizendata/2")),
    ("well_known.fields", document(roles=["registry"])),
    ("well_known.fields", document(title="Kenya")),
    ("well_known.fields", document(contact="data@example.org")),
    ("well_known.fields", document(delete_policy="no")),
    ("well_known.key", document(key=None)),
    ("well_known.feeds", document(feeds=[])),
    ("well_known.feeds", document(feeds=[{"audience": "everyone", "access": "open", "manifest": "/feed"}])),
    ("manifest.answers", answered(MANIFEST, 500)),
    ("manifest.media_type", answered(MANIFEST, 200, "text/plain")),
    ("manifest.content", answered(MANIFEST, 200, body=b"{}")),
    ("manifest.content", manifest(sequence="1")),
    ("manifest.content", manifest(datasets=4)),
    ("manifest.content", page(1, start="")),
    ("manifest.signature", stolen),
    ("manifest.signature", forged),
    ("manifest.signature", another_type),
    ("manifest.keys", unproved),
    ("manifest.catalogue", manifest(audience="collaborative")),
    ("manifest.catalogue", manifest(catalogue="https://other.example.org/catalog")),
    ("manifest.in_force", manifest(expires="2020-01-01T00:00:00Z")),
    ("manifest.in_force", manifest(created="2999-01-01T00:00:00Z", expires="2999-01-02T00:00:00Z")),
    ("pages.answers", first_page(404)),
    ("pages.hash", first_page(200, b"\n")),
    ("pages.size", page(0, size=1)),
    ("pages.counts", miscounted),
    ("pages.quads", record(" .\n", "\n")),
    ("pages.quads", record("_:c1 <http", "<a b> <http")),
    ("pages.together", apart),
    ("pages.blank_nodes", same_label),
    ("pages.records", record(f"<{RDF}type> <{DCAT}CatalogRecord>", f"<{RDF}type> <{DCAT}Catalog>")),
    ("pages.records", record(f"<{FOAF}primaryTopic>", f"<{FOAF}topic>")),
    ("pages.records", record('Z"^^', '"^^')),
    ("pages.records", added(f"RECORD <{FOAF}primaryTopic> RECORD")),
    ("pages.datasets", record(f"<{RDF}type> <{DCAT}Dataset>", f"<{RDF}type> <{DCAT}DataService>")),
    ("pages.tombstones", record("tombstone/withdrawn>", "tombstone/burnt>", "4")),
    ("pages.tombstones", added(f'TOPIC <{DCT}title> "A secret"', "4")),
    ("pages.tombstones", added(f"RECORD <{CDATA}ns#tombstone> <{CDATA}vocabulary/tombstone/deleted>")),
    ("pages.audience", added(AUDIENCE)),
    ("pages.once", twice),
]


class TestBrokenSite:
    @pytest.mark.parametrize(("name", "broken"), BROKEN)
    def test_is_found_by_the_right_check(self, site: Site, name: str, broken: Break) -> None:
        """The first check that fails is the one, and it says what was expected and found, and what to do."""
        broken(site)
        code, checks = checked(site.address)
        assert code == 1
        failed = [check for check in checks.values() if not check["passed"]]
        assert failed[0]["name"] == name, failed
        assert all(failed[0][each] for each in ("expected", "found", "advice"))

    def test_says_nothing_of_the_pages_of_an_unsigned_manifest(self, site: Site) -> None:
        """What somebody else wrote says nothing of the site."""
        forged(site)
        assert not any(name.startswith("pages") for name in checked(site.address)[1])

    def test_without_a_validator(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        """A manifest that is sent whole each time."""
        monkeypatch.setattr(Handler, "parse_request", _without_headers(Handler.parse_request))
        assert failures(site.address) == ["manifest.unchanged"]

    def test_that_knows_every_page(self, site: Site) -> None:
        """A page that never was is no page."""
        site.answers[f"/feed/everyone/pages/{'0' * 64}.nq"] = 200, "text/html", b"Welcome"
        assert failures(site.address) == ["pages.unknown"]

    def test_that_is_not_there(self) -> None:
        """In a sentence, with exit code 1; what is no address has 2."""
        code, checks = checked("http://127.0.0.1:9")
        assert (code, checks["well_known.answers"]["found"]) == (1, "no answer: nothing can be reached there")
        result = CliRunner().invoke(main, ["conformance", "ftp://example.org"])
        assert result.exit_code == 2
        assert "http:// or https://" in result.stderr


def _without_headers(parse: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Reads requests, and forgets what the reader has already."""

    def parsed(handler: Any) -> bool:
        found = parse(handler)
        del handler.headers["If-None-Match"]
        return found

    return parsed
