"""What keeping a key costs at list price. Reads no bill.

AWS: 1 USD a month for each key of a customer, in whatever region, key store and kind, and 1 USD more for each of the
first two rotations of it; nothing for keys of AWS, and nothing while a key is pending deletion.
https://aws.amazon.com/kms/pricing/ as of 2026-11-24. Regions of China and of the US government may be priced
otherwise, which is not modelled; neither are calls, nor the cluster or store behind a custom key store.
"""

from scanner.facts.permissions import PERMISSIONS
from scanner.facts.reading import leaf
from scanner.facts.subjects import CostFacts
from scanner.model.key import Key, KeyState, Manager, Provider, RotationHistory
from scanner.model.unknown import Cause, Unknown

MONTHS = 12
USD_A_MONTH = 1
ROTATIONS_CHARGED = 2

_FREE = (KeyState.PENDING_DELETION, KeyState.DESTROYED)


def derive_cost(key: Key) -> CostFacts:
    """The price of a year at the number of rotations that the key has had; only AWS is priced so far."""
    return CostFacts(usd_per_year=_usd_per_year(key))


def _usd_per_year(key: Key) -> int | Unknown:
    if key.provider is not Provider.AWS:
        return Unknown(cause=Cause.UNSUPPORTED, call=PERMISSIONS[key.provider].describe)
    if type(key.metadata) is Unknown:
        return key.metadata
    if key.metadata.manager is Manager.PROVIDER or key.metadata.state in _FREE:
        return 0
    rotations = leaf(key.rotation_history, _rotations)
    if type(rotations) is Unknown:
        return rotations
    return MONTHS * USD_A_MONTH * (1 + min(rotations or 0, ROTATIONS_CHARGED))


def _rotations(history: RotationHistory) -> int:
    return len(history.events)
