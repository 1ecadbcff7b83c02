"""Whom a member of a binding is, as far as its name tells. Decides no access.

https://cloud.google.com/iam/docs/principal-identifiers
"""

import re
from collections.abc import Collection, Mapping
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
_AGENT = re.compile(r"(service-(?:org-|folder-)?|bq-|project-|p(?=\d+-))?(\d+)(?:-[a-z0-9]+)?@")
"""How addresses of services begin that Google runs, with the number of the project they work for.

https://cloud.google.com/iam/docs/service-agents
"""

_OF_GOOGLE = re.compile(
    r"(?:gcp-sa-.+|.+\.google\.com|compute-system|container-engine-robot|containerregistry|gs-project-accounts"
    r"|bigquery-encryption|bigquery-data-connectors|cloud-filer|cloud-memcache-sa|cloud-redis|cloud-tpu"
    r"|cloudcomposer-accounts|dataflow-service-producer-prod|dataproc-accounts|dlp-api|endpoints-portal|firebase-rules"
    r"|gcf-admin-robot|remotebuildexecution|security-center-api|serverless-robot-prod|service-consumer-management"
    r"|service-networking|sourcerepo-service-accounts|storage-transfer-service)\.iam\.gserviceaccount\.com"
)
"""Domains that these services are addressed in; anybody may name a service account of their own like one of them."""

_COMPUTE = "-compute@developer.gserviceaccount.com"
_APP_ENGINE = "appspot.gserviceaccount.com"
_CLUSTERS = ".svc.id.goog["
"""What comes after the project in names of workloads of Kubernetes.

https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity
"""

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
    return _of_service_account(rest) if kind == "serviceAccount" else rest.rpartition("@")[2]


def _of_service_account(address: str) -> str:
    name, _, domain = address.rpartition("@")
    agent = _AGENT.match(address)
    if agent is not None and (not agent[1] or _OF_GOOGLE.fullmatch(domain)):
        return agent[2]
    if _CLUSTERS in address:
        return _project(address.partition(_CLUSTERS)[0])
    if domain == _APP_ENGINE:
        return _project(name)
    return _project(domain.removesuffix(_OF_PROJECT)) if domain.endswith(_OF_PROJECT) else domain


def is_account_of(caller: Caller, project: str, aliases: Collection[str]) -> bool | None:
    """Whether it is a service account that a project keeps itself; None where the project's number was not read.

    Services that Google runs for the project are kept elsewhere, and workloads of Kubernetes are no accounts.
    """
    if caller.kind is not PrincipalKind.WORKLOAD or _CLUSTERS in caller.id:
        return False
    if caller.account == project or not caller.id.endswith(_COMPUTE):
        return caller.account == project
    return True if caller.account in aliases else False if any(map(str.isdigit, aliases)) else None


def may_be_of_google(member: str) -> bool:
    """Whether a service account is named like a service that Google runs, wherever."""
    return _AGENT.match(member.partition(":")[2]) is not None


def _project(name: str) -> str:
    """A project of a domain is written the other way round in addresses: `project.bank.example`."""
    project, dot, domain = name.partition(".")
    return f"{domain}:{project}" if dot else project
