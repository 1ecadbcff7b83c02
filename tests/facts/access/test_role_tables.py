"""The script that makes the role tables gives back what the tables hold."""

import importlib.util
from pathlib import Path

from scanner.facts.access.azure import OPERATIONS, Plane
from scanner.facts.access.classes import AZURE
from scanner.facts.access.tables import azure_roles, azure_roles_by_id, google_permissions, google_roles

SCRIPT = Path(__file__).parents[3] / "scripts/refresh_roles.py"


def script():
    spec = importlib.util.spec_from_file_location("refresh_roles", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_google_roles_come_from_the_roles_of_each_permission():
    found = {"storage.objects.get": [{"id": "roles/owner", "name": "Owner"}]}
    for name, role in google_roles().items():
        for permission in (*role.cloudkms, *role.escalation):
            found.setdefault(permission, []).append({"id": name, "name": role.title})
    made = script().google(found)
    assert made.keys() == google_roles().keys()
    assert all(set(made[name]["cloudkms"]) == role.cloudkms for name, role in google_roles().items())
    assert all(set(made[name]["escalation"]) == role.escalation for name, role in google_roles().items())


def test_names_of_roles_that_give_nothing_are_kept_so_that_a_newer_one_is_told_apart():
    named = [{"name": "roles/owner"}, {"name": "roles/browser"}]
    assert script().without(named, google_roles()) == ["roles/browser"]
    assert google_permissions("roles/browser") == frozenset()
    assert google_permissions("roles/madeup.tomorrow") is None
    assert "iam.roles.update" in google_permissions("roles/owner")


def test_azure_roles_come_from_the_providers_definitions():
    definitions = [
        {
            "name": "id",
            "properties": {
                "roleName": name,
                "permissions": [
                    {
                        "actions": list(role.blocks[0].actions),
                        "dataActions": list(role.blocks[0].data_actions),
                        "condition": role.condition,
                    }
                ],
            },
        }
        for name, role in azure_roles().items()
    ]
    made = script().azure(definitions)
    assert all(set(made[name]["actions"]) == {*role.blocks[0].actions} for name, role in azure_roles().items())
    assert all(made[name]["condition"] == role.condition for name, role in azure_roles().items())


def test_azure_roles_are_found_by_the_name_of_their_definition():
    assert azure_roles_by_id()["8e3af657-a8ff-443c-a75c-2fe8c4bcb635"] == azure_roles()["Owner"]
    assert len(azure_roles_by_id()) == len(azure_roles())


def test_what_a_definition_takes_out_is_not_given():
    block = {"actions": ["*"], "notActions": ["Microsoft.Authorization/*"], "dataActions": []}
    made = script().azure([{"name": "id", "properties": {"roleName": "Most", "permissions": [block]}}])
    assert "Microsoft.KeyVault/vaults/write" in made["Most"]["actions"]
    assert "Microsoft.Authorization/roleAssignments/write" not in made["Most"]["actions"]


def test_the_azure_table_tells_of_every_operation_that_has_a_class():
    given = {name: azure_roles()[name].blocks[0] for name in ("Key Vault Administrator", "Owner")}
    data, management = given["Key Vault Administrator"].data_actions, given["Owner"].actions
    assert {name for name in AZURE if name not in data and name not in management} == set()
    assert {one.permission for one in OPERATIONS.values() if one.plane is Plane.DATA} <= {*data}
    officer = azure_roles()["Key Vault Crypto Officer"].blocks[0].data_actions
    assert {f"Microsoft.KeyVault/vaults/keys/{verb}/action" for verb in ("recover", "verify")} <= {*officer}
