"""The two accounts of made-up estates, the moment they are looked at, and references to keys as they are said there."""

from datetime import UTC, datetime

AS_OF = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "eu-central-1"
OTHER = "444455556666"
HERE, THERE = (ACCOUNT, REGION), (OTHER, REGION)
ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/"
FAR = f"arn:aws:kms:{REGION}:{OTHER}:key/"
ID = "-0000-4000-8000-000000000000"
REFERENCES = (
    *(
        f"{ARN}00000000{ID}",
        f"{ARN}00000001{ID}",
        f"00000000{ID}",
        f"00000001{ID}",
        f"00000009{ID}",
        f"{FAR}00000000{ID}",
        f"{FAR}gone",
        "alias/a",
        "alias/b",
        "alias/aws/rds",
    ),
    *(f"arn:aws:kms:{REGION}:{OTHER}:alias/a", "arn:aws:kms:us-east-1:999999999999:key/0", "reference"),
)
"""Every form of a reference, as said in an account-region: to keys of its own, of another, of nowhere."""
