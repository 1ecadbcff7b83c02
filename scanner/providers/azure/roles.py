"""Reads who was given which role in, above and below a subscription, and what is denied. Decides nothing."""

from concurrent.futures import Executor

import msgspec

from scanner.model.access_inputs import Access
from scanner.model.evidence import Evidence
from scanner.model.key import Provider
from scanner.model.permission import RoleDefinitions
from scanner.model.raw import RawResponse
from scanner.model.unknown import OutOfScope, Unknown
from scanner.providers.answer import Answer
from scanner.providers.azure import normalise_access, replies_access
from scanner.providers.azure.api import Question
from scanner.providers.azure.operations_access import (
    GET_ROLE_DEFINITION,
    LIST_DENY_ASSIGNMENTS,
    LIST_ROLE_ASSIGNMENTS,
)
from scanner.providers.azure.reader import Reader
from scanner.windows import in_windows

_GROUPS = OutOfScope(
    reason="members of groups are kept by Microsoft Graph, which is not asked", call="GroupMember.Read.All"
)


class SubscriptionAccess(msgspec.Struct, frozen=True, kw_only=True):
    """What access to the keys of a subscription is decided from, with the replies it was made from."""

    access: Access
    raw: tuple[RawResponse, ...]


def read_access(reader: Reader, pool: Executor, window: int) -> SubscriptionAccess:
    """Role assignments, the definitions that they name, and deny assignments."""
    question = Question(places={"subscription": reader.account})
    given = pool.submit(reader.ask, LIST_ROLE_ASSIGNMENTS, question)
    taken = pool.submit(reader.ask, LIST_DENY_ASSIGNMENTS, question)
    assignments, denials = given.result(), taken.result()

    def define(name: str) -> Answer[replies_access.RoleDefinition]:
        places = {"subscription": reader.account, "role": name}
        return reader.ask(GET_ROLE_DEFINITION, Question(places=places), subject=name)

    definitions = list(in_windows(pool, window, define, normalise_access.roles_named(assignments.pages)))
    evidence = assignments.evidence("bindings") + denials.evidence("denials")
    access = Access(
        provider=Provider.AZURE,
        account=reader.account,
        region=reader.region or "",
        levels=normalise_access.levels(
            reader.account,
            assignments.failure.unknown if assignments.failure else assignments.pages,
            denials.failure.unknown if denials.failure else denials.pages,
        ),
        roles=_roles(definitions),
        groups=_GROUPS,
        evidence=evidence + _proof(definitions),
    )
    replies = (assignments.raw, denials.raw, *(answer.raw for answer in definitions))
    return SubscriptionAccess(access=access, raw=tuple(response for raw in replies for response in raw))


def _roles(answers: list[Answer[replies_access.RoleDefinition]]) -> RoleDefinitions | Unknown:
    """The definitions that were read; unknown when there are some and none was."""
    read = [normalise_access.role(page) for answer in answers for page in answer.pages]
    refused = [answer.failure.unknown for answer in answers if answer.failure]
    if refused and not read:
        return refused[0]
    return RoleDefinitions(items=tuple(sorted(read, key=lambda role: role.id)))


def _proof(answers: list[Answer[replies_access.RoleDefinition]]) -> tuple[Evidence, ...]:
    return tuple(item for answer in answers for item in answer.evidence("roles"))
