"""The costly parts of a key's facts, which are derived only where somebody asks for them. Derives nothing itself."""

from collections.abc import Collection

import msgspec

from scanner.model.unknown import Cause, Unknown


class KeyParts(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the facts that weigh whole policies are asked for; all others of a key are always derived."""

    policy: bool = True
    guard: bool = True
    protection: bool = True
    given: bool = True
    access: bool = True


EVERY_PART = KeyParts()

LEFT_OUT = Unknown(cause=Cause.NOT_COLLECTED, call="nothing, as no selected rule asks for it")
"""Every leaf of a part that nobody asks for: read by mistake it leaves a verdict open, and never passes for a value."""


def parts_asked(groups: Collection[str]) -> KeyParts:
    """What is asked for by rules whose facts rest on these groups: every leaf of a part names the group here."""
    return KeyParts(
        policy="policy" in groups,
        guard="service_control" in groups,
        protection="stores" in groups,
        given="levels" in groups,
        access="principals" in groups,
    )
