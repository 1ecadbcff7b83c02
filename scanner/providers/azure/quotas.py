"""Published limits of Azure that several tables of operations name. Calls nothing."""

from scanner.providers.operation import Quota

READS = Quota(per_second=25, source="Azure Resource Manager throttling limits, refill of reads per subscription, 2026")
