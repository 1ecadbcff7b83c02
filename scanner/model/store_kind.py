"""The kinds of data store and of copies, the same on every cloud. Holds no record."""

from enum import StrEnum


class StoreKind(StrEnum):
    """The kinds of data store, the same on every cloud.

    No record is of the last three: log files of a trail rest on the key that the trail names, volumes still to be made
    on the key of their region's default, and of other things the provider alone says that they rest on one.
    """

    DATABASE = "database"
    DATABASE_CLUSTER = "database_cluster"
    DATABASE_SNAPSHOT = "database_snapshot"
    DATABASE_BACKUP = "database_backup"
    DATABASE_INSIGHTS = "database_insights"
    VOLUME = "volume"
    VOLUME_SNAPSHOT = "volume_snapshot"
    BUCKET = "bucket"
    TABLE = "table"
    TABLE_BACKUP = "table_backup"
    SECRET = "secret"  # noqa: S105 (a kind of store, not a secret)
    PARAMETER = "parameter"
    LOG_GROUP = "log_group"
    BACKUP_VAULT = "backup_vault"
    RECOVERY_POINT = "recovery_point"
    TOPIC = "topic"
    QUEUE = "queue"
    STREAM = "stream"
    BROKER = "broker"
    FILE_SYSTEM = "file_system"
    FILE_SYSTEM_BACKUP = "file_system_backup"
    WAREHOUSE = "warehouse"
    WAREHOUSE_SNAPSHOT = "warehouse_snapshot"
    FUNCTION = "function"
    CACHE = "cache"
    CACHE_SNAPSHOT = "cache_snapshot"
    SEARCH_DOMAIN = "search_domain"
    IMAGE_REPOSITORY = "image_repository"
    CLUSTER = "cluster"
    TRAIL_LOGS = "trail_logs"
    NEW_VOLUMES = "new_volumes"
    OTHER = "other"


class CopyKind(StrEnum):
    """What a store is to another one; an original is a copy of none."""

    ORIGINAL = "original"
    REPLICA = "replica"
    SNAPSHOT = "snapshot"
    BACKUP = "backup"
    LOG = "log"
    INSIGHTS = "insights"
