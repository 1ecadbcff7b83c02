"""The configuration's schema: every key, its type, its default and what it is for. Reads no file."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from scanner.config.shape import Wording


def _web_address(text: str) -> str:
    """An http or https address with a host and nothing that could carry a secret."""
    address = urlsplit(text)
    extra = address.username or address.password or address.query or address.fragment
    if address.scheme not in {"http", "https"} or not address.hostname or extra or any(map(str.isspace, text)):
        raise ValueError(text)
    return text


def _all_or_list(value: object) -> str:
    return "list" if isinstance(value, list | tuple) else "all"


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
AccountId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{12}$"),
    Wording("an account id of 12 digits such as 111122223333", "account ids of 12 digits"),
]
RegionName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,5}(-[a-z]+)+-[0-9]{1,2}$"),
    Wording("a region such as eu-central-1", "regions such as eu-central-1"),
]
RoleArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws(-[a-z]+)*:iam::([0-9]{12}|\{account\}):role/([A-Za-z0-9_+=,.@/-]|\{account\})+$"
    ),
    Wording("a role ARN such as arn:aws:iam::{account}:role/keymuster", "role ARNs"),
]
WebAddress = Annotated[
    str,
    AfterValidator(_web_address),
    Wording("an http:// or https:// address without user, password or query", "addresses"),
]
SubscriptionId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", to_lower=True),
    Wording("a subscription id such as 0f8fad5b-d9cb-469f-a165-70867728950e", "subscription ids"),
]
WorkspaceId = Annotated[
    str,
    StringConstraints(
        pattern=r"(?i)^/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourcegroups/[a-z0-9()._-]{1,90}"
        r"/providers/microsoft\.operationalinsights/workspaces/[a-z0-9-]{4,63}$",
        to_lower=True,
    ),
    Wording(
        "the resource id of a Log Analytics workspace: "
        "/subscriptions/.../resourceGroups/.../providers/Microsoft.OperationalInsights/workspaces/...",
        "resource ids of workspaces",
    ),
]
SecureAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$"),
    Wording("an https:// address without path, user or query", "addresses"),
]
VaultAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https://[A-Za-z0-9.{}:-]*(/[A-Za-z0-9._{}-]+)*$"),
    Wording("an https:// address with {vault} in it", "addresses"),
]
SchedulerAddress = Annotated[
    str,
    StringConstraints(pattern=r"^(tcp|tls)://[A-Za-z0-9._:\[\]-]+:[0-9]{1,5}$"),
    Wording("an address such as tcp://scheduler.example:8786", "addresses"),
]
CallName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]*$"),
    Wording("a call such as kms:DescribeKey", "calls such as kms:DescribeKey"),
]
ProjectId = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$"),
    Wording("a project id such as bank-payments", "project ids"),
]
GcpParent = Annotated[
    str,
    StringConstraints(pattern=r"^(organizations|folders)/[0-9]{1,20}$"),
    Wording("an organisation or folder such as organizations/123456789", "organisations or folders"),
]
LocationName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$"),
    Wording("a location such as europe-west3", "locations such as europe-west3"),
]
PermissionName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+\.[A-Za-z.]+$"),
    Wording("a permission such as cloudkms.cryptoKeys.list", "permissions such as cloudkms.cryptoKeys.list"),
]
ListName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$"),
    Wording("a name of small letters, digits and _", "names"),
]
SeverityName = Literal["critical", "high", "medium", "low"]
FormatName = Literal["csv", "sarif", "junit", "markdown", "html", "pdf"]
Regions = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[tuple[RegionName, ...], Field(min_length=1), Wording("a list of regions", "lists"), Tag("list")],
    Discriminator(_all_or_list),
    Wording("all or a list of at least one region such as [eu-central-1]", "lists of regions"),
]
GcpLocations = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[tuple[LocationName, ...], Field(min_length=1), Wording("a list of locations", "lists"), Tag("list")],
    Discriminator(_all_or_list),
    Wording("all or a list of at least one location such as [europe-west3]", "lists of locations"),
]
Workers = Annotated[int, Field(ge=1, le=256), Wording("a whole number from 1 to 256", "whole numbers")]
Attempts = Annotated[int, Field(ge=1, le=20), Wording("a whole number from 1 to 20", "whole numbers")]
Rate = Annotated[
    float, Field(gt=0, le=10_000, strict=False), Wording("a number above 0, at most 10000", "requests per second")
]
Seconds = Annotated[float, Field(gt=0, le=300, strict=False), Wording("a number above 0, at most 300", "seconds")]
TagKeys = Annotated[tuple[Text, ...], Field(min_length=1), Wording("a list of at least one tag key", "lists")]


class Section(BaseModel):
    """A mapping in the file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class AwsAccount(Section):
    """One account to scan; what it does not say is taken from `providers.aws`."""

    id: AccountId = Field(description="The account's id; leading zeros count.")
    name: Text | None = Field(default=None, description="How reports call the account.")
    role_arn: RoleArn | None = Field(default=None, description="The role to assume here instead of `assume_role`.")
    external_id: Text | None = Field(default=None, description="The external id this account's role asks for.")
    profile: Text | None = Field(default=None, description="The profile of the AWS configuration files to start from.")
    regions: Regions | None = Field(default=None, description="The regions to scan in this account.")


