"""Builds decisions of AWS for the tests: one key, one caller, statements in short."""

import json

from scanner.facts.access.aws import Asked, Layers, decide
from scanner.facts.access.context import context
from scanner.facts.access.policies import read_policy
from scanner.facts.access.principals import principal

HOME, PARTNER, OUTSIDER = "111122223333", "444455556666", "999988887777"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = f"arn:aws:iam::{HOME}:role/app"
PATHED = f"arn:aws:iam::{HOME}:role/ci/deploy"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/app/run"
USER = f"arn:aws:iam::{HOME}:user/alice"
ROOT = f"arn:aws:iam::{HOME}:root"
SERVICE_LINKED = f"arn:aws:iam::{HOME}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
PARTNER_ROLE = f"arn:aws:iam::{PARTNER}:role/etl"
DELEGATION = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def statement(effect="Allow", action="kms:*", whom=None, condition=None, **more):
    """A statement on every resource; `whom` makes it one of a key policy."""
    made = {"Effect": effect, **({} if "NotAction" in more else {"Action": action}), "Resource": "*", **more}
    if whom is not None:
        made["Principal"] = whom
    if condition is not None:
        made["Condition"] = condition
    return made


def policy(*statements, version="2012-10-17"):
    """A policy of these statements."""
    return read_policy(json.dumps({"Version": version, "Statement": list(statements)}), "policy")


def decision(who, *key_statements, action="kms:Decrypt", values=None, complete=True, **layers):
    """The decision on a request; identity, boundary and session are lists of statements, the rest as in Layers."""
    made = {name: policy(*layers.pop(name)) for name in ("boundary", "session") if layers.get(name) is not None}
    identity = layers.pop("identity", ())
    found = Layers(
        key_policy=policy(*key_statements),
        identity=None if identity is None else (policy(*identity),),
        has_boundary="boundary" in made,
        has_session="session" in made,
        **made,
        **layers,
    )
    return decide(
        found,
        Asked(
            caller=principal(who),
            action=action,
            key=KEY,
            account=HOME,
            request=context(values or {}, complete=complete),
        ),
    )


def verdict(*arguments, **options):
    """The decision in one word: allow, deny, explicit, conditional or unknown."""
    found = decision(*arguments, **options)
    return "explicit" if found.explicit else found.result.value
