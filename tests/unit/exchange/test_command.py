"""The command as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ckanext.citizendata.command import main
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.exchange.spreadsheet import packages_from_spreadsheet, spreadsheet_from_packages
from ckanext.citizendata.exchange.workbook import pages_of

Run = Callable[..., Result]
NATIONAL = Path(__file__).parents[2] / "data" / "national"
OWN = ("--fields", str(NATIONAL / "fields.yaml"), "--lists", str(NATIONAL / "vocabularies"))
IRI = "https://data.example.org/dataset/1"
COUNTY = "https://stats.example.ke/ns#county"
RECORD = f"<{IRI}> a <http://www.w3.org/ns/dcat#Dataset> .\n".replace(
    " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves the files of a folder without a word."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a server of that folder."""
    server = HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def good(tmp_path: Path, package: dict[str, Any]) -> Mapping[str, Any]:
    """A package in good.json with nothing to correct."""
    (tmp_path / "good.json").write_text(json.dumps(package), encoding="utf-8")
    return package


@pytest.fixture
def bad(tmp_path: Path, model: Model, package: dict[str, Any]) -> None:
    """The same in bad.json and bad.xlsx with an unknown country."""
    package["country"] = ["Atlantis"]
    (tmp_path / "bad.json").write_text(json.dumps(package), encoding="utf-8")
    (tmp_path / "bad.xlsx").write_bytes(spreadsheet_from_packages(model, [package])[0])


