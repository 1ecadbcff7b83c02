"""Read-only by construction: every gRPC method outside the table raises before a socket opens."""

import grpc
import pytest

from scanner.providers.gcp.api import ClientSettings, Connection, Guard, SignedIn, unnamed
from scanner.providers.gcp.guard import ForbiddenOperationError
from scanner.providers.gcp.operations import HOSTS, KMS, METHODS, OPERATIONS
from scanner.providers.gcp.replies import ListKeyRings
from scanner.providers.operation import Operation

CHANGES = (
    "Destroy",
    "Create",
    "Update",
    "Delete",
    "Set",
    "Import",
    "Encrypt",
    "Decrypt",
    "Sign",
    "Restore",
    "Undelete",
)


class _Reached:
    """A method of the channel; calling it is a call that went out."""

    def __call__(self, *_args, **_more):
        raise AssertionError("a call went out")

    with_call = future = __call__


class Closed(grpc.Channel):
    """A channel that must not be reached."""

    def unary_unary(self, *_args, **_more):
        return _Reached()

    unary_stream = stream_unary = stream_stream = unary_unary

    def subscribe(self, *_args, **_more):
        raise AssertionError

    unsubscribe = close = __enter__ = __exit__ = subscribe


def guarded():
    return grpc.intercept_channel(Closed(), Guard())


@pytest.mark.parametrize(
    "method",
    [
        f"/{KMS}/DestroyCryptoKeyVersion",
        f"/{KMS}/Decrypt",
        f"/{KMS}/GetPublicKey",
        "/google.iam.v1.IAMPolicy/SetIamPolicy",
        f"/{KMS}/listkeyrings",
        f"/{KMS}/ListKeyRings/",
    ],
)
def test_a_method_outside_the_table_is_never_called(method):
    with pytest.raises(ForbiddenOperationError, match="allow-list"):
        guarded().unary_unary(method)(b"")


@pytest.mark.parametrize("kind", ["unary_stream", "stream_unary", "stream_stream"])
def test_no_stream_is_ever_opened(kind):
    with pytest.raises(ForbiddenOperationError):
        next(getattr(guarded(), kind)(f"/{KMS}/ListKeyRings")(iter([b""])))


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_of_the_table_passes(method):
    with pytest.raises(AssertionError, match="a call went out"):
        guarded().unary_unary(method)(b"")


def test_a_connection_refuses_before_it_makes_a_channel():
    settings = ClientSettings(
        endpoint_url="http://127.0.0.1:9", max_attempts=1, timeout_seconds=1.0, user_agent="keymuster/test"
    )
    connection = Connection(SignedIn(credentials=None, caller=None, project=None), settings)
    wrong = Operation(service=KMS, name="DestroyCryptoKeyVersion", action="x", reply=ListKeyRings)
    with pytest.raises(ForbiddenOperationError):
        connection.ask(wrong, "global", {"name": "n"})
    assert connection.endpoints == frozenset()


def test_the_table_reads_alone_and_every_row_has_its_types_and_its_host():
    assert not [operation.name for operation in OPERATIONS if operation.name.startswith(CHANGES)]
    assert not [operation.name for operation in OPERATIONS if unnamed(operation)]
    assert {operation.service for operation in OPERATIONS} == HOSTS.keys()
    assert len({(operation.service, operation.name, operation.action) for operation in OPERATIONS}) == len(OPERATIONS)
