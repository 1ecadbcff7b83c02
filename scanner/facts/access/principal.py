"""Who is meant by a principal's name, whichever cloud it is of. Decides no access."""

import msgspec

from scanner.facts.access.aws_site import caller_of, party_called
from scanner.facts.access.google_callers import google_caller
from scanner.facts.access.matrix import Matrices
from scanner.facts.access.parties import unread_party
from scanner.facts.access.site import Caller
from scanner.model.effective import PrincipalKind
from scanner.model.key import Provider


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """A caller, and what of its own was not read that decides what it may do."""

    caller: Caller
    gaps: tuple[str, ...]


def called(name: str, provider: Provider, matrices: Matrices) -> Called:
    """The principal that the provider calls so."""
    match provider:
        case Provider.AWS:
            party = party_called(name, matrices) or unread_party(name)
            own = ("its own policies",) if party.identity is None else party.gaps
            return Called(caller=caller_of(party), gaps=own)
        case Provider.GCP:
            caller = google_caller(name)
            unread = ("the groups that it belongs to",) if caller.kind is not PrincipalKind.PUBLIC else ()
            return Called(caller=caller, gaps=unread)
        case Provider.AZURE:
            caller = Caller(id=name.lower(), kind=PrincipalKind.OTHER, account="")
            return Called(caller=caller, gaps=("the groups that it belongs to",))
