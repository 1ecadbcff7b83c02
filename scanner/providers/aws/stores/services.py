"""Every service whose data stores are read, in the order in which reports list them. Holds no logic."""

from scanner.providers.aws.stores import (
    awslambda,
    backup,
    dynamodb,
    ec2,
    ecr,
    efs,
    eks,
    elasticache,
    elasticache_serverless,
    fsx,
    kafka,
    kinesis,
    logs,
    opensearch,
    rds,
    rds_copies,
    redshift,
    s3,
    secretsmanager,
    sns,
    sqs,
    ssm,
)
from scanner.providers.aws.stores.service import Listing, operations_of
from scanner.providers.operation import AnyOperation

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
    *sns.LISTINGS,
    *sqs.LISTINGS,
    *kinesis.LISTINGS,
    *kafka.LISTINGS,
    *efs.LISTINGS,
    *fsx.LISTINGS,
    *redshift.LISTINGS,
    *awslambda.LISTINGS,
    *elasticache.LISTINGS,
    *elasticache_serverless.LISTINGS,
    *opensearch.LISTINGS,
    *ecr.LISTINGS,
    *eks.LISTINGS,
)
"""Every listing of stores; a service's module gives its own as `LISTINGS`."""

STORE_OPERATIONS: tuple[AnyOperation, ...] = operations_of(LISTINGS)
"""Every operation that reading stores may call."""
