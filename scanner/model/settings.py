"""The part of the configuration that judging depends on. Travels in the pack, so that a replay needs nothing else."""

import msgspec

from scanner.model.finding import Severity


class TagMeaning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tag keys carry one meaning (compared without case, first match wins) and which values are allowed.

    `allowed` empty means any value that is not blank.
    """

    keys: tuple[str, ...]
    allowed: tuple[str, ...] = ()


class TagVocabulary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """The four meanings that rules and reports speak of."""

    owner: TagMeaning = TagMeaning(keys=("owner",))
    purpose: TagMeaning = TagMeaning(keys=("purpose",))
    data_class: TagMeaning = TagMeaning(keys=("data-class", "data_class", "dataclass"))
    environment: TagMeaning = TagMeaning(keys=("environment", "env"))


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What judging needs besides snapshot, rules and registers.

    `lists` are the named lists that rules refer to with `in_list` (for instance `trusted_accounts`).
    `formats`, `sarif_unknown` and `sarif_all` are the outputs a pack holds, so that a replay writes the same ones.
    `fail_on` is the lowest severity whose unwaived fails end a run with 1.
    """

    organisation: str = "Unnamed organisation"
    baseline: str = "default"
    fail_on: Severity = Severity.HIGH
    tags: TagVocabulary = TagVocabulary()
    lists: dict[str, tuple[str, ...]] = {}
    formats: tuple[str, ...] = ("csv", "sarif", "junit", "markdown", "html", "pdf")
    sarif_unknown: str = "none"
    sarif_all: bool = False
