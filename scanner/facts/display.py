"""How a subject is called in front of people. No fact rests on it."""

from scanner.model.key import Aliases, Key
from scanner.model.scope import Scope


def key_name(key: Key) -> str:
    """The key's first alias, else the last part of its id."""
    if isinstance(key.aliases, Aliases) and key.aliases.names:
        return key.aliases.names[0]
    return key.id.rpartition("/")[2]


def scope_name(scope: Scope) -> str:
    """The account's name, else its number, with the region when there is one."""
    account = scope.account_name or scope.account
    return f"{account} {scope.region}" if scope.region else account
