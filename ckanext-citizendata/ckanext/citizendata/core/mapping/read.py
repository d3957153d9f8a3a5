"""From the fragment of a record to a package, and what of the fragment the package doesn't say.

A value is *claimed* when `fragment_from_package` writes exactly the statements that it was read from; these leave the
residue. A value that was only understood (a date with a time, a contact with an address that we have no field for) is
in the package too, but all its statements stay in the residue, with the whole tree of a blank node: the residue then
says the value, and writing doesn't say it again. So for every fragment of ours and of others

    fragment_from_package(model, package, subject, residue) == fragment and what each record says of itself
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from ckanext.citizendata.core.mapping.claims import Claims, Item, doubt_company, doubt_twins
from ckanext.citizendata.core.mapping.codec import Decoded
from ckanext.citizendata.core.mapping.exact import ExactReader, exact_value, read_lists
from ckanext.citizendata.core.mapping.fallback import with_fallbacks
from ckanext.citizendata.core.mapping.model import Model
from ckanext.citizendata.core.mapping.nodes import NodeReader
from ckanext.citizendata.core.mapping.plan import WHOLE, FieldPlan, Plan
from ckanext.citizendata.core.mapping.properties import Property
from ckanext.citizendata.core.problem import Problem
from ckanext.citizendata.core.tokens import Line, Token, is_blank, is_literal, text_of, token_of_subject, value_of
from ckanext.citizendata.core.tree import Tree

__all__ = ["Projection", "Reader", "items_from_value", "package_from_fragment"]

VALUES = attrgetter("values")


@dataclass(frozen=True)
class Projection:
    """A fragment seen as a package; `residue` is what the package doesn't say, as N-Triples."""

    package: Mapping[str, Any]
    residue: str
    problems: tuple[Problem, ...] = ()


def package_from_fragment(model: Model, iri: str, fragment: str) -> Projection:
    """What can be shown of the subject `iri`; never raises on odd input, which is reported as problems.

    :param fragment: canonical N-Triples, as `graph.ntriples_from_graph` writes them.

    <dataset> dct:spatial <…/country/KEN>, <…/country/XYZ> -> {"country": ["KEN"]}, the other in residue and problems
    """
    plan = model.plan
    reader = Reader(Tree(fragment), token_of_subject(iri), plan)
    reader.read_properties()
    for field in plan.nodes:
        # Most records say little of what there is to say.
        if field.predicate in reader.about or field.accept:
            reader.read_field(field)
    residue = text_of(reader.rest())
    if not plan.names_itself:
        return Projection(reader.package, residue, tuple(reader.problems))
    package, problems = with_fallbacks(reader.package, reader.about, iri)
    return Projection(package, residue, (*reader.problems, *problems))


def items_from_value(plan: FieldPlan, value: Any) -> Sequence[Mapping[str, Any]]:
    """The nodes that a value of a field stands for: the items of a list, or one for each language of a text."""
    if plan.each_language:
        return [{WHOLE: {tag: text}} for tag, text in value.items()] if isinstance(value, (dict, Mapping)) else ()
    if plan.single:
        return ({WHOLE: value},) if value is not None and value != "" else ()
    return [item for item in value if isinstance(item, (dict, Mapping))] if isinstance(value, (list, tuple)) else ()


