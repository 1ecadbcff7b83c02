"""A policy of AWS as statements that can be asked: whom, what and on what each is about. Decides nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from scanner.facts.access.conditions import Clause, holds, read_clauses
from scanner.facts.access.context import Context, filled, texts
from scanner.facts.access.truth import Open, Truth, all_of, any_of, negate, on_data
from scanner.facts.glob import matches
from scanner.model.decoding import decode

_VARIABLES_SINCE = "2012-10-17"
_EITHER = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
_ELEMENTS = frozenset({"Sid", "Effect", "Condition", *(name for pair in _EITHER for name in pair)})
_TEXTS = tuple(name for pair in _EITHER[1:] for name in pair)
_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


class PolicyError(ValueError):
    """A text that is no policy."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. `label` is its Sid or its place; `inverse` marks NotPrincipal, NotAction, NotResource.

    A statement without Resource or without Action has no effect.
    https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
    """

    label: str
    allows: bool
    principals: tuple[tuple[str, str], ...]
    principals_inverse: bool
    actions: tuple[str, ...]
    actions_inverse: bool
    resources: tuple[str, ...]
    resources_inverse: bool
    clauses: tuple[Clause, ...]


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy by name."""

    name: str
    statements: tuple[Statement, ...]


@lru_cache(maxsize=4096)
def read_policy(document: str, name: str, *, of_key: bool = False) -> Policy:
    """The statements of a policy's JSON text; raises PolicyError when it is none.

    A key policy (`of_key`) is held to the whole grammar, as it was stored: what is outside it was never a key policy.
    """
    try:
        parsed = decode(document, object)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise PolicyError(name) from error
    if not isinstance(parsed, dict) or not isinstance(parsed.get("Statement"), dict | list):
        raise PolicyError(name)
    found = parsed["Statement"] if isinstance(parsed["Statement"], list) else [parsed["Statement"]]
    if of_key and not all(map(_is_of_key, found)):
        raise PolicyError(name)
    variables = parsed.get("Version") == _VARIABLES_SINCE
    statements = tuple(
        _statement(statement, f"{name}[{place}]", variables=variables) for place, statement in enumerate(found)
    )
    return Policy(name=name, statements=statements)


def _statement(raw: object, place: str, *, variables: bool) -> Statement:
    if not isinstance(raw, dict) or raw.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(place)
    if any(plain in raw and inverse in raw for plain, inverse in _EITHER):
        raise PolicyError(place)
    read = texts if variables else _without_variables
    return Statement(
        label=str(raw.get("Sid") or place),
        allows=raw["Effect"] == "Allow",
        principals=_principals(raw.get("NotPrincipal", raw.get("Principal"))),
        principals_inverse="NotPrincipal" in raw,
        actions=tuple(map(str.lower, texts(raw.get("NotAction", raw.get("Action", ()))))),
        actions_inverse="NotAction" in raw,
        resources=read(raw.get("NotResource", raw.get("Resource", ()))),
        resources_inverse="NotResource" in raw,
        clauses=_clauses(raw["Condition"], place, read) if raw.get("Condition") else (),
    )


def _clauses(condition: object, place: str, read: Callable[[object], tuple[str, ...]]) -> tuple[Clause, ...]:
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        raise PolicyError(place)
    return read_clauses(
        {written: {key: read(values) for key, values in keys.items()} for written, keys in condition.items()}
    )


def _without_variables(value: object) -> tuple[str, ...]:
    """The texts of a policy that is older than variables: what looks like one is meant as it stands."""
    return tuple(text.replace("${", "${$}{") for text in texts(value))


def _is_of_key(raw: object) -> bool:
    """Whether a statement is one of a key policy, in the elements of the grammar and with texts where it has texts."""
    if not isinstance(raw, dict) or not raw.keys() <= _ELEMENTS:
        return False
    whom = raw.get("Principal", raw.get("NotPrincipal"))
    named = whom == "*" or (isinstance(whom, dict) and whom.keys() <= _KINDS and all(map(_is_text, whom.values())))
    return named and all(_is_text(raw[name]) for name in _TEXTS if name in raw)


def _is_text(raw: object) -> bool:
    """Whether this is a text or a list of texts."""
    return isinstance(raw, str) or (isinstance(raw, list) and all(isinstance(item, str) for item in raw))


def _principals(raw: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 (JSON of a foreign hand)
    if raw is None:
        return ()
    if isinstance(raw, dict):
        return tuple((str(kind), name) for kind, names in raw.items() for name in texts(names))
    return tuple(("AWS", name) for name in texts(raw))


def is_about(statement: Statement, action: str, resource: str, request: Context) -> Truth:
    """Whether the statement covers the action on the resource under the request, whoever asks."""
    if _names_action(statement.actions, action) is statement.actions_inverse:
        return False
    return all_of((_on(statement, resource, request), conditions_hold(statement, request)))


@lru_cache(maxsize=65536)
def _names_action(patterns: tuple[str, ...], action: str) -> bool:
    lower = action.lower()
    return any(matches(pattern, lower) for pattern in patterns)


def conditions_hold(statement: Statement, request: Context) -> Truth:
    """Whether every condition of the statement is true of the request."""
    return all_of(holds(clause, request) for clause in statement.clauses)


def _on(statement: Statement, resource: str, request: Context) -> Truth:
    if not statement.resources_inverse:
        return any_of(_names(pattern, resource, request) for pattern in statement.resources)
    return all_of(negate(_names(pattern, resource, request, inverse=True)) for pattern in statement.resources)


def _names(pattern: str, resource: str, request: Context, *, inverse: bool = False) -> Truth:
    """Whether the pattern is of the resource; a variable without a value names nothing.

    What a NotResource takes in then is not documented: the statement "might" be invalid.
    """
    if pattern == "*":
        return True
    known = filled(pattern, request)
    if known is None:
        return on_data(f"what NotResource {pattern} stands for") if inverse else False
    return known if isinstance(known, Open) else matches(known, resource)
