"""An HTTP endpoint that speaks AWS's protocols on 127.0.0.1: requests become (service, operation, params)."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import msgspec

from scanner.simulator.aws.requests import HttpRequest, understand

_S3 = {
    "versioning": "GetBucketVersioning",
    "object-lock": "GetObjectLockConfiguration",
    "publicAccessBlock": "GetPublicAccessBlock",
    "policyStatus": "GetBucketPolicyStatus",
    "encryption": "GetBucketEncryption",
}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    identity: str
    region: str
    service: str
    operation: str
    params: dict


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    body: bytes
    status: int = 200
    headers: dict = {}
    reset: bool = False
    cut: int = 0


def error(code, status=400, message="free text that is kept nowhere"):
    """An error in the JSON protocol."""
    return Answer(status=status, body=json.dumps({"__type": code, "message": message}).encode())


def error_xml(code, status=400):
    """An error in the query and S3 protocols."""
    text = f"<ErrorResponse><Error><Code>{code}</Code><Message>free text</Message></Error></ErrorResponse>"
    return Answer(status=status, body=text.encode())


def s3_error(code, status=404):
    return Answer(status=status, body=f"<Error><Code>{code}</Code><Message>free text</Message></Error>".encode())


def page(status):
    """An error page as a web server gives it for what it does not know."""
    return Answer(status=status, body=b"<!doctype html><title>nothing here</title>")


class FakeAws:
    """Serves `answer(call)`, which returns an Answer or a document; `calls` is what was asked, in order."""

    def __init__(self, answer):
        self.calls = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                self._serve()

            do_GET = do_POST  # noqa: N815 (http.server's name)

            def _serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                call = _call(self.headers, self.path, self.rfile.read(length))
                fake.calls.append(call)
                given = answer(call)
                if isinstance(given, dict):
                    given = Answer(body=json.dumps(given).encode())
                if given.reset:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(given.status)
                self.send_header("x-amzn-RequestId", f"request-{len(fake.calls)}")
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body[: len(given.body) - given.cut])
                if given.cut:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def asked(self, operation, **params):
        """The calls of an operation whose params include these."""
        return [
            call
            for call in self.calls
            if call.operation == operation and all(call.params.get(name) == value for name, value in params.items())
        ]


def _lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def _call(headers, path, body):
    scope = headers.get("Authorization", "Credential=//////").split("Credential=")[1].split(",")[0].split("/")
    identity, region, service = scope[0], scope[2], scope[3]
    split = urlsplit(path)
    if target := headers.get("X-Amz-Target"):
        operation, params = target.rsplit(".", 1)[1], json.loads(body or b"{}")
    elif service == "s3":
        operation = next((name for query, name in _S3.items() if query in split.query), "ListBuckets")
        params = {"Bucket": split.path.strip("/")}
    elif split.path == "/listRegions":
        operation, params = "ListRegions", json.loads(body or b"{}")
    elif b"Action=" not in body:
        method = "GET" if not body else "POST"
        asked = understand(HttpRequest(method=method, target=path, headers=_lower(headers), body=body))
        operation, params = asked.name, dict(asked.params)
    else:
        params = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        operation = params.pop("Action")
    return Call(identity=identity, region=region, service=service, operation=operation, params=params)
