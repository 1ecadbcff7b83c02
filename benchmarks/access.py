"""How fast access is worked out: every caller of an estate at every key, batched and caller by caller.

    python benchmarks/access.py [--keys 1000] [--principals 1000] [--policies 50] [--plain 1] [--cases FILE...]

The estate is made up from a seed: roles and users share some policies and have some of their own, a tenth of the roles
name single keys, half of the keys have the default policy, the others name callers, bound them by conditions or hold
grants, and an organisation denies under a condition on who calls. Worked out are the rows of every key, then facts and
rows as a scan asks for them, then single decisions (each a request for one action of one caller at one key). `--plain`
keys are also worked out with every caller by itself, and the answers compared. `--cases` are recorded decisions and
matrices as `tests.conformance.access` reads them, decided one by one; whether they agree is that runner's to say.
"""

import argparse
import json
import platform
import random
import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from scanner.facts.access.aws import Asked, Layers, decide
from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.cells import Standing, layers_of, request_of, standing
from scanner.facts.access.doors import Door
from scanner.facts.access.holders import derive_access
from scanner.facts.access.key_access import key_access
from scanner.facts.access.matrix import Matrices, stepping
from scanner.facts.access.parties import Party, Told
from scanner.facts.access.steps import Steps
from scanner.model.identity import AccountIdentities, InlinePolicy, Principals, Role, User
from scanner.model.key import (
    Aliases,
    Grant,
    Grants,
    Key,
    KeyState,
    KeyType,
    KeyUsage,
    Manager,
    Metadata,
    MultiRegionRole,
    Origin,
    Policy,
    Provider,
    Tags,
)
from scanner.model.organisation import (
    NodeKind,
    OrganisationNode,
    OrganisationNodes,
    OrganisationPolicies,
    OrganisationPolicy,
    OrganisationTree,
    PolicyTargets,
    PolicyText,
)
from scanner.model.unknown import Cause, Unknown
from tests.conformance import access_aws

ACCOUNT = "111122223333"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
UNREAD = Unknown(cause=Cause.NOT_COLLECTED, call="kms:Nothing")
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ACTIONS = ("kms:*", "kms:Decrypt", "kms:GenerateDataKey*", "kms:Describe*", "s3:*", "kms:CreateGrant", "*")


