"""What SHACL asks of one value of a field, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.citizendata.core.lexical import FILE_ADDRESS, LINK, MAIL, PHONE
from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field
from ckanext.citizendata.core.shape import SchemaError, Shape
from ckanext.citizendata.core.terms import RDF, XSD
from ckanext.citizendata.faces.turtle import Items, Names, Node, Pair, text
from ckanext.citizendata.faces.wording import Rule

__all__ = ["DATE_FORM", "Asked", "asked_of_value", "list_name", "one_of_datatypes"]

DATES = (XSD.gYear, XSD.gYearMonth, XSD.date, XSD.dateTime)
WHOLE = tuple(XSD[name] for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long"))
NUMBERS = (*WHOLE, *(XSD[name] for name in ("decimal", "double", "float")))
# Validators know xsd:date and xsd:dateTime, but few know how a year or a month is written.
MONTH_AND_DAY = "-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T.+)?)?"
DATE_FORM: Pair = ("sh:pattern", text(f"^-?[0-9]{{4,}}({MONTH_AND_DAY})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?$"))
# What an address must look like, by the kind of its field; core reads them with Python.
ADDRESSES = {"url": LINK, "urls": LINK, "email": MAIL, "phone": PHONE, "file": FILE_ADDRESS}
WORDS = {"url": "link", "urls": "link", "email": "mail", "phone": "phone"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Constraints, and the rules that they are in words."""

    pairs: tuple[Pair, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __add__(self, other: Asked) -> Asked:
        return Asked((*self.pairs, *other.pairs), (*self.rules, *other.rules))


def list_name(vocabulary: str) -> str:
    """The shape that all entries of a list meet."""
    return f"shapes:list-{vocabulary}"


def one_of_datatypes(names: Names, *datatypes: str) -> Pair:
    """The constraint that a literal has one of these datatypes."""
    if len(datatypes) == 1:
        return "sh:datatype", names.of(datatypes[0])
    return "sh:or", Items(tuple(Node((("sh:datatype", names.of(each)),)) for each in datatypes))


def asked_of_value(model: Model, names: Names, field: Field) -> Asked:
    """What each value of a field must be, whatever their number."""
    shape = field.shape
    if shape is None:
        raise SchemaError(f"{field.name}: rdf: is missing")
    if shape.kind == "concept":
        return _concept(model, field)
    if shape.kind in ("text", "texts"):
        return _text(names, field, shape)
    if shape.kind == "date":
        return Asked((one_of_datatypes(names, *(each.value for each in DATES)), DATE_FORM), (("date", {}),))
    return _address(field, shape) if shape.kind == "iri" else _literal(names, field, shape)


def _concept(model: Model, field: Field) -> Asked:
    vocabulary = model.vocabularies[str(field.vocabulary)]
    if field.kind == "format":
        # Others have formats of their own, which core takes; the profile asks for its scheme all the same.
        return Asked()
    known = ("sh:node", list_name(vocabulary.name))
    return Asked((known,), (("code", {"list": vocabulary.titles}),))


def _text(names: Names, field: Field, shape: Shape) -> Asked:
    limit = str(field.limits.max_length)
    pairs: tuple[Pair, ...] = (
        one_of_datatypes(names, RDF.langString.value, XSD.string.value),
        ("sh:minLength", "1"),
        ("sh:maxLength", limit),
    )
    if shape.kind == "texts":
        return Asked(pairs, (("texts", {"n": limit}),))
    plain = Node((("sh:datatype", "xsd:string"),))
    once: tuple[Pair, ...] = (
        ("sh:uniqueLang", "true"),
        ("sh:qualifiedValueShape", plain),
        ("sh:qualifiedMaxCount", "1"),
    )
    return Asked((*pairs, *once), (("text", {"n": limit}),))


def _address(field: Field, shape: Shape) -> Asked:
    form = _form(field, shape)
    pairs: tuple[Pair, ...] = (("sh:nodeKind", "sh:IRI"),)
    words: tuple[Rule, ...] = ((WORDS.get(field.kind, "address"), {}),)
    if field.limits.pattern:
        words = (*words, ("form", {"pattern": f"{shape.scheme}{field.limits.pattern}"}))
    if not form:
        return Asked(pairs, words)
    flags: tuple[Pair, ...] = (("sh:flags", '"i"'),) if field.kind in ("url", "urls", "file") else ()
    return Asked((*pairs, ("sh:pattern", text(form)), *flags), words)


def _form(field: Field, shape: Shape) -> str:
    """The pattern of the whole IRI, as XPath reads it too."""
    scheme = shape.scheme.replace(".", r"\.").replace("+", r"\+")
    if field.limits.pattern:
        return f"^{scheme}({_plain(field.limits.pattern)})$"
    known = ADDRESSES.get(field.kind)
    if known is None:
        return f"^{scheme}" if scheme else ""
    # A link begins so; an address of a mailbox or a number is nothing else.
    return f"^{scheme}{_plain(known.pattern)}{'' if known in (LINK, FILE_ADDRESS) else '$'}"


def _plain(pattern: str) -> str:
    """Without groups that only Python knows."""
    return pattern.replace("(?:", "(")


def _literal(names: Names, field: Field, shape: Shape) -> Asked:
    if field.is_number and shape.datatype:
        return _number(names, field, shape.datatype.value)
    limit = str(field.limits.max_length)
    form = field.limits.pattern
    formed: tuple[Pair, ...] = (("sh:pattern", text(f"^({_plain(form)})$")),) if form else ()
    rules: tuple[Rule, ...] = (("form", {"pattern": form}),) if form else ()
    if shape.datatype:
        name = names.of(shape.datatype.value)
        return Asked((("sh:datatype", name), *formed), (("typed", {"type": name}), *rules))
    pairs: tuple[Pair, ...] = (("sh:nodeKind", "sh:Literal"), ("sh:minLength", "1"), ("sh:maxLength", limit))
    return Asked((*pairs, *formed), (("line", {"n": limit}), *rules))


def _number(names: Names, field: Field, datatype: str) -> Asked:
    """A number of any type that core reads; below zero only where the field's own type goes there."""
    whole = field.kind == "integer"
    limits = field.limits
    lowest = 0 if limits.minimum is None and whole else limits.minimum
    types = WHOLE if whole else NUMBERS
    own = (datatype, *(each.value for each in types if each.value != datatype))
    asked = Asked((one_of_datatypes(names, *own),), (("whole_number" if whole else "number", {}),))
    for key, name, bound in (("from", "sh:minInclusive", lowest), ("to", "sh:maxInclusive", limits.maximum)):
        if bound is not None:
            asked += Asked(((name, str(bound)),), ((key, {"n": str(bound)}),))
    return asked
