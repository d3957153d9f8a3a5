"""Packages that the schema allows, made up from the schema alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from ckanext.citizendata.core.mapping import Model
from ckanext.citizendata.core.schema import Field

from . import texts

__all__ = ["DATASET", "Maker", "maker", "normal", "packages"]

DATASET = "https://node.example/dataset/d"
# A record is told from a draft by its answers to these.
ASKED = ("quick", "safety", "audience", "mandatory")
# A row is written once; so many tries find another.
TRIES = 5


def packages(model: Model) -> st.SearchStrategy[tuple[int, dict[str, Any]]]:
    """Seeds with the package that each stands for: what fails is told by one number."""
    return st.integers(0, 2**32 - 1).map(lambda seed: (seed, maker(model).package(seed)))


@cache
def maker(model: Model) -> Maker:
    """The maker of packages of a model."""
    return Maker(model)


def normal(model: Model, package: Mapping[str, Any]) -> dict[str, Any]:
    """The package as reading gives it: nothing empty, rows in the order of their values, since RDF knows none."""
    filled = {key: _filled(value) for key, value in package.items()}
    for plan in model.plan.nodes:
        if not plan.whole and plan.key in filled:
            filled[plan.key] = sorted(filled[plan.key], key=plan.node.rank)
    return {key: value for key, value in filled.items() if not _is_empty(value)}


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: inner for key, part in value.items() if not _is_empty(inner := _filled(part))}
    return [_filled(item) for item in value if not _is_empty(item)] if isinstance(value, list) else value


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


class Maker:
    """Makes packages of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._resources = Field(
            name="resources",
            label={"en": "Files"},
            help_text={},
            kind="rows",
            subfields=model.schema.resource_fields,
            shape=model.schema.resource_shape,
        )
        self._fields = tuple(field for field in (*model.schema.fields, self._resources) if field.shape)
        self._codes = {name: _codes(model, name) for name in model.vocabularies}

    def package(self, seed: int) -> dict[str, Any]:
        """The package that a seed stands for; some say little, some all there is to say."""
        random = Random(seed)
        density = random.choice((0.02, 0.02, 0.05, 0.05, 0.1, 0.1, 0.1, 0.2, 0.3, 1.0))
        draft = _Draft(random, density, self._codes)
        package: dict[str, Any] = {}
        for field in self._fields:
            if field.obligation in ASKED or field.name in ("resources", "publisher") or random.random() < density:
                package[field.name] = draft.value(field)
            elif random.random() < density / 4:
                package[field.name] = _nothing(field)
        self._answer_what_is_asked(draft, package)
        return _with_order(self._model, package)

    def _answer_what_is_asked(self, draft: _Draft, package: dict[str, Any]) -> None:
        """Fills what other answers ask for."""
        for field in self._fields:
            conditions = field.limits.required_when
            if _is_empty(package.get(field.name)) and any(
                _says(package, path, codes) for path, codes in conditions.items()
            ):
                package[field.name] = draft.value(field)


def _codes(model: Model, name: str) -> tuple[str, ...]:
    return tuple(concept.code for concept in model.vocabularies[name] if concept.written)


def _nothing(field: Field) -> Any:
    return {"text": {}, "keywords": {}, "rows": [], "codes": [], "urls": []}.get(field.kind, "")


def _says(package: Mapping[str, Any], path: str, codes: Sequence[str]) -> bool:
    """Whether the answer to `field` or `field.part` holds one of the codes."""
    name, _, part = path.partition(".")
    value = package.get(name)
    held = [row.get(part) for row in value or ()] if part else value if isinstance(value, list) else [value]
    return any(code in codes for code in held)


def _with_order(model: Model, package: dict[str, Any]) -> dict[str, Any]:
    """The package with the number that may not be below another not below it."""
    for field in model.schema.fields:
        least = package.get(field.limits.not_below or "")
        if isinstance(least, int) and isinstance(package.get(field.name), int):
            package[field.name] = max(package[field.name], least)
    return package


