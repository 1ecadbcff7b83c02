"""The partition of AWS that a region belongs to, which every ARN names. Knows no other provider.

Regions and partitions as botocore's endpoint data name them, 2026-11.
"""

from collections.abc import Mapping

_BY_PREFIX: Mapping[str, str] = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}


def partition_of(region: str) -> str:
    """The partition of a region by how its name begins; `aws` for all others."""
    return next((name for prefix, name in _BY_PREFIX.items() if region.startswith(prefix)), "aws")
