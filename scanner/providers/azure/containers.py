"""Reads the vaults and managed HSMs of a subscription, deleted ones too. Opens none of them."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from scanner.model.container import CONTAINER_GROUPS, KeyContainer
from scanner.model.evidence import Evidence
from scanner.model.raw import RawResponse
from scanner.providers.answer import Answer, AnyAnswer
from scanner.providers.azure import normalise_containers, replies_access
from scanner.providers.azure.api import Question
from scanner.providers.azure.normalise_monitor import log_routes
from scanner.providers.azure.operations import LIST_DELETED_HSMS, LIST_DELETED_VAULTS, LIST_HSMS, LIST_VAULTS
from scanner.providers.azure.operations_access import LIST_LOCKS
from scanner.providers.azure.operations_monitor import LIST_HSM_LOGS, LIST_VAULT_LOGS
from scanner.providers.azure.place import Addresses, Place, hsm_place, vault_place
from scanner.providers.azure.reader import Reader
from scanner.providers.failure import Failure

_LOGS, _LOCKS = "logs", "locks"
_OF_THEIR_OWN = frozenset({_LOGS, _LOCKS})
"""Groups that take calls of their own."""


class Containers(msgspec.Struct, frozen=True, kw_only=True):
    """What keys are kept in, by id, with the places to ask: a deleted one is no place any more.

    `missing` is why a listing was not read, if one was not.
    """

    items: Mapping[str, tuple[KeyContainer, Place | None]]
    missing: Failure | None
    pages: int
    evidence: tuple[Evidence, ...]
    raw: tuple[RawResponse, ...]


def read_containers(reader: Reader, addresses: Addresses) -> Containers:
    """Every vault and managed HSM; those on the pages that came stand beside a listing that broke off."""
    question = Question(places={"subscription": reader.account})
    vaults, hsms = reader.ask(LIST_VAULTS, question), reader.ask(LIST_HSMS, question)
    gone = (reader.ask(LIST_DELETED_VAULTS, question), reader.ask(LIST_DELETED_HSMS, question))
    held = reader.ask(LIST_LOCKS, question)
    items: dict[str, tuple[KeyContainer, Place | None]] = {}
    for vault in (vault for page in vaults.pages for vault in page.value):
        place = vault_place(vault, reader.account, addresses)
        found = normalise_containers.vault(vault, reader.account, _proof(vaults))
        items[place.id] = (_with_locks(found, held), place)
    for hsm in (hsm for page in hsms.pages for hsm in page.value):
        place = hsm_place(hsm, reader.account, addresses)
        items[place.id] = (_with_locks(normalise_containers.hsm(hsm, reader.account, _proof(hsms)), held), place)
    for answer in gone:
        for left in (left for page in answer.pages for left in page.value):
            container = normalise_containers.deleted(left, reader.account, _proof(answer))
            items[container.id] = (container, None)
    answers: tuple[AnyAnswer, ...] = (vaults, hsms, *gone)
    failures = [answer.failure for answer in answers if answer.failure]
    return Containers(
        items={id_: items[id_] for id_ in sorted(items)},
        missing=failures[0] if failures else None,
        pages=len(vaults.pages) + len(hsms.pages),
        evidence=tuple(item for answer in answers for item in answer.evidence("keys")),
        raw=tuple(response for answer in (*answers, held) for response in answer.raw),
    )


def _with_locks(container: KeyContainer, held: Answer[replies_access.Locks]) -> KeyContainer:
    """The container with the locks that hold for it; one listing tells those of the whole subscription."""
    locks = held.group(lambda pages: normalise_containers.locks(pages, container.id))
    return replace(container, locks=locks, evidence=container.evidence + held.evidence(_LOCKS))


def _proof(answer: AnyAnswer) -> tuple[Evidence, ...]:
    """The listing as evidence of all that it tells of a container."""
    return tuple(item for group in CONTAINER_GROUPS if group not in _OF_THEIR_OWN for item in answer.evidence(group))


def with_logs(reader: Reader, container: KeyContainer, place: Place) -> tuple[KeyContainer, tuple[RawResponse, ...]]:
    """The container with where its log goes, which takes a call of its own."""
    operation = LIST_HSM_LOGS if place.is_hsm else LIST_VAULT_LOGS
    answer = reader.ask(operation, Question(places=place.places), subject=place.name)
    evidence = container.evidence + answer.evidence(_LOGS)
    return replace(container, logs=answer.group(log_routes), evidence=evidence), answer.raw
