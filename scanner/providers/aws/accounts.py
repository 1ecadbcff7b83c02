"""Enters accounts: who we are, and how to become somebody in each account. Reads no key."""

from collections.abc import Mapping

import msgspec

from scanner.model.raw import CollectedOrganisation, RawResponse
from scanner.model.unknown import Cause, Unknown
from scanner.providers.answer import Answer
from scanner.providers.aws import causes, replies
from scanner.providers.aws.api import ClientSettings, Connection, Role, connect
from scanner.providers.aws.operations import ASSUME_ROLE, GET_CALLER_IDENTITY, LIST_ACCOUNTS
from scanner.providers.aws.organisation import NO_ORGANISATION, read_organisation, standing_alone
from scanner.providers.aws.population import Target
from scanner.providers.aws.reader import Reader, assume
from scanner.providers.failure import MALFORMED, NO_CREDENTIALS, UNREACHABLE, Failure
from scanner.providers.operation import Kept
from scanner.providers.reader import Instruments
from scanner.providers.scopes import NOTHING, Proof

DEFAULT_REGION = "us-east-1"


class Hub(msgspec.Struct, frozen=True, kw_only=True):
    """The identity of the configuration's own credentials; `account` is None when they do not work."""

    reader: Reader | None
    account: str | None
    caller: str | Unknown
    failure: Failure | None
    proof: Proof


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """The organisation's accounts; the count is None when there is no organisation or nobody to ask.

    `proofs` is the page of the listing that names an account, by its id.
    """

    accounts: tuple[replies.Account, ...]
    count: int | Unknown | None
    proofs: Mapping[str, RawResponse]
    listing: Proof
    organisation: CollectedOrganisation | None = None


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """An account that can be asked."""

    target: Target
    reader: Reader
    caller: str | Unknown
    proof: Proof


class Unreached(msgspec.Struct, frozen=True, kw_only=True):
    """An account that could not be entered."""

    target: Target
    unknown: Unknown
    reason: str
    reader: Reader | None
    proof: Proof


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to enter any account: the hub, how clients are made, and where sign-in is asked."""

    hub: Hub
    settings: ClientSettings
    instruments: Instruments
    region: str
    session_name: str


def find_hub(profile: str | None, settings: ClientSettings, instruments: Instruments, region: str | None) -> Hub:
    """Asks who we are; `region` None means the one that the credentials' own configuration names."""
    connection = connect(profile, settings)
    if isinstance(connection, Failure):
        return _no_hub(connection, None)
    reader = Reader(connection, "", region or connection.region or DEFAULT_REGION, instruments, for_account=True)
    identity = reader.ask(GET_CALLER_IDENTITY, {})
    if identity.failure or not identity.pages:
        return _no_hub(identity.failure, reader)
    reader.account = identity.pages[0].account
    return Hub(
        reader=reader,
        account=identity.pages[0].account,
        caller=identity.pages[0].arn,
        failure=None,
        proof=_proof(identity, "identity"),
    )


def find_members(hub: Hub) -> Members:
    """The organisation's accounts as far as they could be listed; the count is known only for the whole list."""
    if hub.reader is None or hub.account is None:
        return Members(accounts=(), count=None, proofs={}, listing=NOTHING)
    listed = hub.reader.ask(LIST_ACCOUNTS, {})
    accounts = tuple({account.id: account for page in listed.pages for account in page.accounts}.values())
    count: int | Unknown | None = len(accounts)
    if listed.failure:
        count = None if listed.failure.code == NO_ORGANISATION else listed.failure.unknown
    pages = zip(listed.pages, listed.raw, strict=False)
    return Members(
        accounts=accounts,
        count=count,
        proofs={account.id: response for page, response in pages for account in page.accounts},
        listing=_proof(listed, "keys"),
        organisation=standing_alone(hub.account, listed) if count is None else read_organisation(hub.reader),
    )


def enter(door: Door, target: Target) -> Entered | Unreached:
    """Becomes the identity that reads the account, and makes sure that it is of that account."""
    hub = door.hub
    if target.id == hub.account and not target.role_arn and not target.profile and hub.reader:
        return Entered(target=target, reader=hub.reader, caller=hub.caller, proof=hub.proof)
    start = _start(door, target)
    if isinstance(start, Unreached):
        return start
    if target.role_arn is None:
        return _check_identity(target, start, None)
    role = Role(arn=target.role_arn, external_id=target.external_id, session_name=door.session_name)
    connection, assumed = assume(start, role)
    if connection is None:
        return _unreached(target, assumed.failure, start, assumed)
    reader = Reader(connection, target.id, door.region, door.instruments, for_account=True)
    reader.tally = start.tally
    return _check_identity(target, reader, assumed)


def _start(door: Door, target: Target) -> Reader | Unreached:
    """Who enters: the target's profile, or the hub."""
    connection = connect(target.profile, door.settings) if target.profile else _hub_connection(door.hub, target)
    if isinstance(connection, Failure):
        return _unreached(target, connection, None, None)
    return Reader(connection, target.id, door.region, door.instruments, for_account=True)


def _hub_connection(hub: Hub, target: Target) -> Connection | Failure:
    if target.role_arn is None:
        return Failure(cause=Cause.NOT_COLLECTED, call=ASSUME_ROLE.action, code=causes.NO_WAY_IN)
    if hub.reader is None or hub.failure:
        return hub.failure or causes.failure(NO_CREDENTIALS, ASSUME_ROLE.action)
    return hub.reader.connection


def _check_identity(target: Target, reader: Reader, assumed: Answer[replies.AssumeRole] | None) -> Entered | Unreached:
    """Credentials that do not work or belong to another account have not entered; who they are may stay unknown."""
    identity = reader.ask(GET_CALLER_IDENTITY, {})
    failure = identity.failure
    if failure and (causes.is_of_credentials(failure) or failure.code == UNREACHABLE):
        return _unreached(target, failure, reader, identity)
    if identity.pages and identity.pages[0].account != target.id:
        other = Failure(cause=Cause.ERROR, call=GET_CALLER_IDENTITY.action, code=causes.OTHER_ACCOUNT)
        return _unreached(target, other, reader, identity)
    return Entered(
        target=target,
        reader=reader,
        caller=failure.unknown if failure else identity.pages[0].arn,
        proof=_proof(assumed, "role").and_also(_proof(identity, "identity")),
    )


def _unreached(
    target: Target, failure: Failure | None, reader: Reader | None, answer: Answer[Kept] | None
) -> Unreached:
    failure = failure or causes.failure(MALFORMED, ASSUME_ROLE.action)
    return Unreached(
        target=target,
        unknown=failure.unknown,
        reason=f"{failure.call}: {causes.explain(failure)}",
        reader=reader,
        proof=_proof(answer, "keys"),
    )


def _no_hub(failure: Failure | None, reader: Reader | None) -> Hub:
    failure = failure or causes.failure(MALFORMED, GET_CALLER_IDENTITY.action)
    return Hub(reader=reader, account=None, caller=failure.unknown, failure=failure, proof=NOTHING)


def _proof(answer: Answer[Kept] | None, group: str) -> Proof:
    return Proof(evidence=answer.evidence(group), raw=answer.raw) if answer else NOTHING
