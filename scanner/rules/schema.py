"""The facts rules may use, as a page for people, as data, and as a JSON Schema for editors. Checks no rule itself."""

from collections.abc import Iterator, Mapping

import msgspec

from scanner.model.finding import Guardrail, Severity, SubjectKind, Verdict
from scanner.model.key import Provider
from scanner.rules.conditions import Among, Operator
from scanner.rules.fixtures import DEFAULTS, default_element
from scanner.rules.grammar import ALL_OF, ALLOW_EMPTY, ANY_OF, BOUNDS, COUNT, NOT, WHERE, operators_of
from scanner.rules.healthy import AS_OF
from scanner.rules.params import Looser, ParamType
from scanner.rules.rule_file import MAX_APPROVERS, MAX_WAIVER_DAYS, ORDER, REQUIRED, STATUSES
from scanner.rules.shape import Block, Field, Kind, Leaf, subject_shape
from scanner.rules.wording import printed

Json = dict[str, object]

DURATION = r"^\d{1,8}[wdhms]$"
PARAM = r"^\$[a-z_][a-z0-9_]*$"


class FactRow(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: dotted path (`trails[].logging` inside a list), type, operators, default in tests, meaning, groups."""

    path: str
    type: str
    operators: tuple[str, ...]
    absent: bool
    unread: bool
    default: str
    doc: str
    groups: tuple[str, ...]


def fact_rows(kind: SubjectKind) -> tuple[FactRow, ...]:
    """Every fact of a subject, in the order of its definition."""
    return tuple(_rows(subject_shape(kind), DEFAULTS[kind](), ""))


def subject_schema(kind: SubjectKind) -> str:
    """The facts of a subject as text for a terminal."""
    block = subject_shape(kind)
    lines = [f"{kind.value}: {block.doc}", f"defaults are those of rule tests, set at {printed(AS_OF)}", ""]
    for row in fact_rows(kind):
        notes = [note for note, holds in (("may be absent", row.absent), ("may be unread", row.unread)) if holds]
        lines.append(f"{row.path}  ({'; '.join((row.type, *notes))})")
        lines.append(f"    {row.doc}; default {row.default}")
        lines.append(f"    operators: {', '.join(row.operators)}")
    return "\n".join(lines) + "\n"


def subjects_json() -> Json:
    """The facts of every subject as plain data."""
    return {kind.value: [msgspec.to_builtins(row) for row in fact_rows(kind)] for kind in DEFAULTS}


def _rows(block: Block, default: object, prefix: str) -> Iterator[FactRow]:
    for name, field in block.fields.items():
        path, value = f"{prefix}{name}", getattr(default, name)
        if isinstance(field, Block):
            yield from _rows(field, value, f"{path}.")
            continue
        inner = field.element if isinstance(field.element, Block) else None
        yield FactRow(
            path=path,
            type=field.title,
            operators=operators_of(field),
            absent=field.optional,
            unread=field.unread,
            default=f"{len(value)} element(s)" if inner else printed(value),
            doc=field.doc,
            groups=field.groups,
        )
        if inner:
            yield from _rows(inner, default_element(inner.build), f"{path}[].")


def json_schema() -> Json:
    """The JSON Schema of a rule file; stricter checks (units, parameters, field comparisons) are the loader's."""
    definitions: dict[str, Json] = {}
    for kind in DEFAULTS:
        _define(subject_shape(kind), definitions)
    subjects = [
        {
            "if": {"properties": {"subject": {"const": kind.value}}},
            "then": {"properties": {"when": _ref(subject_shape(kind)), "require": _ref(subject_shape(kind))}},
        }
        for kind in DEFAULTS
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "keymuster rule",
        "type": "object",
        "additionalProperties": False,
        "required": list(REQUIRED),
        "properties": {name: _PROPERTIES[name] for name in ORDER},
        "allOf": subjects,
        "$defs": definitions,
    }


def _ref(block: Block) -> Json:
    return {"$ref": f"#/$defs/{block.title}"}


def _define(block: Block, definitions: dict[str, Json]) -> None:
    """The definition of a block and of all it holds; dotted paths are properties of their own."""
    if block.title in definitions:
        return
    definitions[block.title] = {}
    properties: Json = dict(_paths(block, "", definitions))
    blocks = {"type": "array", "minItems": 1, "items": _ref(block)}
    properties |= {ANY_OF: blocks, ALL_OF: blocks, NOT: _ref(block)}
    definitions[block.title] = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": properties,
    }


def _paths(block: Block, prefix: str, definitions: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    for name, field in block.fields.items():
        path = f"{prefix}{name}"
        if isinstance(field, Block):
            _define(field, definitions)
            yield path, _ref(field)
            yield from _paths(field, f"{path}.", definitions)
        else:
            yield path, _condition(field, definitions)


def _condition(leaf: Leaf, definitions: dict[str, Json]) -> Json:
    """A reference to what may be asked of this type of fact, which is defined once."""
    name = leaf.title.replace(" ", "-").replace(",", "")
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _asked(leaf, definitions)
    described: Json = {"description": leaf.doc} if leaf.doc else {}
    return described | {"$ref": f"#/$defs/{name}"}


def _asked(leaf: Leaf, definitions: dict[str, Json]) -> Json:
    operators: Json = {name: _argument(name, leaf, definitions) for name in operators_of(leaf)}
    mapping: Json = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": operators,
    }
    return mapping if Operator.EQ not in operators else {"anyOf": [*_literals(leaf), mapping]}