class Reader(NodeReader):
    """What was read so far of one subject."""

    def __init__(self, tree: Tree, subject: Token, plan: Plan) -> None:
        super().__init__(tree, subject)
        self.package: dict[str, Any] = dict(plan.absent)
        self.problems: list[Problem] = []
        self.about = tree.about(subject)
        self._plan = plan
        self._exact = ExactReader(tree, subject)
        self._claims = Claims()
        self._marks: dict[Token, set[tuple[Token, Token]]] = {}
        self._items: list[Item] = []

    def read_properties(self) -> None:
        """Reads the flat values."""
        item = Item()
        plain, every = self._plan.plain, self._plan.by_predicate
        for predicate, terms in self.about.items():
            if predicate in plain:
                key, exact = plain[predicate]
                value = exact(terms)
                if value is None:
                    self._read_with_care(predicate, terms, item)
                else:
                    item.values[key] = value
                    self._claims.predicates.add(predicate)
            elif predicate in every:
                self._read_property(predicate, terms, item)
        for part in self._plan.accepting:
            self.read_accepted(part, self.subject, item)
        self.package.update(item.values)
        self._claims.add((item,))

    def _read_property(self, predicate: Token, terms: Sequence[Token], item: Item) -> None:
        """Reads terms with something beside them, or of several properties."""
        supported, listed = self._plan.supported, self._plan.listed
        if predicate in supported:
            part = supported[predicate]
            value = exact_value(part, self.tree, terms, item)
            is_exact = value is not None
            if is_exact:
                item.values[part.key] = value
        else:
            is_exact = predicate in listed and read_lists(listed[predicate], terms, item)
        if is_exact:
            self._claims.predicates.add(predicate)
        else:
            self._read_with_care(predicate, terms, item)

    def _read_with_care(self, predicate: Token, terms: Sequence[Token], item: Item) -> None:
        """Reads what several properties may speak by, or what isn't just as we would write it."""
        for part in self._plan.by_predicate[predicate]:
            if predicate == part.otherwise and part.predicate in self.about:
                continue  # Both are read together, when it is the turn of the first.
            decoded, _ = self.read_property(part, self.subject, terms, item)
            if decoded.left or decoded.spare:
                self._report_rest(part, decoded)

    def read_field(self, plan: FieldPlan) -> None:
        """Reads the nodes of a field."""
        terms = self.terms(plan)
        if not terms:
            return
        shown: list[Item] = []
        for term in terms:
            item = self.item(plan, term)
            if item.rest or not item.values:
                self._report_rest_of_node(plan, term, item)
            if plan.lifted and self._lift(plan, item) and len(terms) > 1:
                item.exact = False  # It can't be told of which node it was.
            if item.values:
                shown.append(item)
        if shown:
            self._keep(plan, shown if len(shown) == 1 else _different(plan, shown))
        self._items.extend(shown)

    def rest(self) -> Sequence[Line]:
        """The statements that can't be claimed, once it is known which nodes are read exactly."""
        doubt_company(self._items)
        claims = self._claims
        claims.add([item for item in self._items if item.exact])
        # What is said beside a code stays with a row in the residue that reads the same thing: it would miss its name.
        claims.leave({node for item in self._items if not item.exact for node in item.nodes})
        claims.lines.update(self._plan.own_lines(self.subject))
        said = [(self.subject, name, self.about[name]) for name in self.about.keys() - claims.predicates]
        said += self.tree.without({self.subject, *claims.whole})
        return [
            (node, predicate, term)
            for node, predicate, terms in said
            for term in terms
            if (node, predicate, term) not in claims.lines
        ]

    def terms(self, plan: FieldPlan) -> Sequence[Token]:
        """The nodes behind the predicate that are this field's."""
        terms = self.about.get(plan.predicate, ())
        for name in plan.accept:
            terms = [*terms, *self.about.get(name, ())]
        if not terms or not (plan.mark or plan.others or plan.taken):
            return terms
        return [term for term in terms if self._belongs(plan, term)]

    def _belongs(self, plan: FieldPlan, term: Token) -> bool:
        marks = self._marks.get(term)
        if marks is None:
            about = self.tree.about(term)
            marks = {(name, target) for name in self._plan.marking for target in about.get(name, ())}
            self._marks[term] = marks
        if plan.mark in marks:
            return plan.rest or marks.isdisjoint(plan.others)
        return plan.rest and term not in plan.taken and marks.isdisjoint(plan.others)

    def _keep(self, plan: FieldPlan, shown: Sequence[Item]) -> None:
        if plan.single:
            self.package[plan.key] = shown[0].values[WHOLE]
            for item in shown[1:]:
                item.exact = False
        elif plan.each_language:
            self.package[plan.key] = _texts_of(shown)
        else:
            self.package[plan.key] = list(map(VALUES, shown))

    def _lift(self, plan: FieldPlan, item: Item) -> bool:
        """Whether anything was said about a node that is the package's, where it is moved to."""
        lifted = [key for key in plan.lifted if key in item.values]
        for key in lifted:
            self.package.setdefault(key, item.values.pop(key))
        return bool(lifted)

    def item(self, plan: FieldPlan, term: Token) -> Item:
        """What one node, or a text in its place, says of the field."""
        if is_literal(term):
            return self._item_from_literal(plan, term)
        item = self._exact.read(plan.node, term) or self.read_node(plan.node, term)
        item.claimed.append((self.subject, plan.predicate, term))
        if plan.accept and not self.tree.has(self.subject, plan.predicate, term):
            item.exact = False
        if plan.each_language and len(item.values.get(WHOLE, ())) != 1:
            item.exact = False
        return item

    def _item_from_literal(self, plan: FieldPlan, term: Token) -> Item:
        """A bare text in the place of a node, as a publisher given by name alone: its first text."""
        for part in plan.node.properties:
            value = part.codec.decode((term,)).value
            if value is not None and part.key not in plan.lifted:
                return Item({part.key: value}, exact=False)
        return Item(exact=False)

    def _report_rest(self, plan: Property, decoded: Decoded) -> None:
        for term in decoded.spare:
            self._report(plan.key, plan.label, "too_many", term)
        for term in () if plan.shared or plan.predicate in self._plan.shared else decoded.left:
            if not is_blank(term):
                self._report(plan.key, plan.label, plan.codec.fault, term)

    def _report_rest_of_node(self, plan: FieldPlan, node: Token, item: Item) -> None:
        """By the field alone where its node is one value; rows have their places only once they are in order."""
        if not item.values:
            self._report(plan.key, plan.label, "not_understood", node)
        for part, decoded in item.rest:
            key = f"{plan.key}.{part.key}" if part.key != WHOLE else plan.key
            for code, terms in (("too_many", decoded.spare), (part.codec.fault, () if part.shared else decoded.left)):
                for term in terms:
                    self._report(key, part.label or plan.label, code, term)

    def _report(self, key: str, label: str, code: str, term: Token) -> None:
        shown = "a description" if is_blank(term) else f"“{value_of(term)}”"
        message = f"{label}: {shown} can't be shown here; it is kept in the record."
        self.problems.append(Problem(key, code, message, "warning"))


def _different(plan: FieldPlan, items: Sequence[Item]) -> Sequence[Item]:
    """The items in the order of the schema, one of each; only those of the same rank can be the same."""
    ranked = sorted(((plan.node.rank(item.values), item) for item in items), key=itemgetter(0))
    groups = ([item for _, item in group] for _, group in groupby(ranked, key=itemgetter(0)))
    return [item for group in groups for item in doubt_twins(group)]


def _texts_of(shown: Sequence[Item]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for item in shown:
        found = item.values[WHOLE]
        item.exact = item.exact and not texts.keys() & found.keys()
        texts = {**found, **texts}
    return dict(sorted(texts.items()))
