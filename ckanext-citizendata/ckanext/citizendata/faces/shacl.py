"""SHACL shapes (https://www.w3.org/TR/shacl/) as Turtle: of our own schema, and of DCAT-AP's constraints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.citizendata.core.conformance import Profile
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.terms import CDATA, EU, VOCABULARY
from ckanext.citizendata.core.vocabulary import Vocabulary
from ckanext.citizendata.faces.constraints import list_name
from ckanext.citizendata.faces.dcat_ap_shapes import profile_shapes
from ckanext.citizendata.faces.field_shapes import field_shapes
from ckanext.citizendata.faces.turtle import Items, Names, Pair, statement

__all__ = ["profile_turtle", "shapes_turtle"]

SHAPES = f"{str(CDATA).removesuffix('ns#')}shapes#"
HEAD = """\
# {title}
# Generated from {source} by `bin/faces write`: change those, not this file.
# What breaks a shape is a violation (sh:Violation) unless another sh:severity is said.
"""
OWN = "What this catalogue asks of the description of a dataset, and what {profile} asks of every description."
SCHEME = "http://www.w3.org/ns/shacl#"


def shapes_turtle(model: Model, profile: Profile) -> str:
    """The shapes of the model, with the constraints of DCAT-AP behind them."""
    names = Names({"sh": SCHEME, "shapes": SHAPES, **_prefixes(model)})
    target: tuple[Pair, ...] = (("a", "sh:NodeShape"), ("sh:targetClass", names.of(model.schema.rdf_class.value)))
    fields = tuple(("sh:property", shape) for shape in field_shapes(model, names))
    lists = (_list(names, model.vocabularies[name]) for name in _used(model))
    body = "\n".join((statement("shapes:Dataset", (*target, *fields)), *profile_shapes(profile, names), *lists))
    title = OWN.format(profile=profile.name)
    return _file(title, "schemas/*.yaml and vocabularies/*.ttl", names, body)


def profile_turtle(profile: Profile) -> str:
    """The constraints of DCAT-AP alone."""
    names = Names({"sh": SCHEME, "shapes": SHAPES})
    title = f"What {profile.name} asks of every description."
    return _file(title, "schemas/dcat-ap.yaml", names, "\n".join(profile_shapes(profile, names)))


def _file(title: str, source: str, names: Names, body: str) -> str:
    return f"{HEAD.format(title=title, source=source)}\n{names.head(body)}\n{body}"


def _prefixes(model: Model) -> Mapping[str, str]:
    """Short names for the namespaces that lists have their entries in."""
    spaces = {f"list-{name}": f"{VOCABULARY}{name}/" for name in _used(model)}
    iris = (concept.iri for name in _used(model) for concept in model.vocabularies[name])
    eu = {iri.removeprefix(str(EU)).partition("/")[0] for iri in iris if iri.startswith(str(EU))}
    return spaces | {f"eu-{name}": f"{EU}{name}/" for name in sorted(eu)}


def _used(model: Model) -> tuple[str, ...]:
    """The lists that fields have their answers from, sorted."""
    return tuple(sorted({field.vocabulary for field in _every(model) if field.vocabulary and field.shape}))


def _every(model: Model) -> Iterator[Field]:
    for field in (*model.schema.fields, *model.schema.resource_fields):
        yield from (field, *field.subfields)


def _list(names: Names, vocabulary: Vocabulary) -> str:
    """The entries of a list, and the names that others have for them and core reads."""
    written = [concept for concept in vocabulary if concept.written]
    others = (iri for concept in written for iri in concept.exact_matches if vocabulary.by_iri(iri) == concept)
    iris = dict.fromkeys((*(concept.iri for concept in written), *others))
    return statement(
        list_name(vocabulary.name),
        (("a", "sh:NodeShape"), ("sh:in", Items(tuple(names.of(iri) for iri in iris)))),
    )