class TestValidate:
    @pytest.mark.usefixtures("good")
    def test_of_a_good_file_ends_well(self, run: Run) -> None:
        """With the counts."""
        result = run("validate", "good.json")
        assert result.exit_code == 0
        assert "Datasets checked: 1. Errors: 0." in result.stdout

    @pytest.mark.usefixtures("bad")
    def test_of_a_bad_file_says_what_is_wrong(self, run: Run) -> None:
        """With title, label and value; of a spreadsheet also the cell."""
        result = run("validate", "bad.json", "bad.xlsx")
        assert result.exit_code == 1
        assert result.stdout.count("Beach litter counts by shore volunteers (beach-litter-counts)") == 2
        assert result.stdout.count("  Error: Country: “Atlantis”") == 2
        assert "[sheet “Datasets”, cell " in result.stdout

    @pytest.mark.usefixtures("bad")
    def test_speaks_the_language_asked_for(self, run: Run) -> None:
        """Titles and labels too."""
        stdout = run("validate", "bad.json", "--language", "fr").stdout
        assert "Comptages des déchets de plage" in stdout
        assert "Pays" in stdout

    @pytest.mark.usefixtures("bad")
    def test_writes_json(self, run: Run) -> None:
        """One object a file."""
        result = run("validate", "--json", "bad.xlsx", "missing.json")
        report, unusable = (json.loads(line) for line in result.stdout.splitlines())
        assert result.exit_code == 2
        assert unusable == {"file": "missing.json", "error": "There is no file missing.json"}
        assert (report["file"], report["errors"], report["problems"]) == ("bad.xlsx", 1, [])
        record = report["records"][0]
        assert (record["name"], record["title"]) == ("beach-litter-counts", "Beach litter counts by shore volunteers")
        problem = next(each for each in record["problems"] if each["severity"] == "error")
        assert {"path", "code", "message", "advice", "severity", "place"} == set(problem)
        assert problem["path"] == "country[0]"

    def test_reads_rdf(self, run: Run, ntriples: str, tmp_path: Path) -> None:
        """A record goes by its IRI."""
        (tmp_path / "record.nt").write_text(ntriples, encoding="utf-8")
        report = json.loads(run("validate", "--json", "record.nt").stdout)
        assert report["records"][0]["iri"] == "https://data.example.org/dataset/1"
        assert report["records"][0]["title"] == "Beach litter counts by shore volunteers"

    @pytest.mark.usefixtures("good")
    def test_reads_the_web(self, run: Run, site: str) -> None:
        """An address in the place of a file."""
        assert run("validate", f"{site}/good.json").exit_code == 0

    def test_has_fields_and_lists_of_a_catalogue(self, run: Run, good: Mapping[str, Any], tmp_path: Path) -> None:
        """Without them their values are unknown."""
        (tmp_path / "lists").mkdir()
        (tmp_path / "lists" / "country.ttl").write_text(
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            "<https://example.org/atlantis> a skos:Concept ; skos:notation 'ATL' ; skos:prefLabel 'Atlantis'@en ;\n"
            "  skos:inScheme <https://w3id.org/citizen-data/vocabulary/country> .\n",
            encoding="utf-8",
        )
        (tmp_path / "new.json").write_text(json.dumps({**good, "country": ["ATL"]}), encoding="utf-8")
        assert run("validate", "new.json").exit_code == 1
        assert run("validate", "new.json", "--lists", "lists").exit_code == 0

    @pytest.mark.usefixtures("good")
    def test_has_fields_and_lists_of_a_catalogue_in_its_shapes(
        self, run: Run, good: Mapping[str, Any], tmp_path: Path
    ) -> None:
        """A county and a national group are right, and a county that isn't in the list breaks a shape."""
        added = {**good, "county": ["047"], "population_group": ["ke_boda_boda_riders"]}
        (tmp_path / "new.json").write_text(json.dumps(added), encoding="utf-8")
        assert run("validate", "--shacl", "new.json", *OWN).exit_code == 0
        (tmp_path / "new.nt").write_text(f"{RECORD}<{IRI}> <{COUNTY}> <https://stats.example.ke/county/999> .\n")
        report = json.loads(run("validate", "--shacl", "--json", "new.nt", *OWN).stdout)
        broken = [each for each in report["records"][0]["problems"] if each["code"].startswith("shacl:")]
        assert [each["message"] for each in broken if each["path"] == f"{IRI} {COUNTY}"] == [
            "County: an entry of the list “Counties”. (“https://stats.example.ke/county/999”)"
        ]

    def test_speaks_one_language_in_all(self, run: Run, tmp_path: Path) -> None:
        """Severity, messages of the shapes and the rest."""
        (tmp_path / "record.nt").write_text(RECORD, encoding="utf-8")
        stdout = run("validate", "--shacl", "--language", "fr", "record.nt").stdout
        assert "  Erreur: Titre : il est nécessaire" in stdout
        assert "Error: " not in stdout
        assert "is needed" not in stdout
        assert "es necesario" not in stdout

    def test_knows_what_day_it_is(self, run: Run, good: Mapping[str, Any], tmp_path: Path) -> None:
        """What doesn't go together is a warning, as on the page of the record."""
        (tmp_path / "late.json").write_text(
            json.dumps({**good, "access_rights": "PUBLIC", "embargo_until": "2999"}), encoding="utf-8"
        )
        report = json.loads(run("validate", "--json", "late.json").stdout)
        found = [each for each in report["records"][0]["problems"] if each["code"] == "inconsistent"]
        assert [(each["path"], each["severity"]) for each in found] == [("embargo_until", "warning")]

    @pytest.mark.parametrize(
        ("odd", "words"),
        [
            ({"resources": True}, ["Files", "“True”", "list of entries"]),
            ({"resources": ["x"]}, ["Files", "“x”", "list of entries"]),
            ({"resources": [{"id": "1", "url": ["x"]}]}, ["File or address", "“['x']”", "web address"]),
            ({"contact": [[1]]}, ["Contact", "“[1]”", "list of entries"]),
            ({"contact": "x"}, ["Contact", "“x”", "list of entries"]),
            ({"title_translated": {"en": "Water \ud800"}}, ["Title", "U+D800"]),
            ({"name": "water-\ud800"}, ["(water-U+D800)"]),
            ({"country": json.loads("[" * 500 + "]" * 500)}, ["Country", "…", "answer of the list"]),
        ],
    )
    def test_names_what_is_odd(
        self, run: Run, good: Mapping[str, Any], tmp_path: Path, odd: dict[str, Any], words: list[str]
    ) -> None:
        """With label, value and advice, whatever stands in the place of a value; shapes and cells change nothing."""
        (tmp_path / "odd.json").write_text(json.dumps({**good, **odd}), encoding="utf-8")
        result = run("validate", "odd.json", "--shacl")
        assert result.exit_code == 1
        assert all(word in result.stdout for word in words), result.stdout
        assert json.loads(run("validate", "odd.json", "--json").stdout)["errors"] > 0
        assert run("spreadsheet", "odd.json").exit_code == 0

    def test_refuses_what_has_no_end(self, run: Run, tmp_path: Path) -> None:
        """In one sentence."""
        (tmp_path / "deep.json").write_text('{"country": ' + "[" * 5000 + "]" * 5000 + "}", encoding="utf-8")
        result = run("validate", "deep.json", "/dev/zero")
        assert result.exit_code == 2
        assert "deep.json is no JSON that can be read" in result.stderr
        assert "/dev/zero is no file" in result.stderr


