"""Fragments as they are read for export."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode

from ckanext.citizendata.feeds.fragment import statements_from_fragment

S, P = "<http://example.org/s>", "<http://example.org/p>"


class TestStatementsFromFragment:
    def test_blank_nodes_are_renamed(self):
        """The same label is the same node, under a name that no other fragment has."""
        statements, _ = statements_from_fragment(f"{S} {P} _:x .\n_:x {P} _:y .\n", "r7b")
        assert statements[0].object == statements[1].subject == BlankNode("r7b0")
        assert statements[1].object == BlankNode("r7b1")

    @pytest.mark.parametrize("text", ["_:x", "a _:x", "a _:x .", "_:x .", "a\\n_:x b", " _:x"])
    def test_literals_stay(self, text):
        """What looks like a label inside a text is text, whatever follows it."""
        line = f'{S} {P} "{text}"'
        for end in ("", "@en", "^^<http://example.org/d>"):
            statements, _ = statements_from_fragment(f"_:x {P} _:x .\n{line}{end} .\n", "b")
            assert statements[1].object.value == text.replace("\\n", "\n")

    def test_order_stays(self):
        """Statements come in the order of the lines."""
        statements, _ = statements_from_fragment(f'{S} {P} "b" .\n{S} {P} "a" .\n', "b")
        assert [triple.object.value for triple in statements] == ["b", "a"]

    def test_no_ntriples(self):
        """Other text is an error that the caller reports."""
        with pytest.raises(SyntaxError):
            statements_from_fragment("not RDF", "b")
