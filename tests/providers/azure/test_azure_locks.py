"""Locks that keep a vault from being deleted: those on it and above it, and unknown where they are not read."""

from azure_worlds import PAYMENTS
from scanner.model.container import LockLevel
from scanner.model.unknown import Cause, Inapplicable, Unknown
from scanner.simulator.azure.faults import Effect, Fault

HERE = f"/subscriptions/{PAYMENTS}"


def test_locks_on_a_vault_and_above_it_hold_for_it_and_others_do_not(world, read):
    vault = world.vaults["kv-pay"]
    world.add_vault("kv-pay-2", subscription=PAYMENTS, group="rg-other")
    world.hold(HERE, "no-delete")
    world.hold(f"{HERE}/resourceGroups/{vault.group.upper()}", "frozen", "ReadOnly")
    world.hold(vault.id, "own", "Sealed")
    world.hold(f"{HERE}/resourceGroups/rg-key", "prefix")
    world.hold(f"{vault.id}-2", "neighbour")
    found = read()
    held = {one.id.rsplit("/", 1)[-1]: (one.level, one.scope) for one in found.vault().locks.items}
    assert held == {
        "no-delete": (LockLevel.DELETE, HERE),
        "frozen": (LockLevel.EVERY_CHANGE, f"{HERE}/resourcegroups/{vault.group}"),
        "own": (LockLevel.UNRECOGNISED, vault.id.lower()),
    }
    assert [one.id.rsplit("/", 1)[-1] for one in found.vault("kv-pay-2").locks.items] == ["no-delete"]
    assert {item.call for item in found.vault().evidence if item.group == "locks"} == {
        "Microsoft.Authorization/locks/read"
    }
    assert "kept nowhere" not in repr(found.raw())


def test_a_vault_without_locks_has_none_and_a_deleted_one_cannot(world, read):
    world.add_vault("kv-old", subscription=PAYMENTS)
    world.delete_vault("kv-old")
    found = read()
    assert found.vault().locks.items == ()
    assert isinstance(found.vault("kv-old").locks, Inapplicable)


def test_locks_that_are_denied_are_unknown_and_nothing_else_is(world, read):
    world.faults.append(Fault(effect=Effect.DENY, path="Microsoft.Authorization/locks$"))
    vault = read().vault()
    unread = {name for name in vault.__struct_fields__ if isinstance(getattr(vault, name), Unknown)}
    assert unread == {"locks"}
    assert vault.locks == Unknown(cause=Cause.DENIED, call="Microsoft.Authorization/locks/read")


def test_a_resource_group_may_have_a_name_beyond_ascii(world, read):
    world.add_vault("kv-north", subscription=PAYMENTS, group="rg-Straße")
    world.hold(world.vaults["kv-north"].id, "own")
    found = read()
    assert found.vault("kv-north").logs.items == ()
    assert len(found.vault("kv-north").locks.items) == 1