class Exclusion(Section):
    """An account that is left out on purpose; it stays visible in the population."""

    account: AccountId = Field(description="The id of the account to leave out.")
    reason: Text = Field(description="Why; printed in every report.")
    approver: Text = Field(description="Who decided it; printed in every report.")


class ConfigAggregator(Section):
    """The AWS Config aggregator that holds recordings of every account to scan."""

    name: Text = Field(description="The aggregator's name.")
    region: RegionName = Field(description="The region it lives in.")
    account: AccountId | None = Field(
        default=None, description="The account it lives in; without it that of the configuration's own credentials."
    )


class AwsConfig(Section):
    """How Amazon Web Services is read. Without `accounts` and `discover`: the account of the ambient credentials."""

    regions: Regions = Field(
        default="all", description="The regions to scan: a list, or `all` that are enabled in the account."
    )
    accounts: tuple[AwsAccount, ...] = Field(default=(), description="The accounts to scan.")
    discover: bool = Field(
        default=False, description="Scan every active account of the organisation, as Organizations lists them."
    )
    assume_role: RoleArn | None = Field(
        default=None, description="The role to assume in each account; `{account}` stands for the account's id."
    )
    external_id: Text | None = Field(default=None, description="The external id that `assume_role` asks for.")
    profile: Text | None = Field(
        default=None, description="The profile of the AWS configuration files to start from, else ambient credentials."
    )
    config_aggregator: ConfigAggregator | None = Field(
        default=None,
        description="Read what AWS Config has recorded of keys, 100 a call, and ask each key for the rest.",
    )
    exclude: tuple[Exclusion, ...] = Field(default=(), description="Accounts left out, with reason and approver.")
    endpoint_url: WebAddress | None = Field(
        default=None, description="One address for every service; anything but AWS's own marks the pack as simulated."
    )
    concurrency: Workers = Field(default=32, description="How many account-regions and keys are read at a time.")
    rate_limiter: bool = Field(default=True, description="Stay below the published quotas; `false` lifts all limits.")
    rate_limits: dict[CallName, Rate] = Field(
        default_factory=dict, description="Requests per second for one call in one account and region."
    )
    max_attempts: Attempts = Field(default=8, description="How often one request is tried before it counts as unread.")
    connect_timeout_seconds: Seconds = Field(default=10.0, description="How long to wait for a connection.")
    read_timeout_seconds: Seconds = Field(default=60.0, description="How long to wait for an answer.")


class GcpProject(Section):
    """One project to scan."""

    id: ProjectId = Field(description="The project's id, not its number.")
    name: Text | None = Field(default=None, description="How reports call the project.")