class _Draft:
    """The choices of one package: what is said of an address once is said of it everywhere."""

    def __init__(self, random: Random, density: float, codes: Mapping[str, tuple[str, ...]]) -> None:
        self._random = random
        self._density = max(density, 0.3)
        self._codes = codes
        self._known: dict[tuple[str, str], Any] = {}
        self._kinds: Mapping[str, Callable[[Field], Any]] = {
            "code": self._code,
            "codes": self._several_codes,
            "date": lambda _: texts.date(random),
            "decimal": self._decimal,
            "email": lambda _: texts.mail(random),
            "format": self._format,
            "geometry": lambda _: texts.geometry(random),
            "integer": self._integer,
            "keywords": self._keywords,
            "phone": lambda _: texts.phone(random),
            "rows": self._rows,
            "text": self._text,
            "url": lambda _: texts.address(random),
            "urls": self._urls,
        }

    def value(self, field: Field) -> Any:
        """A value of the field."""
        if field.limits.pattern and field.kind != "urls":
            return texts.matching(self._random, field.limits.pattern)
        make = self._kinds.get(field.kind)
        if make:
            return make(field)
        if field.shape and field.shape.kind == "iri":
            return texts.address(self._random)
        return texts.line(self._random, min(field.limits.max_length, 400))

    def _count(self, most: int) -> int:
        return 1 + int(self._random.random() * self._random.random() * most)

    def _text(self, field: Field) -> Any:
        tags = {texts.tag(self._random) for _ in range(self._count(4))}
        return {tag: texts.text(self._random, field.limits.max_length) for tag in sorted(tags)}

    def _keywords(self, field: Field) -> Any:
        tags = sorted({texts.tag(self._random) for _ in range(self._count(3))})
        longest = field.limits.max_length
        return {tag: sorted({texts.line(self._random, longest) for _ in range(self._count(4))}) for tag in tags}

    def _urls(self, field: Field) -> Any:
        pattern = field.limits.pattern
        made = (
            texts.matching(self._random, pattern) if pattern else texts.address(self._random)
            for _ in range(self._count(3))
        )
        return sorted(set(made))

    def _code(self, field: Field) -> Any:
        return self._random.choice(self._codes[field.vocabulary or ""])

    def _several_codes(self, field: Field) -> Any:
        codes = self._codes[field.vocabulary or ""]
        chosen = {self._random.choice(codes) for _ in range(self._count(5))}
        alone = chosen & {"unknown", field.default_code}
        return sorted(alone)[:1] if alone else [code for code in codes if code in chosen]

    def _format(self, field: Field) -> Any:
        """A code of the list, or what people write who don't find theirs."""
        return self._code(field) if self._random.random() < 0.7 else texts.line(self._random, 60)

    def _integer(self, field: Field) -> int:
        limits = field.limits
        most = limits.maximum if limits.maximum is not None else self._random.choice((9, 10**6, 10**15 - 1))
        return self._random.randint(limits.minimum or 0, most)

    def _decimal(self, field: Field) -> float:
        limits = field.limits
        most = limits.maximum if limits.maximum is not None else self._random.choice((1, 10**4, 10**9))
        number = round(self._random.uniform(limits.minimum or 0, most), self._random.choice((0, 1, 2, 7)))
        return int(number) if number == int(number) else number

    def _rows(self, field: Field) -> Any:
        most = field.limits.at_most or 3
        single = field.name == "publisher"
        rows: list[dict[str, Any]] = []
        for _ in range(1 if single else min(self._count(4), most)):
            for _ in range(TRIES):
                row = self._row(field)
                if row not in rows and not _is_said(field, row, rows):
                    rows.append(row)
                    break
        return rows

    def _row(self, field: Field) -> dict[str, Any]:
        one_of = field.limits.at_least_one_of
        kept = self._random.choice(one_of) if one_of else None
        names = {_place(part): part.name for part in field.subfields if part.shape and part.shape.is_node}
        row: dict[str, Any] = {}
        for part in field.subfields:
            if part.shape is None or (part.shape.is_node and part.name in row):
                continue
            if part.needed or part.name == kept or self._random.random() < self._density:
                row[part.name] = self._named(field, part) if part.shape.is_node else self.value(part)
        self._put_in_order(field, row)
        self._say_the_same(field, names, row)
        if not row:
            first = field.subfields[0]
            row[first.name] = self.value(first)
        return row

    def _put_in_order(self, field: Field, row: dict[str, Any]) -> None:
        pair = field.limits.in_order
        if pair and all(name in row for name in pair):
            row.update(zip(pair, texts.period(self._random), strict=True))

    def _named(self, field: Field, itself: Field) -> str:
        """One of a few addresses, which fields with parts of the same meaning share."""
        beside = next(part for part in field.subfields if part is not itself and _place(part) == _place(itself))
        kind = beside.shape.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] if beside.shape else ""
        return f"https://node.example/{kind}/{self._random.choice('aäb水cd')}"

    def _say_the_same(self, field: Field, names: Mapping[tuple[str, ...], str], row: dict[str, Any]) -> None:
        """What is said of a node with an address is the same in every row that names it."""
        for part in field.subfields:
            itself = row.get(names.get(_place(part), ""))
            if itself is None or part.shape is None or part.shape.is_node:
                continue
            said = self._known.setdefault((itself, part.shape.predicate.value), row.get(part.name))
            if said is None:
                row.pop(part.name, None)
            else:
                row[part.name] = said


def _place(part: Field) -> tuple[str, ...]:
    return part.shape.inside if part.shape else ()


def _is_said(field: Field, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether another row is about the same node."""
    itself = next((part.name for part in field.subfields if part.shape and part.shape.is_node and not _place(part)), "")
    return itself in row and any(row[itself] == other.get(itself) for other in rows)
