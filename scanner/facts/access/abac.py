"""Conditions of Azure's role definitions and role assignments, three-valued. Knows no role and no scope.

https://learn.microsoft.com/azure/role-based-access-control/conditions-format
"""

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from scanner.facts.access.truth import Truth, all_of, any_of, negate, on_data, on_request
from scanner.facts.glob import matches

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>\(|\)|&&|\|\||!|\{|\}|,)
      | (?P<attribute>@\w+\[[^\]]*\])
      | '(?P<text>[^']*)'
      | (?P<word>[^\s(){},'@!&|]+)
    )""",
    re.VERBOSE,
)
_ACTION = "actionmatches"
_EITHER, _BOTH, _NOT = ("||", "or"), ("&&", "and"), ("!", "not")
_SETS: Mapping[str, tuple[Callable[[Iterable[bool]], bool], Callable[[Iterable[bool]], bool]]] = {
    "foranyofanyvalues": (any, any),
    "foranyofallvalues": (any, all),
    "forallofanyvalues": (all, any),
    "forallofallvalues": (all, all),
    "": (any, any),
}
"""How many values of the request have to compare with how many of the condition, by what stands before a comparison."""

_END = ("end", "")


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a request: its action and attributes, by name in lower case (`@request[...]`).

    `complete` means that an attribute without a value here is absent.
    """

    action: str
    attributes: Mapping[str, tuple[str, ...]]
    complete: bool


class _UnreadableError(ValueError):
    """A condition whose words are not understood."""


def holds(condition: str, situation: Situation) -> Truth:
    """Whether the condition is true of the request; open when it asks for what is not known or cannot be read."""
    try:
        return _Reader(_tokens(condition), situation).whole()
    except (_UnreadableError, RecursionError):
        return on_data(f"the meaning of the condition {condition}")


def _tokens(condition: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at, end = 0, len(condition.rstrip())
    while at < end:
        found = _TOKEN.match(condition, at)
        if found is None or found.lastgroup is None:
            raise _UnreadableError(condition)
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


class _Reader:
    """Reads an expression from its tokens and evaluates it as it goes."""

    def __init__(self, tokens: list[tuple[str, str]], situation: Situation) -> None:
        self._tokens = tokens
        self._at = 0
        self._situation = situation

    def whole(self) -> Truth:
        """The whole expression, to its last token."""
        truth = self._either()
        if self._at != len(self._tokens):
            raise _UnreadableError
        return truth

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _is(self, words: tuple[str, ...]) -> bool:
        kind, text = self._peek()
        return kind in {"mark", "word"} and text.lower() in words

    def _expect(self, mark: str) -> None:
        if self._next() != ("mark", mark):
            raise _UnreadableError

    def _either(self) -> Truth:
        return any_of(self._joined(self._both, _EITHER))

    def _both(self) -> Truth:
        return all_of(self._joined(self._one, _BOTH))

    def _joined(self, part: Callable[[], Truth], words: tuple[str, ...]) -> list[Truth]:
        parts = [part()]
        while self._is(words):
            self._next()
            parts.append(part())
        return parts

    def _one(self) -> Truth:
        if self._is(_NOT):
            self._next()
            return negate(self._one())
        kind, text = self._next()
        if (kind, text) == ("mark", "("):
            truth = self._either()
            self._expect(")")
            return truth
        if kind == "attribute":
            return self._compared(text)
        if kind == "word" and text.lower() == _ACTION:
            patterns = self._values()
            return any(matches(pattern.lower(), self._situation.action.lower()) for pattern in patterns)
        raise _UnreadableError

    def _values(self) -> tuple[str, ...]:
        if not self._is(("{",)):
            return (self._value(),)
        self._next()
        values = [self._value()]
        while self._is((",",)):
            self._next()
            values.append(self._value())
        self._expect("}")
        return tuple(values)

    def _value(self) -> str:
        kind, text = self._next()
        if kind not in {"text", "word"}:
            raise _UnreadableError
        return text

    def _compared(self, attribute: str) -> Truth:
        kind, operator = self._next()
        wanted = self._values()
        if kind != "word":
            raise _UnreadableError
        found = self._situation.attributes.get(attribute.lower())
        written = f"{attribute} {operator} {', '.join(wanted)}"
        over, _, name = operator.lower().rpartition(":")
        negated = "not" in name
        compare = _COMPARISONS.get(name.replace("not", "", 1))
        if compare is None or over not in _SETS or (negated and not over and len(wanted) > 1):
            return on_data(f"the meaning of {written}")
        if found is None and not self._situation.complete:
            return on_request(written)
        if not found:
            return on_data(f"the meaning of {written} without a value") if negated else False
        of_request, of_condition = _SETS[over]
        return of_request(of_condition(compare(one, other) is not negated for other in wanted) for one in found)


def _same_guid(value: str, other: str) -> bool:
    return value.lower().replace("-", "") == other.lower().replace("-", "")


_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "guidequals": _same_guid,
    "stringequals": lambda value, other: value == other,
    "stringequalsignorecase": lambda value, other: value.lower() == other.lower(),
    "boolequals": lambda value, other: value.lower() == other.lower(),
    "stringlike": lambda value, other: matches(other, value),
    "stringstartswith": str.startswith,
}
"""Comparisons by name in lower case, without `Not`; one that is not here has an unknown meaning.

https://learn.microsoft.com/azure/role-based-access-control/conditions-format
"""
