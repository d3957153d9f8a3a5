"""An entry of a list that got a successor: what was written with it is still read, shown, counted and found."""

from __future__ import annotations

import pytest

from ckanext.citizendata import catalogue_model
from ckanext.citizendata.catalogue_model import Additions
from ckanext.citizendata.core.conformance import check_package
from ckanext.citizendata.core.mapping import Model, Subject, fragment_from_package, package_from_fragment
from ckanext.citizendata.core.rules import derived
from ckanext.citizendata.core.widening import widened
from ckanext.citizendata.logic.forms.form_choices import choices

IRI = "https://node.example/dataset/1"
RENAMED = """
@prefix : <https://w3id.org/citizen-data/vocabulary/engagement-level/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:3 dct:isReplacedBy :3_taking_part .
:3_taking_part a skos:Concept ; skos:inScheme <https://w3id.org/citizen-data/vocabulary/engagement-level> ;
    skos:notation "3_taking_part" ; skos:prefLabel "Taking part in decisions"@en , "Participer aux décisions"@fr .
"""
OLD_PACKAGE = {"engagement": [{"stage": "design", "level": "3"}]}


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The shipped model with level 3 of engagement under a new code."""
    folder = tmp_path_factory.mktemp("lists")
    (folder / "engagement-level.ttl").write_text(RENAMED, encoding="utf-8")
    return catalogue_model.load("dataset", Additions(vocabularies=(str(folder),)))


@pytest.fixture(scope="module")
def read(renamed: Model) -> dict[str, object]:
    """What a catalogue with the new list reads in the record of one with the old list."""
    fragment = fragment_from_package(catalogue_model.load(), OLD_PACKAGE, Subject(IRI))
    projection = package_from_fragment(renamed, IRI, fragment)
    assert not [problem for problem in projection.problems if "engagement" in problem.path]
    return projection.package


class TestReplaced:
    def test_is_read_as_it_was_written(self, read: dict[str, object]) -> None:
        """The old address still means the old code."""
        assert read["engagement"] == OLD_PACKAGE["engagement"]

    def test_keeps_its_label(self, renamed: Model) -> None:
        """A reader sees the words under which it was answered."""
        levels, shipped = renamed.vocabularies["engagement-level"], catalogue_model.load().vocabularies

        assert levels.label("3", "fr") == shipped["engagement-level"].label("3", "fr")

    def test_counts_like_its_successor(self, renamed: Model, read: dict[str, object]) -> None:
        """In what follows from it, and in what a search for the new entry finds."""
        values = derived(renamed, read)

        assert (values["engagement_profile"], values["scope_hint"]) == ("design3", "in_scope")
        assert widened(renamed.vocabularies["engagement-level"], ["3"]) == ("3", "3_taking_part")

    def test_is_offered_no_more(self, renamed: Model) -> None:
        """The form asks with the new list, but keeps an old answer that is there."""
        levels = renamed.vocabularies["engagement-level"]
        offered = [choice["value"] for choice in choices(levels, "en")]

        assert ("3" in offered, "3_taking_part" in offered) == (False, True)
        assert "3" in [choice["value"] for choice in choices(levels, "en", ["3"])]

    def test_is_told_when_written_anew(self, renamed: Model) -> None:
        """It still works, and the writer hears of the new code."""
        told = [problem for problem in check_package(renamed, OLD_PACKAGE) if problem.code == "replaced_code"]

        assert [(problem.path, problem.severity) for problem in told] == [("engagement[0].level", "warning")]
