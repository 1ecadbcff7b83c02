"""What an operation on a key amounts to, the same nine classes on every cloud. Evaluates nothing.

An operation that is not here has no class: whoever may do it is told so, and it is never dropped. The tables are our
own: AWS calls Decrypt, GenerateDataKey and Sign alike `Write`, which tells nothing.
"""

from collections.abc import Mapping

from scanner.model.effective import ActionClass


def _each(found: ActionClass, *names: str) -> dict[str, ActionClass]:
    return dict.fromkeys(names, found)


AWS: Mapping[str, ActionClass] = {
    **_each(
        ActionClass.USE_PLAINTEXT,
        *("Decrypt", "ReEncryptFrom", "GenerateDataKey", "GenerateDataKeyPair", "Sign", "GenerateMac"),
        *("DeriveSharedSecret", "Decapsulate"),
    ),
    **_each(
        ActionClass.USE_ENCRYPT,
        *("Encrypt", "ReEncryptTo", "Encapsulate", "Verify", "VerifyMac"),
        *("GenerateDataKeyWithoutPlaintext", "GenerateDataKeyPairWithoutPlaintext"),
    ),
    **_each(ActionClass.GRANT, "CreateGrant", "RevokeGrant", "RetireGrant"),
    **_each(ActionClass.POLICY, "PutKeyPolicy", "ReplicateKey", "UpdatePrimaryRegion", "SynchronizeMultiRegionKey"),
    **_each(
        ActionClass.DESTROY,
        *("ScheduleKeyDeletion", "DeleteImportedKeyMaterial", "DisableKey", "DisconnectCustomKeyStore"),
        *("DeleteCustomKeyStore", "UpdateCustomKeyStore"),
    ),
    **_each(ActionClass.RESTORE, "CancelKeyDeletion", "EnableKey", "ConnectCustomKeyStore"),
    **_each(ActionClass.ROTATE, "EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand", "ImportKeyMaterial"),
    **_each(
        ActionClass.TAG,
        *("TagResource", "UntagResource", "CreateAlias", "UpdateAlias", "DeleteAlias", "UpdateKeyDescription"),
    ),
    **_each(
        ActionClass.READ,
        *("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "GetPublicKey", "GetParametersForImport"),
        *("GetKeyLastUsage", "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListResourceTags", "ListAliases"),
        *("ListKeys", "ListRetirableGrants", "DescribeCustomKeyStores"),
    ),
}
"""Operations of AWS KMS without their prefix. Those that return a data key encrypted alone return no plaintext."""

AWS_WITHOUT_KEY = frozenset({"CreateKey", "CreateCustomKeyStore", "GenerateRandom"})
"""Operations that are about no key there is."""

AWS_WITHOUT_KEY_ARN = frozenset(
    {
        *("ConnectCustomKeyStore", "DisconnectCustomKeyStore", "UpdateCustomKeyStore", "DeleteCustomKeyStore"),
        *("DescribeCustomKeyStores", "ListAliases", "ListKeys", "ListRetirableGrants"),
    }
)
"""Operations whose request names a store or nothing, so that no key policy has a say."""

_KEY, _VERSION = "cloudkms.cryptoKeys.", "cloudkms.cryptoKeyVersions."
GOOGLE: Mapping[str, ActionClass] = {
    **_each(
        ActionClass.USE_PLAINTEXT,
        *(f"{_VERSION}{verb}" for verb in ("useToDecrypt", "useToDecryptViaDelegation", "useToSign")),
        *(f"{_VERSION}{verb}" for verb in ("useToDecapsulate", "manageRawAesCbcKeys", "manageRawAesCtrKeys")),
        *(f"{_VERSION}{verb}" for verb in ("manageRawPKCS1Keys", "managePqcSign", "trustedImportExport")),
    ),
    **_each(
        ActionClass.USE_ENCRYPT,
        *(f"{_VERSION}{verb}" for verb in ("useToEncrypt", "useToEncryptViaDelegation", "useToVerify")),
    ),
    **_each(ActionClass.POLICY, f"{_KEY}setIamPolicy", "cloudkms.keyRings.setIamPolicy"),
    **_each(
        ActionClass.DESTROY,
        *(f"{_VERSION}destroy", f"{_VERSION}delete", f"{_VERSION}update", f"{_KEY}delete", "cloudkms.keyRings.delete"),
    ),
    **_each(ActionClass.RESTORE, f"{_VERSION}restore"),
    **_each(ActionClass.ROTATE, f"{_VERSION}create", f"{_KEY}update", "cloudkms.importJobs.useToImport"),
    **_each(ActionClass.TAG, "cloudkms.keyRings.createTagBinding", "cloudkms.keyRings.deleteTagBinding"),
    **_each(
        ActionClass.READ,
        *(f"{_KEY}{verb}" for verb in ("get", "list", "getIamPolicy")),
        *(f"{_VERSION}{verb}" for verb in ("get", "list", "viewPublicKey")),
        *(f"cloudkms.keyRings.{verb}" for verb in ("get", "list", "getIamPolicy", "listEffectiveTags")),
        "cloudkms.keyRings.listTagBindings",
    ),
}
"""Permissions of Cloud KMS on keys, versions and rings. An update of a version can disable it, one of a key can stop
its rotation or change its primary version."""

GOOGLE_KINDS = ("cryptoKeys", "cryptoKeyVersions", "keyRings")
"""The resources whose permissions are about keys; others are about places, connections and instances."""

GOOGLE_WITHOUT_KEY = frozenset({f"{_KEY}create", "cloudkms.keyRings.create"})
"""Permissions that are about no key there is."""

_KEYS = "Microsoft.KeyVault/vaults/keys/"
AZURE: Mapping[str, ActionClass] = {
    **_each(ActionClass.USE_PLAINTEXT, *(f"{_KEYS}{verb}/action" for verb in ("decrypt", "unwrap", "sign", "release"))),
    f"{_KEYS}backup/action": ActionClass.USE_PLAINTEXT,
    **_each(ActionClass.USE_ENCRYPT, *(f"{_KEYS}{verb}/action" for verb in ("encrypt", "wrap", "verify"))),
    **_each(
        ActionClass.POLICY,
        *("Microsoft.KeyVault/vaults/accessPolicies/write", "Microsoft.Authorization/roleAssignments/write"),
        *("Microsoft.KeyVault/vaults/write", "Microsoft.Authorization/elevateAccess/Action"),
    ),
    **_each(
        ActionClass.DESTROY,
        *(f"{_KEYS}delete", f"{_KEYS}purge/action", f"{_KEYS}update/action", "Microsoft.KeyVault/vaults/delete"),
        *("Microsoft.KeyVault/locations/deletedVaults/purge/action", "Microsoft.Authorization/locks/delete"),
    ),
    **_each(ActionClass.RESTORE, f"{_KEYS}recover/action", f"{_KEYS}restore/action"),
    **_each(
        ActionClass.ROTATE,
        *(f"{_KEYS}{verb}/action" for verb in ("rotate", "import", "create")),
        "Microsoft.KeyVault/vaults/keyrotationpolicies/write",
    ),
    **_each(ActionClass.READ, f"{_KEYS}read", "Microsoft.KeyVault/vaults/keyrotationpolicies/read"),
}
"""Operations of Key Vault on keys and on what guards them. An update can disable a key; to create one of the same name
makes a new version; a backup can be restored elsewhere in the same geography and used there."""

AZURE_WITHOUT_KEY = frozenset({f"{_KEYS}write", "Microsoft.Insights/diagnosticSettings/delete"})
"""Operations of the role table that are about no key there is: making one, and blinding the log."""


def aws_class(action: str) -> ActionClass | None:
    """The class of an action such as `kms:Decrypt`, whatever its case; None for one that has none."""
    return _AWS.get(action.lower().removeprefix("kms:"))


_AWS = {name.lower(): found for name, found in AWS.items()}
