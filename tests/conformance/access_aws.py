"""Cases of AWS as the evaluator takes them: decisions, matrices and key policies alone."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.facts.access.aws import Asked, Decision, Layers, decide
from scanner.facts.access.context import Context, context
from scanner.facts.access.grants import Grant
from scanner.facts.access.policies import Policy, read_policy
from scanner.facts.access.principals import is_account, principal
from scanner.facts.access.reach import Reach, reach

ORGANISATION = frozenset({"111122223333", "444455556666"})
"""The accounts of the one organisation in these cases, besides those whose context says so."""

_ORGANISATION_KEY = "aws:principalorgid"

Case = Mapping[str, Any]


def aws(case: Case) -> Decision:
    """The decision on one case."""
    return decide(layers(case), asked(case, case["principal"], case["action"], case.get("context") or {}))


def matrix(case: Case) -> Iterator[tuple[str, str, Decision]]:
    """Every cell of a matrix: principal, action without its prefix, decision."""
    organisation = organisation_of(case)
    for name, who in case["principals"].items():
        bound = {} if is_bound(name, who, organisation, case) else {"scps": []}
        found = layers({**case, **who, **bound})
        for action in case["actions"]:
            decision = decide(found, asked(case, name, action, who.get("context") or {}))
            yield name, action.removeprefix("kms:"), decision


def organisation_of(case: Case) -> str | None:
    """The organisation of the key's account, as a caller of that account says."""
    home = case["resource"].split(":")[4]
    return next((found for name, who in case["principals"].items() if principal(name).account == home
                 and (found := _organisation(who))), None)  # fmt: skip


def is_bound(name: str, who: Case, organisation: str | None, case: Case) -> bool:
    """Whether the service control policies of the case bind a caller: one of the organisation."""
    caller = principal(name)
    said = _organisation(who)
    if said or organisation:
        return said == organisation or caller.account == case["resource"].split(":")[4]
    return caller.account in ORGANISATION


def _organisation(who: Case) -> str | None:
    found = {key.lower(): value for key, value in (who.get("context") or {}).items()}.get(_ORGANISATION_KEY)
    return found if isinstance(found, str) else None


def asked(case: Case, name: str, action: str, values: Mapping[str, Any]) -> Asked:
    """The request, whose context is all there is."""
    return Asked(
        caller=principal(name),
        action=action if ":" in action else f"kms:{action}",
        key=case["resource"],
        account=case["resource"].split(":")[4],
        request=request(values, case.get("encryption_context") or {}),
    )


def request(values: Mapping[str, Any], encryption: Mapping[str, str]) -> Context:
    """The context with the keys that the encryption context adds."""
    added: dict[str, Any] = {f"kms:EncryptionContext:{key}": value for key, value in encryption.items()}
    return context(
        {**values, **added, **({"kms:EncryptionContextKeys": [*encryption]} if added else {})}, complete=True
    )


def layers(case: Case) -> Layers:
    """Every policy of a case."""
    return Layers(
        key_policy=of_key(case["key_policy"]),
        identity=tuple(
            policy(item.get("policy", item), str(item.get("name", f"policy {place}")))
            for place, item in enumerate(case.get("identity_policies") or ())
        ),
        boundary=policy(case["boundary"], "boundary") if case.get("boundary") else None,
        has_boundary=bool(case.get("boundary")),
        session=policy(case["session_policy"], "session policy") if case.get("session_policy") else None,
        has_session=bool(case.get("session_policy")),
        service_control=levels(case.get("scps") or ()),
        resource_control=levels(case.get("rcps") or ()),
        grants=tuple(grant(item, number) for number, item in enumerate(case.get("grants") or ())),
    )


def levels(found: Any) -> tuple[tuple[Policy, ...], ...]:
    """The policies of each level of the organisation."""
    return tuple(
        tuple(policy(item, f"level {place}") for item in (level if isinstance(level, list) else [level]))
        for place, level in enumerate(found)
    )


def policy(document: Any, name: str) -> Policy:
    """A policy of a case, as an object or as its text."""
    return read_policy(document if isinstance(document, str) else json.dumps(document), name)


def of_key(document: Any) -> Policy:
    """A key policy; in these cases a statement without Resource is about the key, where AWS says it has no effect."""
    found = json.loads(document) if isinstance(document, str) else document
    statements = found["Statement"] if isinstance(found["Statement"], list) else [found["Statement"]]
    whole = [item if {"Resource", "NotResource"} & {*item} else {**item, "Resource": "*"} for item in statements]
    return policy({**found, "Statement": whole}, "key policy")


def grant(item: Case, number: int) -> Grant:
    """A grant of a case."""
    constraints = item.get("constraints") or {}
    retiring = item.get("retiring_principal")
    return Grant(
        id=f"grant {number}",
        grantee=item["grantee"],
        to_service=_is_service(item["grantee"]),
        operations=frozenset(operation.lower().removeprefix("kms:") for operation in item["operations"]),
        equals=constraints.get("EncryptionContextEquals"),
        subset=constraints.get("EncryptionContextSubset"),
        source_arn=constraints.get("SourceArn"),
        retiring=retiring,
        retired_by_service=_is_service(retiring or ""),
    )


def _is_service(name: str) -> bool:
    return name.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def reach_of(case: Case) -> Reach:
    """The reach of a key policy; where a case does not say whose key it is, of the first account that it mentions."""
    document = case["policy"]
    mentioned = (part for part in _words(json.dumps(document)) if is_account(part))
    account = case.get("account") or next(mentioned, "")
    return reach(of_key(document), account, case.get("key") or f"arn:aws:kms:eu-west-1:{account}:key/own")


def _words(text: str) -> Iterator[str]:
    """The parts of a text between the marks of JSON and ARNs."""
    return iter("".join(letter if letter.isalnum() else " " for letter in text).split())
