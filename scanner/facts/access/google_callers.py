"""Whom a member of a binding is, as far as its name tells. Decides no access.

https://cloud.google.com/iam/docs/principal-identifiers
"""

import re
from collections.abc import Mapping
from itertools import pairwise

from scanner.facts.access.site import Caller
from scanner.facts.bindings import PUBLIC
from scanner.model.effective import PrincipalKind

GONE = "deleted:"
SIGNED_IN = "allAuthenticatedUsers"

_KINDS: Mapping[str, PrincipalKind] = {
    "user": PrincipalKind.USER,
    "serviceAccount": PrincipalKind.WORKLOAD,
    "group": PrincipalKind.GROUP,
    "domain": PrincipalKind.SET,
    "projectOwner": PrincipalKind.SET,
    "projectEditor": PrincipalKind.SET,
    "projectViewer": PrincipalKind.SET,
    "principal": PrincipalKind.FEDERATED,
    "principalSet": PrincipalKind.SET,
}
_OF_PROJECT = ".iam.gserviceaccount.com"
_AGENT = re.compile(r"(?:service-|bq-|project-)?(\d+)(?:-compute)?@")
"""How addresses of services begin that Google runs for a project, with the project's number."""

CONSUMERS = frozenset({"gmail.com", "googlemail.com"})
"""Domains whose addresses belong to nobody's organisation."""

_POOLS = ("projects", "organizations", "folders")


def google_caller(member: str) -> Caller:
    """The caller that a member names.

    Its account is a project for what belongs to one (by number where that is all that the name tells), else a domain.
    """
    if member in PUBLIC:
        return Caller(id=member, kind=PrincipalKind.PUBLIC, account="")
    kind, _, rest = member.partition(":")
    found = _KINDS.get(kind, PrincipalKind.OTHER)
    return Caller(id=member, kind=found, account=_account(kind, rest))


def is_google(name: str) -> bool:
    """Whether somebody may be called so in a binding."""
    return name in PUBLIC or (":" in name and name.partition(":")[0] in _KINDS)


def asked_as(caller: Caller) -> str:
    """How the evaluator is asked about the caller; everybody who has an account is asked as one nobody knows."""
    return "user:stranger@nowhere.invalid" if caller.id == SIGNED_IN else caller.id


def _account(kind: str, rest: str) -> str:
    if kind == "domain":
        return rest
    if kind.startswith("project"):
        return rest
    if "://" in f":{rest}" or rest.startswith("//"):
        parts = rest.split("/")
        return next((after for name, after in pairwise(parts) if name in _POOLS), "")
    domain = rest.rpartition("@")[2]
    agent = _AGENT.match(rest) if kind == "serviceAccount" else None
    if agent is not None:
        return agent[1]
    if kind == "serviceAccount" and domain.endswith(_OF_PROJECT):
        return _project(domain.removesuffix(_OF_PROJECT))
    return domain


def _project(name: str) -> str:
    """A project of a domain is written the other way round in addresses: `project.bank.example`."""
    project, dot, domain = name.partition(".")
    return f"{domain}:{project}" if dot else project
