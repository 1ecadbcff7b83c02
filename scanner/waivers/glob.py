"""Matches ids against exact text or bounded patterns. Knows no regular expressions and folds no case.

`*` stands for any run of characters, also none, between two separators (`:` and `/`). Every other character, `?` and
`[` too, stands for itself. A pattern must match the whole id.
"""

import re
from collections.abc import Iterable

from scanner.model.key import Provider

STAR = "*"
LEAST_PREFIX = 12

_SEPARATORS = re.compile(r"([:/])")
_ARN_ACCOUNT = 4
_SCOPE_ACCOUNT = 1
_PROVIDERS = frozenset(provider.value for provider in Provider)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text; takes time in proportion to their lengths."""
    if STAR not in pattern:
        return pattern == text
    wanted, given = _SEPARATORS.split(pattern), _SEPARATORS.split(text)
    return len(wanted) == len(given) and all(map(_part_matches, wanted, given))


def matches_any(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the patterns matches."""
    return any(matches(pattern, text) for pattern in patterns)


def unbounded(pattern: str) -> str:
    """Why a pattern could reach further than one account, as the end of a sentence; nothing when it cannot."""
    if STAR not in pattern:
        return ""
    if STAR * 2 in pattern:
        return "`**` has no meaning; `*` stands for characters between two separators"
    parts = pattern.split(":")
    if parts[0] == "arn":
        return _needs_account(parts, _ARN_ACCOUNT, "arn:aws:kms:*:111122223333:key/*") or _needs_prefix(pattern)
    if parts[0] in _PROVIDERS:
        return _needs_account(parts, _SCOPE_ACCOUNT, "aws:111122223333:*")
    return _needs_prefix(pattern)


def _needs_account(parts: list[str], index: int, example: str) -> str:
    account = parts[index] if len(parts) > index else STAR
    return f"expected the account written out, as in {example}" if STAR in account or not account else ""


def _needs_prefix(pattern: str) -> str:
    known = pattern.index(STAR)
    return (
        f"expected at least {LEAST_PREFIX} characters before the first `*`, got {known}" if known < LEAST_PREFIX else ""
    )


def _part_matches(pattern: str, text: str) -> bool:
    """One part between separators: its ends must be there, and what stands between stars follows in order."""
    first, *rest = pattern.split(STAR)
    if not rest:
        return pattern == text
    *between, last = rest
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in between:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
