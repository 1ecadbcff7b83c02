"""What the waivers file holds: every field of a waiver and of an accepted unknown. Reads no file."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from scanner.config.faults import Place
from scanner.config.schema import Section, Text
from scanner.config.shape import Wording
from scanner.model.key import Provider

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PROVIDERS = frozenset(provider.value for provider in Provider)


def _day(value: object) -> object:
    """A date in its one spelling, so that no number or moment passes for a date."""
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError(value)
    return date.fromisoformat(value)


def _scope(text: str) -> str:
    provider, *rest = text.split(":")
    if provider not in _PROVIDERS or len(rest) not in {1, 2} or not all(rest):
        raise ValueError(text)
    return text


Day = Annotated[date, BeforeValidator(_day), Wording("a date such as 2027-03-31", "dates")]
EntryId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
    Wording("an id such as WV-2026-014 (letters, digits, `.`, `_`, `-`)", "ids"),
]
ResourceId = Annotated[
    str, StringConstraints(pattern=r"^[^\s]+$"), Wording("an id or a bounded pattern without spaces", "ids or patterns")
]
ScopeId = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s]+$"),
    AfterValidator(_scope),
    Wording("a scope such as aws:111122223333:eu-central-1", "scopes such as aws:111122223333:eu-central-1"),
]
Call = Annotated[
    str, StringConstraints(pattern=r"^[^\s*]+$"), Wording("a permission's name such as kms:GetKeyPolicy", "permissions")
]
Resources = Annotated[
    tuple[ResourceId, ...], Field(min_length=1), Wording("a list of at least one id or bounded pattern", "lists")
]
Approvers = Annotated[tuple[Text, ...], Field(min_length=1), Wording("a list of at least one name", "lists")]
CauseName = Literal["denied", "throttled", "unsupported", "not_collected", "error"]


class Waiver(Section):
    """One accepted deviation: these subjects may fail this rule until that day, and the report says so."""

    id: EntryId = Field(description="Its name in every report.")
    rule: Text = Field(description="The id of the rule.")
    resources: Resources = Field(description="Exact ids, or patterns in which `*` stays between two separators.")
    reason: Text = Field(description="Why the deviation is accepted.")
    ticket: Text = Field(description="Where it was decided.")
    approvers: Approvers = Field(description="Who decided it; a rule may ask for several.")
    created: Day = Field(description="The day it begins to hold.")
    expires: Day = Field(description="The last day it holds; at most 180 days after `created`, less if the rule says.")


class AcceptedUnknown(Section):
    """One accepted gap: this call's answer may be missing there until that day; it stays unknown in every output."""

    id: EntryId = Field(description="Its name in every report.")
    resources: tuple[ResourceId, ...] = Field(default=(), description="Exact ids or patterns of subjects.")
    scopes: tuple[ScopeId, ...] = Field(
        default=(), description="Account-regions, or accounts that were not entered; patterns as for resources."
    )
    call: Call = Field(description="The permission whose answer is missing.")
    cause: CauseName = Field(description="Why it is missing; another cause is not accepted.")
    reason: Text = Field(description="Why the gap is accepted.")
    approvers: Approvers = Field(description="Who decided it.")
    created: Day = Field(description="The day it begins to hold.")
    expires: Day = Field(description="The last day it holds; at most 90 days after `created`.")


class WaiverDocument(Section):
    """The whole file."""

    waivers: tuple[Waiver, ...] = Field(default=(), description="Accepted deviations.")
    accepted_unknowns: tuple[AcceptedUnknown, ...] = Field(default=(), description="Accepted gaps in sight.")


class WaiverFile(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of a valid file, and where each field of each entry was written, by id and field."""

    waivers: tuple[Waiver, ...] = ()
    accepted_unknowns: tuple[AcceptedUnknown, ...] = ()
    places: Mapping[tuple[str, str], Place] = {}


NO_WAIVERS = WaiverFile()
