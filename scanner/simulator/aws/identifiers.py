"""Identifiers that look like those of AWS and are the same in every run. Knows no world."""

import base64
import hashlib
import json


def digest(*parts: object) -> str:
    """Sixty-four hex digits that depend on the parts alone."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def uuid_of(*parts: object) -> str:
    """A UUID that depends on the parts alone."""
    text = digest(*parts)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"


def unique_id(prefix: str, *parts: object) -> str:
    """An id of IAM's form: the prefix (AKIA, ASIA, AROA, AIDA) and sixteen letters and digits."""
    return prefix + base64.b32encode(bytes.fromhex(digest(*parts))).decode()[:16]


def token_of(*parts: object) -> str:
    """An opaque token for the next page or a session."""
    return base64.urlsafe_b64encode("\0".join(map(str, parts)).encode()).decode()


def read_token(token: str) -> tuple[str, ...]:
    """The parts of a token; empty when it is none of ours."""
    try:
        return tuple(base64.urlsafe_b64decode(token.encode()).decode().split("\0"))
    except ValueError:
        return ()


def default_policy(account: str) -> str:
    """The key policy that KMS makes when none is given, as JSON text."""
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]})
