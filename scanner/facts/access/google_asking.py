"""Decisions of Google Cloud for one caller at one key, each kind of permission asked once. Knows no other caller."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from scanner.facts.access.aws import Decision, Result
from scanner.facts.access.cel import Attributes, holds
from scanner.facts.access.cells import Decisions
from scanner.facts.access.classes import GOOGLE
from scanner.facts.access.google import Asked, Binding, Groups, Level, covers, decide
from scanner.facts.access.google_callers import asked_as
from scanner.facts.access.site import Caller, Supposed
from scanner.facts.access.spared import unless_spared
from scanner.facts.bindings import PUBLIC
from scanner.model.effective import PrincipalKind
from scanner.model.key import KeyUsage

VIA_DELEGATION = ("useToDecryptViaDelegation", "useToEncryptViaDelegation")
_VERSIONS = "cloudkms.cryptoKeyVersions."
_ALONE_NOTHING = frozenset(
    f"{_VERSIONS}{verb}"
    for verb in (
        *VIA_DELEGATION,
        *("manageRawAesCbcKeys", "manageRawAesCtrKeys", "manageRawPKCS1Keys", "managePqcSign", "trustedImportExport"),
    )
)
"""What gives nothing of the key by itself: it works through a service, or beside the permission to use the key.

https://cloud.google.com/kms/docs/reference/permissions-and-roles
"""

_ENCRYPTION = frozenset(f"{_VERSIONS}{verb}" for verb in ("useToEncrypt", "useToDecrypt"))
_SIGNATURE = frozenset(f"{_VERSIONS}{verb}" for verb in ("useToSign", "useToVerify"))
_AGREEMENT = frozenset({f"{_VERSIONS}useToDecapsulate"})
_CANNOT: Mapping[KeyUsage, frozenset[str]] = {
    KeyUsage.ENCRYPT_DECRYPT: _SIGNATURE | _AGREEMENT,
    KeyUsage.RAW_ENCRYPT_DECRYPT: _SIGNATURE | _AGREEMENT,
    KeyUsage.SIGN_VERIFY: _ENCRYPTION | _AGREEMENT,
    KeyUsage.MAC: _ENCRYPTION | _AGREEMENT,
    KeyUsage.KEY_AGREEMENT: _ENCRYPTION | _SIGNATURE,
}
"""Uses that a key of this kind does not have."""

_OF_RING = ("cloudkms.keyRings.", "cloudkms.importJobs.", "cloudkms.cryptoKeys.list")
"""Permissions that are asked for on the ring, so that what the key itself gives has no say."""

_PLAIN = ("user:", "serviceAccount:", "deleted:")
_KEY_TYPE, _RING_TYPE = "cloudkms.googleapis.com/CryptoKey", "cloudkms.googleapis.com/KeyRing"
_SERVICE = "cloudkms.googleapis.com"
_VERSION = re.compile(r"""['"/]([0-9]+)""")
"""A number in a condition that may be that of a version."""

_TIME = re.compile(r"\brequest\.time\b")
_UNTIL = re.compile(r"\brequest\.time\s*<=?\s*timestamp\s*\(")
_TURNS = re.compile(r"!|\?|==")


def fit(usage: KeyUsage | None) -> tuple[str, ...]:
    """The permissions that a key of this use can be asked for."""
    without = _ALONE_NOTHING | (_CANNOT.get(usage, frozenset()) if usage is not None else frozenset())
    return tuple(name for name in GOOGLE if name not in without)


def in_force(level: Level, as_of: datetime) -> Level:
    """The level without what has run out for good."""
    return msgspec.structs.replace(
        level,
        bindings=None
        if level.bindings is None
        else tuple(one for one in level.bindings if not has_run_out(one.condition, as_of)),
        denials=None
        if level.denials is None
        else tuple(one for one in level.denials if not has_run_out(one.condition, as_of)),
    )


def has_run_out(condition: str | None, as_of: datetime) -> bool:
    """Whether a condition that sets an end by date, and asks for time in no other way, has come to it."""
    if condition is None or not _UNTIL.search(condition) or _TURNS.search(condition):
        return False
    if len(_TIME.findall(condition)) != len(_UNTIL.findall(condition)):
        return False
    return holds(condition, {"request": {"time": as_of}}, failed=True) is False


def about_key(key: str, supposed: Supposed) -> Attributes:
    """What is known of a request for the key: its name and kind, and what is supposed (such as `request.time`)."""
    return _about({"name": key, "type": _KEY_TYPE, "service": _SERVICE}, supposed)


def about_ring(key: str, supposed: Supposed) -> Attributes:
    """The same of a request for the key's ring."""
    ring = key.partition("/cryptoKeys/")[0]
    return _about({"name": ring, "type": _RING_TYPE, "service": _SERVICE}, supposed)


def _about(resource: Mapping[str, str], supposed: Supposed) -> Attributes:
    found: dict[str, dict[str, str | datetime]] = {"resource": dict(resource), "request": {}}
    for name, values in supposed.items():
        group, _, attribute = name.partition(".")
        if group in found and attribute and values:
            found[group][attribute] = _moment(values[0]) if attribute == "time" else values[0]
    return found


def _moment(text: str) -> str | datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


class Asking:
    """One caller before levels: those bindings alone that may mean it."""

    def __init__(self, caller: Caller, levels: Iterable[Level], groups: Groups) -> None:
        is_anybody = caller.kind is PrincipalKind.PUBLIC
        narrow: Callable[[Level], Level] = _for_anybody if is_anybody else lambda level: _narrowed(level, caller.id)
        if caller.kind is PrincipalKind.LEVEL:
            narrow = _for_somebody
        self.levels = tuple(map(narrow, levels))
        self._stands_for_many = caller.kind in {PrincipalKind.GROUP, PrincipalKind.SET}
        self._principal = asked_as(caller)
        self._groups = Groups(members={}, complete=True) if is_anybody else groups

    def decide(self, permission: str, levels: Iterable[Level], request: Attributes) -> Decision:
        """The decision on one permission where these levels have a say."""
        asked = Asked(principal=self._principal, permission=permission, request=request)
        over = tuple(levels)
        found = decide(over, self._groups, asked)
        if found.result is Result.DENY:
            found = self._of_version(asked, over) or found
        if not self._stands_for_many:
            return found
        return unless_spared(found, lambda: decide(map(_for_somebody, over), self._groups, asked))

    def _of_version(self, asked: Asked, over: tuple[Level, ...]) -> Decision | None:
        """The decision on a permission that a condition gives for versions of the key and not for the key itself."""
        conditions = [one.condition for level in over for one in level.bindings or () if one.condition]
        key = str(asked.request.get("resource", {}).get("name", ""))
        if not asked.permission.startswith(_VERSIONS) or not any("resource" in text for text in conditions):
            return None
        if "/cryptoKeyVersions/" in key:
            return None
        numbers = {"1", *(number for text in conditions for number in _VERSION.findall(text))}
        answers = (self._at_version(asked, over, f"{key}/cryptoKeyVersions/{number}") for number in sorted(numbers))
        found = next((one for one in answers if one.result is not Result.DENY), None)
        return found and found.given("the request names a version of the key, and one that the condition means")

    def _at_version(self, asked: Asked, over: tuple[Level, ...], version: str) -> Decision:
        resource = {"name": version, "type": f"{_KEY_TYPE}Version", "service": _SERVICE}
        request = {**asked.request, "resource": resource}
        return decide(over, self._groups, msgspec.structs.replace(asked, request=request))

    def decisions(self, permissions: Iterable[str], key: str, supposed: Supposed) -> Decisions:
        """The decision on each permission on the key, or on its ring."""
        of_key, of_ring = about_key(key, supposed), about_ring(key, supposed)
        answers: dict[object, Decision] = {}
        found: dict[str, Decision] = {}
        for name in permissions:
            on_ring = name.startswith(_OF_RING)
            levels = self.levels[:-1] if on_ring else self.levels
            told = on_ring, name.startswith(_VERSIONS), *(_told(level, name) for level in levels)
            if told not in answers:
                answers[told] = self.decide(name, levels, of_ring if on_ring else of_key)
            found[name] = answers[told]
        return found


def _told(level: Level, permission: str) -> tuple[object, ...]:
    """How a level tells a permission from others."""
    given = tuple(one.permissions is not None and permission in one.permissions for one in level.bindings or ())
    taken = tuple(
        covers(rule.permissions, permission) and not covers(rule.excepted_permissions, permission)
        for rule in level.denials or ()
    )
    return given, taken


def _narrowed(level: Level, member: str) -> Level:
    """Without bindings of which each member's name tells that it is somebody else."""
    wanted = member.lower()
    kept = tuple(one for one in level.bindings or () if any(_may_mean(name, wanted) for name in one.members))
    return msgspec.structs.replace(level, bindings=None if level.bindings is None else kept)


def _may_mean(name: str, wanted: str) -> bool:
    return not name.startswith(_PLAIN) or name.lower() == wanted


def _for_somebody(level: Level) -> Level:
    """For whoever nobody could look at, who may be one whom a denial spares."""
    sparing_nobody = None if level.denials is None else tuple(one for one in level.denials if not one.excepted)
    return msgspec.structs.replace(level, denials=sparing_nobody)


def _for_anybody(level: Level) -> Level:
    """With those members alone that stand for everybody: anybody is in no group, no project and no pool."""
    kept: list[Binding] = []
    for one in level.bindings or ():
        members = tuple(name for name in one.members if name in PUBLIC)
        if members:
            kept.append(msgspec.structs.replace(one, members=members))
    return msgspec.structs.replace(level, bindings=None if level.bindings is None else tuple(kept))
