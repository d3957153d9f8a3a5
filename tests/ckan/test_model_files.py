"""The files of the metadata model over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.citizendata.core.terms import CDATA, DCAT

pytestmark = pytest.mark.usefixtures("site")


class TestFile:
    @pytest.mark.parametrize("name", ["ns.ttl", "shapes.ttl", "dcat-ap.shapes.ttl"])
    def test_gives_turtle(self, app: Any, name: str) -> None:
        """The ontology and both sets of shapes parse as what their content type says."""
        answer = app.get(f"/citizendata/{name}")
        assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
        assert list(parse(answer.data, format=RdfFormat.TURTLE))

    def test_gives_the_context(self, app: Any) -> None:
        """JSON-LD that other sites' pages may read too."""
        answer = app.get("/citizendata/context.jsonld")
        assert answer.headers["Content-Type"] == "application/ld+json; charset=utf-8"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        context = json.loads(answer.data)["@context"]
        assert context["cdata"] == str(CDATA)
        assert context["dcat"] == str(DCAT)

    @pytest.mark.parametrize("name", ["dataset.yaml", "..%2fdataset.yaml", "generated"])
    def test_gives_nothing_else(self, app: Any, name: str) -> None:
        """Only what is in the table has an address."""
        assert app.get(f"/citizendata/{name}", status=404).status_code == 404
