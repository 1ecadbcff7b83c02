"""Conditions of Google Cloud IAM, written in CEL, as far as the request is known. Knows no role and no member.

https://cloud.google.com/iam/docs/conditions-attribute-reference
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from scanner.facts.access.truth import Truth, on_data, on_request

if TYPE_CHECKING:
    import celpy

Attributes: TypeAlias = Mapping[str, Mapping[str, str | datetime]]
"""What is known of a request: `resource` (name, type, service) and `request` (time), each by attribute."""

_ATTRIBUTE = re.compile(r"\b(resource|request|destination|source|origin|device|api|principal)\.(\w+)(\s*\()?")
_PRESENCE = re.compile(r"\bhas\s*\(")
_NO_FUNCTION = "undeclared reference"


def holds(expression: str, request: Attributes, *, failed: bool) -> Truth:
    """Whether the expression is true of the request; open when it asks for what is not known or cannot be read.

    `failed` is what an evaluation that ends in an error counts as: false for a binding, true for a deny rule.
    https://cloud.google.com/iam/docs/deny-overview
    """
    known = tuple((name, tuple(sorted(values.items()))) for name, values in sorted(request.items()))
    return _holds(expression, known, failed=failed)


@lru_cache(maxsize=4096)
def _holds(
    expression: str, known_of: tuple[tuple[str, tuple[tuple[str, str | datetime], ...]], ...], *, failed: bool
) -> Truth:
    """The same, once for the same question: callers and permissions ask it over and over."""
    from celpy.adapter import json_to_cel  # noqa: PLC0415 (only estates with conditional bindings need it)
    from celpy.celtypes import BoolType  # noqa: PLC0415 (see above)
    from celpy.evaluation import CELEvalError  # noqa: PLC0415 (see above)

    request = {name: dict(values) for name, values in known_of}
    program = _program(expression)
    if program is None:
        return on_data(f"the meaning of the condition {expression}")
    asks = _asks_for_more(expression, request)
    if asks and _PRESENCE.search(expression):
        return on_request(expression)
    known = {name: json_to_cel(values) for name, values in request.items()}
    try:
        answer = program.evaluate(known)
    except CELEvalError as error:
        if asks:
            return on_request(expression)
        return on_data(f"the meaning of the condition {expression}") if _NO_FUNCTION in str(error) else failed
    return bool(answer) if isinstance(answer, bool | BoolType) else failed


def _asks_for_more(expression: str, request: Attributes) -> bool:
    """Whether the expression may read an attribute that is not known."""
    return any(
        not called and attribute not in request.get(group, {})
        for group, attribute, called in _ATTRIBUTE.findall(expression)
    )


@lru_cache(maxsize=1024)
def _program(expression: str) -> "celpy.Runner | None":
    import celpy  # noqa: PLC0415 (see above)
    from celpy.celparser import CELParseError  # noqa: PLC0415 (see above)
    from celpy.celtypes import StringType  # noqa: PLC0415 (see above)

    def extract(text: StringType, template: StringType) -> StringType:
        return StringType(_extract(str(text), str(template)))

    environment = celpy.Environment()
    try:
        return environment.program(environment.compile(expression), functions={"extract": extract})
    except CELParseError:
        return None


def _extract(text: str, template: str) -> str:
    """What stands in the text where the template has `{name}`; nothing when the text around it is not there.

    https://cloud.google.com/iam/docs/conditions-resource-attributes#extract
    """
    before, opened, rest = template.partition("{")
    _, closed, after = rest.partition("}")
    if not (opened and closed) or before not in text:
        return ""
    found = text[text.index(before) + len(before) :]
    if not after:
        return found
    return found[: found.index(after)] if after in found else ""
