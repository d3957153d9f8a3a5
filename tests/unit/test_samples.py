"""The sample records are complete, valid, invented, and agree with the tables written by hand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.conformance import check_package, package_in_shape
from ckanext.citizendata.core.mapping import Agent, Subject, fragment_from_package, package_from_fragment
from ckanext.citizendata.core.vocabulary import Vocabulary, vocabulary_from_turtle
from ckanext.citizendata.local.samples import SampleRecord, organizations, records

EXPECTED = Path(__file__).parents[1] / "data" / "expected"
TEXTS = ("title_translated", "notes_translated", "limitations")
CODED = {
    "language": "language",
    "country": "country",
    "citizen_data_form": "citizen-data-form",
    "initiator_kind": "organisation-kind",
    "producer_kind": "organisation-kind",
    "data_ownership": "data-ownership",
    "population_group": "population-group",
    "sdg_goal": "sdg-goal",
    "collection_mode": "collection-mode",
    "consent_type": "consent-type",
    "withdrawal_possible": "withdrawal-possible",
    "personal_data": "personal-data",
    "sensitivity": "sensitivity",
    "indigenous_data": "yes-no-unknown",
    "access_rights": "access-rights",
    "audience": "audience",
    "integration_status": "integration-status",
}
OTHERS = {"temporal_coverage", "contact", "engagement", "resources"}
MULTIPLE = {
    "language",
    "country",
    "citizen_data_form",
    "initiator_kind",
    "population_group",
    "sdg_goal",
    "collection_mode",
    "consent_type",
}
INVENTED = {
    "en": "Invented example.",
    "fr": "Exemple inventé.",
    "es": "Ejemplo inventado.",
    "pt": "Exemplo inventado.",
    "sw": "Mfano wa kubuni.",
    "ne": "काल्पनिक उदाहरण।",
    "ar": "مثال من نسج الخيال.",
}
DATE = re.compile(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
SAFETY = ("sensitivity", "personal_data", "indigenous_data")

SAMPLES = {record.package["name"]: record for record in records()}
every_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())


@cache
def vocabulary(name: str) -> Vocabulary:
    text = files("ckanext.citizendata.vocabularies").joinpath(f"{name}.ttl").read_text(encoding="utf-8")
    return vocabulary_from_turtle(name, text)


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, str):
        yield value


def in_order(value: Any) -> Any:
    """Lists without their order, which statements don't have."""
    if isinstance(value, list):
        return sorted((in_order(each) for each in value), key=str)
    return {key: in_order(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


def names_with(field: str, code: str) -> set[str]:
    return {name for name, sample in SAMPLES.items() if code in listed(sample.package[field])}


def table(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class TestOrganizations:
    def test_are_four_to_six_on_each_site(self) -> None:
        """Each national catalogue has a handful of organisations."""
        assert Counter(entry.site for entry in organizations()) == {"kenya": 6, "ghana": 6}

    def test_have_known_kinds_and_countries(self) -> None:
        """Kind and seat are codes of the vocabularies."""
        kinds, countries = vocabulary("organisation-kind"), vocabulary("country")
        assert [entry.name for entry in organizations() if entry.kind not in kinds] == []
        assert [entry.name for entry in organizations() if entry.country not in countries] == []

    def test_say_that_they_are_invented(self) -> None:
        """Each description ends with the remark, each title has an English text."""
        assert all(entry.description.endswith(INVENTED["en"]) and entry.title["en"] for entry in organizations())

    def test_publish_at_least_one_record_each(self) -> None:
        """No organisation is empty, and no record names one of the other site."""
        assert {(r.site, r.organization) for r in records()} == {(o.site, o.name) for o in organizations()}


@every_sample
class TestRecord:
    def test_has_all_mandatory_fields(self, sample: SampleRecord) -> None:
        """Nothing is left to be derived except publisher, title and notes."""
        assert set(sample.package) >= {"type", "name", *TEXTS, *CODED, *OTHERS}

    def test_conforms(self, sample: SampleRecord) -> None:
        """Whatever else it says is right by the rules of the schema."""
        problems = check_package(load(), package_in_shape(load(), sample.package))
        assert [problem for problem in problems if problem.severity == "error"] == []

    def test_says_the_same_after_a_journey(self, sample: SampleRecord) -> None:
        """All that is for everyone comes back out of its statements."""
        model = load().public
        package = package_in_shape(model, sample.package)
        subject = Subject("https://node.example/dataset/1", Agent("https://node.example/organization/1", "Publisher"))
        found = package_from_fragment(model, subject.iri, fragment_from_package(model, package, subject))
        told = {field.name for field in model.schema.fields if field.shape}
        assert found.residue == ""
        for name in told & set(package):
            assert in_order(found.package.get(name)) == in_order(package[name]), name

    def test_has_no_empty_field(self, sample: SampleRecord) -> None:
        """Only the list of files may be empty."""
        assert [key for key, value in sample.package.items() if value in ("", [], {}, None)] in ([], ["resources"])

    def test_name_is_readable_ascii(self, sample: SampleRecord) -> None:
        """The name can stand in an address."""
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", sample.package["name"])

    @pytest.mark.parametrize("field", CODED)
    def test_codes_exist(self, sample: SampleRecord, field: str) -> None:
        """Each code is a notation of its vocabulary, `unknown` stands alone."""
        value = sample.package[field]
        assert isinstance(value, list) == (field in MULTIPLE)
        assert [code for code in listed(value) if code not in vocabulary(CODED[field])] == []
        assert len(set(listed(value))) == len(listed(value))
        assert "unknown" not in listed(value) or len(listed(value)) == 1

    def test_engagement_covers_design_and_collection(self, sample: SampleRecord) -> None:
        """Stage, level and the people engaged are codes; design and collection are always there."""
        stages, levels, people = (vocabulary(f"engagement-{part}") for part in ("stage", "level", "who"))
        entries = sample.package["engagement"]
        assert {"design", "collection"} <= {entry["stage"] for entry in entries}
        assert all(entry["stage"] in stages and entry["level"] in levels for entry in entries)
        assert all(who in people for entry in entries for who in entry.get("who", []))

    def test_periods_are_dates_in_order(self, sample: SampleRecord) -> None:
        """Each period has a start or an end, as year, month or day, and doesn't end before it starts."""
        for period in sample.package["temporal_coverage"]:
            assert period and set(period) <= {"start", "end"}
            assert all(DATE.fullmatch(date) for date in period.values())
            assert period.get("start", "") <= period.get("end", "9999")

    def test_has_all_texts_in_the_same_languages(self, sample: SampleRecord) -> None:
        """Title, notes and limitations have the same languages, English among them."""
        first, *others = (set(sample.package[field]) for field in TEXTS)
        assert "en" in first <= set(INVENTED)
        assert all(other == first for other in others)

    def test_says_in_each_language_that_it_is_invented(self, sample: SampleRecord) -> None:
        """Each text of the notes ends with the remark in its own language."""
        notes = sample.package["notes_translated"]
        assert [language for language, text in notes.items() if not text.endswith(INVENTED[language])] == []

    def test_notes_have_substance(self, sample: SampleRecord) -> None:
        """Between 60 and 150 words say what it is, how it was made, and what it can't tell."""
        counts = {language: len(text.split()) for language, text in sample.package["notes_translated"].items()}
        assert all(60 <= count <= 150 for count in counts.values()), counts

    def test_contacts_are_roles_at_example_org(self, sample: SampleRecord) -> None:
        """Nobody real can be written to."""
        for contact in sample.package["contact"]:
            assert contact["name"]
            assert contact["email"].endswith(".example.org")

    def test_addresses_are_examples(self, sample: SampleRecord) -> None:
        """No text holds an address of anybody."""
        hosts = [host for text in strings(sample.package) for host in re.findall(r"(?:https?://|@)([^/\s]+)", text)]
        assert [host for host in hosts if not host.endswith(".example.org")] == []

    def test_resources_are_described(self, sample: SampleRecord) -> None:
        """Each file has a name, a description, a format and a licence from the lists."""
        formats, licences = vocabulary("file-type"), vocabulary("licence")
        for resource in sample.package["resources"]:
            assert set(resource) == {"name", "description", "url", "format", "license"}
            assert resource["url"].startswith("https://data.example.org/")
            assert resource["format"] in formats
            assert resource["license"] in licences

    def test_open_data_have_a_file(self, sample: SampleRecord) -> None:
        """Public access promises a file; no access promises none."""
        has_file = bool(sample.package["resources"])
        assert {"PUBLIC": has_file, "NON_PUBLIC": not has_file}.get(sample.package["access_rights"], True)


class TestCollection:
    def test_holds_exactly_25_records(self) -> None:
        """Each file holds the record of its name."""
        stems = {Path(e.name).stem for e in files("ckanext.citizendata.local.samples").joinpath("records").iterdir()}
        assert len(records()) == 25
        assert set(SAMPLES) == stems

    def test_knows_every_audience(self) -> None:
        """Each audience occurs, most records are for everyone."""
        chosen = Counter(sample.package["audience"] for sample in records())
        assert set(chosen) == {"producer", "partners", "national", "collaborative", "everyone_short", "everyone"}
        assert chosen["everyone"] == 19

    def test_keeps_private_data_in_public_records(self) -> None:
        """Indigenous data are closed while everyone may know of them."""
        sample = SAMPLES["sirtwa-rights-questionnaire"].package
        assert (sample["indigenous_data"], sample["access_rights"]) == ("yes", "NON_PUBLIC")
        assert (sample["audience"], sample["resources"]) == ("everyone", [])

    def test_has_a_planned_exercise(self) -> None:
        """A record may come before its data."""
        sample = SAMPLES["gender-question-trial-nepal"].package
        assert sample["resources"] == []
        assert sample["temporal_coverage"][0]["end"] > "2025"

    def test_shows_severe_sensitivity_to_the_producer_only(self) -> None:
        """Severe records are for the producer's own people."""
        assert names_with("sensitivity", "severe") == names_with("audience", "producer") != set()

    def test_has_share_alike_licences(self) -> None:
        """A share-alike database licence and a share-alike text licence occur."""
        licences = {res["license"] for sample in records() for res in sample.package["resources"]}
        assert {"ODbL_1", "CC_BY_SA_4"} <= licences

    def test_has_borderline_scope(self) -> None:
        """Started by the state, with level 1 or 2 in design and collection."""
        for name in ("household-needs-register", "services-voice-app"):
            sample = SAMPLES[name].package
            assert {"nso", "local_government"} & set(sample["initiator_kind"])
            levels = [e["level"] for e in sample["engagement"] if e["stage"] in ("design", "collection")]
            assert set(levels) <= {"1", "2"}

    def test_has_data_not_about_people(self) -> None:
        """One record is about things."""
        assert names_with("population_group", "not_about_people") == {"beach-litter-counts"}

    def test_has_a_safety_question_left_open(self) -> None:
        """One record for everyone is capped by "don't know"."""
        unanswered = {name for field in SAFETY for name in names_with(field, "unknown")}
        assert unanswered == {"market-porters-stories"} <= names_with("audience", "everyone")

    def test_marks_each_edge_case_in_its_file(self) -> None:
        """A reader of the file learns which case it stands for."""
        folder = files("ckanext.citizendata.local.samples").joinpath("records")
        marked = [e.name for e in folder.iterdir() if "# Edge case:" in e.read_text(encoding="utf-8")]
        assert len(marked) >= 9
        assert all(e.read_text(encoding="utf-8").startswith("# ") for e in folder.iterdir())


class TestExpectedTables:
    def test_travels_decides_every_sample(self) -> None:
        """One line a record, with a reason; those that travel are for everyone."""
        lines = table("travels.csv")
        assert [line["file"] for line in lines] == sorted(SAMPLES)
        assert all(line["travels"] in ("yes", "no") and line["why"] for line in lines)
        travelling = {line["file"] for line in lines if line["travels"] == "yes"}
        assert travelling == names_with("audience", "everyone") - {"market-porters-stories"}

    def test_filters_agree_with_samples(self) -> None:
        """Each line names exactly the travelling records that have the code, in a known vocabulary."""
        travelling = {line["file"] for line in table("travels.csv") if line["travels"] == "yes"}
        for line in table("filters.csv"):
            field, code = line["field"], line["code"]
            assert code in vocabulary(CODED[field]), f"{field} {code} isn't in its vocabulary"
            assert set(line["records"].split()) == names_with(field, code) & travelling, f"{field} {code}"

    def test_filters_miss_no_code_of_a_travelling_record(self) -> None:
        """Each code that occurs in the registry has its line."""
        lines = table("filters.csv")
        travelling = [line["file"] for line in table("travels.csv") if line["travels"] == "yes"]
        for field in ("country", "population_group", "sdg_goal", "initiator_kind", "integration_status"):
            named = {line["code"] for line in lines if line["field"] == field}
            assert {code for name in travelling for code in listed(SAMPLES[name].package[field])} <= named

    def test_canaries_are_in_their_record_alone(self) -> None:
        """Each word is in every text of one record and nowhere else."""
        for line in table("canaries.csv"):
            holders = {n for n, s in SAMPLES.items() if any(line["word"] in text for text in strings(s.package))}
            assert holders == {line["record"]}
            notes = SAMPLES[line["record"]].package["notes_translated"]
            assert all(line["word"] in text for text in notes.values())
            assert line["site"] == SAMPLES[line["record"]].site
            assert line["audience"] == SAMPLES[line["record"]].package["audience"]

    def test_canaries_stand_for_every_record_that_stays(self) -> None:
        """Each record that doesn't travel has a word, and so has one public record a site."""
        staying = {line["file"] for line in table("travels.csv") if line["travels"] == "no"}
        lines = table("canaries.csv")
        assert {line["record"] for line in lines if line["anonymous_registry"] == "no"} == staying
        assert {line["site"] for line in lines if line["anonymous_registry"] == "yes"} == {"kenya", "ghana"}
