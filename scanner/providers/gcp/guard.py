"""Read-only by construction: refuses every gRPC method that is not in the table. Imports no SDK, opens no socket."""

from scanner.model.errors import ScannerError
from scanner.providers.gcp.operations import METHODS


class ForbiddenOperationError(ScannerError):
    """A method outside the allow-list was about to be called; nothing was sent."""

    def __init__(self, method: str) -> None:
        super().__init__(
            f"{method} is not in the scanner's allow-list, so it was not called",
            hint="this is a bug in the scanner, please report it; your project was not touched",
        )
        self.method = method


def refuse(method: str) -> None:
    """Raises ForbiddenOperationError unless exactly this method is allowed."""
    if method not in METHODS:
        raise ForbiddenOperationError(method)