def _argument(name: str, leaf: Leaf, definitions: dict[str, Json]) -> Json:
    if name in set(Among) or name == COUNT:
        return _quantified(name, leaf, definitions)
    operator = Operator(name)
    if operator in {Operator.ABSENT, Operator.EMPTY}:
        return {"type": "boolean"}
    if operator.value.endswith("_field") or operator in _TEXT_ARGUMENTS:
        return {"type": "string", "minLength": 1}
    element = leaf.element if isinstance(leaf.element, Leaf) else leaf
    if operator in {Operator.IN, Operator.NOT_IN, Operator.CONTAINS_ANY, Operator.HAS_KEYS}:
        item = Leaf(kind=Kind.TEXT) if operator is Operator.HAS_KEYS else element
        return {"anyOf": [{"type": "array", "minItems": 1, "items": {"anyOf": list(_literals(item))}}, _PARAM]}
    return {"anyOf": list(_literals(element))}


_TEXT_ARGUMENTS = frozenset({Operator.IN_LIST, Operator.NOT_IN_LIST, Operator.MATCHES})
_PARAM: Json = {"type": "string", "pattern": PARAM}


def _quantified(name: str, leaf: Leaf, definitions: dict[str, Json]) -> Json:
    inner = _element(leaf.element, definitions)
    if name == COUNT:
        bounds = {bound.value: {"anyOf": [{"type": "integer"}, _PARAM]} for bound in BOUNDS}
        properties = {WHERE: inner, **bounds}
        return {"type": "object", "required": [WHERE], "additionalProperties": False, "properties": properties}
    if name == Among.EVERY and isinstance(leaf.element, Block):
        every = f"Every{leaf.element.title}"
        block = definitions[leaf.element.title]
        known = block["properties"]
        properties = {ALLOW_EMPTY: {"type": "boolean"}, **(known if isinstance(known, dict) else {})}
        definitions[every] = block | {"properties": properties}
        return {"$ref": f"#/$defs/{every}"}
    return inner


def _element(field: Field | None, definitions: dict[str, Json]) -> Json:
    if isinstance(field, Block):
        _define(field, definitions)
        return _ref(field)
    return _condition(msgspec.structs.replace(field, doc=""), definitions) if field is not None else {}


def _literals(leaf: Leaf) -> tuple[Json, ...]:
    if leaf.choices:
        return ({"enum": [option.value for option in leaf.choices]}, _PARAM)
    return (*_LITERALS[leaf.kind], _PARAM)


_LITERALS: Mapping[Kind, tuple[Json, ...]] = {
    Kind.BOOLEAN: ({"type": "boolean"},),
    Kind.INTEGER: ({"type": "integer"},),
    Kind.DURATION: ({"type": "string", "pattern": DURATION},),
    Kind.TEXT: ({"type": "string"},),
}
_FILLED: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"type": "array", "uniqueItems": True, "items": _FILLED}
_PARAM_DEFINITION: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "default"],
    "properties": {
        "type": {"enum": list(ParamType)},
        "default": {},
        "min": {"type": ["string", "number"]},
        "max": {"type": ["string", "number"]},
        "looser": {"enum": list(Looser)},
        "description": _FILLED,
    },
}
_TEST: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "expect"],
    "properties": {
        "name": _FILLED,
        "facts": {"type": "object"},
        "expect": {"enum": list(Verdict)},
        "because": _FILLED,
        "lists": {"type": "object", "additionalProperties": _TEXTS},
    },
}
_PROPERTIES: Mapping[str, Json] = {
    "id": {"type": "string", "pattern": r"^[A-Z][A-Z0-9]*(-[A-Z][A-Z0-9]*)+-\d{3}$"},
    "title": _FILLED,
    "guardrail": {"enum": list(Guardrail)},
    "subject": {"enum": list(SubjectKind)},
    "severity": {"enum": list(Severity)},
    "status": {"enum": list(STATUSES)},
    "aliases": _TEXTS,
    "params": {"type": "object", "additionalProperties": _PARAM_DEFINITION},
    "controls": {"type": "object", "additionalProperties": _TEXTS},
    "when": {"type": "object"},
    "require": {"type": "object"},
    "rationale": _FILLED,
    "remediation": {
        "type": "object",
        "additionalProperties": False,
        "properties": {provider.value: _FILLED for provider in Provider},
    },
    "waiver": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "allowed": {"type": "boolean"},
            "max_days": {"type": "integer", "minimum": 1, "maximum": MAX_WAIVER_DAYS},
            "approvers": {"type": "integer", "minimum": 1, "maximum": MAX_APPROVERS},
        },
    },
    "tests": {"type": "array", "items": _TEST},
}
