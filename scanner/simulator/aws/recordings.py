"""The read operations of AWS Config: recorders, and what an aggregator holds of keys. Records nothing itself."""

import json
import re
from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.kms import describe_key
from scanner.simulator.aws.paging import Paging, number, page, text
from scanner.simulator.aws.records import Caller, Key, Recorder
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_ROWS = Paging("SelectAggregateResourceConfig", 25, 100, "InvalidNextTokenException")
_SOURCES = Paging("DescribeConfigurationAggregatorSourcesStatus", 100, 100, "InvalidNextTokenException")
_QUERY = re.compile(r"SELECT (?P<fields>[\w, ]+) WHERE (?P<terms>.+)")
_TERM = re.compile(r"(?P<name>\w+) = '(?P<value>[^']*)'")
_FIELDS = {
    "resourceId",
    "accountId",
    "awsRegion",
    "configurationItemCaptureTime",
    "configuration",
    "supplementaryConfiguration",
}


def describe_configuration_recorders(world: World, caller: Caller, _params: Params) -> Reply:
    """The region's recorder, where there is one."""
    recorder = world.place(caller.account, caller.region).recorder
    return {"ConfigurationRecorders": [_recorder(recorder, caller)] if recorder else []}


def describe_configuration_recorder_status(world: World, caller: Caller, _params: Params) -> Reply:
    """Whether the region's recorder is on, and how it went last."""
    recorder = world.place(caller.account, caller.region).recorder
    if recorder is None:
        return {"ConfigurationRecordersStatus": []}
    row = {"name": recorder.name, "recording": recorder.on, "lastStatus": recorder.last_status}
    return {"ConfigurationRecordersStatus": [row]}


def describe_configuration_aggregator_sources_status(world: World, caller: Caller, params: Params) -> Reply:
    """How the recordings of every account and region last came to the aggregator."""
    _require_aggregator(world, caller, params)
    rows = [
        {
            "SourceId": account,
            "SourceType": "ACCOUNT",
            "AwsRegion": region,
            "LastUpdateStatus": place.aggregated,
            "LastUpdateTime": world.clock,
        }
        for (account, region), place in sorted(world.places.items())
        if place.aggregated
    ]
    found = page(rows, _SOURCES, size=number(params, "Limit"), token=text(params, "NextToken"), cap=world.page_limit)
    shown: Reply = {"AggregatedSourceStatusList": list(found.items)}
    return shown | ({"NextToken": found.token} if found.token else {})


def select_aggregate_resource_config(world: World, caller: Caller, params: Params) -> Reply:
    """Recorded keys as rows of JSON text, narrowed by equality alone."""
    _require_aggregator(world, caller, params)
    fields, terms = _parse(text(params, "Expression") or "")
    rows = [
        {field: row[field] for field in fields}
        for key in world.keys()  # noqa: SIM118 (a method of the world)
        for recorder in [world.place(key.account, key.region).recorder]
        if recorder is not None and recorder.on and key.arn not in recorder.misses
        for row in [_row(world, key, recorder)]
        if all({**row, "resourceType": "AWS::KMS::Key"}.get(field) == value for field, value in terms.items())
    ]
    size, token = number(params, "Limit"), text(params, "NextToken")
    found = page(rows, _ROWS, size=size, token=token, cap=world.page_limit)
    shown: Reply = {"QueryInfo": {"SelectFields": [{"Name": field} for field in fields]}}
    shown["Results"] = [json.dumps(row) for row in found.items]
    return shown | ({"NextToken": found.token} if found.token else {})


def _require_aggregator(world: World, caller: Caller, params: Params) -> None:
    name = text(params, "ConfigurationAggregatorName")
    if (name, caller.account, caller.region) not in {(a.name, a.account, a.region) for a in world.aggregators}:
        raise AwsError("NoSuchConfigurationAggregatorException", f"There is no aggregator {name}.")


def _parse(expression: str) -> tuple[list[str], dict[str, str]]:
    """The fields asked for, and what they must equal."""
    query = _QUERY.fullmatch(expression.strip())
    fields = [field.strip() for field in query["fields"].split(",")] if query else []
    terms = [_TERM.fullmatch(term.strip()) for term in query["terms"].split(" AND ")] if query else [None]
    if not set(fields) <= _FIELDS or not all(terms):
        raise AwsError("InvalidExpressionException", "The syntax of the query is incorrect.")
    return fields, {term["name"]: term["value"] for term in terms if term}


def _recorder(recorder: Recorder, caller: Caller) -> Reply:
    everything = not recorder.kinds and not recorder.leaves_out
    strategy = "INCLUSION" if recorder.kinds else "EXCLUSION"
    return {
        "name": recorder.name,
        "roleARN": f"arn:aws:iam::{caller.account}:role/aws-service-role/config.amazonaws.com/recorder",
        "recordingGroup": {
            "allSupported": everything,
            "includeGlobalResourceTypes": False,
            "resourceTypes": list(recorder.kinds),
            "exclusionByResourceTypes": {"resourceTypes": list(recorder.leaves_out)},
            "recordingStrategy": {
                "useOnly": "ALL_SUPPORTED_RESOURCE_TYPES" if everything else f"{strategy}_BY_RESOURCE_TYPES"
            },
        },
        "recordingMode": {
            "recordingFrequency": recorder.frequency,
            "recordingModeOverrides": [
                {"resourceTypes": [kind], "recordingFrequency": often} for kind, often in recorder.overrides.items()
            ],
        },
    }


def _row(world: World, key: Key, recorder: Recorder) -> Reply:
    """A key in the form in which AWS Config keeps it: lower camel, no multi-region data, no stores, no periods."""
    own = Caller(account=key.account, region=key.region, principal="config", user_id="config")
    told = describe_key(world, own, {"KeyId": key.id})["KeyMetadata"]
    if not isinstance(told, dict):
        raise TypeError(told)
    captured = max(key.created, world.clock - recorder.behind)
    configuration: Reply = {
        "customerMasterKeySpec": told.get("CustomerMasterKeySpec"),
        "keyState": told["KeyState"],
        "origin": told["Origin"],
        "encryptionAlgorithms": told.get("EncryptionAlgorithms", []),
        "keyId": key.id,
        "description": key.description,
        "creationDate": _stamp(key.created),
        "signingAlgorithms": told.get("SigningAlgorithms", []),
        "enabled": told["Enabled"],
        "keyManager": told["KeyManager"],
        "keyUsage": told["KeyUsage"],
        "arn": key.arn,
        "awsaccountId": key.account,
    }
    if key.deletion_date is not None:
        configuration["deletionDate"] = _stamp(key.deletion_date)
    return {
        "resourceId": key.id,
        "accountId": key.account,
        "awsRegion": key.region,
        "configurationItemCaptureTime": _stamp(captured),
        "configuration": {name: value for name, value in configuration.items() if value is not None},
        "supplementaryConfiguration": {
            "Policy": key.policy,
            "KeyRotationStatus": key.rotation_days is not None,
            "Tags": [{"tagKey": name, "tagValue": value} for name, value in key.tags.items()],
        },
    }


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
