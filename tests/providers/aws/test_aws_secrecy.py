"""No secret at rest: what is not on the list of fields is found nowhere in what is handed over."""

import hashlib
import json
import subprocess
import sys

import botocore.session
import msgspec
import pytest
from collecting import collect
from small_estate import BUCKET, CREATED, HUB, MEMBER, REGION, SECRET, TOKEN, XML, arn_of

from scanner.providers.aws.operations import OPERATIONS
from scanner.providers.operation import fields_kept

MARK = "canary-7f3a"
EXTERNAL_ID = "canary-external-id"
DAY = 86_400


def paths(shape, prefix="", seen=()):
    """Every leaf of a service's model as `fields_kept` writes them, with the type of the leaf."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if member.name not in seen:
                yield from paths(member, f"{prefix}.{name}" if prefix else name, (*seen, shape.name))
    elif shape.type_name == "list":
        yield from paths(shape.member, f"{prefix}[]", seen)
    elif shape.type_name == "map":
        yield f"{prefix}{{}}", "map"
    else:
        yield prefix, shape.type_name


def full(shape, kept, prefix="", seen=()):
    """A reply with every field filled: kept ones plainly, all other strings with the mark."""
    match shape.type_name:
        case "structure":
            return {
                name: full(member, kept, f"{prefix}.{name}" if prefix else name, (*seen, shape.name))
                for name, member in shape.members.items()
                if member.name not in seen
            }
        case "list":
            return [full(shape.member, kept, f"{prefix}[]", seen)]
        case "map":
            return {"a": "b"} if f"{prefix}{{}}" in kept else {MARK: MARK}
        case "string":
            return "plain" if prefix in kept else f"{MARK}-{prefix}"
        case "boolean":
            return False
        case _:
            return 1_735_689_600


def model_of(operation):
    return botocore.session.get_session().get_service_model(operation.service).operation_model(operation.name)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.action)
def test_every_kept_field_is_one_of_the_services_own(operation):
    told = {path for path, _ in paths(model_of(operation).output_shape)}
    maps = tuple(path.removesuffix("{}") + "." for path in told if path.endswith("{}"))
    inside = f"{operation.embedded.path}." if operation.embedded else None
    assert inside is None or inside[:-1] in told
    outside = {path for path in fields_kept(operation) if not (inside and path.startswith(inside))}
    assert {path for path in outside if not path.startswith(maps)} <= told
    assert set(operation.params) <= set(getattr(model_of(operation).input_shape, "members", {}))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.action)
def test_no_kept_field_or_parameter_is_one_for_secrets(operation):
    words = ("secret", "token", "password", "credential", "certificate", "accesskey", "externalid", "email")
    names = [name.removeprefix("SecretList[]") for name in (*fields_kept(operation), *operation.params)]

    assert not [name for name in names if any(word in name.lower() for word in words)]


def marked_text(plain, filled):
    """A text that is a document has the mark inside; any other that is not kept is the mark."""
    if plain.startswith("{") and MARK in str(filled):
        return json.dumps({**json.loads(plain), MARK: MARK, "userIdentity": {"arn": MARK}})
    return filled if isinstance(filled, str) and MARK in filled else plain


def fillings(operation):
    """A whole reply with the mark, less the token of a next page: a mark there would lead to pages that are not."""
    filled = full(model_of(operation).output_shape, set(fields_kept(operation)))
    if operation.paging:
        filled.pop(operation.paging.reply)
    return filled


@pytest.fixture
def marked(estate):
    """The estate with a mark in every string that is not to be kept."""
    real = {operation.name: fillings(operation) for operation in OPERATIONS.values() if operation.service not in XML}

    def overlay(plain, filled):
        if isinstance(plain, dict) and isinstance(filled, dict):
            extra = {name: value for name, value in filled.items() if name not in plain and MARK in json.dumps(value)}
            return extra | {name: overlay(value, filled.get(name)) for name, value in plain.items()}
        if isinstance(plain, list) and isinstance(filled, list):
            return [overlay(item, filled[0]) for item in plain]
        return marked_text(plain, filled) if isinstance(plain, str) else plain

    def answered(call):
        told = getattr(estate, f"_{call.operation}", None)
        return overlay(told(call), real[call.operation]) if told else real[call.operation]

    for name in real:
        estate.faults[name, None] = answered
    return estate


def test_a_mark_in_every_other_field_is_found_nowhere(marked, endpoint):
    marked.add_key("doomed", KeyState="PendingDeletion", DeletionDate=CREATED + 7 * DAY)
    marked.add_event("doomed", CREATED)
    for state in ("hsm", "asym"):
        marked.add_key(state, CustomKeyStoreId="cks-1", XksKeyConfiguration={"Id": MARK})
    marked.stores = [{"CustomKeyStoreId": "cks-1", "ConnectionState": "CONNECTED", "TrustAnchorCertificate": MARK}]
    role = "arn:aws:iam::{account}:role/keymuster"

    collected = collect(endpoint, discover=True, assume_role=role, external_id=EXTERNAL_ID)

    text = msgspec.json.encode(list(collected.shards.values())).decode() + repr(collected.collection)
    assert collected.shard().keys[0].metadata.spec == "SYMMETRIC_DEFAULT"
    assert collected.key("doomed").deletion_request.window_days == 7
    assert collected.shard(MEMBER, REGION)
    assert len(endpoint.asked("AssumeRole", ExternalId=EXTERNAL_ID)) == 1
    assert not [word for word in (MARK, SECRET, TOKEN, EXTERNAL_ID, "free text", "not-a-secret") if word in text]


@pytest.mark.usefixtures("marked")
def test_a_mark_in_a_recorded_key_is_found_nowhere(endpoint):
    aggregator = {"name": "all", "region": REGION}

    collected = collect(endpoint, config_aggregator=aggregator)

    text = msgspec.json.encode(list(collected.shards.values())).decode() + repr(collected.collection)
    key = collected.key("sym-1")
    assert {item.group for item in key.evidence if item.captured_at} == {"policy", "tags"}
    assert key.tags.items == {"Purpose": "cards", "owner": "payments"}
    assert not [word for word in (MARK, SECRET, TOKEN, "free text") if word in text]


def test_a_refusal_keeps_its_code_and_no_word_more(estate, endpoint):
    from fake_aws import error  # noqa: PLC0415 (only here)

    estate.faults["GetKeyPolicy", None] = error("AccessDeniedException", message=f"User {MARK} is not authorized")

    raw = collect(endpoint).raw()["kms.GetKeyPolicy/sym-1/1"]

    assert (raw.error, raw.status, bytes(raw.body)) == ("AccessDeniedException", 400, b"{}")
    assert raw.length > len(MARK)


def test_a_stored_reply_carries_both_digests_and_its_request(estate, endpoint):
    sent = {"KeyMetadata": {**estate.keys[arn_of("sym-1")], "CloudHsmClusterId": "not kept"}}
    estate.faults["DescribeKey", "sym-1"] = lambda _: sent

    collected = collect(endpoint)

    raw = collected.raw()["kms.DescribeKey/sym-1/1"]
    received = json.dumps(sent).encode()
    assert (raw.length, raw.sha256) == (len(received), hashlib.sha256(received).hexdigest())
    assert raw.body_sha256 == hashlib.sha256(bytes(raw.body)).hexdigest()
    assert json.loads(bytes(raw.body))["KeyMetadata"]["CreationDate"] == "2025-01-01T00:00:00Z"
    assert json.loads(bytes(raw.params)) == {"KeyId": arn_of("sym-1")}
    evidence = next(item for item in collected.key("sym-1").evidence if item.group == "metadata")
    assert (evidence.raw, evidence.sha256, evidence.request_id) == (raw.id, raw.sha256, raw.request_id)


def test_page_tokens_are_not_stored_and_the_listing_has_one_digest(estate, endpoint):
    estate.page_size = 1
    estate.add_key("sym-2")

    collected = collect(endpoint)

    pages = [collected.raw()[f"kms.ListKeys/{number}"] for number in (1, 2)]
    assert [json.loads(bytes(page.params)) for page in pages] == [{"Limit": 1000}] * 2
    assert b"NextMarker" not in bytes(pages[0].body)
    joined = hashlib.sha256("".join(page.sha256 for page in pages).encode()).hexdigest()
    assert [item.sha256 for item in collected.shard().scope.evidence if item.group == "keys"] == [joined]


def test_every_evidence_names_a_reply_of_its_own_shard(estate, endpoint):
    estate.add_key("sym-2")

    collected = collect(endpoint)

    shard, raw = collected.shard(HUB, REGION), collected.raw()
    records = [shard.scope, shard.audit, *shard.audit.trails.items, *shard.keys]
    named = {item.raw for record in records for item in record.evidence}
    assert named <= raw.keys()
    assert f"s3.GetBucketVersioning/{BUCKET}/1" in named


def test_normalising_needs_no_sdk():
    code = (
        "import sys, scanner.providers.aws.normalise, scanner.providers.aws.normalise_trails;"
        "print([name for name in sys.modules if name.split('.')[0] in ('boto3', 'botocore', 'urllib3')])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
