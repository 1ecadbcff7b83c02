"""Which accounts a key's policy and grants let encrypt with it, so that their stores may rest on it. Decides no access.

Conservative where it matters: whoever may be let in counts, denials are not weighed, and where a statement for
everybody or for a service of AWS is not bound to accounts by one of its conditions, anybody may be let in.
"""

from functools import lru_cache

from scanner.facts.access.conditions import Clause
from scanner.facts.access.policies import PolicyError, Statement, read_policy
from scanner.facts.access.principals import UNRESOLVED, is_account, principal
from scanner.facts.glob import matches
from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import reading
from scanner.model.key import Grants, Key, Manager, Policy, Provider
from scanner.model.unknown import Cause, Unknown

_USES = tuple(
    f"kms:{name}".lower()
    for name in (
        *("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "CreateGrant"),
        *("GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
    )
)
"""Without one of these nothing can be kept under a key."""

_TRAILS = "cloudtrail.amazonaws.com"
"""Who encrypts the log files of trails.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
"""

_BINDING = frozenset({"kms:calleraccount", "aws:principalaccount", "aws:sourceaccount"})
_BINDING_ARN = frozenset({"aws:sourcearn", "aws:principalarn"})
_CONTEXT = "kms:encryptioncontext:"
_EQUAL = frozenset({"stringequals", "stringlike", "arnequals", "arnlike"})


def admitted(key: Key) -> frozenset[str] | Unknown:
    """Accounts other than the key's own; Unknown when they are not told, or may be anybody."""
    if key.provider is not Provider.AWS:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].policy)
    if isinstance(key.metadata, Unknown):
        return key.metadata
    return frozenset() if key.metadata.manager is Manager.PROVIDER else _let_in(key)


def may_encrypt_trails(key: Key) -> bool:
    """Whether CloudTrail may be let in, so that a trail of any region may deliver under the key."""
    policy = reading(key.policy)
    return not isinstance(policy, Policy) or _lets_trails_in(policy.document)


@lru_cache(maxsize=1024)
def _lets_trails_in(document: str) -> bool:
    try:
        policy = read_policy(document, "policy")
    except PolicyError:
        return True
    return any(
        statement.allows
        and _is_about_use(statement)
        and (statement.principals_inverse or any(_is_trails(kind, name) for kind, name in statement.principals))
        for statement in policy.statements
    )


def _is_trails(kind: str, name: str) -> bool:
    return name == "*" or (kind == "Service" and matches(name.lower(), _TRAILS))


def _let_in(key: Key) -> frozenset[str] | Unknown:
    policy, grants = reading(key.policy), reading(key.grants)
    for group in (policy, grants):
        if isinstance(group, Unknown):
            return group
    named = _by_policy(policy.document) if isinstance(policy, Policy) else None
    if named is None or not isinstance(grants, Grants):
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].policy)
    return (named | _by_grants(grants)) - {key.account}


@lru_cache(maxsize=1024)
def _by_policy(document: str) -> frozenset[str] | None:
    """The accounts that the statements let in; None when that may be anybody."""
    try:
        policy = read_policy(document, "policy")
    except PolicyError:
        return None
    found: set[str] = set()
    for statement in policy.statements:
        if statement.allows and _is_about_use(statement):
            named = _named(statement)
            if named is None:
                return None
            found |= named
    return frozenset(found)


def _is_about_use(statement: Statement) -> bool:
    covered = (any(matches(pattern, action) for pattern in statement.actions) for action in _USES)
    return any(hit is not statement.actions_inverse for hit in covered)


def _named(statement: Statement) -> frozenset[str] | None:
    """A condition on the caller names whom a principal leaves open."""
    if statement.principals_inverse:
        return _bound(statement)
    found: set[str] = set()
    for kind, name in statement.principals:
        account = _account(kind, name)
        gone = kind == "AWS" and UNRESOLVED.fullmatch(name)
        accounts = frozenset({account} if account else ()) if account or gone else _bound(statement)
        if accounts is None:
            return None
        found |= accounts
    return frozenset(found)


def _account(kind: str, name: str) -> str:
    """The account of a principal, blank when its name does not tell."""
    if kind == "AWS" and is_account(name):
        return name
    account = principal(name).account
    return account if is_account(account) else ""


def _bound(statement: Statement) -> frozenset[str] | None:
    """The accounts that the conditions leave; None when there is no condition that says so."""
    found = [accounts for clause in statement.clauses if (accounts := _by_clause(clause))]
    return frozenset.intersection(*found) if found else None


def _by_clause(clause: Clause) -> frozenset[str]:
    """The accounts that the clause lets through, empty when it may let through others.

    A service puts the ARN of what it encrypts into the encryption context.
    """
    operator, key = clause.written.partition(" ")[0].lower(), clause.key.lower()
    if operator not in _EQUAL:
        return frozenset()
    if key in _BINDING:
        accounts = clause.values
    elif key in _BINDING_ARN or key.startswith(_CONTEXT):
        accounts = tuple(principal(value).account for value in clause.values)
    else:
        return frozenset()
    return frozenset(accounts) if all(is_account(account) for account in accounts) else frozenset()


def _by_grants(grants: Grants) -> frozenset[str]:
    accounts = (principal(grant.grantee).account for grant in grants.items if not grant.grantee_is_service)
    return frozenset(account for account in accounts if is_account(account))
