"""The shapes of a dataset and its files, one property shape a field, from the schema alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.mapping.plan import FieldPlan, Mark
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.shape import SchemaError, Shape
from ckanext.citizendata.faces.constraints import Asked, asked_of_value, list_name
from ckanext.citizendata.faces.turtle import Items, Names, Node, Pair, Value, text
from ckanext.citizendata.faces.wording import Rule, message

__all__ = ["field_shapes"]

Labels = tuple[Mapping[str, str], ...]
# As in core: an answer to these is needed.
REFUSED_WHEN_ABSENT = ("quick", "safety", "audience")
FILES_LABEL = {"en": "Files", "fr": "Fichiers", "es": "Archivos", "ar": "الملفات"}
FILES = Field(name="resources", label=FILES_LABEL, help_text={})
# As core asks of the address of a file, which isn't one of its kinds.
FILE_ADDRESS = "file"
NEEDED = Asked((("sh:minCount", "1"),), (("needed", {}),))
ONE = Asked((("sh:maxCount", "1"),), (("at_most", {"n": "1"}),))


def field_shapes(model: Model, names: Names) -> tuple[Node, ...]:
    """What is asked of a dataset, in the order of the schema."""
    return tuple(_FieldShapes(model, names).all())


class _FieldShapes:
    """The schema, and what several fields say by one predicate."""

    def __init__(self, model: Model, names: Names) -> None:
        self.model = model
        self.names = names
        self.plans = {plan.key: plan for plan in model.plan.nodes}
        said = [field for field in model.schema.fields if field.shape]
        self.lifted = {name: [field for field in said if _shape(field).of == name] for name in self.plans}
        self.flat = [field for field in said if _shape(field).kind != "node" and not _shape(field).of]
        self.nodes = [field for field in said if _shape(field).kind == "node"]

    def all(self) -> Iterator[Node]:
        for field in self.model.schema.fields:
            if field in self.flat:
                yield self.flat_shape(field)
            elif field in self.nodes:
                yield from self.node_shapes(field)
        if self.model.schema.resource_shape:
            parts = tuple(_with_file_address(part) for part in self.model.schema.resource_fields)
            yield from self.node_shapes(replace(FILES, shape=self.model.schema.resource_shape, subfields=parts))

    def flat_shape(self, field: Field) -> Node:
        """One field with values of its own."""
        shape = _shape(field)
        path: Pair = ("sh:path", self.names.of(shape.predicate.value))
        if self._is_shared(field):
            return self._of_list(field, path)
        asked = self._count(field) + asked_of_value(self.model, self.names, field) + self._order(field)
        return _property(path, (field.label,), asked)

    def _is_shared(self, field: Field) -> bool:
        predicate = _shape(field).predicate
        others = (other for other in (*self.flat, *self.nodes) if other is not field)
        return _shape(field).shared or any(_shape(other).predicate == predicate for other in others)

    def _of_list(self, field: Field, path: Pair) -> Node:
        """Of a predicate that others use too, only the entries of the field's list are the field's."""
        vocabulary = self.model.vocabularies[str(field.vocabulary)]
        counted: tuple[Pair, ...] = (("sh:qualifiedMinCount", "1" if self._is_needed(field) else "0"),)
        if not field.many:
            counted = (*counted, ("sh:qualifiedMaxCount", "1"))
        rules: tuple[Rule, ...] = (("code", {"list": vocabulary.titles}),)
        entry = Node((("sh:node", list_name(vocabulary.name)),))
        return _property(path, (field.label,), Asked((("sh:qualifiedValueShape", entry), *counted), rules))

    def _is_needed(self, field: Field) -> bool:
        """Whether every record says it in RDF: a list with an entry that isn't written may stay silent."""
        concepts = self.model.vocabularies[field.vocabulary] if field.vocabulary else ()
        return field.obligation in REFUSED_WHEN_ABSENT and all(concept.written for concept in concepts)

    def _count(self, field: Field) -> Asked:
        """How many values a field may have by itself."""
        asked = NEEDED if self._is_needed(field) else Asked()
        return asked if field.many or _shape(field).kind == "text" else asked + ONE

    def _order(self, field: Field) -> Asked:
        later = [other for other in self.flat if other.limits.not_below == field.name]
        return Asked(tuple(("sh:lessThanOrEquals", self.names.of(_shape(each).predicate.value)) for each in later))

    def node_shapes(self, field: Field) -> Iterator[Node]:
        """One field whose values are nodes: what each node must be, and how many there may be."""
        plan = self.plans[field.name]
        path: Pair = ("sh:path", self.names.of(_shape(field).predicate.value))
        body = self._body(field)
        most = 1 if plan.single else field.limits.at_most
        alien = self._alien(field, plan)
        counted = Asked()
        if self._is_needed(field):
            counted += NEEDED
        if not alien:
            if most:
                counted += Asked((("sh:maxCount", str(most)),), (("at_most", {"n": str(most)}),))
            yield _property(path, (field.label,), counted + self._row(field, Asked(body)))
            return
        either = Items((*alien, Node(body)))
        yield _property(path, (field.label,), counted + self._row(field, Asked((("sh:or", either),))))
        if most:
            mine = Node(tuple(("sh:not", each) for each in alien))
            limit: tuple[Pair, ...] = (("sh:qualifiedValueShape", mine), ("sh:qualifiedMaxCount", str(most)))
            yield _property(path, (field.label,), Asked(limit, (("at_most", {"n": str(most)}),)))

    def _row(self, field: Field, asked: Asked) -> Asked:
        parts = [part for part in field.subfields if part.needed] or list(field.subfields)
        labels = {
            language: ", ".join(part.label.get(language) or part.label.get("en", "") for part in parts if part.label)
            for language in field.label
        }
        return asked + Asked((), (("row", {"parts": labels}),)) if any(labels.values()) else asked

    def _alien(self, field: Field, plan: FieldPlan) -> tuple[Value, ...]:
        """The shapes of nodes behind the same predicate that aren't this field's; what core reads as another's."""
        own = self._mark(plan.mark) if plan.mark else None
        others = tuple(self._mark(mark) for mark in plan.others)
        taken = tuple(
            Node((("sh:node", list_name(str(other.vocabulary))),))
            for other in self.flat
            if plan.taken and _shape(other).predicate == _shape(field).predicate and other.vocabulary
        )
        if not plan.rest and own:
            return (Node((("sh:not", own),)), *others)
        if own is None or not (others or taken):
            return (*taken, *others)
        return (Node((("sh:not", own), ("sh:or", Items((*taken, *others))))),)

    def _mark(self, mark: Mark) -> Node:
        path, value = self.names.term(mark.predicate), self.names.term(mark.target)
        return Node((("sh:property", Node((("sh:path", path), ("sh:hasValue", value)))),))

    def _body(self, field: Field) -> tuple[Pair, ...]:
        """What one node must be."""
        shape = _shape(field)
        parts = [*field.subfields, *self.lifted.get(field.name, ())]
        if shape.value is not None:
            parts = [replace(field, subfields=(), shape=shape.value, obligation="", needed=True, many=False)]
        asked = [("sh:property", self._part(field, part)) for part in parts if part.shape and not part.shape.is_node]
        itself = next((part for part in field.subfields if part.shape and part.shape.is_node), None)
        named = itself is not None and itself.needed and not _shape(itself).inside
        # Its class is asked for by the profile alone, as in core: who leaves ours away is understood all the same.
        kind: Pair = ("sh:nodeKind", "sh:IRI" if named else "sh:BlankNodeOrIRI")
        return (kind, *asked, *self._alternatives(field))

    def _part(self, field: Field, part: Field) -> Node:
        counted = NEEDED if part.needed else Asked()
        if not part.many and _shape(part).kind not in ("text", "texts"):
            counted += ONE
        labels = (field.label,) if part.label == field.label else (field.label, part.label)
        asked = counted + asked_of_value(self.model, self.names, part)
        return _property(("sh:path", self._path(field, part)), tuple(filter(None, labels)), asked)

    def _path(self, field: Field, part: Field) -> Value:
        """The way from the node to the value."""
        parts = _shape(field).parts
        steps = [*(parts[name].predicate for name in _shape(part).inside), _shape(part).predicate]
        names = tuple(self.names.of(step.value) for step in steps)
        return names[0] if len(names) == 1 else Items(names)

    def _alternatives(self, field: Field) -> tuple[Pair, ...]:
        """That one of several parts is there."""
        parts = {part.name: part for part in field.subfields}
        either = tuple(self._is_there(field, parts[name]) for name in field.limits.at_least_one_of)
        return (("sh:or", Items(either)),) if either else ()

    def _is_there(self, field: Field, part: Field) -> Node:
        if _shape(part).is_node:
            return Node((("sh:nodeKind", "sh:IRI"),))
        return Node((("sh:property", Node((("sh:path", self._path(field, part)), ("sh:minCount", "1")))),))


def _shape(field: Field) -> Shape:
    if field.shape is None:
        raise SchemaError(f"{field.name}: rdf: is missing")
    return field.shape


def _with_file_address(part: Field) -> Field:
    return replace(part, kind=FILE_ADDRESS) if part.name == "url" else part


def _property(path: Pair, labels: Sequence[Mapping[str, str]], asked: Asked) -> Node:
    names = " , ".join(text(label, language) for language, label in labels[-1].items()) if labels else ""
    said: tuple[Pair, ...] = (("sh:name", names),) if names else ()
    messages = message(labels, asked.rules).items() if labels else ()
    told = (("sh:message", text(sentence, language)) for language, sentence in messages)
    return Node((path, *said, *asked.pairs, *told))
