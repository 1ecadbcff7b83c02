"""The HTTPS server on 127.0.0.1 in front of a simulated Azure. Decides no answer and listens nowhere else."""

import contextlib
import socket
import ssl
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from scanner.simulator.azure.certificates import write_certificates
from scanner.simulator.azure.records import Request
from scanner.simulator.azure.respond import respond
from scanner.simulator.azure.world import World
from scanner.simulator.serving import OpenConnections, running


class SimulatorError(Exception):
    """The simulator itself had a fault."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the simulated Azure listens, and the authority that vouches for it."""

    url: str
    ca_file: Path

    @property
    def vault_url(self) -> str:
        """The address of any vault's data plane."""
        return f"{self.url}/vaults/{{vault}}"


@contextlib.contextmanager
def serve(world: World) -> Iterator[Endpoint]:
    """Serves the world until the block ends; raises SimulatorError then if the simulator itself had a fault."""
    with tempfile.TemporaryDirectory(prefix="simulated-azure-") as folder:
        trusted, served = write_certificates(Path(folder), datetime.fromtimestamp(time.time(), tz=UTC))
        server = _Server(world, served)
        with running(server, server.connections, "simulated-azure"):
            yield Endpoint(url=f"https://127.0.0.1:{server.server_address[1]}", ca_file=trusted)
    if world.bugs:
        raise SimulatorError("the simulator failed while it answered:\n" + "\n".join(world.bugs))


class _Server(ThreadingHTTPServer):
    """One thread a connection; knows its open connections, so that it can end them."""

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, world: World, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.world = world
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self.connections = OpenConnections()

    def get_request(self) -> tuple[ssl.SSLSocket, object]:
        """A connection whose handshake is left to its own thread."""
        plain, address = super().get_request()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self.connections.add(connection)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Keeps the traceback of a fault of the simulator; a client that hung up is none."""
        del request, client_address
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.world.bugs.append("".join(traceback.format_exception(error)))


class _Connection(BaseHTTPRequestHandler):
    """One kept-alive connection."""

    protocol_version = "HTTP/1.1"
    server: _Server
    connection: socket.socket

    def do_GET(self) -> None:
        """Answers one request."""
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(
            method=self.command,
            host=self.headers.get("Host", ""),
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        response = respond(self.server.world, request)
        if response.delay:
            time.sleep(response.delay)
        if response.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()  # with no time to linger the close resets
            return
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 (http.server's names)

    def finish(self) -> None:
        """Closes the streams; a connection that was reset has none any more."""
        self.server.connections.forget(self.connection)
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The simulated clock, as answers tell it."""
        del timestamp
        return format_datetime(self.server.world.clock, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Says nothing."""
