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


class FieldCondition(Kept, frozen=True, kw_only=True):
    """A field of an event, and what it must be or hold."""

    field: str | None = None
    equals: str | None = None
    contains_any: tuple[str, ...] | None = None


class Condition(Kept, frozen=True, kw_only=True):
    """A condition, or several of which one must hold."""

    field: str | None = None
    equals: str | None = None
    contains_any: tuple[str, ...] | None = None
    any_of: tuple[FieldCondition, ...] | None = None


class Conditions(Kept, frozen=True, kw_only=True):
    """Conditions that must all hold."""

    all_of: tuple[Condition, ...]


class CalledGroup(Kept, frozen=True, kw_only=True):
    """An action group that an alert calls."""

    action_group_id: str


class ActivityActions(Kept, frozen=True, kw_only=True):
    """What an activity-log alert does."""

    action_groups: tuple[CalledGroup, ...] | None = None


class ActivityAlertProperties(Kept, frozen=True, kw_only=True):
    """What an activity-log alert watches."""

    enabled: bool = True
    scopes: tuple[str, ...]
    condition: Conditions
    actions: ActivityActions | None = None


class ActivityAlert(Kept, frozen=True, kw_only=True):
    """An activity-log alert."""

    id: str
    name: str
    properties: ActivityAlertProperties


class ActivityAlerts(Kept, frozen=True, kw_only=True):
    """A page of the activity-log alerts of a subscription."""

    value: tuple[ActivityAlert, ...]


class Criterion(Kept, frozen=True, kw_only=True):
    """A log query of an alert."""

    query: str | None = None


class Criteria(Kept, frozen=True, kw_only=True):
    """The log queries of an alert."""

    all_of: tuple[Criterion, ...] | None = None


class QueryActions(Kept, frozen=True, kw_only=True):
    """What a query alert does."""

    action_groups: tuple[str, ...] | None = None


class QueryAlertProperties(Kept, frozen=True, kw_only=True):
    """What a query alert watches."""

    enabled: bool | None = None
    scopes: tuple[str, ...] | None = None
    criteria: Criteria | None = None
    actions: QueryActions | None = None
    evaluation_frequency: str | None = None
    mute_actions_duration: str | None = None


class QueryAlert(Kept, frozen=True, kw_only=True):
    """A scheduled query rule."""

    id: str
    name: str
    properties: QueryAlertProperties


class QueryAlerts(Kept, frozen=True, kw_only=True):
    """A page of the scheduled query rules of a subscription."""

    value: tuple[QueryAlert, ...]


class Receiver(Kept, frozen=True, kw_only=True):
    """Who is called; nothing of the address is kept."""

    name: str
    status: str | None = None


class ActionGroupProperties(Kept, frozen=True, kw_only=True):
    """The receivers of an action group by means."""

    enabled: bool
    email_receivers: tuple[Receiver, ...] | None = None
    sms_receivers: tuple[Receiver, ...] | None = None
    webhook_receivers: tuple[Receiver, ...] | None = None
    voice_receivers: tuple[Receiver, ...] | None = None
    event_hub_receivers: tuple[Receiver, ...] | None = None
    itsm_receivers: tuple[Receiver, ...] | None = None
    azure_app_push_receivers: tuple[Receiver, ...] | None = None
    automation_runbook_receivers: tuple[Receiver, ...] | None = None
    logic_app_receivers: tuple[Receiver, ...] | None = None
    azure_function_receivers: tuple[Receiver, ...] | None = None
    arm_role_receivers: tuple[Receiver, ...] | None = None


class ActionGroup(Kept, frozen=True, kw_only=True):
    """An action group."""

    id: str
    name: str
    properties: ActionGroupProperties


class ActionGroups(Kept, frozen=True, kw_only=True):
    """A page of the action groups of a subscription."""

    value: tuple[ActionGroup, ...]


class Destination(Kept, frozen=True, kw_only=True):
    """Where events go, by kind."""

    endpoint_type: str | None = None


class EventFilter(Kept, frozen=True, kw_only=True):
    """Which events are sent on."""

    included_event_types: tuple[str, ...] | None = None


class EventProperties(Kept, frozen=True, kw_only=True):
    """What a subscription to events sends where."""

    topic: str | None = None
    provisioning_state: str | None = None
    destination: Destination | None = None
    filter: EventFilter | None = None


class EventSubscription(Kept, frozen=True, kw_only=True):
    """A subscription to events."""

    id: str
    properties: EventProperties


class EventSubscriptions(Kept, frozen=True, kw_only=True):
    """A page of the subscriptions to a vault's events."""

    value: tuple[EventSubscription, ...]


class TopicProperties(Kept, frozen=True, kw_only=True):
    """Whose events a system topic passes on."""

    source: str


class SystemTopic(Kept, frozen=True, kw_only=True):
    """A system topic."""

    id: str
    name: str
    properties: TopicProperties


class SystemTopics(Kept, frozen=True, kw_only=True):
    """A page of the system topics of a subscription."""

    value: tuple[SystemTopic, ...]