class TestSpreadsheet:
    def test_has_what_files_describe(self, run: Run, good: Mapping[str, Any], model: Model, tmp_path: Path) -> None:
        """Reading it again gives the package back."""
        result = run("spreadsheet", "good.json", "--output", "filled.xlsx")
        assert (result.exit_code, result.stdout) == (0, "filled.xlsx written; datasets in it: 1.\n")
        (placed,), _ = packages_from_spreadsheet(model, (tmp_path / "filled.xlsx").read_bytes())
        assert placed.package["title_translated"] == good["title_translated"]
        assert placed.package["contact"] == good["contact"]

    def test_has_what_rdf_says(self, run: Run, ntriples: str, model: Model, tmp_path: Path) -> None:
        """As far as there is a column for it."""
        (tmp_path / "record.nt").write_text(ntriples, encoding="utf-8")
        assert run("spreadsheet", "record.nt").exit_code == 0
        (placed,), _ = packages_from_spreadsheet(model, (tmp_path / "datasets.xlsx").read_bytes())
        assert placed.package["title_translated"]["en"] == "Beach litter counts by shore volunteers"

    def test_without_a_file_is_the_template(self, run: Run, tmp_path: Path) -> None:
        """With the fields of a catalogue."""
        assert run("spreadsheet", *OWN).exit_code == 0
        pages = pages_of((tmp_path / "datasets.xlsx").read_bytes())
        cells = [str(cell.value) for page in pages for row in page.rows.values() for cell in row]
        assert "county" in cells

    @pytest.mark.usefixtures("good")
    def test_replaces_no_file(self, run: Run, tmp_path: Path) -> None:
        """Somebody may have filled it in."""
        (tmp_path / "datasets.xlsx").write_text("mine", encoding="utf-8")
        result = run("spreadsheet", "good.json")
        assert result.exit_code == 2
        assert "There is a file datasets.xlsx already" in result.stderr
        assert (tmp_path / "datasets.xlsx").read_text(encoding="utf-8") == "mine"


class TestWrongCall:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["validate"], "Missing argument"),
            (["validat"], "No such command"),
            (["validate", "--shackl", "x"], "No such option"),
            (["validate", "missing.ttl"], "There is no file missing.ttl"),
            (["validate", "."], "is a folder"),
            (["validate", "http://127.0.0.1:9/feed"], "can't be reached"),
            (["validate", "ftp://example.org/feed"], "http:// or https://"),
            (["validate", "--language", "???", "x"], "is no language"),
            (["validate", "--shapes", "missing.ttl", "x"], "There is no file missing.ttl"),
            (["validate", "--fields", "missing.yaml", "x"], "missing.yaml can't be read"),
            (["validate", "--lists", "missing", "x"], "There is no folder missing"),
            (["spreadsheet", "missing.json"], "There is no file missing.json"),
            (["spreadsheet", "--output", "missing/new.xlsx"], "can't be written"),
            (["vocabularies", "check", "missing"], "There is no folder missing"),
            (["vocabularies", "check", "."], "There is no code list"),
        ],
    )
    def test_is_told_in_a_sentence(self, run: Run, arguments: list[str], sentence: str) -> None:
        """On the error output, with exit code 2."""
        result = run(*arguments)
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert "Traceback" not in result.output

    @pytest.mark.usefixtures("good")
    def test_of_fields_that_are_none(self, run: Run, tmp_path: Path) -> None:
        """What the schema refuses is told too."""
        (tmp_path / "fields.yaml").write_text("dataset_fields: [{field_name: [", encoding="utf-8")
        result = run("validate", "--fields", "fields.yaml", "good.json")
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: The fields or lists can't be used: ")


class TestVocabulariesCheck:
    def test_finds_the_shipped_lists_right(self, run: Run) -> None:
        """All of them."""
        result = run("vocabularies", "check")
        assert result.stdout.splitlines()[-1].endswith("lists checked: no errors.")
        assert result.exit_code == 0

    def test_names_file_and_entry(self, run: Run, tmp_path: Path) -> None:
        """In one line a breach."""
        (tmp_path / "colour.ttl").write_text(
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            "<https://example.org/s> a skos:ConceptScheme .\n"
            "<https://example.org/r> a skos:Concept ; skos:notation 'red' ; skos:inScheme <https://example.org/s> .\n",
            encoding="utf-8",
        )
        result = run("vocabularies", "check", ".")
        assert result.exit_code == 1
        assert "colour.ttl:red: There is no label in en, fr, es" in result.stdout


class TestWithoutCkan:
    def test_needs_none_of_its_packages(self) -> None:
        """Nor RDFLib, which only --shacl loads."""
        program = (
            "import sys; import ckanext.citizendata.command;"
            "print(*{'ckan', 'flask', 'sqlalchemy', 'rdflib', 'pyshacl'} & set(sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == ""
