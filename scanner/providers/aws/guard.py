"""Read-only by construction: refuses every operation that is not in the table. Imports no SDK, opens no socket."""

from typing import Protocol

from scanner.model.errors import ScannerError
from scanner.providers.aws.operations import OPERATIONS, SIGN_IN


class ForbiddenOperationError(ScannerError):
    """An operation outside the allow-list was about to be called; nothing was sent."""

    def __init__(self, service: str, operation: str) -> None:
        super().__init__(
            f"{service}:{operation} is not in the scanner's allow-list, so it was not called",
            hint="this is a bug in the scanner, please report it; your account was not touched",
        )
        self.service = service
        self.operation = operation


class Emitter(Protocol):
    """The part of an SDK session's event emitter that the guard needs."""

    def register_first(self, event_name: str, handler: object) -> None:
        """Calls the handler before all others."""


class _ServiceModel(Protocol):
    service_name: str


class _OperationModel(Protocol):
    name: str
    service_model: _ServiceModel


def guard(emitter: Emitter) -> None:
    """Guards every client that will be made from the emitter's session, those of credential providers too."""
    emitter.register_first("provide-client-params", refuse)
    emitter.register_first("before-call", refuse)


def refuse(model: _OperationModel, **_: object) -> None:
    """Raises ForbiddenOperationError unless exactly this operation of this service is allowed."""
    name = (model.service_model.service_name, model.name)
    if name not in OPERATIONS and name not in SIGN_IN:
        raise ForbiddenOperationError(*name)
