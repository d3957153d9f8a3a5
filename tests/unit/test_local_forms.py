"""What a person's browser reads in a page and sends."""

from __future__ import annotations

import io

from ckanext.citizendata.local.browser import Form, forms_in
from ckanext.citizendata.local.checking import is_public
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.publishing import fields_from_package
from ckanext.citizendata.local.samples import records

PAGE = """
<form action="/search"><input name="q" value=""></form>
<form method="post">
  <input type="hidden" name="_csrf_token" value="a&amp;b">
  <input type="radio" name="audience" value="producer"><input type="radio" name="audience" value="everyone" checked>
  <select name="owner_org"><option value="1">A</option><option value="2" selected>B</option></select>
  <textarea name="notes_translated-en">Two
lines</textarea>
  <input type="file" name="upload"><button name="save" value="publish">Publish</button>
</form>
"""


class TestForms:
    def test_untouched(self) -> None:
        """A form sends what the page filled in: chosen radio buttons and options, texts, hidden values; no buttons."""
        search, form = forms_in(PAGE)
        assert search == Form("/search", [("q", "")], {"q"})
        assert form.values == [
            ("_csrf_token", "a&b"),
            ("audience", "everyone"),
            ("owner_org", "2"),
            ("notes_translated-en", "Two\nlines"),
        ]
        assert form.names == {"_csrf_token", "audience", "owner_org", "notes_translated-en", "upload", "save"}


class TestFields:
    def test_every_shape(self) -> None:
        """Texts by language, several codes, rows, and rows with several codes become the form's fields."""
        package = {
            "type": "dataset",
            "name": "a",
            "title_translated": {"en": "A", "fr": "B"},
            "country": ["KEN", "UGA"],
            "engagement": [{"stage": "design", "who": ["cbo", "youth"]}, {"stage": "use"}],
        }
        assert fields_from_package(package) == (
            ("name", "a"),
            ("title_translated-en", "A"),
            ("title_translated-fr", "B"),
            ("country", "KEN"),
            ("country", "UGA"),
            ("engagement-0-stage", "design"),
            ("engagement-0-who", "cbo"),
            ("engagement-0-who", "youth"),
            ("engagement-1-stage", "use"),
        )


class TestIsPublic:
    def test_every_sample(self) -> None:
        """Eighteen of the sample records are for everyone, as the hand-written list says."""
        assert sum(is_public(record) for record in records()) == 18


class TestProgress:
    def test_plain(self) -> None:
        """Where there is no terminal, each step is a line, told once."""
        stream = io.StringIO()
        progress = Progress(stream)
        progress.step("starting")
        progress.step("starting")
        progress.done("done")
        assert [line[10:] for line in stream.getvalue().splitlines()] == ["starting", "done"]

    def test_count(self) -> None:
        """A long list is told in five parts there."""
        stream = io.StringIO()
        for done in range(1, 26):
            Progress(stream).count("publishing", done, 25)
        assert len(stream.getvalue().splitlines()) == 5
