"""Records as Google's JSON. Changes nothing and serves nothing."""

import json
import re
from datetime import UTC, datetime, timedelta

from scanner.simulator.gcp.records import Key, Node, Policy, Ring, Role, Version

Json = dict[str, object]
_SINCE = re.compile(r'timestamp>="([^"]+)"')


def moment(at: datetime) -> str:
    """A timestamp."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def span(duration: timedelta) -> str:
    """A duration in seconds."""
    return f"{int(duration.total_seconds())}s"


def key_view(key: Key) -> Json:
    """A key; what is not set is not there."""
    made: Json = {
        "name": key.id,
        "purpose": key.purpose,
        "createTime": moment(key.created),
        "versionTemplate": {"protectionLevel": key.protection, "algorithm": key.algorithm},
        "destroyScheduledDuration": span(key.wait),
        "labels": dict(key.labels),
        "importOnly": key.import_only,
    }
    primary = next((version for version in key.versions if version.number == key.primary), None)
    if primary is not None:
        made["primary"] = version_view(key, primary)
    if key.period is not None:
        made["rotationPeriod"] = span(key.period)
    if key.next_rotation is not None:
        made["nextRotationTime"] = moment(key.next_rotation)
    if key.backend is not None:
        made["cryptoKeyBackend"] = key.backend
    return made


def version_view(key: Key, version: Version) -> Json:
    """A version."""
    made: Json = {
        "name": f"{key.id}/cryptoKeyVersions/{version.number}",
        "state": version.state,
        "protectionLevel": version.protection,
        "algorithm": version.algorithm,
        "createTime": moment(version.created),
    }
    if version.imported:
        made |= {"importJob": f"{key.ring}/importJobs/own", "importTime": moment(version.created)}
    else:
        made["generateTime"] = moment(version.created)
    if version.destroy_at is not None:
        made["destroyTime"] = moment(version.destroy_at)
    if version.destroyed_at is not None:
        made["destroyEventTime"] = moment(version.destroyed_at)
    return made


def ring_view(ring: Ring) -> Json:
    """A key ring."""
    return {"name": ring.id, "createTime": moment(ring.created)}


def project_view(node: Node) -> Json:
    """A project."""
    made: Json = {
        "name": f"projects/{node.number}",
        "projectId": node.id,
        "displayName": node.title,
        "state": "ACTIVE" if node.active else "DELETE_REQUESTED",
    }
    return made | ({"parent": node.parent} if node.parent else {})


def protected_view(project: Node, asset: Json, key: str) -> Json:
    """An asset as something that rests on a key, with the versions of it that it names."""
    resource, kind = asset["resource"], str(asset["assetType"])
    return {
        "name": asset["name"],
        "project": f"projects/{project.number}",
        "projectId": project.id,
        "cloudProduct": kind.partition(".")[0],
        "resourceType": kind,
        "location": resource["location"] if isinstance(resource, dict) else "",
        "cryptoKeyVersions": sorted(set(re.findall(rf"{re.escape(key)}/cryptoKeyVersions/\d+", json.dumps(asset)))),
    }


def folder_view(node: Node) -> Json:
    """A folder."""
    return {"name": node.id, "parent": node.parent or "", "displayName": node.title, "state": "ACTIVE"}


def organization_view(node: Node) -> Json:
    """An organisation, which shows as the domain of its directory."""
    return {"name": node.id, "displayName": node.title, "state": "ACTIVE"}


def event_view(
    call: tuple[str, str],
    resource: str,
    at: datetime,
    actor: str,
    operation: Json | None = None,
    **more: object,
) -> Json:
    """An entry of the Admin Activity log about a call of the key service: service and method, what it was about.

    `operation` stands beside it where the call was a long one; `more` is what the call's own part holds besides.
    """
    service, method = call
    entry: Json = {
        "timestamp": moment(at),
        "insertId": resource,
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "serviceName": service,
            "methodName": method,
            "resourceName": resource,
            "authenticationInfo": {"principalEmail": actor},
            **more,
        },
    }
    return entry | ({"operation": operation} if operation else {})


def is_wanted(entry: Json, wanted: str) -> bool:
    """Whether a filter lets an entry through: of it methods and the earliest moment are looked at."""
    payload = entry["protoPayload"]
    method = str(payload["methodName"]).rpartition(".")[2] if isinstance(payload, dict) else ""
    since = _SINCE.search(wanted)
    return f'"{method}"' in wanted and (since is None or str(entry["timestamp"]) >= since[1])


def role_view(role: Role) -> Json:
    """A role."""
    return {"name": role.id, "title": role.title, "includedPermissions": list(role.permissions), "stage": "GA"}


def policy_view(policy: Policy, version: int) -> Json:
    """An allow policy as Google shows it: without version 3 conditions are left out, bindings and all."""
    if not policy:
        return {"etag": "ACAB"}
    if version >= 3:  # noqa: PLR2004 (the policy version that has conditions)
        return dict(policy)
    bindings = policy.get("bindings")
    kept = [one for one in bindings if "condition" not in one] if isinstance(bindings, list) else []
    return {**policy, "version": 1, "bindings": kept}
