"""The page of the manual that explains every field, for people first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.citizendata.core.mapping import Model, Subject, fragment_from_package
from ckanext.citizendata.core.mapping.write import own_statements
from ckanext.citizendata.core.schema import MAX_LENGTH, Field
from ckanext.citizendata.core.tokens import lines_of, text_of
from ckanext.citizendata.core.tree import Tree
from ckanext.citizendata.faces.examples import EXAMPLE, example_text, example_value
from ckanext.citizendata.faces.turtle import Names, nested

__all__ = ["reference_markdown"]

SUBJECT = "https://data.example.org/dataset/1"
SHORT_LIST = 12
INTRODUCTION = """\
# Fields

<!-- Generated from schemas/dataset.yaml by `bin/faces write`: change that, not this page. -->

Every question that a description of data can answer, in the order of the form.
[Add a field](../how-to/add-a-field.md) tells how to have one more.

Under each heading: what it means, whether an answer is needed, who is told, what may be written, and what the answer is
in RDF. The name in brackets is the key in the API and in files.

| who is told | |
|---|---|
| everyone who may see the record, and the short version | carried by the short public version once that exists |
| everyone who may see the record | on the open web for a public record |
| today only its own people | never on the open web; meant for those signed in whom the record is for |
| only its own people | never leaves the site |
"""
OBLIGATIONS: Mapping[str, str] = {
    "quick": "yes, one of the short questions that every description answers",
    "safety": "yes, for safety: nothing is published without it; *don't know* is an answer",
    "audience": "yes: the organisation decides it, nobody else",
    "mandatory": "asked of everyone; left out, it counts as *not known*",
    "recommended": "recommended",
    "optional": "if you like",
    "derived": "no, the site fills it in",
}
TOLD: Mapping[str, str] = {
    "short": "everyone who may see the record, and the short version",
    "open": "everyone who may see the record",
    "shared": "today only its own people; meant for those signed in whom the record is for",
    "own": "only its own people",
}
KINDS: Mapping[str, str] = {
    "text": "a text, in one or several languages",
    "keywords": "words, in one or several languages",
    "code": "one answer of a list",
    "codes": "one or several answers of a list",
    "integer": "a whole number",
    "decimal": "a number",
    "date": "a year, a month or a day",
    "email": "an e-mail address",
    "phone": "a telephone number",
    "url": "a web address",
    "urls": "web addresses",
    "lines": "texts, one a line",
    "geometry": "a shape in GeoJSON",
    "format": "a file format",
    "media_type": "a media type such as text/csv",
}
Facts = tuple[tuple[str, str], ...]
ROWS = "entries with the parts below"
LINE = "a text"
BAR = "\\|"


def reference_markdown(model: Model) -> str:
    """The whole page."""
    return "\n".join((INTRODUCTION, *_sections(model), *_files(model)))


def _sections(model: Model) -> Iterator[str]:
    for section in model.schema.sections:
        yield f"## {section.label['en']}\n"
        for field in model.schema.fields:
            if field.section == section.name:
                yield _field(model, field)


def _files(model: Model) -> Iterator[str]:
    yield "## Files\n\nEach file or address of the data (`resources`) has these.\n"
    for field in model.schema.resource_fields:
        yield _file_field(model, field)


def _field(model: Model, field: Field) -> str:
    facts = (("Needed", OBLIGATIONS[field.obligation]), ("Who is told", TOLD[field.safety_class]))
    return _entry(model, field, field.name, facts, {field.name: example_value(model, field)})


def _file_field(model: Model, field: Field) -> str:
    facts = (("Needed", "yes" if field.needed else ""),)
    return _entry(model, field, f"resources.{field.name}", facts, {"resources": [_file(model, field)]})


def _entry(model: Model, field: Field, key: str, facts: Facts, package: Mapping[str, object]) -> str:
    """A heading with all that is under it; `package` is a worked example."""
    snippet = _snippet(model, package)
    written = ("What to write", "; ".join((_kind(field), *_limits(model, field))))
    told = (*facts, written, ("Example", example_text(field)))
    parts = (
        f"### {_title(field)} (`{key}`)",
        _meaning(field),
        "\n".join(f"- **{name}**: {fact}" for name, fact in told if fact),
        _parts(model, field),
        _codes(model, field),
        f"```turtle\n{snippet}```" if snippet and field.shape else "",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(field: Field) -> str:
    return field.label.get("en") or field.name.replace("_", " ").capitalize()


def _meaning(field: Field) -> str:
    return field.help_text.get("en", "").partition(EXAMPLE)[0].strip()


def _kind(field: Field) -> str:
    return ROWS if field.subfields else KINDS.get(field.kind, LINE)


def _limits(model: Model, field: Field) -> Iterator[str]:
    """What a value must keep to, in words."""
    limits = field.limits
    if limits.max_length != MAX_LENGTH:
        yield f"at most {limits.max_length:,} characters"
    bounds = (("not below", limits.minimum), ("not above", limits.maximum), ("at most", limits.at_most))
    yield from (f"{words} {bound}" for words, bound in bounds if bound is not None)
    if limits.not_below:
        yield f"not below *{_label(model, limits.not_below)}*"
    if limits.pattern:
        yield f"of the form `{limits.pattern}`"
    yield from _limits_of_rows(field)
    for name, codes in limits.required_when.items():
        yield f"expected where *{_label(model, name)}* is {' or '.join(f'`{code}`' for code in codes)}"


def _limits_of_rows(field: Field) -> Iterator[str]:
    names = {part.name: f"*{_title(part)}*" for part in field.subfields}
    if field.limits.at_least_one_of:
        yield f"with {' or '.join(names[name] for name in field.limits.at_least_one_of)}"
    if field.limits.in_order:
        first, second = field.limits.in_order
        yield f"{names[first]} not after {names[second]}"


def _label(model: Model, path: str) -> str:
    """The label of a field, or of a part of one."""
    name, _, inner = path.partition(".")
    field = model.schema.field(name)
    part = next((part for part in field.subfields if part.name == inner), field) if field else None
    return _title(part) if part else path


def _parts(model: Model, field: Field) -> str:
    if not field.subfields:
        return ""
    lines = (_part(model, part) for part in field.subfields)
    return "\n".join(("| part | what to write | example |", "|---|---|---|", *lines))


def _part(model: Model, part: Field) -> str:
    written = "; ".join((_kind(part), *_limits(model, part), *(("needed",) if part.needed else ())))
    codes = f" ([list](../../vocabularies/{part.vocabulary}.ttl))" if part.vocabulary else ""
    cells = (f"{_title(part)} (`{part.name}`)", f"{written}{codes}", example_text(part))
    return f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"


def _codes(model: Model, field: Field) -> str:
    """The list of answers: all of a short one, else how many there are and where."""
    if not field.vocabulary:
        return ""
    vocabulary = model.vocabularies[field.vocabulary]
    link = f"[{vocabulary.titles.get('en', vocabulary.name)}](../../vocabularies/{vocabulary.name}.ttl)"
    if len(vocabulary) > SHORT_LIST:
        return f"The list is {link}, with {len(vocabulary):,} entries."
    listed = "\n".join(f"| `{code}` | {vocabulary.label(code, 'en')} |" for code in vocabulary.codes)
    return f"The list is {link}:\n\n| code | |\n|---|---|\n{listed}"


def _file(model: Model, field: Field) -> Mapping[str, object]:
    """A file with the field, and what no file is without."""
    parts = (part for part in model.schema.resource_fields if part.needed or part is field)
    return {part.name: example_value(model, part) for part in parts}


def _snippet(model: Model, package: Mapping[str, object]) -> str:
    """What the mapping says of the answer, without what every record says of itself and of entries of lists."""
    holder = {name: [{"name": "Data office"}] for name in _holders(model, package)}
    fragment = fragment_from_package(model, {**package, **holder}, Subject(SUBJECT))
    own = set(lines_of(own_statements(model, SUBJECT)))
    lines = [line for line in lines_of(fragment) if line not in own and not _is_beside(line[0])]
    return nested(Tree(text_of(lines)), f"<{SUBJECT}>", Names()) if lines else ""


def _holders(model: Model, package: Mapping[str, object]) -> Iterator[str]:
    """The fields about whose node the others speak."""
    for name in package:
        field = model.schema.field(name)
        if field and field.shape and field.shape.of:
            yield field.shape.of


def _is_beside(subject: str) -> bool:
    """Whether a statement is about an entry of a list or a page of others."""
    return subject[0] == "<" and subject != f"<{SUBJECT}>" and not subject.startswith("<https://example.org/")
