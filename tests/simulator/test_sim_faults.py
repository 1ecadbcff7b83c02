"""Every fault as the SDK meets it, and which calls it hits."""

import time

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from scanner.simulator.aws.faults import Effect, Fault


def describe(client, key, **settings):
    return client("kms", key.region, **settings).describe_key(KeyId=key.id)


def error(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    reply = caught.value.response
    return reply["Error"]["Code"], reply["ResponseMetadata"]["HTTPStatusCode"]


REFUSALS = (
    (Effect.DENY, "kms", "list_keys", ("AccessDeniedException", 400)),
    (Effect.DENY, "s3", "get_bucket_policy", ("AccessDenied", 403)),
    (Effect.DENY, "sts", "get_caller_identity", ("AccessDenied", 403)),
    (Effect.DENY, "ec2", "describe_regions", ("UnauthorizedOperation", 403)),
    (Effect.DENY, "account", "list_regions", ("AccessDeniedException", 403)),
    (Effect.DENY, "organizations", "list_accounts", ("AccessDeniedException", 400)),
    (Effect.THROTTLE, "kms", "list_keys", ("ThrottlingException", 400)),
    (Effect.THROTTLE, "s3", "get_bucket_policy", ("SlowDown", 503)),
    (Effect.THROTTLE, "sts", "get_caller_identity", ("Throttling", 400)),
    (Effect.THROTTLE, "ec2", "describe_regions", ("RequestLimitExceeded", 503)),
    (Effect.THROTTLE, "account", "list_regions", ("TooManyRequestsException", 429)),
    (Effect.THROTTLE, "resourcegroupstaggingapi", "get_resources", ("ThrottledException", 400)),
    (Effect.SERVER_ERROR, "kms", "list_keys", ("KMSInternalException", 500)),
    (Effect.SERVER_ERROR, "cloudtrail", "describe_trails", ("InternalFailure", 500)),
    (Effect.UNSUPPORTED, "kms", "get_key_last_usage", ("UnknownOperationException", 400)),
    (Effect.UNSUPPORTED, "sts", "get_caller_identity", ("InvalidAction", 400)),
    (Effect.UNSUPPORTED, "s3", "get_bucket_policy", ("NotImplemented", 501)),
    (Effect.UNSUPPORTED, "account", "list_regions", ("UnknownOperationException", 404)),
)
NEEDED = {"get_bucket_policy": {"Bucket": "logs"}, "get_key_last_usage": {"KeyId": "k"}}


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_refusal_speaks_as_its_service_does(client, world, row):
    effect, service, operation, expected = row
    world.faults.append(Fault(effect=effect))
    call = getattr(client(service), operation)
    assert error(call, **NEEDED.get(operation, {})) == expected


def test_a_denial_names_caller_action_and_key(client, world, add_key):
    key = add_key()
    world.faults.append(Fault(effect="deny", operation="DescribeKey"))
    with pytest.raises(ClientError) as caught:
        describe(client, key)
    message = caught.value.response["Error"]["Message"]
    assert all(part in message for part in ("user/scanner", "kms:DescribeKey", key.arn))


def test_a_fault_hits_only_the_key_the_operation_and_the_place_it_names(client, world, add_key):
    hit, other = add_key(), add_key()
    away = world.add_key(account="222222222222", region="us-east-1")
    world.faults += [
        Fault(effect=Effect.DENY, service="kms", operation="DescribeKey", resource=hit.id),
        Fault(effect=Effect.DENY, service="kms", operation="ListKeys", region="us-east-1"),
        Fault(effect=Effect.DENY, service="kms", account="333333333333"),
    ]
    kms = client("kms")
    assert error(kms.describe_key, KeyId=hit.arn)[0] == "AccessDeniedException"
    assert kms.get_key_policy(KeyId=hit.id)["PolicyName"] == "default"
    assert kms.describe_key(KeyId=other.id)["KeyMetadata"]["KeyId"] == other.id
    assert len(kms.list_keys()["Keys"]) == 2
    assert error(client("kms", "us-east-1").list_keys)[0] == "AccessDeniedException"
    assert describe(client, away)["KeyMetadata"]["Arn"] == away.arn


def test_a_fault_can_end_after_some_calls_or_hit_only_the_nth(client, world):
    kms = client("kms")

    def outcomes():
        return [error(kms.list_keys)[0] if due else len(kms.list_keys()["Keys"]) for due in (True, False, False)]

    world.faults.append(Fault(effect=Effect.THROTTLE, count=1))
    assert outcomes() == ["ThrottlingException", 0, 0]
    world.faults[:] = [Fault(effect=Effect.THROTTLE, nth=2)]
    kms.list_keys()
    assert outcomes() == ["ThrottlingException", 0, 0]
    assert (world.faults[0].seen, world.faults[0].fired) == (4, 1)


def test_a_region_that_cannot_be_reached_resets_every_call(client, world, add_key):
    key = add_key()
    world.faults.append(Fault(effect=Effect.RESET, region="eu-central-1"))
    for service, operation in (("kms", "list_keys"), ("cloudtrail", "describe_trails")):
        with pytest.raises(ConnectionClosedError) as caught:
            getattr(client(service), operation)()
        assert "ConnectionResetError" in repr(caught.value.kwargs["error"])
    assert [(call.region, call.status) for call in world.calls] == [(key.region, 0)] * 2
    assert client("kms", "us-east-1").list_keys()["Keys"] == []


def test_a_truncated_body_is_shorter_than_its_length_and_the_sdk_takes_it_for_an_empty_answer(client, world, add_key):
    key = add_key()
    world.faults.append(Fault(effect=Effect.TRUNCATE, count=1))
    read = describe(client, key)
    assert set(read) == {"ResponseMetadata"}
    assert read["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert (world.calls[0].status, describe(client, key)["KeyMetadata"]["Arn"]) == (0, key.arn)


def test_a_slow_answer_runs_into_the_readers_patience(client, world, add_key):
    key = add_key()
    world.faults.append(Fault(effect=Effect.SLOW, delay=0.3))
    with pytest.raises(ReadTimeoutError):
        describe(client, key, read_timeout=0.1)
    assert describe(client, key)["KeyMetadata"]["Arn"] == key.arn


def test_a_malformed_body_is_an_empty_answer_in_json_and_an_error_in_xml(client, world):
    world.faults.append(Fault(effect=Effect.MALFORMED))
    assert set(client("kms").list_keys()) == {"ResponseMetadata"}
    with pytest.raises(ResponseParserError):
        client("sts").get_caller_identity()


@pytest.mark.parametrize("status", [404, 501])
def test_an_html_page_is_what_emulators_answer_to_operations_they_lack(client, world, status):
    world.faults.append(Fault(effect=Effect.HTML, status=status, operation="ListKeys"))
    with pytest.raises(ClientError) as caught:
        client("kms").list_keys()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert "text/html" in caught.value.response["ResponseMetadata"]["HTTPHeaders"]["content-type"]


def test_latency_is_added_to_every_call(client, world):
    kms = client("kms")
    kms.list_keys()
    world.latency = 0.05
    begun = time.monotonic()
    kms.list_keys()
    assert time.monotonic() - begun >= 0.05


def test_an_unknown_effect_is_refused():
    with pytest.raises(ValueError, match="meteor"):
        Fault(effect="meteor")
