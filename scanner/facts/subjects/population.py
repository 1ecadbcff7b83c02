"""The facts of a scope of the population. Derives nothing itself."""

from typing import Annotated

from scanner.facts.subjects.fact import Fact, Facts
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.scope import ScopeStatus
from scanner.model.unknown import Unknown


class PopulationFacts(Facts, frozen=True, kw_only=True):
    """One scope of the population: an account-region, or an account that was not entered."""

    id: Annotated[str, Fact((), "provider:account[:region]")]
    name: Annotated[str, Fact((), "account name, else its number, with the region")]
    provider: Annotated[Provider, Fact((), "platform")]
    account: Annotated[str, Fact((), "account, project or subscription")]
    region: Annotated[str | None, Fact((), "region; none for a whole account")]
    status: Annotated[
        ScopeStatus,
        Fact((), "scanned, unreachable, excluded, outside, closed or not_enabled (no key service)"),
    ]
    listed: Annotated[int | Unknown, Fact(("keys",), "keys the provider listed")]
    unaccounted: Annotated[
        int | Unknown, Fact(("keys",), "keys listed but neither read, partly read, unread nor excluded")
    ]
    all_described: Annotated[
        bool | Unknown, Fact(("keys", "metadata"), "every listed key could be described; unknown while one was not")
    ]
    exclusion_approved: Annotated[
        bool | None, Fact((), "the exclusion names a reason and an approver; none when not excluded")
    ]
    evidence: tuple[Evidence, ...]
