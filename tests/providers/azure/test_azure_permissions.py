"""The role is exactly what the table of operations takes: no more, no less, and nothing that writes."""

import json
import re

from azure_worlds import NOW
from commands import keymuster
from scanner.providers.azure.graph import KINDS, READ_BY_QUERY, SETS
from scanner.providers.azure.log_query import QUERY, READ_BY_LOG_QUERY, body
from scanner.providers.azure.operations import OPERATIONS
from scanner.providers.azure.permissions import access_policy, role_definition
from scanner.providers.azure.plane import Plane, plane_of

ROLE = role_definition()


def test_the_role_holds_every_permission_of_the_table_and_no_other():
    planes = {Plane.MANAGEMENT, Plane.LOGS}
    actions = {operation.action for operation in OPERATIONS.values() if plane_of(operation) in planes}
    actions |= {*READ_BY_QUERY, *READ_BY_LOG_QUERY}
    data = {operation.action for operation in OPERATIONS.values() if plane_of(operation) is Plane.VAULT}
    assert (set(ROLE["Actions"]), set(ROLE["DataActions"])) == (actions, data)
    assert (ROLE["NotActions"], ROLE["NotDataActions"]) == ([], [])


def test_the_role_reads_every_kind_that_the_query_asks_for():
    assert {name.removesuffix("/read").lower() for name in READ_BY_QUERY} == {*KINDS, SETS}


def test_the_role_reads_every_table_that_a_log_query_asks_for():
    text = body("aaaaaaaa-0000-4000-8000-000000000001", NOW, NOW)["query"]
    assert QUERY.fullmatch(text)
    assert set(re.findall(r"[(](A[A-Za-z]+) [|]", text)) == {name.split("/")[-2] for name in READ_BY_LOG_QUERY}


def test_the_role_can_only_read():
    names = [*ROLE["Actions"], *ROLE["DataActions"]]
    assert [name for name in names if not name.lower().endswith("/read") or "*" in name] == []
    assert [name for name in names if "secret" in name.lower() or "listkeys" in name.lower()] == []


def test_an_access_policy_needs_only_to_look():
    assert access_policy() == ["get", "getrotationpolicy", "list"]


def test_the_command_prints_the_role_and_says_what_it_cannot_give(tmp_path):
    done = keymuster("permissions", "azure", folder=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout) == ROLE
    assert "Managed HSM Crypto Auditor" in done.stderr
