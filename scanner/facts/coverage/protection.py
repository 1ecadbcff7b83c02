"""What rests on a key: the stores that are known, and whether all could be seen. Decides no access.

A store lives where its key lives, so what could be missing is in the key's own region: in its own account, and in
every account that its policy or grants let in. Only a trail may be kept in another region than its bucket and key: of
those, all regions of these accounts are asked, and those out of scope matter to keys that let trails in. Kinds of
store that are not read at all are not counted as missing.
"""

from scanner.facts.coverage.admitted import admitted, may_encrypt_trails
from scanner.facts.coverage.named import unnamed
from scanner.facts.coverage.references import Place
from scanner.facts.coverage.view import View
from scanner.facts.kleene import Truth
from scanner.facts.subjects import ProtectedFacts, ProtectionFacts
from scanner.model.key import Key, Tracked
from scanner.model.protection import ProtectedStore
from scanner.model.unknown import Unknown


def derive_protection(key: Key, view: View) -> ProtectionFacts:
    """The stores under the key. The list is unknown as a whole while something could be missing from it."""
    missing = unseen(key, view)
    stores = view.resting_on(key.id)
    complete: Truth = missing[0] if missing else True
    in_use = _in_use(key, view, seen=bool(stores), missing=missing)
    return ProtectionFacts(
        stores=missing[0] if missing else tuple(_facts(store) for store in sorted(stores, key=lambda item: item.id)),
        complete=complete,
        in_use=in_use,
    )


def _in_use(key: Key, view: View, *, seen: bool, missing: tuple[Unknown, ...]) -> Truth:
    """What was seen, or what the provider counts.

    Its count of nothing holds where our own listing is whole as well, and no names that it has were kept from us.
    """
    counted = key.tracked if isinstance(key.tracked, Tracked) else None
    if seen or (counted is not None and counted.resources):
        return True
    whole = counted is not None and not counted.warnings and not isinstance(key.protects, Unknown)
    return False if not missing or (whole and not _own_gaps(key, view)) else missing[0]


def _own_gaps(key: Key, view: View) -> list[Unknown]:
    """Why a store of the key's own account may rest on it unseen."""
    own = Place(key.provider, key.account, key.region)
    return [*view.hidden(own), *view.around.borrowed.astray.get(own, ())]


def unseen(key: Key, view: View) -> tuple[Unknown, ...]:
    """Why something may rest on the key unseen, each reason once; the own account's first."""
    found = [*_own_gaps(key, view), *unnamed(key), *_trails(key, key.account, view)]
    others = admitted(key)
    if isinstance(others, Unknown):
        found.append(others)
    else:
        for account in sorted(others):
            found += view.hidden(Place(key.provider, account, key.region))
            found += _trails(key, account, view)
    return tuple(dict.fromkeys(found))


def _trails(key: Key, account: str, view: View) -> tuple[Unknown, ...]:
    """Why a trail of the account may deliver under the key unseen."""
    outside = view.trails_outside(account) if may_encrypt_trails(key) else ()
    return (*view.hidden_trails(account), *outside)


def _facts(store: ProtectedStore) -> ProtectedFacts:
    return ProtectedFacts(
        id=store.id,
        name=store.name,
        kind=store.kind,
        copy=store.copy,
        account=store.account,
        region=store.region,
        expires_at=store.expires_at,
    )
