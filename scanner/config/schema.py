"""The configuration's schema: every key, its type, its default and what it is for. Reads no file."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
RegionName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
SeverityName = Literal["critical", "high", "medium", "low"]
FormatName = Literal["csv", "sarif", "junit", "markdown", "html", "pdf"]


class Section(BaseModel):
    """A mapping in the file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class AwsAccount(Section):
    """One account to scan; what it does not say is taken from the provider's section."""

    id: AccountId
    name: Text | None = None
    role_arn: Text | None = None
    external_id: Text | None = None
    profile: Text | None = None
    regions: Literal["all"] | tuple[RegionName, ...] | None = None


class Exclusion(Section):
    """An account that is left out on purpose; it stays visible in the population."""

    account: Text
    reason: Text
    approver: Text


class AwsConfig(Section):
    """How Amazon Web Services is read.

    Without `accounts` and `discover` the account of the ambient credentials is scanned. `assume_role` is a role ARN
    in which `{account}` stands for the account's id. `rate_limits` maps a permission's name to requests per second
    for one account and region; `rate_limiter: false` lifts all limits.
    """

    regions: Literal["all"] | tuple[RegionName, ...] = "all"
    accounts: tuple[AwsAccount, ...] = ()
    discover: bool = False
    assume_role: Text | None = None
    external_id: Text | None = None
    profile: Text | None = None
    exclude: tuple[Exclusion, ...] = ()
    endpoint_url: Text | None = None
    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    rate_limiter: bool = True
    rate_limits: dict[Text, Annotated[float, Field(gt=0, le=10_000, strict=False)]] = {}
    max_attempts: Annotated[int, Field(ge=1, le=20)] = 8
    connect_timeout_seconds: Annotated[float, Field(gt=0, le=300, strict=False)] = 10.0
    read_timeout_seconds: Annotated[float, Field(gt=0, le=300, strict=False)] = 60.0


class Providers(Section):
    """The platforms to scan; at least one."""

    aws: AwsConfig | None = None


class Policies(Section):
    """Which rules judge: folders of rules besides the shipped ones, and the baseline that selects and tunes them."""

    packs: tuple[Text, ...] = ()
    shipped: bool = True
    baseline: Text = "default"


class History(Section):
    """The pack of the run before: a path, or `none` for the first of a chain."""

    previous: Text = "none"


class Outputs(Section):
    """Where the pack goes and which formats it holds besides the JSON files, which are always written."""

    folder: Text = "keymuster-pack"
    formats: tuple[FormatName, ...] = ("csv", "sarif", "junit", "markdown", "html", "pdf")
    sarif_unknown: Literal["none", "note"] = "none"
    sarif_all: bool = False


class TagMeaningConfig(Section):
    """Tag keys that carry one meaning (case does not count) and the values that are allowed (empty: any)."""

    keys: Annotated[tuple[Text, ...], Field(min_length=1)]
    allowed: tuple[Text, ...] = ()


class TagsConfig(Section):
    """Which tag keys mean owner, purpose, data class and environment."""

    owner: TagMeaningConfig = TagMeaningConfig(keys=("owner",))
    purpose: TagMeaningConfig = TagMeaningConfig(keys=("purpose",))
    data_class: TagMeaningConfig = TagMeaningConfig(keys=("data-class", "data_class", "dataclass"))
    environment: TagMeaningConfig = TagMeaningConfig(keys=("environment", "env"))


class Config(Section):
    """The whole file."""

    organisation: Text = "Unnamed organisation"
    providers: Providers
    policies: Policies = Policies()
    waivers: Text | None = None
    history: History = History()
    outputs: Outputs = Outputs()
    fail_on: SeverityName = "high"
    tags: TagsConfig = TagsConfig()
    lists: dict[Text, tuple[Text, ...]] = {}