class GcpExclusion(Section):
    """A project that is left out on purpose; it stays visible in the population."""

    project: ProjectId = Field(description="The id of the project to leave out.")
    reason: Text = Field(description="Why; printed in every report.")
    approver: Text = Field(description="Who decided it; printed in every report.")


class GcpConfig(Section):
    """How Google Cloud is read. Without `projects` and `discover`: the project of the application default credentials.

    Impersonation and federation are set up in those credentials, not here.
    """

    projects: tuple[GcpProject, ...] = Field(default=(), description="The projects to scan.")
    discover: tuple[GcpParent, ...] = Field(
        default=(),
        description="Scan every active project below these, as Resource Manager lists them: organisations or folders.",
    )
    locations: GcpLocations = Field(
        default="all", description="The locations whose keys are read: a list, or `all` that hold some."
    )
    exclude: tuple[GcpExclusion, ...] = Field(default=(), description="Projects left out, with reason and approver.")
    endpoint_url: WebAddress | None = Field(
        default=None,
        description="One address for every service; any but Google's own marks the pack as simulated.",
    )
    concurrency: Workers = Field(default=16, description="How many keys are read at a time.")
    rate_limiter: bool = Field(default=True, description="Keep a steady pace; `false` lifts all limits.")
    rate_limits: dict[PermissionName, Rate] = Field(
        default_factory=dict, description="Requests per second for one permission in one project and location."
    )
    max_attempts: Attempts = Field(default=6, description="How often one request is tried before it counts as unread.")
    timeout_seconds: Seconds = Field(default=60.0, description="How long to wait for an answer.")


class AzureSubscription(Section):
    """One subscription to scan."""

    id: SubscriptionId = Field(description="The subscription's id.")
    name: Text | None = Field(default=None, description="How reports call the subscription.")


class AzureExclusion(Section):
    """A subscription that is left out on purpose; it stays visible in the population."""

    subscription: SubscriptionId = Field(description="The id of the subscription to leave out.")
    reason: Text = Field(description="Why; printed in every report.")
    approver: Text = Field(description="Who decided it; printed in every report.")


class AzureEndpoints(Section):
    """Other addresses than the cloud's own: a simulated Azure; they mark the pack as simulated."""

    management: SecureAddress = Field(description="Instead of Azure Resource Manager.")
    authority: SecureAddress = Field(description="Instead of Microsoft Entra, where callers sign in.")
    vault: VaultAddress = Field(description="Instead of each vault's own address; `{vault}` stands for its name.")
    logs: SecureAddress | None = Field(
        default=None,
        description="Instead of where log workspaces answer; without it `management`.",
    )
    ca_file: Text | None = Field(default=None, description="The certificate of the authority that vouches for them.")


class AzureConfig(Section):
    """How Microsoft Azure is read. Without `subscriptions`: every one that the credentials can see."""

    subscriptions: tuple[AzureSubscription, ...] = Field(
        default=(), description="The subscriptions to scan; empty for all that the credentials can see."
    )
    exclude: tuple[AzureExclusion, ...] = Field(
        default=(), description="Subscriptions left out, with reason and approver."
    )
    cloud: Literal["public", "china", "government"] = Field(default="public", description="The cloud to ask.")
    log_workspace: WorkspaceId | None = Field(
        default=None,
        description="The resource id of the Log Analytics workspace that the vaults' AuditEvent logs go to.",
    )
    endpoints: AzureEndpoints | None = Field(default=None, description="Other addresses than the cloud's own.")
    concurrency: Workers = Field(default=16, description="How many vaults and keys are read at a time.")
    rate_limiter: bool = Field(default=True, description="Stay below the published limits; `false` lifts all limits.")
    vault_rate: Rate | None = Field(default=None, description="Requests per second to one vault; they share its limit.")
    management_rate: Rate | None = Field(
        default=None, description="Requests per second to the management plane for one subscription."
    )
    max_attempts: Attempts = Field(default=8, description="How often one request is tried before it counts as unread.")
    connect_timeout_seconds: Seconds = Field(default=10.0, description="How long to wait for a connection.")
    read_timeout_seconds: Seconds = Field(default=60.0, description="How long to wait for an answer.")


