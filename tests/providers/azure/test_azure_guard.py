"""Only what is in the table leaves this machine; everything else is refused before a socket opens."""

import json

import pytest
from msgspec.structs import replace

from azure_worlds import NOW
from scanner.providers.azure import graph, log_query
from scanner.providers.azure.api import ClientSettings, Connection, Question
from scanner.providers.azure.guard import Door, ForbiddenOperationError, refuse
from scanner.providers.azure.operations import LIST_KEYS, LIST_VAULTS, OPERATIONS
from scanner.providers.azure.plane import Plane, is_of_data, places_of, plane_of, route_of
from scanner.providers.azure.replies import Vaults
from scanner.providers.operation import Operation, Route

MANAGEMENT = Door(plane=Plane.MANAGEMENT, url="https://management.azure.com")
VAULT = Door(plane=Plane.VAULT, url="https://kv-pay.vault.azure.net")
LOGS = Door(plane=Plane.LOGS, url="https://api.loganalytics.io")
PAYMENTS = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001"
IN_VAULT = f"{PAYMENTS}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay"
STORAGE = f"{PAYMENTS}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s"

GRAPH_BODY = {"subscriptions": ["s"], "query": graph.QUERY, "options": {"$top": 1}}
LOG_BODY = log_query.body("aaaaaaaa-0000-4000-8000-000000000001", NOW, NOW)
BODIES = {"QueryResources": json.dumps(GRAPH_BODY), "QueryVaultLog": json.dumps(LOG_BODY)}
GRAPH_URL = "https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01"
LOG_URL = "https://api.loganalytics.io/v1/workspaces/aaaaaaaa-0000-4000-8000-0000000000aa/query"

REFUSED = [
    (LOGS, "GET", LOG_URL),
    (LOGS, "POST", "https://api.loganalytics.io/v1/workspaces/a/purge"),
    (LOGS, "POST", "https://api.loganalytics.io/v1/$batch"),
    (LOGS, "POST", "https://api.loganalytics.io/v1/subscriptions/s/query"),
    (MANAGEMENT, "POST", LOG_URL.replace("api.loganalytics.io", "management.azure.com")),
    (MANAGEMENT, "POST", f"https://management.azure.com{STORAGE}/listKeys"),
    (MANAGEMENT, "GET", f"https://management.azure.com{STORAGE}/listKeys"),
    (MANAGEMENT, "PUT", f"https://management.azure.com{IN_VAULT}"),
    (MANAGEMENT, "PATCH", f"https://management.azure.com{IN_VAULT}"),
    (MANAGEMENT, "DELETE", f"https://management.azure.com{IN_VAULT}"),
    (MANAGEMENT, "POST", f"https://management.azure.com{PAYMENTS}/providers/Microsoft.KeyVault/vaults"),
    (MANAGEMENT, "GET", f"https://management.azure.com{IN_VAULT}/secrets"),
    (MANAGEMENT, "GET", f"https://management.azure.com{IN_VAULT}/keys/a/../../secrets"),
    (MANAGEMENT, "GET", f"https://management.azure.com{IN_VAULT}/keys/a%2Fversions"),
    (MANAGEMENT, "GET", f"https://management.azure.com{IN_VAULT}/keys/a%00"),
    (MANAGEMENT, "GET", f"https://management.azure.com{IN_VAULT}/keys/%2E%2E"),
    (MANAGEMENT, "GET", "https://management.azure.com/keys"),
    (MANAGEMENT, "GET", f"http://management.azure.com{PAYMENTS}"),
    (MANAGEMENT, "GET", f"https://management.azure.com.evil.example{PAYMENTS}"),
    (MANAGEMENT, "GET", f"https://evil@management.azure.com{PAYMENTS}"),
    (MANAGEMENT, "GET", f"https://management.azure.com:8443{PAYMENTS}"),
    (VAULT, "POST", "https://kv-pay.vault.azure.net/keys/a/rotate"),
    (VAULT, "POST", "https://kv-pay.vault.azure.net/keys/a/decrypt"),
    (VAULT, "POST", "https://kv-pay.vault.azure.net/keys/a/backup"),
    (VAULT, "GET", "https://kv-pay.vault.azure.net/secrets"),
    (VAULT, "GET", "https://kv-pay.vault.azure.net/secrets/a"),
    (VAULT, "GET", "https://kv-pay.vault.azure.net/keys/a/version"),
    (VAULT, "DELETE", "https://kv-pay.vault.azure.net/keys/a"),
    (VAULT, "DELETE", "https://kv-pay.vault.azure.net/deletedkeys/a"),
    (VAULT, "GET", "https://other.vault.azure.net/keys"),
    (VAULT, "GET", "https://kv-pay.vault.azure.net/keys/.."),
    (VAULT, "GET", f"https://kv-pay.vault.azure.net{PAYMENTS}"),
]

ALLOWED = [
    (MANAGEMENT, "GET", "https://management.azure.com/subscriptions?api-version=2022-12-01"),
    (MANAGEMENT, "GET", f"https://management.azure.com{PAYMENTS}/providers/microsoft.keyvault/VAULTS?$skiptoken=a=="),
    (MANAGEMENT, "GET", f"https://management.azure.com{IN_VAULT.replace('/rg/', '/Stra%C3%9Fe/')}/keys"),
    (VAULT, "GET", "https://kv-pay.vault.azure.net/keys"),
    (VAULT, "GET", "https://KV-PAY.vault.azure.net:443/keys?$skiptoken=x"),
    (VAULT, "GET", "https://kv-pay.vault.azure.net/keys/a/rotationpolicy"),
]

