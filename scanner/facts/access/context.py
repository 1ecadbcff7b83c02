"""What is known of a request: condition keys with their values, keys known to be absent, and the rest. Judges nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain

import msgspec

from scanner.facts.access.truth import Open, on_data, on_request

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*", "?", "$"}
ESCAPED = {"*": "\ue000", "?": "\ue001"}
"""Stand for a wildcard that was written as a literal (`${*}`); no policy holds these characters."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """A request as far as it is known; names of keys are in lower case.

    `complete` means that a key without a value here is absent from the request; otherwise it may have any value,
    unless it is among the `absent` or begins like one of the `closed`. Values of keys that begin like one of the
    `unread` do not hang on the request: they exist and were not read.
    """

    values: Mapping[str, tuple[str, ...]]
    complete: bool
    absent: frozenset[str] = frozenset()
    closed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def get(self, key: str) -> tuple[str, ...] | Open | None:
        """The values of a key, None when it is absent or has none, Open when that is not known."""
        lower = key.lower()
        found = self.values.get(lower)
        if found is not None:
            return found or None
        if self.complete or lower in self.absent or lower.startswith(self.closed):
            return None
        return on_data(key) if lower.startswith(self.unread) else on_request(key)


def context(values: Mapping[str, str | bool | Sequence[str]], *, complete: bool) -> Context:
    """A context from plain values: a text, a truth or a list of texts each."""
    return Context(values={key.lower(): texts(value) for key, value in values.items()}, complete=complete)


def texts(value: object) -> tuple[str, ...]:
    """A value of JSON as the texts that policies compare: `true` and `false` for truths."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(chain.from_iterable(map(texts, value)))
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if value is None:
        return ()
    return (str(value),)


def filled(pattern: str, request: Context) -> str | Open | None:
    """The pattern with its variables replaced; None when one has no value, so that nothing can match."""
    if "${" not in pattern:
        return pattern
    pieces: list[str] = []
    end = 0
    for variable in _VARIABLE.finditer(pattern):
        value = _value(variable[1], request)
        if not isinstance(value, str):
            return value
        pieces += [pattern[end : variable.start()], value]
        end = variable.end()
    return "".join((*pieces, pattern[end:]))


def _value(name: str, request: Context) -> str | Open | None:
    if name in _LITERALS:
        return ESCAPED.get(name, name)
    key, comma, default = name.partition(",")
    found = request.get(key.strip())
    if isinstance(found, Open):
        return found
    if found is not None and len(found) == 1:
        return found[0].replace("*", ESCAPED["*"]).replace("?", ESCAPED["?"])
    return default.strip().strip("'") if comma and found is None else None
