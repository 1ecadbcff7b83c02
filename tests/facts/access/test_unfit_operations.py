"""What a key of AWS cannot have done to it is nobody's right, whatever policies say."""

import pytest
from msgspec.structs import replace

import access_worlds as worlds
from access_worlds import arn, delegation
from scanner.facts.access.aws_site import AwsSite
from scanner.facts.access.matrix import Matrices
from scanner.model.effective import ActionClass
from scanner.model.key import KeyType, KeyUsage, MultiRegionRole, Origin

COPIES = ("kms:ReplicateKey", "kms:UpdatePrimaryRegion")
IMPORT = ("kms:ImportKeyMaterial", "kms:DeleteImportedKeyMaterial")
ROTATION = ("kms:EnableKeyRotation", "kms:RotateKeyOnDemand")


def classes(actions, **about):
    """The classes of which a role with these actions has anything."""
    key = worlds.key(delegation(), metadata=replace(worlds.METADATA, **about))
    given = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    site = AwsSite(key, Matrices([worlds.identities(worlds.role("app", given))], [worlds.tree()]))
    return {*next(found.cells for found in site.found() if found.caller.id == arn("role", "app"))}


@pytest.mark.parametrize(
    ("actions", "about", "expected"),
    [
        (COPIES, {"multi_region": MultiRegionRole.NONE}, set()),
        (COPIES, {"multi_region": MultiRegionRole.REPLICA}, set()),
        (COPIES, {"multi_region": MultiRegionRole.PRIMARY}, {ActionClass.POLICY}),
        (("kms:SynchronizeMultiRegionKey",), {"multi_region": MultiRegionRole.REPLICA}, {ActionClass.POLICY}),
        (("kms:SynchronizeMultiRegionKey",), {"multi_region": MultiRegionRole.NONE}, set()),
        (IMPORT, {"origin": Origin.PROVIDER}, set()),
        (IMPORT, {"origin": Origin.EXTERNAL_STORE}, set()),
        (IMPORT, {"origin": Origin.IMPORTED}, {ActionClass.DESTROY, ActionClass.ROTATE}),
        (IMPORT, {"origin": Origin.UNRECOGNISED}, {ActionClass.DESTROY, ActionClass.ROTATE}),
        (ROTATION, {"type": KeyType.SYMMETRIC}, {ActionClass.ROTATE}),
        (ROTATION, {"type": KeyType.ASYMMETRIC, "usage": KeyUsage.SIGN_VERIFY}, set()),
        (ROTATION, {"type": KeyType.UNRECOGNISED, "usage": KeyUsage.UNRECOGNISED}, {ActionClass.ROTATE}),
    ],
)
def test_what_the_kind_of_key_rules_out_is_no_right(actions, about, expected):
    assert classes(actions, **about) == expected


def test_what_every_key_can_have_done_to_it_stays():
    kept = {ActionClass.POLICY, ActionClass.DESTROY, ActionClass.GRANT}
    assert kept <= classes(("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateGrant"))
