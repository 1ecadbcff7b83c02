"""What a report cannot say, each in a sentence. Judges nothing and escapes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scanner.model.key import Provider
from scanner.model.report import PopulationRow, Report
from scanner.model.scope import Scope, ScopeStatus, scope_id
from scanner.model.snapshot import SnapshotHeader
from scanner.model.unknown import Unknown
from scanner.outputs.provider_words import PROVIDER_NAMES, SCOPE_WORDS
from scanner.outputs.sentences import cause_text, counted

_NOT_ENTERED = {
    ScopeStatus.UNREACHABLE: "Could not be reached",
    ScopeStatus.EXCLUDED: "Excluded by configuration",
    ScopeStatus.OUTSIDE: "Outside the configuration",
    ScopeStatus.CLOSED: "Closed by the organisation",
    ScopeStatus.NOT_ENABLED: "Without the key service, so that no key could be listed or used",
}

AROUND: Mapping[str, str] = {
    "filters": "Metric filters were",
    "alarms": "Alarms were",
    "topics": "Topics and their subscribers were",
    "buses": "Event buses and their rules were",
    "activity": "Alerts on the activity log were",
    "queries": "Alerts on log queries were",
    "groups": "Action groups and their receivers were",
    "subscriptions": "Subscriptions to events of vaults were",
    "exports": "Where the activity log goes was",
    "events": "What was done to keys was",
    "changes": "What was done to vaults and access to them was",
    "sinks": "Log sinks were",
    "exclusions": "Exclusions from logs were",
    "buckets": "Log buckets were",
    "metrics": "Log metrics were",
    "alerts": "Alert policies were",
    "snoozes": "Snoozes of alerts were",
    "channels": "Notification channels were",
    "retired": "Names of deleted keys were",
    "imports": "Import jobs were",
    "connections": "Connections to outside key managers were",
    "handles": "Key handles were",
    "automatic": "Which project keys are made in by themselves was",
}
"""What stands around keys, in words, by the name of its group."""

_BOUNDARIES = (
    "Principal access boundaries of Google Cloud are not read: they may forbid what somebody is said to be able to do, "
    "and never allow more."
)


def limitations(report: Report) -> tuple[str, ...]:
    """Everything a reader must not conclude from the report; a simulated estate comes first."""
    header, rows = report.header, report.population.rows
    return (
        *_simulation(header),
        *_organisations(header),
        *_regions(header),
        *(f"Not every rule judged: {sentence}" for sentence in report.pack.left_out),
        *_not_entered(rows),
        *_unlisted(rows),
        *_unreconciled(rows),
        *_around(rows),
        *_boundaries(rows),
        *_transport(header),
        *_identities(header),
        "This describes one moment: it does not show what happened between two collections.",
    )


def _simulation(header: SnapshotHeader) -> list[str]:
    return ["The provider was simulated: nothing here is evidence about a real estate."] if header.simulated else []


def _organisations(header: SnapshotHeader) -> list[str]:
    said = []
    for organisation in header.organisations:
        if isinstance(organisation.accounts, Unknown):
            _, many = SCOPE_WORDS[organisation.provider]
            said.append(
                f"The list of all {many} of {PROVIDER_NAMES[organisation.provider]} could not be read "
                f"({_why(organisation.accounts)}): {many} that nobody configured may exist."
            )
    return said


def _regions(header: SnapshotHeader) -> list[str]:
    words = {identity.account: _scope_name(identity.provider, identity.account) for identity in header.identities}
    said = []
    for account, regions in sorted(header.regions_outside.items()):
        name = words.get(account, account)
        if isinstance(regions, Unknown):
            said.append(f"The enabled regions of {name} could not be listed ({_why(regions)}).")
        elif regions:
            said.append(f"Enabled regions of {name} left out by configuration: {', '.join(regions)}.")
    return said


def _not_entered(rows: Sequence[PopulationRow]) -> list[str]:
    said = []
    for status, words in _NOT_ENTERED.items():
        scopes = [row.scope for row in rows if row.scope.status is status]
        if scopes:
            said.append(f"{words}, so not read: {', '.join(map(_described, scopes))}.")
    return said


def _described(scope: Scope) -> str:
    why = [part for part in (scope.reason, f"approved by {scope.approver}" if scope.approver else None) if part]
    return _name(scope) + (f" ({'; '.join(why)})" if why else "")


def _unlisted(rows: Sequence[PopulationRow]) -> list[str]:
    return [
        f"The keys of {_name(row.scope)} could not be listed to the end ({_why(row.listed)}): "
        "how many there are is unknown."
        for row in rows
        if isinstance(row.listed, Unknown) and row.scope.status is ScopeStatus.SCANNED
    ]


def _unreconciled(rows: Iterable[PopulationRow]) -> list[str]:
    return [
        f"The counts of {_name(row.scope)} do not add up to the {counted(row.listed, 'key', 'keys')} listed."
        for row in rows
        if not isinstance(row.listed, Unknown) and not row.reconciles
    ]


def _around(rows: Iterable[PopulationRow]) -> list[str]:
    """What stands around keys and was not read; `collection.json` names the scopes."""
    gaps = Counter((item.group, item.unknown) for row in rows for item in row.around)
    return sorted(
        f"{AROUND.get(group, group)} not read in {counted(scopes, 'scope', 'scopes')} ({_why(unknown)}); "
        "no rule judges that yet."
        for (group, unknown), scopes in gaps.items()
    )


def _boundaries(rows: Iterable[PopulationRow]) -> list[str]:
    """What stands beside every policy that was read on Google Cloud."""
    scanned = any(row.scope.provider is Provider.GCP and row.scope.status is ScopeStatus.SCANNED for row in rows)
    return [_BOUNDARIES] if scanned else []


def _transport(header: SnapshotHeader) -> list[str]:
    plain = sorted({endpoint.url for endpoint in header.endpoints if not endpoint.tls})
    return [f"Asked without TLS, so answers could have been altered on the way: {', '.join(plain)}."] if plain else []


def _identities(header: SnapshotHeader) -> list[str]:
    return [
        f"Who asked in {_scope_name(identity.provider, identity.account)} could not be read ({_why(identity.caller)})."
        for identity in header.identities
        if isinstance(identity.caller, Unknown)
    ]


def _scope_name(provider: Provider, account: str) -> str:
    return f"{SCOPE_WORDS[provider][0]} {account}"


def _name(scope: Scope) -> str:
    return scope_id(scope.provider, scope.account, scope.region)


def _why(unknown: Unknown) -> str:
    return f"{unknown.call}: {cause_text(unknown.cause)}"
