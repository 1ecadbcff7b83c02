"""Read-only by construction: refuses every request that is not in the table. Imports no SDK, opens no socket."""

from urllib.parse import SplitResult, urlsplit

import msgspec

from scanner.model.errors import ScannerError
from scanner.providers.azure.bodies import is_ours
from scanner.providers.azure.operations import allowed
from scanner.providers.azure.plane import Plane

_HTTPS = 443


class ForbiddenOperationError(ScannerError):
    """A request outside the allow-list was about to be made; nothing was sent."""

    def __init__(self, method: str, url: str) -> None:
        parts = urlsplit(url)
        super().__init__(
            f"{method} {parts.hostname}{parts.path} is not in the scanner's allow-list, so it was not sent",
            hint="this is a bug in the scanner, please report it; your subscription was not touched",
        )
        self.method = method
        self.url = url


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Where one plane is asked: the address that every request must begin with."""

    plane: Plane
    url: str


def refuse(door: Door, method: str, url: str, body: object = None) -> None:
    """Raises ForbiddenOperationError unless the request is an allowed operation at exactly this door.

    A body must be a query of our own making. A link of a reply (a next page, a redirection) that leads to another host
    would carry our token there.
    """
    base, asked = urlsplit(door.url), urlsplit(url)
    prefix = base.path.rstrip("/")
    elsewhere = _place(asked) != _place(base)
    if elsewhere or not asked.path.startswith(prefix) or asked.username or asked.scheme != "https":
        raise ForbiddenOperationError(method, url)
    operation = allowed(door.plane, method, asked.path.removeprefix(prefix))
    if operation is None or not is_ours(operation.name, body):
        raise ForbiddenOperationError(method, url)


def _place(address: SplitResult) -> tuple[str | None, int]:
    """Host and port; links of vaults name the port that is meant anyway."""
    try:
        return address.hostname, address.port or _HTTPS
    except ValueError:
        return None, 0
