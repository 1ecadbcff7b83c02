"""What simulated services over TCP share: a listener that ends cleanly with its connections. Answers nothing."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator


class OpenConnections:
    """The connections that a server's threads are on, so that it can end them; may be used from any thread."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def add(self, connection: socket.socket) -> None:
        """Notes a connection."""
        with self._lock:
            self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """Forgets a connection that has ended."""
        with self._lock:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """Ends every open connection, so that its thread ends."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def running(server: socketserver.BaseServer, connections: OpenConnections, name: str) -> Iterator[None]:
    """Serves in a thread of that name until the block ends; then no connection and no thread is left."""
    listener = threading.Thread(target=server.serve_forever, args=(0.02,), name=name)
    listener.start()
    try:
        yield
    finally:
        server.shutdown()
        listener.join()
        connections.hang_up()
        server.server_close()
