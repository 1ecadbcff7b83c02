"""What each provider is called, and what it calls that which its keys belong to. Escapes nothing."""

from collections.abc import Iterable, Mapping

from scanner.model.key import Provider

PROVIDER_NAMES: Mapping[Provider, str] = {
    Provider.AWS: "AWS",
    Provider.GCP: "Google Cloud",
    Provider.AZURE: "Azure",
}

SCOPE_WORDS: Mapping[Provider, tuple[str, str]] = {
    Provider.AWS: ("account", "accounts"),
    Provider.GCP: ("project", "projects"),
    Provider.AZURE: ("subscription", "subscriptions"),
}
"""What each provider calls that which its keys and their regions belong to; one, and several."""


def belongs_to(providers: Iterable[Provider]) -> str:
    """What keys of these providers belong to: `account`, or `account, project or subscription`."""
    return listed([SCOPE_WORDS[provider][0] for provider in providers], "or")


def listed(words: Iterable[str], last: str) -> str:
    """Words in a sentence: `a`, `a and b`, `a, b and c`."""
    *rest, end = words
    return f"{', '.join(rest)} {last} {end}" if rest else end
