"""A small living estate for tests of the AWS reader: accounts, keys, a trail; faults are put in by hand."""

import json

from fake_aws import Answer, error, error_xml, s3_error

HUB = "111122223333"
XML = {"ec2", "iam", "rds", "redshift", "elasticache", "sns", "s3", "sts"}
MEMBER = "222233334444"
REGION = "eu-central-1"
OTHER_REGION = "us-east-1"
CREATED = 1_735_689_600.0
ROTATED = 1_751_328_000.25
TRAIL = f"arn:aws:cloudtrail:{REGION}:{HUB}:trail/main"
BUCKET = "audit-logs"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HUB}:root"}, "Action": "kms:*"}],
}


def arn_of(name, account=HUB, region=REGION):
    return f"arn:aws:kms:{region}:{account}:key/{name}"


class Estate:
    """Answers calls from its own state. `faults` maps (operation, subject or None) to an Answer or a function."""

    def __init__(self):
        self.faults = {}
        self.page_size = 100
        self.regions = [OTHER_REGION, REGION, "eu-west-1"]
        self.members = [self.member(HUB, "Hub"), self.member(MEMBER, "Payments")]
        self.keys = {}
        self.tags = {}
        self.aliases = [{"AliasName": "alias/aws/ebs", "AliasArn": "arn"}]
        self.stores = []
        self.events = []
        self.trails = [self.trail()]
        self.add_key("sym-1")
        self.tags[arn_of("sym-1")] = {"owner": "payments", "Purpose": "cards"}
        self.aliases.append({"AliasName": "alias/cards", "AliasArn": "arn", "TargetKeyId": "sym-1"})

    @staticmethod
    def member(account, name, state="ACTIVE"):
        return {"Id": account, "Arn": "arn", "Email": "a@example.com", "Name": name, "Status": state, "State": state}

    @staticmethod
    def trail():
        return {
            "Name": "main",
            "TrailARN": TRAIL,
            "HomeRegion": REGION,
            "S3BucketName": BUCKET,
            "IsMultiRegionTrail": True,
            "LogFileValidationEnabled": True,
        }

    def add_key(self, name, account=HUB, region=REGION, **changes):
        """A customer's symmetric key unless `changes` to its description say otherwise."""
        self.keys[arn_of(name, account, region)] = {
            "AWSAccountId": account,
            "KeyId": name,
            "Arn": arn_of(name, account, region),
            "CreationDate": CREATED,
            "Enabled": True,
            "Description": "",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "MultiRegion": False,
            **changes,
        }
        return arn_of(name, account, region)

    def answer(self, call):
        for place in ((call.operation, self._subject(call)), (call.operation, None), (call.operation, call.region)):
            if place in self.faults:
                fault = self.faults[place]
                given = fault(call) if callable(fault) else fault
                if given is not None:
                    return given
        answers = getattr(self, f"_{call.operation}", None)
        return answers(call) if answers else self._refuse(call)

    @staticmethod
    def _refuse(call):
        """An identity that may not ask for what no test is about."""
        return error_xml("AccessDenied", 403) if call.service in XML else error("AccessDeniedException")

    @staticmethod
    def _subject(call):
        named = call.params.get("KeyId") or call.params.get("Bucket") or call.params.get("RoleArn") or ""
        return named.rsplit("/", 1)[-1]

    @staticmethod
    def account_of(call):
        return HUB if call.identity == "hub" else call.identity

    def _here(self, call):
        prefix = arn_of("", self.account_of(call), call.region)
        return [arn for arn in self.keys if arn.startswith(prefix)]

    def _paged(self, call, name, items, *, limit):
        start = int(call.params.get("Marker") or 0)
        end = start + min(limit, self.page_size)
        more = {"Truncated": True, "NextMarker": str(end)} if end < len(items) else {"Truncated": False}
        return {name: items[start:end], **more}

    def _ListKeys(self, call):  # noqa: N802 (the service's name)
        keys = [{"KeyId": arn.rsplit("/", 1)[-1], "KeyArn": arn} for arn in self._here(call)]
        return self._paged(call, "Keys", keys, limit=call.params["Limit"])

    def _ListAliases(self, call):  # noqa: N802 (the service's name)
        return self._paged(call, "Aliases", self.aliases, limit=call.params["Limit"])

    def _DescribeKey(self, call):  # noqa: N802 (the service's name)
        return {"KeyMetadata": self.keys[call.params["KeyId"]]}

    def _GetKeyPolicy(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"Policy": json.dumps(POLICY), "PolicyName": "default"}

    def _ListGrants(self, call):  # noqa: N802, ARG002 (the service's name)
        grant = {
            "GrantId": "g-1",
            "KeyId": "arn",
            "GranteePrincipal": "arn:aws:iam::111122223333:role/app",
            "Name": "",
            "Operations": ["Encrypt", "Decrypt"],
            "Constraints": {"EncryptionContextEquals": {"app": "cards"}},
            "CreationDate": CREATED,
        }
        return {"Grants": [grant], "Truncated": False}

    def _GetKeyLastUsage(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"KeyLastUsage": {"Operation": "Decrypt", "Timestamp": ROTATED}, "TrackingStartDate": CREATED}

    def _GetKeyRotationStatus(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"KeyRotationEnabled": True, "RotationPeriodInDays": 180, "NextRotationDate": ROTATED}

    def _ListKeyRotations(self, call):  # noqa: N802, ARG002 (the service's name)
        first = {"KeyMaterialId": "m-1", "KeyMaterialState": "NON_CURRENT"}
        second = {"KeyMaterialId": "m-2", "RotationDate": ROTATED, "RotationType": "AUTOMATIC"}
        return {"Rotations": [second, first], "Truncated": False}

    def _DescribeCustomKeyStores(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"CustomKeyStores": self.stores, "Truncated": False}

    def _GetResources(self, call):  # noqa: N802 (the service's name)
        resources = [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            for arn, tags in self.tags.items()
        ]
        start = int(call.params.get("PaginationToken") or 0)
        end = start + min(call.params["ResourcesPerPage"], self.page_size)
        return {
            "ResourceTagMappingList": resources[start:end],
            "PaginationToken": str(end) if end < len(resources) else "",
        }

    def _DescribeTrails(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"trailList": self.trails}

    def _GetTrailStatus(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"IsLogging": True, "LatestDeliveryTime": ROTATED, "LatestDeliveryError": ""}

    def _GetEventSelectors(self, call):  # noqa: N802 (the service's name)
        selector = {"ReadWriteType": "All", "IncludeManagementEvents": True, "ExcludeManagementEventSources": []}
        return {"TrailARN": call.params["TrailName"], "EventSelectors": [selector]}

    def _DescribeConfigurationRecorders(self, call):  # noqa: N802, ARG002 (the service's name)
        mode = {"recordingMode": {"recordingFrequency": "CONTINUOUS"}}
        return {"ConfigurationRecorders": [{"name": "all", "recordingGroup": {"allSupported": True}, **mode}]}

    def _DescribeConfigurationAggregatorSourcesStatus(self, call):  # noqa: N802, ARG002 (the service's name)
        places = sorted({(arn.split(":")[4], arn.split(":")[3]) for arn in self.keys})
        return {
            "AggregatedSourceStatusList": [
                {
                    "SourceId": account,
                    "SourceType": "ACCOUNT",
                    "AwsRegion": region,
                    "LastUpdateStatus": "SUCCEEDED",
                    "LastErrorMessage": SECRET,
                }
                for account, region in places
            ]
        }

    def _DescribeConfigurationRecorderStatus(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"ConfigurationRecordersStatus": [{"name": "all", "recording": True, "lastStatus": "SUCCESS"}]}

    def _SelectAggregateResourceConfig(self, call):  # noqa: N802 (the service's name)
        place = call.params["Expression"].rpartition("accountId = '")[2]
        wanted = [arn for arn in self.keys if arn.split(":")[4] == place[:12] and f"'{arn.split(':')[3]}'" in place]
        return {"Results": [self._row(arn) for arn in wanted]}

    def _row(self, arn):
        """A recorded key, with words in it that nobody may keep."""
        told = self.keys[arn]
        configuration = {
            "arn": arn,
            "awsaccountId": told["AWSAccountId"],
            "keyState": told["KeyState"],
            "creationDate": "2025-01-01T00:00:00.000Z",
            "keyManager": told["KeyManager"],
            "customerMasterKeySpec": told["KeySpec"],
            "keyUsage": told["KeyUsage"],
            "origin": told["Origin"],
            "note": SECRET,
        }
        tags = [{"tagKey": key, "tagValue": value, "note": TOKEN} for key, value in self.tags.get(arn, {}).items()]
        row = {
            "accountId": told["AWSAccountId"],
            "awsRegion": arn.split(":")[3],
            "configurationItemCaptureTime": "2026-11-24T00:00:00.000Z",
            "configuration": configuration,
            "supplementaryConfiguration": {"Policy": json.dumps(POLICY), "KeyRotationStatus": True, "Tags": tags},
            "relationships": [{"resourceName": "free text"}],
        }
        return json.dumps(row)

    def _LookupEvents(self, call):  # noqa: N802 (the service's name)
        (wanted,) = call.params["LookupAttributes"]
        named = [event for event in self.events if event["EventName"] == wanted["AttributeValue"]]
        start = int(call.params.get("NextToken") or 0)
        end = start + self.page_size
        more = {"NextToken": str(end)} if end < len(named) else {}
        return {"Events": named[start:end], **more}

    def add_cancellation(self, name, at, **changes):
        """A request to keep a key after all."""
        self.add_event(name, at, **{"window": None, **changes})
        self.events[-1]["EventName"] = "CancelKeyDeletion"

    def add_event(self, name, at, *, error=None, window=7, arn=True, user="ops"):  # noqa: PLR0913 (an event has as many sides)
        """A request for the deletion of a key, with words in it that nobody may keep."""
        told = {
            "userIdentity": {"accessKeyId": SECRET, "arn": "free text"},
            "sourceIPAddress": "not-a-secret",
            "requestParameters": {"keyId": name, "pendingWindowInDays": window, "note": SECRET},
            "responseElements": {"note": TOKEN},
            "resources": [{"accountId": HUB, "type": "AWS::KMS::Key", "ARN": arn_of(name)}] if arn else [],
            **({"errorCode": error, "errorMessage": "free text"} if error else {}),
        }
        event = {
            "EventId": f"e-{len(self.events)}",
            "EventName": "ScheduleKeyDeletion",
            "EventTime": at,
            "Username": user,
            "AccessKeyId": SECRET,
            "Resources": [{"ResourceType": "AWS::KMS::Key", "ResourceName": arn_of(name)}],
            "CloudTrailEvent": json.dumps(told),
        }
        self.events.append(event)

    def _GetBucketVersioning(self, call):  # noqa: N802, ARG002 (the service's name)
        return Answer(body=b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")

    def _GetObjectLockConfiguration(self, call):  # noqa: N802, ARG002 (the service's name)
        return s3_error("ObjectLockConfigurationNotFoundError")

    def _GetPublicAccessBlock(self, call):  # noqa: N802, ARG002 (the service's name)
        return s3_error("NoSuchPublicAccessBlockConfiguration")

    def _GetBucketPolicyStatus(self, call):  # noqa: N802, ARG002 (the service's name)
        return s3_error("NoSuchBucketPolicy")

    def _ListAccounts(self, call):  # noqa: N802 (the service's name)
        start = int(call.params.get("NextToken") or 0)
        end = start + self.page_size
        return {"Accounts": self.members[start:end], **({"NextToken": str(end)} if end < len(self.members) else {})}

    def _ListRegions(self, call):  # noqa: N802, ARG002 (the service's name)
        return {"Regions": [{"RegionName": name, "RegionOptStatus": "ENABLED"} for name in self.regions]}

    def _DescribeRegions(self, call):  # noqa: N802, ARG002 (the service's name)
        items = "".join(f"<item><regionName>{name}</regionName></item>" for name in self.regions)
        return Answer(
            body=f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>".encode()
        )

    def _GetCallerIdentity(self, call):  # noqa: N802 (the service's name)
        account = self.account_of(call)
        return _query(
            "GetCallerIdentity",
            f"<Account>{account}</Account><Arn>arn:aws:iam::{account}:user/x</Arn><UserId>U</UserId>",
        )

    def _AssumeRole(self, call):  # noqa: N802 (the service's name)
        account = call.params["RoleArn"].split(":")[4]
        return _query(
            "AssumeRole",
            "<Credentials>"
            f"<AccessKeyId>{account}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>"
            f"<SessionToken>{TOKEN}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            f"<AssumedRoleUser><AssumedRoleId>R</AssumedRoleId><Arn>arn:aws:sts::{account}:assumed-role/scan/s</Arn>"
            "</AssumedRoleUser>",
        )


SECRET = "canary-secret-access-key"
TOKEN = "canary-session-token"


def _query(operation, inside):
    text = f"<{operation}Response><{operation}Result>{inside}</{operation}Result></{operation}Response>"
    return Answer(body=text.encode())


class Deaf:
    """A Progress that keeps what it hears."""

    def __init__(self):
        self.heard = []

    def planned(self, account, region):
        self.heard.append(("planned", account, region))

    def started(self, account, region):
        self.heard.append(("started", account, region))

    def called(self, account, region, call, *, throttled):
        self.heard.append(("called", account, region, call, throttled))

    def finished(self, account, region, *, keys, unread):
        self.heard.append(("finished", account, region, keys, unread))
