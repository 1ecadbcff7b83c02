"""The facts of access to one key of Google Cloud. Judges nothing."""

from collections.abc import Iterable, Iterator

import msgspec

from scanner.facts.access.cells import fold
from scanner.facts.access.classes import GOOGLE
from scanner.facts.access.google import Level
from scanner.facts.access.google_asking import Asking, about_key, has_run_out
from scanner.facts.access.google_callers import CONSUMERS, GONE, may_be_of_google
from scanner.facts.access.google_site import GoogleSite
from scanner.facts.access.google_steps import OWN_POWERS
from scanner.facts.access.held import DECIDE, USE, may
from scanner.facts.access.holders import without
from scanner.facts.access.role_holders import certain, counted, grouped, seen, unread_holder
from scanner.facts.access.site import Standing
from scanner.facts.kleene import Truth, any_of
from scanner.facts.subjects.access import AccessFacts, HolderFacts
from scanner.model.effective import ActionClass, PrincipalKind
from scanner.model.unknown import Cause, Unknown

_OWNERS = Unknown(cause=Cause.NOT_COLLECTED, call="resourcemanager.organizations.get")
_PROJECTS = Unknown(cause=Cause.NOT_COLLECTED, call="resourcemanager.projects.get")
_GROUPS = Unknown(cause=Cause.NOT_COLLECTED, call="cloudidentity.groups.list")
_ROLES = Unknown(cause=Cause.NOT_COLLECTED, call="iam.roles.get")
_OF_KMS, _PREDEFINED = "roles/cloudkms.", "roles/"
_NEAR = 2


def google_facts(site: GoogleSite, ours: frozenset[str]) -> AccessFacts:
    """The facts of a key; `ours` are the projects of the population."""
    known, case = site.kept(), (site.case, ours)
    if case not in known:
        known[case] = _worked_out(site, ours | site.aliases())
    return known[case]


def _worked_out(site: GoogleSite, ours: frozenset[str]) -> AccessFacts:
    doubt = _doubt(site)
    found = site.standings()
    told = ((one, whole) for one in found if (whole := one.whole))
    holders = tuple(grouped((_holder(site, one, ours, doubt), whole) for one, whole in told))
    return msgspec.structs.replace(
        without(None),
        public=_public(site, doubt),
        holders=holders,
        users=counted(holders, lambda one: one.uses, _GROUPS, by_head=not _is_open(holders)),
        users_seen=seen(holders, lambda one: one.uses),
        administrators=counted(holders, lambda one: one.changes_policy, _GROUPS, by_head=False),
        administrators_seen=seen(holders, lambda one: one.changes_policy),
        without_effect=_without_effect(site),
    )


def _is_open(holders: tuple[HolderFacts, ...]) -> bool:
    """Whether everybody has the use, so that counting heads tells nothing more: then names are counted."""
    return any(one.kind is PrincipalKind.PUBLIC and one.uses is True for one in holders)


def _doubt(site: GoogleSite) -> Unknown:
    """What is most likely missing where a decision is open: a level, else a role, else who is in a group."""
    if site.unread:
        return site.unread[0][1]
    bindings = (one for level in site.levels for one in level.bindings or ())
    return _ROLES if any(one.permissions is None for one in bindings) else _GROUPS


def _holder(site: GoogleSite, one: Standing, ours: frozenset[str], doubt: Unknown) -> HolderFacts:
    caller, cells = one.caller, one.cells
    if caller.kind is PrincipalKind.LEVEL:
        return unread_holder(caller, doubt)
    uses = may(cells, (USE,), doubt)
    return HolderFacts(
        principal=caller.id,
        size=1,
        way="",
        kind=caller.kind,
        account=caller.account,
        ours=certain(_is_ours(one, ours), one.whole, doubt),
        uses=uses,
        decides=may(cells, DECIDE, doubt),
        changes_policy=may(cells, (ActionClass.POLICY,), doubt),
        steps_to_use=_steps(one, (USE,), doubt),
        steps_to_decide=_steps(one, DECIDE, doubt),
        broad=uses if uses is not True else _is_broad(site, one, doubt),
        without_mfa=None,
        outside_endpoint=None,
        idle=None,
        hidden=uses if uses is not True else _is_hidden(site, one, doubt),
        purges=None,
    )


def _steps(one: Standing, kinds: tuple[ActionClass, ...], doubt: Unknown) -> Truth:
    """Whether the caller is a step away by something other than what administers the key anyway."""
    found = (step for kind in kinds if (step := one.ways.besides(kind, OWN_POWERS)) is not None)
    return any_of(doubt if step.missing else True for step in found)


def _is_ours(one: Standing, ours: frozenset[str]) -> bool | Unknown:
    """A project of the population is ours, by its name or number, and the organisation's own domain.

    Whose another number or domain is, nobody asked: an organisation may have several domains.
    """
    kind, account = one.caller.kind, one.caller.account
    if account in ours:
        return True
    if kind is PrincipalKind.PUBLIC or account in CONSUMERS:
        return False
    if kind is PrincipalKind.WORKLOAD:
        return _PROJECTS if account.isdigit() or may_be_of_google(one.caller.id) else False
    return _PROJECTS if account.isdigit() else _OWNERS


def _is_broad(site: GoogleSite, one: Standing, doubt: Unknown) -> Truth:
    """Whether the use comes from above the key ring, so that rings to come are open as well."""
    asking = site.asking(one.caller)
    return _uses_by(site, asking, asking.levels[:-_NEAR], doubt)


def _is_hidden(site: GoogleSite, one: Standing, doubt: Unknown) -> Truth:
    """Whether a role of Google's gives the use that is not one of its key service."""
    asking = site.asking(one.caller)
    return _uses_by(site, asking, map(_by_other_roles, asking.levels), doubt)


def _by_other_roles(level: Level) -> Level:
    bindings = level.bindings or ()
    kept = tuple(one for one in bindings if one.role.startswith(_PREDEFINED) and not one.role.startswith(_OF_KMS))
    return msgspec.structs.replace(level, bindings=None if level.bindings is None else kept)


def _uses_by(site: GoogleSite, asking: Asking, levels: Iterable[Level], doubt: Unknown) -> Truth:
    """Whether these levels alone give the use."""
    over = tuple(levels)
    wanted = [name for name in site.fit if GOOGLE[name] is USE]
    found = {name: asking.decide(name, over, about_key(site.key.id, {})) for name in wanted}
    return may(fold(found, GOOGLE), (USE,), doubt)


def _public(site: GoogleSite, doubt: Unknown) -> Truth:
    """Whether everybody may do anything; open while a level is, where everybody may be named as well."""
    strangers = (one for one in site.standings() if one.caller.kind is PrincipalKind.PUBLIC)
    found = [may(one.cells, ActionClass, doubt) for one in strangers]
    is_open = any(level.bindings is None for level in site.levels)
    return any_of((*found, doubt if is_open else False))


def _without_effect(site: GoogleSite) -> tuple[str, ...] | Unknown:
    """Bindings on the ring and the key that give nothing: to nobody, no longer, or by a role about something else."""
    unread = next((unknown for name, unknown in site.unread if name in {level.name for level in site.written}), None)
    return unread or tuple(_dead(site))


def _dead(site: GoogleSite) -> Iterator[str]:
    for level in site.written:
        for one in level.bindings or ():
            gone = all(name.startswith(GONE) for name in one.members)
            empty = one.permissions is not None and not any(name.startswith("cloudkms.") for name in one.permissions)
            if gone or empty or has_run_out(one.condition, site.as_of):
                yield f"{one.role} on the {level.name}"
