"""From the list of fields to the plan of the mapping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from ckanext.citizendata.core.mapping.codec import Codec, TextCodec, TextsCodec, text_term
from ckanext.citizendata.core.mapping.concepts import ConceptCodec
from ckanext.citizendata.core.mapping.plan import WHOLE, FieldPlan, Mark, NodePlan, Plan
from ckanext.citizendata.core.mapping.properties import Consequence, Property, Support
from ckanext.citizendata.core.mapping.scalars import (
    ScalarCodec,
    SeveralCodec,
    date_codec,
    iri_codec,
    literal_codec,
    number_codec,
)
from ckanext.citizendata.core.schema import Field, Schema
from ckanext.citizendata.core.shape import Derived, SchemaError, Shape
from ckanext.citizendata.core.terms import SKOS
from ckanext.citizendata.core.tokens import Token, iri_token, token
from ckanext.citizendata.core.vocabulary import Concept, Vocabulary

__all__ = ["plan_from_schema"]

Vocabularies = Mapping[str, Vocabulary]
CONCEPT = SKOS.Concept
LABEL_LANGUAGE = "en"
# Nobody leaves these open, so that a record which says nothing says "unknown".
ANSWERED = ("quick", "safety", "audience", "mandatory")


def plan_from_schema(schema: Schema, vocabularies: Vocabularies) -> Plan:
    """The compiled schema; raises `SchemaError` for a vocabulary that isn't there and a part without a definition."""
    said = [field for field in schema.fields if field.shape]
    flat = tuple(_property(field, vocabularies) for field in said if _kind(field) != "node" and not _of(field))
    nodes = [
        _field_plan(field, [other for other in said if _of(other) == field.name], vocabularies)
        for field in said
        if _kind(field) == "node"
    ]
    if schema.resource_shape:
        resources = Field(
            name="resources",
            label={"en": "Files"},
            help_text={},
            subfields=schema.resource_fields,
            shape=schema.resource_shape,
        )
        nodes.append(_field_plan(resources, [], vocabularies))
    return Plan(
        token(schema.rdf_class),
        schema.names_itself,
        flat,
        _told_apart(nodes, flat, schema),
        _shared_predicates(flat, nodes),
    )


def _told_apart(nodes: Sequence[FieldPlan], flat: Sequence[Property], schema: Schema) -> tuple[FieldPlan, ...]:
    """The fields, each knowing what else stands behind its predicate."""
    fields = {field.name: field for field in schema.fields}
    return tuple(
        replace(
            plan,
            others=_others(plan, nodes, fields),
            taken=frozenset(
                term
                for part in flat
                if part.predicate == plan.predicate and isinstance(part.codec, ConceptCodec)
                for term in part.codec.terms
            ),
        )
        for plan in nodes
    )


def _others(plan: FieldPlan, nodes: Sequence[FieldPlan], fields: Mapping[str, Field]) -> tuple[Mark, ...]:
    """The marks of nodes that aren't this field's: of every other field, or of those that go before a marked one."""
    field = fields.get(plan.key)
    before = field.shape.unless if field and field.shape else ()
    rivals = (other for other in nodes if other.predicate == plan.predicate and other.key != plan.key)
    return tuple(other.mark for other in rivals if other.mark and (plan.rest or other.key in before))


def _shared_predicates(flat: Sequence[Property], nodes: Sequence[FieldPlan]) -> frozenset[Token]:
    """The predicates by which several fields speak, so that a term that one can't read may be another's."""
    every = [part.predicate for part in (*flat, *nodes)]
    return frozenset(predicate for predicate in every if every.count(predicate) > 1)


def _kind(field: Field) -> str:
    return field.shape.kind if field.shape else ""


def _of(field: Field) -> str | None:
    return field.shape.of if field.shape else None


def _shape(field: Field) -> Shape:
    if field.shape is None:
        raise SchemaError(f"{field.name}: rdf: is missing")
    return field.shape


def _field_plan(field: Field, lifted: list[Field], vocabularies: Vocabularies) -> FieldPlan:
    shape = _shape(field)
    inner = [part for part in field.subfields if part.shape and not part.shape.is_node]
    if shape.value is not None:
        inner.append(replace(field, name=WHOLE, subfields=(), shape=shape.value))
    return FieldPlan(
        key=field.name,
        label=_label(field),
        predicate=token(shape.predicate),
        node=_node(field, shape, (*inner, *lifted), (), vocabularies),
        each_language=shape.each_language,
        single=shape.value is not None and not shape.each_language,
        lifted=tuple(other.name for other in lifted),
        accept=tuple(map(token, shape.accept)),
        mark=_mark(field, shape),
        rest=shape.mark is None or shape.rest,
    )


def _mark(field: Field, shape: Shape) -> Mark | None:
    """The constant by which the field's nodes are told from others."""
    if shape.mark is None:
        return None
    for predicate, constant in shape.constants:
        if predicate == shape.mark and constant is not None:
            return Mark(token(predicate), token(constant))
    raise SchemaError(f"{field.name}: rdf.mark: {shape.mark.value!r} isn't among the constants")


