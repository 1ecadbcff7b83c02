"""The read operations of S3 about a bucket's protection, as plain functions. Knows no object and changes nothing."""

from collections.abc import Mapping

from scanner.simulator.aws.errors import AwsError, denied
from scanner.simulator.aws.paging import Paging, number, page, text
from scanner.simulator.aws.records import Bucket, Caller
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

_BUCKETS = Paging("ListBuckets", 10_000, 10_000, "InvalidArgument")


def list_buckets(world: World, caller: Caller, params: Params) -> Reply:
    """The caller's buckets, of one region when it is named; regions are told once any parameter is given."""
    region = text(params, "BucketRegion")
    own = [
        bucket
        for name, bucket in sorted(world.buckets.items())
        if bucket.account == caller.account and region in (None, bucket.region)
    ]
    size, token = number(params, "MaxBuckets"), text(params, "ContinuationToken")
    found = page(own, _BUCKETS, size=size, token=token, cap=world.page_limit)
    rows = [{"Name": bucket.name, **({"BucketRegion": bucket.region} if params else {})} for bucket in found.items]
    return {"Buckets": rows} | ({"ContinuationToken": found.token} if found.token else {})


def get_bucket_versioning(world: World, caller: Caller, params: Params) -> Reply:
    """Empty when versioning was never set."""
    bucket = _bucket(world, caller, params, "GetBucketVersioning")
    if not bucket.versioning:
        return {}
    return {"Status": bucket.versioning, "MFADelete": "Enabled" if bucket.mfa_delete else "Disabled"}


def get_object_lock_configuration(world: World, caller: Caller, params: Params) -> Reply:
    """The default retention; an error when object lock was never set."""
    bucket = _bucket(world, caller, params, "GetBucketObjectLockConfiguration")
    if not bucket.object_lock:
        raise _absent(
            "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"
        )
    retention = {"Mode": bucket.object_lock, "Days": bucket.lock_days}
    rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    return {"ObjectLockConfiguration": rule}


def get_bucket_policy(world: World, caller: Caller, params: Params) -> Reply:
    """The policy as the raw text of the body; an error when there is none."""
    bucket = _bucket(world, caller, params, "GetBucketPolicy")
    if not bucket.policy:
        raise _absent("NoSuchBucketPolicy", "The bucket policy does not exist")
    return {"Policy": bucket.policy}


def get_bucket_policy_status(world: World, caller: Caller, params: Params) -> Reply:
    """Whether the policy is public; an error when there is none."""
    bucket = _bucket(world, caller, params, "GetBucketPolicyStatus")
    if not bucket.policy:
        raise _absent("NoSuchBucketPolicy", "The bucket policy does not exist")
    return {"PolicyStatus": {"IsPublic": bucket.public}}


def get_public_access_block(world: World, caller: Caller, params: Params) -> Reply:
    """All four switches; an error when they were never set."""
    bucket = _bucket(world, caller, params, "GetBucketPublicAccessBlock")
    if bucket.blocks_public is None:
        text_ = "The public access block configuration was not found"
        raise _absent("NoSuchPublicAccessBlockConfiguration", text_)
    switches = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": dict.fromkeys(switches, bucket.blocks_public)}


def get_bucket_encryption(world: World, caller: Caller, params: Params) -> Reply:
    """The default encryption; an error when there is none."""
    bucket = _bucket(world, caller, params, "GetEncryptionConfiguration")
    if bucket.encryption is None:
        raise _absent(
            "ServerSideEncryptionConfigurationNotFoundError",
            "The server side encryption configuration was not found",
        )
    algorithm, key = bucket.encryption
    default: Reply = {"SSEAlgorithm": algorithm}
    if key:
        default["KMSMasterKeyID"] = key
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(key)}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def get_bucket_location(world: World, caller: Caller, params: Params) -> Reply:
    """The bucket's region, empty for us-east-1; asked in any region."""
    bucket = _own_bucket(world, caller, params, "GetBucketLocation")
    return {} if bucket.region == "us-east-1" else {"LocationConstraint": bucket.region}


def _own_bucket(world: World, caller: Caller, params: Params, action: str) -> Bucket:
    """The bucket, for callers of its own account."""
    name = text(params, "Bucket") or ""
    bucket = world.buckets.get(name)
    if bucket is None:
        raise _absent("NoSuchBucket", "The specified bucket does not exist")
    if bucket.account != caller.account:
        raise denied("s3", action, caller.principal, f"arn:aws:s3:::{name}")
    return bucket


def _bucket(world: World, caller: Caller, params: Params, action: str) -> Bucket:
    """The own bucket, asked in its own region; elsewhere S3 sends the caller there."""
    bucket = _own_bucket(world, caller, params, action)
    if bucket.region != caller.region:
        raise AwsError(
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint.",
            301,
            (("x-amz-bucket-region", bucket.region),),
        )
    return bucket


def _absent(code: str, message: str) -> AwsError:
    return AwsError(code, message, 404)
