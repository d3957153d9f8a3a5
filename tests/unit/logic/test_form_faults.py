"""What is wrong is told at the box it is about, and above with the way there."""

from __future__ import annotations

from ckanext.citizendata.logic.forms.form_faults import Fault, faults_of, wrong_field, wrong_part

TITLE = {"field_name": "title"}
CONTACT = {"field_name": "contact", "repeating_subfields": [{"field_name": "name"}, {"field_name": "email"}]}
STEPS = {
    "field_name": "engagement",
    "preset": "citizendata_engagement",
    "repeating_subfields": [{"field_name": "level"}],
}
FILE = ({"field_name": "url"},)
ERRORS = {
    "name": ["Taken."],
    "contact": [{}, {"email": ["No address.", "Too long."], "odd": ["Not asked."]}],
    "title": ["Missing."],
    "resources": [{}, {"url": ["No link."]}, {"size": ["No number."]}],
}


class TestWrong:
    def test_of_a_question(self) -> None:
        """All that isn't about a box of one of its rows."""
        assert wrong_field(ERRORS, TITLE) == ("Missing.",)
        assert wrong_field(ERRORS, CONTACT) == ("Not asked.",)
        assert wrong_field(None, TITLE) == ()

    def test_of_a_box_in_a_row(self) -> None:
        """That of the same place alone."""
        assert wrong_part(ERRORS, "contact", 1, "email") == ("No address.", "Too long.")
        assert wrong_part(ERRORS, "contact", 0, "email") == ()

    def test_of_rows_in_an_order_of_their_own(self) -> None:
        """Is told at the question: the place among the answers is none on the page."""
        assert wrong_field({"engagement": [{"level": ["Unknown."]}]}, STEPS) == ("Unknown.",)

    def test_said_as_one_text(self) -> None:
        """As other extensions do."""
        assert wrong_field({"title": "Missing."}, TITLE) == ("Missing.",)


class TestFaults:
    def test_each_leads_to_its_box(self) -> None:
        """In the order of the questions; a stored file has no box, and others none on this page."""
        data = {"resources": [{"id": "stored"}, {"url": "x"}, {"size": "much"}]}

        assert faults_of(ERRORS, [TITLE, CONTACT], FILE, data) == (
            Fault("Missing.", "field-title"),
            Fault("No address.", "field-contact-1-email"),
            Fault("Too long.", "field-contact-1-email"),
            Fault("Not asked.", "field-contact"),
            Fault("No link.", "field-resources-0-url"),
            Fault("No number.", "cd-files"),
            Fault("Taken.", None),
        )

    def test_none(self) -> None:
        """Where nothing is wrong."""
        assert faults_of({}, [TITLE], FILE, {}) == ()