SETTINGS = ClientSettings(
    management="https://management.azure.com",
    scope="https://management.azure.com/.default",
    logs_scope="https://api.loganalytics.io/.default",
    authority="https://login.microsoftonline.com",
    own_authority=False,
    ca_file=None,
    max_attempts=1,
    connect_timeout_seconds=1,
    read_timeout_seconds=1,
    user_agent="keymuster/test",
    verify_challenge=True,
)


@pytest.mark.parametrize(("door", "method", "url"), REFUSED)
def test_what_is_not_in_the_table_is_refused(door, method, url):
    with pytest.raises(ForbiddenOperationError, match="not in the scanner's allow-list"):
        refuse(door, method, url)


@pytest.mark.parametrize(("door", "method", "url"), ALLOWED)
def test_what_is_in_the_table_passes_whatever_its_case(door, method, url):
    refuse(door, method, url)


def test_the_table_holds_nothing_that_writes():
    posts = [operation.name for operation in OPERATIONS.values() if route_of(operation).method != "GET"]
    assert set(posts) == {"QueryResources", "QueryVaultLog"}
    assert [name for name in OPERATIONS if "secret" in route_of(OPERATIONS[name]).path.lower()] == []


def test_an_operation_of_the_table_is_allowed_at_its_own_plane_alone():
    for operation in OPERATIONS.values():
        path = route_of(operation).path
        for place in places_of(operation):
            path = path.replace(f"{{{place}}}", "a-1")
        for plane in Plane:
            door, body = Door(plane=plane, url="https://127.0.0.1"), BODIES.get(operation.name)
            if plane is plane_of(operation) or (plane in {Plane.VAULT, Plane.HSM} and is_of_data(operation)):
                refuse(door, route_of(operation).method, f"https://127.0.0.1{path}", body)
            else:
                with pytest.raises(ForbiddenOperationError):
                    refuse(door, route_of(operation).method, f"https://127.0.0.1{path}", body)


FOREIGN = {
    "no body": (LOGS, LOG_URL, None),
    "text of a caller": (LOGS, LOG_URL, {**LOG_BODY, "query": "SigninLogs | take 1"}),
    "more than ours": (LOGS, LOG_URL, {**LOG_BODY, "query": f"{LOG_BODY['query']} | union SigninLogs"}),
    "a subscription that is none": (LOGS, LOG_URL, log_query.body("x' or '' == '", NOW, NOW)),
    "a period that is none": (LOGS, LOG_URL, {**LOG_BODY, "timespan": "P9999D"}),
    "another workspace besides": (LOGS, LOG_URL, {**LOG_BODY, "workspaces": ["w"]}),
    "another table of resources": (MANAGEMENT, GRAPH_URL, {**GRAPH_BODY, "query": "securityresources"}),
    "a whole management group": (MANAGEMENT, GRAPH_URL, {**GRAPH_BODY, "managementGroups": ["all"]}),
    "no document": (LOGS, LOG_URL, "query=1"),
    "a list": (LOGS, LOG_URL, []),
}


@pytest.mark.parametrize(("door", "url", "body"), FOREIGN.values(), ids=FOREIGN)
def test_a_query_that_is_not_of_our_making_is_refused(door, url, body):
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    with pytest.raises(ForbiddenOperationError):
        refuse(door, "POST", url, text)


def test_what_is_only_looked_at_has_no_body():
    with pytest.raises(ForbiddenOperationError):
        refuse(VAULT, "GET", "https://kv-pay.vault.azure.net/keys", "{}")


LIST_STORAGE_KEYS = Operation(
    service=Plane.MANAGEMENT,
    name="ListStorageKeys",
    action="Microsoft.Storage/storageAccounts/listKeys/action",
    reply=Vaults,
    route=Route(
        method="POST",
        path="/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}/listKeys",
        version="2023-01-01",
    ),
)
BACKUP_KEY = Operation(
    service=Plane.VAULT,
    name="BackupKey",
    action="Microsoft.KeyVault/vaults/keys/backup/action",
    reply=Vaults,
    route=Route(method="POST", path="/keys/{key}/backup", version="7.4"),
)


@pytest.mark.parametrize(
    ("operation", "door", "places"),
    [
        (LIST_STORAGE_KEYS, MANAGEMENT, {"subscription": "s", "group": "g", "name": "n"}),
        (BACKUP_KEY, VAULT, {"key": "k"}),
    ],
)
@pytest.mark.usefixtures("signed_in", "socket_disabled")
def test_nobody_is_asked_for_what_is_not_in_the_table(operation, door, places):
    """Not even a token is fetched: any socket at all would raise another error here."""
    connection = Connection(SETTINGS)
    with pytest.raises(ForbiddenOperationError, match="was not sent"):
        connection.ask(operation, door, Question(places=places))
    assert connection.endpoints == frozenset()
    connection.release()


def test_a_link_that_leads_elsewhere_is_not_followed(endpoint):
    door = Door(plane=Plane.MANAGEMENT, url=endpoint.url)
    settings = replace(SETTINGS, authority=endpoint.url, own_authority=True, ca_file=str(endpoint.ca_file))
    connection = Connection(settings)
    question = Question(places={"subscription": "s"})
    reply = connection.ask(LIST_VAULTS, door, question, link="https://evil.example/subscriptions?token=1")
    assert reply.failure is not None
    assert (reply.failure.code, reply.value) == ("MalformedReply", None)
    connection.release()


def test_the_permission_of_a_vault_is_one_of_roles_and_of_access_policies():
    assert LIST_KEYS.action == "Microsoft.KeyVault/vaults/keys/read"
    assert (route_of(LIST_KEYS).policy, is_of_data(LIST_KEYS)) == ("list", True)
