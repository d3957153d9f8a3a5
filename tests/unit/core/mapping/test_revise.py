"""Edits of records that say more than their package: the edit holds, and all else stays."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.mapping import (
    Subject,
    fragment_from_package,
    own_statements,
    package_from_fragment,
    revised_residue,
)
from ckanext.citizendata.core.mapping.plan import NodePlan
from ckanext.citizendata.core.terms import DCAT, DCT, FOAF, RDF, SCHEMA, VCARD, XSD
from ckanext.citizendata.core.tokens import lines_of, text_of, token

from ....generation.formats import same
from ....generation.graphs import foreign
from ....generation.packages import DATASET, maker

D = f"<{DATASET}>"
SUBJECT = Subject(DATASET)
FIRST = '"2020-01-01T00:00:00"^^<' + XSD.dateTime.value + ">"
CONTACT = (
    (D, DCAT.contactPoint, "_:x"),
    ("_:x", RDF.type, token(VCARD.Organization)),
    ("_:x", VCARD.fn, '"Desk"'),
    ("_:x", VCARD.hasAddress, "_:y"),
    ("_:y", VCARD.locality, '"Accra"'),
)


def said(*statements: tuple[str, Any, str]) -> str:
    own = lines_of(own_statements(load(), DATASET))
    return text_of([*own, *((subject, token(predicate), target) for subject, predicate, target in statements)])


def edited(fragment: str, **changes: Any) -> str:
    """The fragment once its package was changed; None takes a value out."""
    projection = package_from_fragment(load(), DATASET, fragment)
    package = {key: value for key, value in {**projection.package, **changes}.items() if value is not None}
    residue = revised_residue(load(), package, SUBJECT, projection.residue, fragment)
    return fragment_from_package(load(), package, SUBJECT, residue)


def shown(fragment: str) -> Mapping[str, Any]:
    return package_from_fragment(load(), DATASET, fragment).package


def is_named(plan: NodePlan) -> bool:
    """Whether a row holds the IRI of its node, or of one inside."""
    return plan.itself is not None or any(is_named(child) for _, child in plan.children)


class TestRevisedResidue:
    def test_date_with_time(self) -> None:
        """A new date takes the place of the one with a time; taken out, it is gone."""
        fragment = said((D, DCT.issued, FIRST), (D, SCHEMA.award, '"kept"'))
        assert shown(edited(fragment, issued="2021-05-01"))["issued"] == "2021-05-01"
        assert FIRST not in edited(fragment, issued="2021-05-01")
        assert "issued" not in shown(edited(fragment, issued=None))
        assert '"kept"' in edited(fragment, issued=None)

    def test_contact_with_address(self) -> None:
        """A contact that is taken out goes with its address; another beside it leaves it as it was."""
        fragment = said(*CONTACT)
        (desk,) = shown(fragment)["contact"]
        assert edited(fragment, contact=None) == said()
        both = edited(fragment, contact=[desk, {"name": "Office"}])
        assert '"Accra"' in both
        assert [row["name"] for row in shown(both)["contact"]] == ["Desk", "Office"]
        assert '"Accra"' not in edited(fragment, contact=[{**desk, "name": "Help desk"}])

    def test_two_titles(self) -> None:
        """Nobody touched the title, so that both stay; a new one takes the place of both in its language."""
        fragment = said((D, DCT.title, '"A"@en'), (D, DCT.title, '"B"@en'), (D, DCT.title, '"Eau"@fr'))
        assert edited(fragment, issued="2021") == text_of(
            [*lines_of(fragment), (D, token(DCT.issued), f'"2021"^^{token(XSD.gYear)}')]
        )
        changed = edited(fragment, title_translated={"en": "Water", "fr": "Eau"})
        assert sorted(term for _, name, term in lines_of(changed) if name == token(DCT.title)) == [
            '"Eau"@fr',
            '"Water"@en',
        ]

    def test_code_without_what_stands_beside(self) -> None:
        """A language that others name without a class is theirs until it is taken out."""
        english, french = (
            f"<http://publications.europa.eu/resource/authority/language/{code}>" for code in ("ENG", "FRA")
        )
        fragment = said((D, DCT.language, english), (D, DCT.language, french))
        changed = edited(fragment, language=["FRA"])
        assert (english in changed, shown(changed)["language"]) == (False, ["FRA"])

    def test_shared_name(self) -> None:
        """What is said of a name stays while another row of the record still leads to it."""
        agent = "<https://office.example/>"
        fragment = said(
            (D, DCT.creator, agent),
            (D, DCT.publisher, agent),
            (agent, FOAF.name, '"Office"'),
            (agent, FOAF.mbox, '"?"'),
        )
        assert '"?"' in edited(fragment, creator=None)
        assert '"?"' not in edited(fragment, creator=None, publisher=None)

    def test_a_new_name(self) -> None:
        """Both names of a named agent go with the edit; what no field reads stays."""
        agent = "<https://office.example/>"
        fragment = said(
            (D, DCT.creator, agent),
            *((agent, FOAF.name, f'"{name}"') for name in ("Old", "Older")),
            (agent, FOAF.mbox, '"?"'),
        )
        changed = edited(fragment, creator=[{"uri": "https://office.example/", "name": "Zew"}])
        assert shown(changed)["creator"] == [{"uri": "https://office.example/", "name": "Zew"}]
        assert ('"?"' in changed, "Old" in changed) == (True, False)

    def test_files_as_ckan_gives_them(self) -> None:
        """Keys of CKAN are no edit: a file with a statement of others, named or not, stays as it is."""
        for file in ("_:f", f"<{DATASET}/resource/7>"):
            fragment = said(
                (D, DCAT.distribution, file),
                (file, RDF.type, token(DCAT.Distribution)),
                (file, DCAT.accessURL, "<https://data.example/a.csv>"),
                (file, SCHEMA.award, '"kept"'),
            )
            (row,) = shown(fragment)["resources"]
            given = {key: value for key, value in row.items() if key != "uri"}
            more = {"id": "7", "package_id": "p", "position": 0, "state": "active", "hash": "", "size": None}
            assert edited(fragment, resources=[{**given, **more}]) == fragment, file
            assert '"kept"' in edited(fragment, resources=[{**given, **more}], issued="2021")
            assert len(shown(edited(fragment, resources=[{**given, **more}], issued="2021"))["resources"]) == 1
            assert "a.csv" not in edited(fragment, resources=[{**more, "url": "https://data.example/b.csv"}])

    def test_nothing_changed(self) -> None:
        """A save without an edit changes nothing."""
        for seed in range(60):
            fragment = foreign(load(), seed) + own_statements(load(), DATASET)
            assert same(edited(fragment), fragment), seed

    @settings(max_examples=150, deadline=None, database=None)
    @given(st.integers(0, 2**32 - 1))
    def test_made_up_edits(self, seed: int) -> None:
        """Whatever is taken out or put in another's place: the record shows the package."""
        random = Random(seed)
        fragment = text_of(lines_of(foreign(load(), seed) + own_statements(load(), DATASET)))
        before = dict(shown(fragment))
        other = shown(fragment_from_package(load(), maker(load()).package(seed + 1), SUBJECT))
        # Made-up rows name the same few IRIs: one IRI with two names in two rows is one node with two names.
        named = {key for plan in load().plan.nodes if is_named(plan.node) for key in (plan.key, *plan.lifted)}
        names = sorted({field.name for field in load().schema.fields} & {*before, *other} - named)
        changes = {name: random.choice((None, other.get(name))) for name in random.sample(names, min(6, len(names)))}
        absent = load().plan.absent
        after = shown(edited(fragment, **changes))
        for name in names:
            expected = changes[name] if name in changes else before.get(name)
            assert after.get(name) == (absent.get(name) if expected is None else expected), (seed, name)


@pytest.mark.parametrize("residue", ["", said((D, SCHEMA.award, '"kept"'))])
def test_what_no_field_reads(residue: str) -> None:
    """What the schema doesn't cover is never touched."""
    assert revised_residue(load(), {"issued": "2020"}, SUBJECT, residue, residue) == residue
