"""Every service whose data stores are read, in the order in which reports list them. Holds no logic."""

from scanner.providers.aws.operation import AnyOperation
from scanner.providers.aws.stores import backup, dynamodb, ec2, logs, rds, rds_copies, s3, secretsmanager, ssm
from scanner.providers.aws.stores.service import Listing, operations_of

LISTINGS: tuple[Listing, ...] = (
    *rds.LISTINGS,
    *rds_copies.LISTINGS,
    *ec2.LISTINGS,
    *s3.LISTINGS,
    *dynamodb.LISTINGS,
    *secretsmanager.LISTINGS,
    *logs.LISTINGS,
    *backup.LISTINGS,
    *ssm.LISTINGS,
)
"""Every listing of stores; a service's module gives its own as `LISTINGS`."""

STORE_OPERATIONS: tuple[AnyOperation, ...] = operations_of(LISTINGS)
"""Every operation that reading stores may call."""
