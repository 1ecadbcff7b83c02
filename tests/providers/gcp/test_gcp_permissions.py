"""The role is the table of methods, no more and no less."""

import yaml

from scanner.providers.gcp.operations import OPERATIONS
from scanner.providers.gcp.permissions import role_yaml

CHANGING = ("create", "update", "delete", "destroy", "setIamPolicy", "useTo", "restore", "undelete", "import")


def test_the_role_holds_exactly_the_permissions_of_the_table():
    role = yaml.safe_load(role_yaml())
    assert role["includedPermissions"] == sorted({operation.action for operation in OPERATIONS})
    assert len(set(role["includedPermissions"])) == len(role["includedPermissions"])


def test_the_role_changes_and_decrypts_nothing():
    granted = yaml.safe_load(role_yaml())["includedPermissions"]
    assert not [permission for permission in granted if permission.rpartition(".")[2].startswith(CHANGING)]
