"""A site that speaks citizendata/1, written from docs/reference/protocol.md alone; run it with the number of a port."""

from __future__ import annotations

import json
import sys
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RDF, FOAF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://xmlns.com/foaf/0.1/"
DCAT, ADMS, CDATA = "http://www.w3.org/ns/dcat#", "http://www.w3.org/ns/adms#", "https://w3id.org/citizen-data/"
DCT, MOMENT = "http://purl.org/dc/terms/", "http://www.w3.org/2001/XMLSchema#dateTime"
GONE = "http://publications.europa.eu/resource/authority/dataset-status/WITHDRAWN"
TITLES = {"1": "Water points", "2": "Market prices", "3": "School meals"}


def base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def moment(days: int = 0) -> str:
    return (datetime.now(timezone.utc) + timedelta(days)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Site:
    """Three datasets and the tombstone of a fourth, a page each; change `records` and `publish` again."""

    def __init__(self, address: str) -> None:
        self.address, self.key, self.previous = address, Ed25519PrivateKey.generate(), None
        self.epoch, self.sequence = 1, 0
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.records = {name: self.dataset(name, title) for name, title in TITLES.items()} | {"4": self.tombstone("4")}
        self.publish()

    def record(self, name: str, *about: str) -> str:
        said = f"RECORD <{RDF}type> <{DCAT}CatalogRecord>", f"RECORD <{FOAF}primaryTopic> TOPIC"
        lines = [f"{each} RECORD .\n" for each in (*said, f'RECORD <{DCT}modified> "{moment()}"^^<{MOMENT}>', *about)]
        names = {"RECORD": f"<{self.address}/record/{name}>", "TOPIC": f"<{self.address}/dataset/{name}>"}
        return "".join(lines).replace("RECORD", names["RECORD"]).replace("TOPIC", names["TOPIC"])

    def dataset(self, name: str, title: str) -> str:
        contact = f"TOPIC <{DCAT}contactPoint> _:c{name}", f'_:c{name} <http://www.w3.org/2006/vcard/ns#fn> "Desk"'
        texts = f'TOPIC <{DCT}title> "{title}"@en', f'TOPIC <{DCT}description> "About {title}."@en'
        return self.record(name, f"TOPIC <{RDF}type> <{DCAT}Dataset>", *texts, *contact)

    def tombstone(self, name: str, kind: str = "withdrawn") -> str:
        kinds = f"RECORD <{CDATA}ns#tombstone> <{CDATA}vocabulary/tombstone/{kind}>"
        return self.record(name, f"RECORD <{ADMS}status> <{GONE}>", kinds)

    def publish(self) -> None:
        self.answers = {path: (410, "text/plain", b"Gone.") for path in self.answers if "/pages/" in path}
        pages = [self.page(number, key) for number, key in enumerate(sorted(self.records))]
        self.sequence += 1
        self.manifest: dict[str, Any] = {"protocol": "citizendata/1", "catalogue": f"{self.address}/catalog"}
        self.manifest |= {"audience": "everyone", "epoch": self.epoch, "sequence": self.sequence, "pages": pages}
        self.manifest |= {"previous": self.previous, "created": moment(), "expires": moment(7)}
        self.manifest |= {each: sum(page[each] for page in pages) for each in ("datasets", "tombstones")}
        self.sign()

    def page(self, number: int, key: str) -> dict[str, Any]:
        body, gone = self.records[key].encode(), int(GONE in self.records[key])
        name, start = sha256(body).hexdigest(), key if number else ""
        self.answers[f"/feed/everyone/pages/{name}.nq"] = 200, "application/n-quads", body
        return {"start": start, "sha256": name, "size": len(body), "datasets": 1 - gone, "tombstones": gone}

    def sign(self, typ: str = "citizendata-manifest+json") -> None:
        raw = self.key.public_key().public_bytes_raw()
        key = {"x": base64url(raw), "kid": sha256(raw).hexdigest()[:16]}
        self.manifest |= {"keys": [{"x": key["x"], "proof": None}], "page_address": "pages/{sha256}.nq"}
        head, payload = json.dumps({"alg": "EdDSA", "typ": typ, "kid": key["kid"]}), json.dumps(self.manifest).encode()
        text = f"{base64url(head.encode())}.{base64url(payload)}"
        signed, self.previous = f"{text}.{base64url(self.key.sign(text.encode()))}", sha256(payload).hexdigest()
        self.answers["/feed/everyone/manifest"] = 200, "application/jose", signed.encode()
        feed = {"audience": "everyone", "access": "open", "manifest": f"{self.address}/feed/everyone/manifest"}
        document = {"protocol": "citizendata/1", "roles": ["catalogue"], "catalogue": f"{self.address}/catalog"}
        document |= {"title": {"en": "A small site"}, "delete_policy": "persistent", "feeds": [feed], "key": key}
        self.answers["/.well-known/citizendata"] = 200, "application/json", json.dumps(document).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802
        status, media_type, body = self.server.site.answers.get(self.path, (404, "text/plain", b""))  # type: ignore
        tag = f'"{sha256(body).hexdigest()}"'
        is_known = status == 200 and self.headers["If-None-Match"] == tag
        self.send_response(304 if is_known else status)
        self.send_header("Content-Type", media_type)
        self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(b"" if is_known else body)


if __name__ == "__main__":
    served = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    served.site = Site(f"http://127.0.0.1:{sys.argv[1]}")  # type: ignore[attr-defined]
    served.serve_forever()
