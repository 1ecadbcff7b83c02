"""The wire: what is served and what is not, ids, the check of every reply, and the rate it sustains."""

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from scanner.simulator.aws.errors import SimulatorError
from scanner.simulator.aws.replies import check, render
from scanner.simulator.aws.served import SERVED
from scanner.simulator.aws.server import serve
from scanner.simulator.aws.service_models import MODELS, operation, protocol_of

READS = ("BatchGet", "Get", "List", "Describe", "Lookup", "Select")


def test_only_reads_are_served_and_each_is_in_its_services_model():
    assert {(service, name) for service, name in SERVED if not name.startswith(READS)} == {("sts", "AssumeRole")}
    assert [pair for pair in SERVED if operation(*pair) is None] == []


def test_every_wire_protocol_is_among_the_services():
    assert {protocol_of(service) for service in MODELS} == {"json", "query", "ec2", "rest-json", "rest-xml"}


@pytest.mark.parametrize(
    ("service", "method", "arguments"),
    [
        ("kms", "schedule_key_deletion", {"KeyId": "k"}),
        ("kms", "decrypt", {"CiphertextBlob": b"x"}),
        ("s3", "get_object", {"Bucket": "b", "Key": "a/b"}),
        ("s3", "put_bucket_policy", {"Bucket": "b", "Policy": "{}"}),
        ("sts", "get_session_token", {}),
        ("secretsmanager", "get_secret_value", {"SecretId": "s"}),
        ("ssm", "get_parameter", {"Name": "p"}),
        ("iam", "list_users", {}),
    ],
)
def test_everything_else_is_refused_and_logged(client, world, service, method, arguments):
    asked = client(service)
    with pytest.raises(ClientError):
        getattr(asked, method)(**arguments)
    called = world.calls[-1]
    assert (called.service, called.operation) == (service, asked.meta.method_to_api_mapping[method])
    assert called.status >= 400


def test_the_log_tells_who_asked_what_where(client, world, add_key):
    key = add_key()
    client("kms").describe_key(KeyId=key.id)
    client("kms").list_keys()
    assert [(call.operation, call.account, call.region, call.resource, call.status) for call in world.calls] == [
        ("DescribeKey", "222222222222", "eu-central-1", key.arn, 200),
        ("ListKeys", "222222222222", "eu-central-1", "", 200),
    ]


def test_request_ids_are_the_same_in_every_run_and_differ_by_call(client, world, add_key):
    key, kms = add_key(), client("kms")

    def ids():
        calls = (kms.list_keys, kms.list_keys, lambda: kms.describe_key(KeyId=key.id))
        return [call()["ResponseMetadata"]["RequestId"] for call in calls]

    first = ids()
    world._asked.clear()
    assert ids() == first
    assert len(set(first)) == 3


def post(url, body, headers):
    """One request by hand; the SDK would not send it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request("POST", "/", body, headers)
    reply = connection.getresponse()
    read = reply.status, json.loads(reply.read())
    connection.close()
    return read


def test_a_body_that_is_not_json_and_an_unsigned_request_are_refused(world):
    signed = "AWS4-HMAC-SHA256 Credential=AKIASIM0222222222222/20260601/eu-central-1/kms/aws4_request, Signature=x"
    target = {"X-Amz-Target": "TrentService.ListKeys"}
    with serve(world) as endpoint:
        status, read = post(endpoint.url, b"{", {**target, "Authorization": signed})
        assert (status, read["__type"]) == (400, "SerializationException")
        status, read = post(endpoint.url, b"{}", target)
        assert (status, read["__type"]) == (400, "UnrecognizedClientException")


LIST_KEYS = operation("kms", "ListKeys")


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        ({"Keyz": []}, "no such member"),
        ({"Keys": {}}, "list was expected"),
        ({"Keys": [{"KeyId": 7}]}, "string expected"),
        ({"Truncated": 1}, "boolean expected"),
        ({"Keys": ["k"]}, "structure was expected"),
    ],
)
def test_a_reply_that_does_not_fit_the_model_is_a_fault_of_the_simulator(reply, complaint):
    with pytest.raises(SimulatorError, match=complaint):
        render(LIST_KEYS, reply, "id")


def test_a_reply_must_have_its_required_members_and_dates_a_zone():
    shape = operation("kms", "DescribeKey").output
    with pytest.raises(SimulatorError, match="lacks KeyId"):
        check(shape, {"KeyMetadata": {"Arn": "a"}}, "reply")
    with pytest.raises(SimulatorError, match="integer expected"):
        check(shape, {"KeyMetadata": {"KeyId": "a", "PendingDeletionWindowInDays": True}}, "reply")


def provoke(world, key):
    """Serves the world to a caller whose one call is not answered."""
    access, secret = world.credentials("222222222222")
    with serve(world) as endpoint:
        session = boto3.Session(access, secret, region_name="eu-central-1")
        kms = session.client("kms", endpoint_url=endpoint.url, config=Config(retries={"total_max_attempts": 1}))
        with pytest.raises(ConnectionClosedError):
            kms.describe_key(KeyId=key.id)
        kms.close()


def test_a_crash_of_the_simulator_fails_whoever_serves_it(world, add_key):
    key = add_key()
    key.description = None
    with pytest.raises(SimulatorError, match="string expected, not None"):
        provoke(world, key)


def test_many_threads_are_answered_and_none_waits_long(client, world, add_key):
    key, kms = add_key(rotation_days=365), client("kms", max_pool_connections=8)
    begun = time.monotonic()
    threads = [threading.Thread(target=lambda: [kms.describe_key(KeyId=key.id) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([call for call in world.calls if call.status == 200]) == 400
    assert time.monotonic() - begun < 20
