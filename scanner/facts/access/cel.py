"""Conditions of Google Cloud IAM, written in CEL, as far as the request is known. Knows no role and no member.

https://cloud.google.com/iam/docs/conditions-attribute-reference
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from scanner.facts.access.truth import Truth, on_data, on_request

if TYPE_CHECKING:
    import celpy

Attributes: TypeAlias = Mapping[str, Mapping[str, str | datetime]]
"""What is known of a request: `resource` (name, type, service) and `request` (time), each by attribute."""


def holds(expression: str, request: Attributes) -> Truth:
    """Whether the expression is true of the request; open when it asks for what is not known or cannot be read."""
    from celpy.adapter import json_to_cel  # noqa: PLC0415 (only estates with conditional bindings need it)
    from celpy.evaluation import CELEvalError  # noqa: PLC0415 (see above)

    program = _program(expression)
    if program is None:
        return on_data(f"the meaning of the condition {expression}")
    known = {name: json_to_cel(_plain(values)) for name, values in request.items()}
    try:
        answer = program.evaluate(known)
    except CELEvalError:
        return on_request(expression)
    return bool(answer)


@lru_cache(maxsize=1024)
def _program(expression: str) -> "celpy.Runner | None":
    import celpy  # noqa: PLC0415 (see above)
    from celpy.celparser import CELParseError  # noqa: PLC0415 (see above)

    environment = celpy.Environment()
    try:
        return environment.program(environment.compile(expression))
    except CELParseError:
        return None


def _plain(values: Mapping[str, str | datetime]) -> dict[str, Any]:
    return dict(values)
