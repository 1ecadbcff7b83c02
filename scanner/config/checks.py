"""What a configuration must satisfy beyond the type of each key. Reads nothing."""

from collections.abc import Iterable, Iterator

from scanner.config.document import Document
from scanner.config.faults import Fault
from scanner.config.nodes import Path
from scanner.config.schema import AwsConfig, AzureConfig, Config, GcpConfig

ACCOUNT, VAULT = "{account}", "{vault}"


def check(document: Document[Config]) -> Iterator[Fault]:
    """Every fault that shows only when keys are seen together."""
    config = document.value
    if not any(getattr(config.providers, name) for name in type(config.providers).model_fields):
        yield Fault(document.place("providers"), "providers: expected at least one platform, e.g. `aws: {}`")
    if not config.policies.shipped and not config.policies.packs:
        text = "policies: expected `packs`, since the shipped rules are switched off; nothing would be judged"
        yield Fault(document.place("policies", "shipped"), text)
    found = [
        *_repeated_in(config),
        *(_aws(config.providers.aws) if config.providers.aws else ()),
        *(_gcp(config.providers.gcp) if config.providers.gcp else ()),
        *(_azure(config.providers.azure) if config.providers.azure else ()),
    ]
    for path, text in found:
        yield Fault(document.place(*path), text)


def _aws(aws: AwsConfig) -> Iterator[tuple[Path, str]]:
    here = ("providers", "aws")
    listed = [account.id for account in aws.accounts]
    several = len(listed) > 1 or aws.discover
    if several and aws.assume_role is not None and ACCOUNT not in aws.assume_role:
        yield (*here, "assume_role"), f"assume_role: expected {ACCOUNT} in the ARN, since several accounts are scanned"
    yield from _repeated(listed, (*here, "accounts"), "account", inside=("id",))
    excluded = [exclusion.account for exclusion in aws.exclude]
    yield from _repeated(excluded, (*here, "exclude"), "excluded account", inside=("account",))
    for index, account in enumerate(excluded):
        if account in listed:
            yield (*here, "exclude", index, "account"), f"account {account} is excluded and listed in `accounts`"
    if aws.regions != "all":
        yield from _repeated(aws.regions, (*here, "regions"), "region")
    for index, item in enumerate(aws.accounts):
        if item.regions not in {None, "all"}:
            yield from _repeated(item.regions or (), (*here, "accounts", index, "regions"), "region")


def _gcp(gcp: GcpConfig) -> Iterator[tuple[Path, str]]:
    here = ("providers", "gcp")
    listed = [project.id for project in gcp.projects]
    excluded = [exclusion.project for exclusion in gcp.exclude]
    yield from _repeated(listed, (*here, "projects"), "project", inside=("id",))
    yield from _repeated(gcp.discover, (*here, "discover"), "parent")
    yield from _repeated(excluded, (*here, "exclude"), "excluded project", inside=("project",))
    for index, project in enumerate(excluded):
        if project in listed:
            yield (*here, "exclude", index, "project"), f"project {project} is excluded and listed in `projects`"
    if gcp.locations != "all":
        yield from _repeated(gcp.locations, (*here, "locations"), "location")


def _azure(azure: AzureConfig) -> Iterator[tuple[Path, str]]:
    here = ("providers", "azure")
    listed = [subscription.id for subscription in azure.subscriptions]
    yield from _repeated(listed, (*here, "subscriptions"), "subscription", inside=("id",))
    excluded = [exclusion.subscription for exclusion in azure.exclude]
    yield from _repeated(excluded, (*here, "exclude"), "excluded subscription", inside=("subscription",))
    for index, item in enumerate(excluded):
        if item in listed:
            place = (*here, "exclude", index, "subscription")
            yield place, f"subscription {item} is excluded and listed in `subscriptions`"
    if azure.endpoints and VAULT not in azure.endpoints.vault:
        yield (*here, "endpoints", "vault"), f"vault: expected {VAULT} in the address, since every vault has its own"


def _repeated_in(config: Config) -> Iterator[tuple[Path, str]]:
    yield from _repeated(config.outputs.formats, ("outputs", "formats"), "format")
    yield from _repeated(config.policies.packs, ("policies", "packs"), "pack")
    for name in type(config.tags).model_fields:
        keys = [key.casefold() for key in getattr(config.tags, name).keys]
        yield from _repeated(keys, ("tags", name, "keys"), "tag key")
    for name, values in config.lists.items():
        yield from _repeated(values, ("lists", name), "value")


def _repeated(values: Iterable[str], path: Path, what: str, inside: Path = ()) -> Iterator[tuple[Path, str]]:
    """One fault for every value that stood before in the same list."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield (*path, index, *inside), f"{what} {value} is given twice"
        seen.add(value)
