"""What is kept of each reply about logs and alerts: these types are the allow-list of fields. Holds no logic."""

from scanner.providers.azure.replies import Kept


class LogCategory(Kept, frozen=True, kw_only=True):
    """A part of a log, by category or by group of categories."""

    category: str | None = None
    category_group: str | None = None
    enabled: bool


class DiagnosticProperties(Kept, frozen=True, kw_only=True):
    """What of a log goes where."""

    workspace_id: str | None = None
    storage_account_id: str | None = None
    event_hub_authorization_rule_id: str | None = None
    logs: tuple[LogCategory, ...] | None = None


class DiagnosticSetting(Kept, frozen=True, kw_only=True):
    """A setting that sends a log somewhere."""

    id: str
    name: str
    properties: DiagnosticProperties


class DiagnosticSettings(Kept, frozen=True, kw_only=True):
    """Every setting of a resource or subscription."""

    value: tuple[DiagnosticSetting, ...]
