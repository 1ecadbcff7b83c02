"""Secrets, parameters and log groups, as their services list them: never a value. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.identifiers import digest
from scanner.simulator.aws.paging import structures, text, texts
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, listing

Params = Mapping[str, object]
Row = dict[str, object]

SECRETS, PARAMETERS, GROUPS = "secretsmanager:Secrets", "ssm:Parameters", "logs:Groups"


def _is_wanted(_caller: Caller, params: Params, row: AnyRow) -> bool:
    """Secrets that wait for their deletion are listed on request alone."""
    return "DeletedDate" not in row or params.get("IncludePlannedDeletion") is True


def _is_of_type(_caller: Caller, params: Params, row: AnyRow) -> bool:
    filters = structures(params, "ParameterFilters")
    return all(row["Type"] in texts(item, "Values") for item in filters if text(item, "Key") == "Type")


READS: Mapping[tuple[str, str], Handler] = {
    ("secretsmanager", "ListSecrets"): listing(Shelf(name=SECRETS, member="SecretList", most=100), keep=_is_wanted),
    ("ssm", "DescribeParameters"): listing(Shelf(name=PARAMETERS, member="Parameters", most=50), keep=_is_of_type),
    ("logs", "DescribeLogGroups"): listing(
        Shelf(name=GROUPS, member="logGroups", most=50, pages=("limit", "nextToken", "nextToken"))
    ),
}


def secret(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A secret; Secrets Manager names no key when it is the provider's."""
    arn = spot.arn("secretsmanager", f"secret:{name}-{digest(spot.account, name)[:6]}")
    return {"ARN": arn, "Name": name, "CreatedDate": made, **({"KmsKeyId": key} if key else {})}


def parameter(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A parameter: under a key, or in plain text when `key` is None."""
    kind: Row = {"Type": "String"} if key is None else {"Type": "SecureString", "KeyId": key}
    arn = spot.arn("ssm", f"parameter/{name.removeprefix('/')}")
    return {"Name": name, "ARN": arn, **kind, "LastModifiedDate": made, "Version": 1, "Tier": "Standard"}


def group(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A log group that keeps what it is given for a month; it names no key when it is the provider's."""
    arn = spot.arn("logs", f"log-group:{name}")
    return {
        "logGroupName": name,
        "creationTime": round(made.timestamp() * 1000),
        "retentionInDays": 30,
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": 0,
        "logGroupClass": "STANDARD",
        **({"kmsKeyId": key} if key else {}),
    }
