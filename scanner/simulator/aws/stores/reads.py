"""Which operations of the services that keep data are answered: the one table. Answers no call itself."""

from collections.abc import Mapping

from scanner.simulator.aws.stores import backup, caches, compute, dynamodb, ec2, files, queues, rds, records, warehouses
from scanner.simulator.aws.stores.shelves import Handler

STORE_READS: Mapping[tuple[str, str], Handler] = {
    **ec2.READS,
    **rds.READS,
    **dynamodb.READS,
    **records.READS,
    **backup.READS,
    **queues.READS,
    **files.READS,
    **warehouses.READS,
    **caches.READS,
    **compute.READS,
}
