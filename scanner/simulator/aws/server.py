"""The HTTP server on 127.0.0.1 in front of a simulated AWS. Decides no answer and listens nowhere else."""

import contextlib
import socket
import socketserver
import struct
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.simulator.aws.answers import Answer, answer
from scanner.simulator.aws.errors import SimulatorError
from scanner.simulator.aws.requests import HttpRequest
from scanner.simulator.aws.world import World
from scanner.simulator.serving import OpenConnections, running

_LONGEST_LINE = 65_536


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the simulated AWS listens; `url` is boto3's `endpoint_url` for every service."""

    url: str


@contextlib.contextmanager
def serve(world: World) -> Iterator[Endpoint]:
    """Serves the world until the block ends; raises SimulatorError then if the simulator itself had a fault."""
    server = _Server(world)
    with running(server, server.connections, "simulated-aws"):
        yield Endpoint(url=f"http://127.0.0.1:{server.server_address[1]}")
    if world.bugs:
        raise SimulatorError("the simulator failed while it answered:\n" + "\n".join(world.bugs))


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """One thread a connection; knows its open connections, so that it can end them."""

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 256

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.world = world
        self.connections = OpenConnections()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keeps the traceback of a fault of the simulator; a client that hung up is none."""
        del request, client_address
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.world.bugs.append("".join(traceback.format_exception(error)))


class _Connection(socketserver.StreamRequestHandler):
    """One kept-alive connection."""

    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        """Makes the connection known to the server."""
        super().setup()
        self.server.connections.add(self.connection)

    def handle(self) -> None:
        """Answers requests until the client, or a fault, ends the connection."""
        while (request := self._read()) is not None:
            if not self._send(answer(self.server.world, request)):
                return

    def finish(self) -> None:
        """Closes the streams."""
        self.server.connections.forget(self.connection)
        super().finish()

    def _read(self) -> HttpRequest | None:
        line = self.rfile.readline(_LONGEST_LINE).decode("latin-1").split()
        if len(line) != 3:  # noqa: PLR2004 (method, target, version; anything else is the end of the connection)
            return None
        headers: dict[str, str] = {}
        while (header := self.rfile.readline(_LONGEST_LINE)) not in (b"\r\n", b"\n", b""):
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect") == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return HttpRequest(method=line[0], target=line[1], headers=headers, body=body)

    def _send(self, reply: Answer) -> bool:
        """Sends the answer; False when the connection ends with it."""
        if reply.delay:
            time.sleep(reply.delay)
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()  # with no time to linger the close resets; the streams are closed right after
            return False
        if reply.cut:
            head = reply.data.index(b"\r\n\r\n") + 4
            self.wfile.write(reply.data[: head + (len(reply.data) - head) // 2])
            return False
        self.wfile.write(reply.data)
        return True
