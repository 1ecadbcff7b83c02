"""Wildcards of policy languages: `*` any run, `?` any one character. Knows no policy.

No regular expression: patterns come from the estate that is judged, and this takes time in proportion to
pattern times text, whatever the pattern.
"""


def matches(pattern: str, text: str) -> bool:
    """The whole text fits the pattern; case counts."""
    if "?" not in pattern:
        head, wild, tail = pattern.partition("*")
        if not wild:
            return pattern == text
        if not tail:
            return text.startswith(head)
    at, in_text, star, resume = 0, 0, -1, 0
    while in_text < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, in_text
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[in_text]):
            at, in_text = at + 1, in_text + 1
        elif star >= 0:
            resume += 1
            at, in_text = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")