def _node(
    field: Field, shape: Shape, parts: Iterable[Field], path: tuple[str, ...], vocabularies: Vocabularies
) -> NodePlan:
    """The node at `path` inside the field's node, with everything below it."""
    parts = tuple(parts)
    here = [part for part in parts if part.shape and part.shape.inside == path]
    below = dict.fromkeys(_next(part, path) for part in parts if _is_below(part, path))
    for name in below:
        if name not in shape.parts:
            raise SchemaError(f"{field.name}: rdf.parts.{name}: is missing, but a part is inside it")
    class_ = shape.parts[path[-1]].class_ if path else shape.class_
    return NodePlan(
        class_=class_ and token(class_),
        constants=() if path else tuple((token(name), node and token(node)) for name, node in shape.constants),
        properties=tuple(_property(part, vocabularies) for part in here),
        children=tuple(
            (token(shape.parts[name].predicate), _node(field, shape, parts, (*path, name), vocabularies))
            for name in below
        ),
        itself=next((part.name for part in field.subfields if _names(part, path)), None),
    )


def _names(part: Field, path: tuple[str, ...]) -> bool:
    return part.shape is not None and part.shape.is_node and part.shape.inside == path


def _is_below(part: Field, path: tuple[str, ...]) -> bool:
    inside = part.shape.inside if part.shape else ()
    return len(inside) > len(path) and inside[: len(path)] == path


def _next(part: Field, path: tuple[str, ...]) -> str:
    return part.shape.inside[len(path)] if part.shape else ""


def _property(field: Field, vocabularies: Vocabularies) -> Property:
    shape = _shape(field)
    also = tuple(_consequence(_vocabulary(field, vocabularies), derived) for derived in shape.also)
    return Property(
        key=field.name,
        label=_label(field),
        predicate=token(shape.predicate),
        codec=_codec(field, shape, vocabularies),
        accept=tuple(map(token, shape.accept)),
        also=also,
        needed=field.needed,
        shared=shape.shared,
        otherwise=shape.otherwise and token(shape.otherwise),
        support=_support(field, shape, vocabularies),
    )


def _codec(field: Field, shape: Shape, vocabularies: Vocabularies) -> Codec:
    if shape.kind == "text":
        return TextCodec()
    if shape.kind == "texts":
        return TextsCodec()
    if shape.kind == "concept":
        vocabulary = _vocabulary(field, vocabularies)
        return ConceptCodec(
            vocabulary,
            many=field.many,
            otherwise_literal=shape.otherwise is not None,
            absence_speaks=field.obligation in ANSWERED,
        )
    one = _scalar(field, shape)
    return SeveralCodec(one) if field.many else one


def _scalar(field: Field, shape: Shape) -> ScalarCodec:
    if shape.kind == "date":
        return date_codec()
    if shape.kind == "iri":
        return iri_codec(shape.scheme)
    if shape.kind == "literal":
        datatype = shape.datatype and token(shape.datatype)
        return number_codec(datatype) if datatype and field.is_number else literal_codec(datatype)
    raise SchemaError(f"{field.name}: rdf.shape: a node inside a node is written as a part")


def _support(field: Field, shape: Shape, vocabularies: Vocabularies) -> Support | None:
    if shape.class_ is None or shape.kind == "node":
        return None
    if shape.kind != "concept":
        return Support(token(shape.class_))
    vocabulary = _vocabulary(field, vocabularies)
    scheme = shape.in_scheme.value if shape.in_scheme else vocabulary.iri if shape.class_ == CONCEPT else None
    names = {
        term: _name(concept) if shape.class_ == CONCEPT else ""
        for concept in vocabulary
        if (term := iri_token(concept.iri))
    }
    return Support(token(shape.class_), iri_token(scheme) if scheme else None, names)


def _name(concept: Concept) -> Token:
    language = LABEL_LANGUAGE if LABEL_LANGUAGE in concept.labels else next(iter(concept.labels))
    return text_term(language, concept.labels[language]) or ""


def _vocabulary(field: Field, vocabularies: Vocabularies) -> Vocabulary:
    found = vocabularies.get(field.vocabulary or "")
    if found is None:
        raise SchemaError(f"{field.name}: vocabulary: there is no vocabulary {field.vocabulary!r}")
    return found


def _consequence(vocabulary: Vocabulary, derived: Derived) -> Consequence:
    nodes = {
        concept.code: NamedNode(iris[0])
        for concept in vocabulary
        if (iris := concept.broad_matches if derived.through == "broad_match" else concept.exact_matches)
    }
    names = {token(node): text_term(LABEL_LANGUAGE, _last_part(node.value)) or "" for node in nodes.values()}
    support = Support(token(CONCEPT), derived.in_scheme and token(derived.in_scheme), names)
    return Consequence(token(derived.predicate), {code: token(node) for code, node in nodes.items()}, support)


def _last_part(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _label(field: Field) -> str:
    return field.label.get("en") or field.name
