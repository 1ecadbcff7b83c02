"""The least-privilege policy, generated from the table of operations. Grants nothing that is not called."""

from collections.abc import Mapping
from typing import Any

from scanner.providers.aws.operations import ASSUME_ROLE, OPERATIONS

_SIDS: Mapping[str, str] = {
    "kms": "Keys",
    "resourcegroupstaggingapi": "Keys",
    "cloudtrail": "Trails",
    "s3": "TrailBucket",
    "config": "Recordings",
    "organizations": "Population",
    "account": "Population",
    "ec2": "Population",
    "iam": "Identities",
    "cloudwatch": "Alerting",
    "sns": "Alerting",
    "events": "Alerting",
}
"""The statement a service's permissions stand in; the sign-in service is apart, all others keep data."""

_STORES, _APART = "Stores", "sts"

_RESOURCES: Mapping[str, str] = {"TrailBucket": "arn:aws:s3:::*"}


def policy_document() -> dict[str, Any]:
    """What the scanning identity of each account needs; asking who one is needs no permission."""
    actions: dict[str, list[str]] = {}
    for operation in OPERATIONS.values():
        if operation.service != _APART:
            actions.setdefault(_SIDS.get(operation.service, _STORES), []).append(operation.action)
    return _document({sid: sorted(names) for sid, names in actions.items()})


def hub_policy_document(role_arns: tuple[str, ...]) -> dict[str, Any]:
    """What the identity that enters other accounts needs besides: to assume exactly those roles."""
    statement = {
        "Sid": "Enter",
        "Effect": "Allow",
        "Action": [ASSUME_ROLE.action],
        "Resource": sorted(role_arns),
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _document(actions: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": names, "Resource": _RESOURCES.get(sid, "*")}
            for sid, names in actions.items()
        ],
    }