def text(*statements: dict[str, object]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def key_arn(number: int) -> str:
    """The ARN of a key."""
    return f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{number:08d}-12ab-34cd-56ef-1234567890ab"


def identities(principals: int, policies: int, chance: random.Random) -> AccountIdentities:
    """Roles and users, four to one."""
    shared = [_own(chance) for _ in range(policies)]
    roles, users = [], []
    for number in range(principals):
        held = chance.choice(shared)
        if number % 10 == 0:
            named = [key_arn(chance.randrange(500)) for _ in range(3)]
            held = text({"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": named})
        inline = (InlinePolicy(name="p", text=PolicyText(document=held)),)
        (users if number % 5 == 0 else roles).append((f"n{number:05d}", inline))
    trust = text({"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"})
    found = Principals(
        users=tuple(
            User(
                id=f"arn:aws:iam::{ACCOUNT}:user/{name}",
                unique_id=f"AIDA{name}",
                name=name,
                created_at=MADE,
                groups=(),
                inline=inline,
                attached=(),
                boundary=None,
                tags={},
            )
            for name, inline in users
        ),
        groups=(),
        roles=tuple(
            Role(
                id=f"arn:aws:iam::{ACCOUNT}:role/{name}",
                unique_id=f"AROA{name}",
                name=name,
                created_at=MADE,
                trust=PolicyText(document=trust),
                inline=inline,
                attached=(),
                boundary=None,
                tags={},
                last_used_at=None,
                last_used_region=None,
            )
            for name, inline in roles
        ),
        policies=(),
    )
    return AccountIdentities(provider=Provider.AWS, account=ACCOUNT, principals=found, evidence=())


def _own(chance: random.Random) -> str:
    made: dict[str, object] = {"Effect": "Allow", "Action": chance.sample(ACTIONS, 2), "Resource": "*"}
    if chance.random() < 0.3:
        made["Condition"] = {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    return text(made)


def tree() -> OrganisationTree:
    """An organisation that denies to all but some."""
    deny = {"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}
    deny["Condition"] = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/n0000*"}}
    full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    nodes = (("r-1", NodeKind.ROOT, None), (ACCOUNT, NodeKind.ACCOUNT, "r-1"))
    policies = tuple(
        OrganisationPolicy(
            id=name,
            name=name,
            provider_managed=False,
            text=PolicyText(document=text(statement)),
            targets=PolicyTargets(nodes=("r-1", ACCOUNT)),
        )
        for name, statement in (("full", full), ("deny", deny))
    )
    return OrganisationTree(
        provider=Provider.AWS,
        id="o-example001",
        management="777788889999",
        nodes=OrganisationNodes(
            items=tuple(OrganisationNode(id=name, level=level, name=name, parent=up) for name, level, up in nodes)
        ),
        service_control=OrganisationPolicies(enabled=True, items=policies),
        resource_control=OrganisationPolicies(enabled=False, items=()),
        evidence=(),
    )


def key(number: int, principals: int, chance: random.Random) -> Key:
    """One key: every other with the default policy."""
    statements: list[dict[str, object]] = [
        {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    ]
    grants = []
    named = f"arn:aws:iam::{ACCOUNT}:role/n{chance.randrange(principals):05d}"
    if number % 2:
        statements.append({"Effect": "Allow", "Principal": {"AWS": [named]}, "Action": "kms:Decrypt", "Resource": "*"})
    if number % 6 == 1:
        condition = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/n{number % 100:03d}*"}}
        denied = {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*", "Condition": condition}
        statements.append(denied)
    if number % 5 == 0:
        grants.append(
            Grant(
                id=f"g{number}",
                name=None,
                grantee=named,
                grantee_is_service=False,
                retiring=None,
                issuer=None,
                created_at=MADE,
                operations=("Decrypt",),
                context_equals=None,
                context_subset=None,
                source_arn=None,
            )
        )
    return Key(
        id=key_arn(number),
        provider=Provider.AWS,
        account=ACCOUNT,
        region="eu-west-1",
        metadata=METADATA,
        rotation=UNREAD,
        rotation_history=UNREAD,
        policy=Policy(document=text(*statements)),
        grants=Grants(items=tuple(grants)),
        aliases=Aliases(names=()),
        tags=Tags(items={}),
        last_use=UNREAD,
        key_store=UNREAD,
        deletion_request=UNREAD,
        source={},
        evidence=(),
    )


METADATA = Metadata(
    state=KeyState.ENABLED,
    manager=Manager.CUSTOMER,
    type=KeyType.SYMMETRIC,
    spec="SYMMETRIC_DEFAULT",
    usage=KeyUsage.ENCRYPT_DECRYPT,
    origin=Origin.PROVIDER,
    created_at=MADE,
    description=None,
    deletion_at=None,
    deletion_window_days=None,
    material_expires_at=None,
    multi_region=MultiRegionRole.NONE,
    primary=None,
    replicas=(),
    key_store=None,
    current_material=None,
)


class Plain(msgspec.Struct, frozen=True):
    """Every caller by itself, which the batches are compared with."""

    matrices: Matrices
    steps: Steps

    def standing(self, party: Party, door: Door) -> Standing:
        """What one caller may do."""
        return standing(party, door, self.matrices.over(party))


Question = tuple[Layers, Asked]


def questions(matrices: Matrices, keys: Sequence[Key]) -> list[Question]:
    """Three actions of every caller at these keys."""
    found = []
    for one in keys:
        door = matrices.door(one)
        for comer in matrices.comers(door):
            bounds = matrices.over(comer.party)
            layers, request = layers_of(comer.party, door, bounds), request_of(comer.party, door, bounds)
            for action in ("kms:Decrypt", "kms:PutKeyPolicy", "kms:CreateGrant"):
                who = comer.party.caller
                asked = Asked(caller=who, action=action, key=door.id, account=door.account, request=request)
                found.append((layers, asked))
    return found


def recorded(paths: Sequence[Path]) -> list[Question]:
    """The requests of recorded decisions and matrices."""
    found = []
    for case in (json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()):
        whom = case.get("principals") or {case["principal"]: case}
        for name, who in whom.items():
            layers, values = access_aws.layers({**case, **who}), who.get("context") or {}
            actions = case.get("actions") or [case["action"]]
            found += [(layers, access_aws.asked(case, name, action, values)) for action in actions]
    return found


def rate(asked: Sequence[Question]) -> float:
    """Decisions in a second of CPU time, each made once."""
    started = time.process_time()
    for layers, question in asked:
        decide(layers, question)
    return len(asked) / (time.process_time() - started)


def main() -> None:
    """Makes the estate, works it out, and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=1000)
    parser.add_argument("--principals", type=int, default=1000)
    parser.add_argument("--policies", type=int, default=50)
    parser.add_argument("--plain", type=int, default=1)
    parser.add_argument("--cases", type=Path, nargs="*", default=[], metavar="FILE")
    options = parser.parse_args()
    if options.cases:
        print(f"recorded cases: {rate(recorded(options.cases)):,.0f} decisions/s")
    chance = random.Random(7)
    people = identities(options.principals, options.policies, chance)
    keys = [key(number, options.principals, chance) for number in range(options.keys)]
    started = time.process_time()
    matrices = Matrices([people], [tree()])
    found = [key_access(one, AwsSite(one, matrices)) for one in keys]
    spent = time.process_time() - started
    pairs = options.keys * options.principals
    rows = sum(len(access.rows) for access in found if access is not None)
    print(f"{platform.python_version()}, {options.keys} keys x {options.principals} principals: {rows} rows")
    print(f"batched: {spent:.2f} CPU s, {pairs / spent:,.0f} principal-keys/s, {9 * pairs / spent:,.0f} cells/s")
    started = time.process_time()
    matrices = Matrices([people], [tree()])
    for one in keys:
        derive_access(one, matrices, frozenset({ACCOUNT}), MADE)
        key_access(one, AwsSite(one, matrices))
    print(f"facts and rows together: {time.process_time() - started:.2f} CPU s")
    print(f"single decisions: {rate(questions(matrices, keys[:20])):,.0f} decisions/s")
    started = time.process_time()
    plain = Plain(matrices, Steps(matrices.bounds, lambda party: Told(alike=party.id, patterns=()), matrices.crowd))
    for one in keys[: options.plain]:
        door = matrices.door(one)
        comers = matrices.comers(door)
        batched, single = stepping(matrices, door, comers), stepping(plain, door, comers)
        for comer in comers:
            if comer.standing != plain.standing(comer.party, door) or batched.cells(comer) != single.cells(comer):
                raise SystemExit(f"{comer.party.id} at {one.id}: the batch answers otherwise")
    spent = time.process_time() - started
    pairs = options.plain * options.principals
    print(f"caller by caller, {options.plain} keys: {spent:.2f} CPU s, {pairs / spent:,.0f} principal-keys/s, equal")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
