"""SHACL results by the record that they are about, for many records in one graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
from rdflib import BNode, Graph
from rdflib.namespace import SH

__all__ = ["SHAPES", "ShapesGraph", "shapes", "violations_by_record"]

SHAPES = Path(__file__).parents[2] / "schemas" / "generated" / "shapes.ttl"


class ShapesGraph(Graph):
    """A graph that reads each of its lists once: pyshacl wants those of code lists for every value."""

    def items(self, list: Any) -> Iterator[Any]:  # noqa: A002
        """The items of a list, as `Graph.items` gives them."""
        kept = self.__dict__.setdefault("_kept", {})
        if list not in kept:
            kept[list] = tuple(super().items(list))
        return iter(kept[list])


@cache
def shapes() -> Graph:
    """The shapes as they are in the tree."""
    return ShapesGraph().parse(SHAPES, format="turtle")


def violations_by_record(fragments: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """What breaks a shape, in words, by the key of the record; what belongs to none is under "".

    :param fragments: N-Triples by the beginning that the IRIs of a record's own nodes have.
    """
    everything, owners = Graph(), {}
    for begin, fragment in fragments.items():
        record = Graph().parse(data=fragment, format="nt")
        own = {node for node in record.subjects() if isinstance(node, BNode) or str(node).startswith(begin)}
        owners.update(dict.fromkeys(own, begin))
        everything += record
    _, report, _ = pyshacl.validate(everything, shacl_graph=shapes(), inference="none", inplace=True)
    assert isinstance(report, Graph)
    found: dict[str, list[str]] = defaultdict(list)
    # What a result has as its detail is no result of its own.
    for result in report.objects(None, SH.result):
        if (result, SH.resultSeverity, SH.Violation) in report:
            said = [str(report.value(result, part)) for part in (SH.resultPath, SH.value, SH.sourceConstraintComponent)]
            found[owners.get(report.value(result, SH.focusNode), "")].append(" ".join(said))
    return found