class Providers(Section):
    """The platforms to scan; at least one."""

    aws: AwsConfig | None = Field(default=None, description="Amazon Web Services; `{}` takes every default.")
    gcp: GcpConfig | None = Field(default=None, description="Google Cloud; `{}` takes every default.")
    azure: AzureConfig | None = Field(default=None, description="Microsoft Azure; `{}` takes every default.")


class Policies(Section):
    """Which rules judge: folders of rules besides the shipped ones, and the baseline that selects and tunes them."""

    packs: tuple[Text, ...] = Field(
        default=(), description="Folders with rules of your own, relative to the configuration file."
    )
    shipped: bool = Field(default=True, description="Use the rules that come with keymuster.")
    baseline: Text = Field(default="default", description="The baseline that selects rules and sets their parameters.")


class History(Section):
    """What this run is compared with and chained to."""

    previous: Text = Field(
        default="none", description="The pack of the run before, or `none` for the first of a chain."
    )


class Outputs(Section):
    """Where the pack goes and which formats it holds besides the JSON files, which are always written."""

    folder: Text = Field(default="keymuster-pack", description="The folder of the pack; `--out` says another.")
    formats: tuple[FormatName, ...] = Field(
        default=("csv", "sarif", "junit", "markdown", "html", "pdf"), description="The formats to write."
    )
    sarif_unknown: Literal["none", "note"] = Field(default="none", description="The level of unknowns in SARIF.")
    sarif_all: bool = Field(default=False, description="Put passes into SARIF too.")


class TagMeaningConfig(Section):
    """Tag keys that carry one meaning, and the values that are allowed."""

    keys: TagKeys = Field(description="The tag keys, without regard to case; the first that a key carries counts.")
    allowed: tuple[Text, ...] = Field(default=(), description="The values that count as tagged; empty: any.")


class TagsConfig(Section):
    """Which tag keys mean owner, purpose, data class and environment."""

    owner: TagMeaningConfig = Field(default=TagMeaningConfig(keys=("owner",)), description="Who answers for the key.")
    purpose: TagMeaningConfig = Field(default=TagMeaningConfig(keys=("purpose",)), description="What the key is for.")
    data_class: TagMeaningConfig = Field(
        default=TagMeaningConfig(keys=("data-class", "data_class", "dataclass")),
        description="How sensitive the data under the key is.",
    )
    environment: TagMeaningConfig = Field(
        default=TagMeaningConfig(keys=("environment", "env")), description="Where the key is used."
    )


class Execution(Section):
    """Where the work is done: in this process, in several on this machine, or on a cluster."""

    workers: Workers = Field(
        default=1, description="Processes on this machine that collect and judge; `1` stays in one process."
    )
    scheduler: SchedulerAddress | None = Field(
        default=None, description="The Dask scheduler whose workers collect and judge, instead of processes here."
    )


class Config(Section):
    """The whole file."""

    organisation: Text = Field(default="Unnamed organisation", description="The name on every report's cover.")
    providers: Providers = Field(description="The platforms to scan; at least one.")
    policies: Policies = Field(default=Policies(), description="The rules that judge.")
    waivers: Text | None = Field(
        default=None, description="The file of waivers and accepted unknowns, relative to the configuration file."
    )
    history: History = Field(default=History(), description="The run before this one.")
    outputs: Outputs = Field(default=Outputs(), description="What is written, and where.")
    fail_on: SeverityName = Field(
        default="high", description="The lowest severity whose fails end a run with 1 when no waiver covers them."
    )
    execution: Execution = Field(default=Execution(), description="Where collecting and judging run.")
    tags: TagsConfig = Field(default=TagsConfig(), description="Which tags carry which meaning.")
    lists: dict[ListName, tuple[Text, ...]] = Field(
        default_factory=dict, description="Named lists that rules refer to with `in_list`."
    )
