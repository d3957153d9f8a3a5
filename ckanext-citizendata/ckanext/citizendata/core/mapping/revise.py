"""What of a residue still holds once the package was edited.

A residue says some values itself, in a form that we wouldn't write: a date with a time, a contact with an address. Once
an editor changes such a value, that statement is no longer true, and a reader of the feed would be told both. So

    package_from_fragment(fragment_from_package(model, package, subject, revised_residue(…))) == package

Only what the edit changed is compared with: of two titles in one language the package shows one, and both stay for as
long as nobody touches the title.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Any

from ckanext.citizendata.core.mapping.filled import filled
from ckanext.citizendata.core.mapping.model import Model, Subject
from ckanext.citizendata.core.mapping.plan import WHOLE, FieldPlan, NodePlan
from ckanext.citizendata.core.mapping.read import Reader, items_from_value, package_from_fragment
from ckanext.citizendata.core.mapping.write import fragment_from_package, with_iris
from ckanext.citizendata.core.tokens import Line, Token, is_literal, lines_of, text_of, token_of_subject
from ckanext.citizendata.core.tree import Tree

__all__ = ["revised_residue"]

Package = Mapping[str, Any]


def revised_residue(model: Model, package: Package, subject: Subject, residue: str, before: str) -> str:
    """The residue without what it says of values that the package says otherwise by now, as canonical N-Triples.

    :param before: the record's fragment as it was, of the package before the edit and the same residue.
    """
    was = package_from_fragment(model, subject.iri, before).package
    now = _as_read(model, package, subject)
    tree = Tree(residue)
    gone = {*_gone_values(model, tree, subject, was, now), *_gone_rows(model, tree, subject, was, now)}
    if not gone:
        return residue
    kept = tree.lines - gone
    start = token_of_subject(subject.iri)
    written = fragment_from_package(model, package, subject)
    left = _reached(start, lines_of(before)) - _reached(start, [*kept, *lines_of(written)])
    return text_of(line for line in kept if line[0] not in left)


def _as_read(model: Model, package: Package, subject: Subject) -> Package:
    """The package as reading gives it; rows both with the IRIs that writing gives them and without."""
    read = {key: filled(value) for key, value in package.items()}
    named = with_iris(package, subject)
    for plan in model.plan.nodes:
        if not plan.whole and plan.key in named:
            forms = (items_from_value(plan, each.get(plan.key)) for each in (package, named))
            read[plan.key] = [plan.told(item) for items in forms for item in items]
    return read


def _gone_values(model: Model, tree: Tree, subject: Subject, was: Package, now: Package) -> Iterator[Line]:
    """The statements of flat values that were changed."""
    node = token_of_subject(subject.iri)
    about = tree.about(node)
    for part in model.plan.properties:
        if was.get(part.key) != now.get(part.key):
            for predicate in filter(None, (part.predicate, part.otherwise, *part.accept)):
                for term in about.get(predicate, ()):
                    if _is_gone(part.codec.decode((term,)).value, was.get(part.key), now.get(part.key)):
                        yield node, predicate, term


def _gone_rows(model: Model, tree: Tree, subject: Subject, was: Package, now: Package) -> Iterator[Line]:
    """The statements of rows that were changed, and those that lead to them; what another row says stays."""
    node = token_of_subject(subject.iri)
    reader = Reader(tree, node, model.plan)
    rows = [(plan, term, reader.item(plan, term)) for plan in model.plan.nodes for term in reader.terms(plan)]
    gone = [_is_gone_row(plan, item.values, was, now) for plan, _, item in rows]
    others = {each for (_, _, item), is_gone in zip(rows, gone, strict=True) if not is_gone for each in item.nodes}
    for plan, term, _ in compress(rows, gone):
        links = ((node, name, term) for name in (plan.predicate, *plan.accept))
        yield from (line for line in links if tree.has(*line))
        yield from (line for line in _said_by(plan.node, tree, term) if line[0] not in others)


def _is_gone_row(plan: FieldPlan, values: dict[str, Any], was: Package, now: Package) -> bool:
    # What is said about the node of a row, as the kind of a publisher is, can only be changed with the row.
    if any(was.get(key) != now.get(key) for key in plan.lifted):
        return True
    own = {key: value for key, value in values.items() if key not in plan.lifted}
    return bool(own) and _is_gone(own[WHOLE] if plan.whole else [own], was.get(plan.key), now.get(plan.key))


def _said_by(plan: NodePlan, tree: Tree, node: Token) -> Iterator[Line]:
    """What a node says by the predicates of its plan: with another value, none of it is true any more."""
    about = tree.about(node)
    for part in plan.properties:
        for name in filter(None, (part.predicate, part.otherwise, *part.accept)):
            yield from ((node, name, term) for term in about.get(name, ()))
    for name, child in plan.children:
        for term in about.get(name, ()):
            yield from _said_by(child, tree, term)


def _is_gone(value: Any, was: Any, now: Any) -> bool:
    """Whether the edit changed what a statement says: a text in its language, a member of a list, a single value."""
    if value is None or was == now:
        return False
    if isinstance(value, Mapping):
        was, now = was or {}, now or {}
        return any(_is_gone(part, was.get(key), now.get(key)) for key, part in value.items())
    if isinstance(value, list):
        return any(member in (was or ()) and member not in (now or ()) for member in value)
    return True


def _reached(start: Token, lines: list[Line]) -> set[Token]:
    """The nodes that statements lead to from the start."""
    tree, found, waiting = Tree(text_of(lines)), {start}, [start]
    while waiting:
        for terms in tree.about(waiting.pop()).values():
            new = {term for term in terms if not is_literal(term)} - found
            found |= new
            waiting += new
    return found
