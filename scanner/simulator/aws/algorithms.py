"""Which algorithms a KMS key of a spec offers, in the member of DescribeKey they appear in. Judges none of them."""

from collections.abc import Mapping

_ECDSA = {
    "ECC_NIST_P256": "ECDSA_SHA_256",
    "ECC_NIST_P384": "ECDSA_SHA_384",
    "ECC_NIST_P521": "ECDSA_SHA_512",
    "ECC_SECG_P256K1": "ECDSA_SHA_256",
}
_RSA_SIGNING = [f"RSASSA_{scheme}_SHA_{bits}" for scheme in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]


def algorithms(spec: str, usage: str) -> Mapping[str, list[str]]:
    """The one member that lists them, empty for a spec without any."""
    match usage:
        case "ENCRYPT_DECRYPT" if spec.startswith("RSA"):
            return {"EncryptionAlgorithms": ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]}
        case "ENCRYPT_DECRYPT":
            return {"EncryptionAlgorithms": ["SM2PKE" if spec == "SM2" else "SYMMETRIC_DEFAULT"]}
        case "GENERATE_VERIFY_MAC":
            return {"MacAlgorithms": [spec.replace("HMAC_", "HMAC_SHA_")]}
        case "KEY_AGREEMENT":
            return {"KeyAgreementAlgorithms": ["ECDH"]}
        case "SIGN_VERIFY":
            return {"SigningAlgorithms": _signing(spec)}
        case _:
            return {}


def _signing(spec: str) -> list[str]:
    if spec.startswith("RSA"):
        return _RSA_SIGNING
    if spec.startswith("ML_DSA"):
        return ["ML_DSA_SHAKE_256"]
    if spec == "ECC_NIST_EDWARDS25519":
        return ["ED25519_SHA_512", "ED25519_PH_SHA_512"]
    return [_ECDSA.get(spec, "SM2DSA")]
