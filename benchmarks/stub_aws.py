"""A very fast AWS endpoint for timing clients: N symmetric customer keys in each account, canned replies.

    python benchmarks/stub_aws.py --keys 500 --latency-ms 20

Prints its address, serves until its input ends, then prints how many calls it answered, by operation, as JSON.
It knows the key service, tags and what clients ask to sign in; everything else is refused as an unknown operation.
"""

import argparse
import asyncio
import hashlib
import json
import re
import sys
import threading
from collections import Counter
from urllib.parse import parse_qs

REGION = "eu-central-1"
HUB = "111122223333"
CREATED, ROTATED, NEXT = 1.735689600e9, 1.767225600e9, 1.798761600e9
_CREDENTIAL = re.compile(rb"Credential=[A-Z]{4}[A-Z0-9]*?(\d{12})/")
_TARGET = re.compile(rb"\r\n[Xx]-[Aa]mz-[Tt]arget: *(?:[^\r]*\.)?([A-Za-z]+)\r\n")
_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: *(\d+)\r\n")
_KEY = re.compile(rb'"KeyId": *"(?:[^"]*/)?([0-9a-f-]{36})"')


def key_id(number: int) -> str:
    text = hashlib.sha256(str(number).encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"


def arn(account: str, key: str) -> str:
    return f"arn:aws:kms:{REGION}:{account}:key/{key}"


def policy(account: str) -> str:
    own = {
        "Sid": "Owner",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    use = {
        "Sid": "Use",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:role/app"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [own, use]})


def listing(account: str, keys: int, asked: dict) -> dict:
    first, most = int(asked.get("Marker", 0)), int(asked.get("Limit", 100))
    upto = min(keys, first + most)
    found = [{"KeyId": key_id(n), "KeyArn": arn(account, key_id(n))} for n in range(first, upto)]
    more = {"NextMarker": str(upto)} if upto < keys else {}
    return {"Keys": found, "Truncated": upto < keys, **more}


def tagging(account: str, keys: int, asked: dict) -> dict:
    first = int(asked.get("PaginationToken") or 0)
    upto = min(keys, first + 100)
    tags = [{"Key": "owner", "Value": "payments"}, {"Key": "data-class", "Value": "confidential"}]
    found = [{"ResourceARN": arn(account, key_id(n)), "Tags": tags} for n in range(first, upto)]
    return {"ResourceTagMappingList": found, "PaginationToken": str(upto) if upto < keys else ""}


def metadata(account: str, key: str) -> dict:
    return {
        "KeyMetadata": {
            "AWSAccountId": account,
            "KeyId": key,
            "Arn": arn(account, key),
            "CreationDate": CREATED,
            "Enabled": True,
            "Description": "",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": False,
        }
    }


def of_key(account: str, key: str) -> dict[str, dict]:
    """What the operations on one key answer."""
    one = {"KeyId": arn(account, key), "RotationDate": ROTATED, "RotationType": "AUTOMATIC"}
    last = {"Operation": "Decrypt", "Timestamp": ROTATED, "CloudTrailEventId": "e", "KmsRequestId": "r"}
    on = {"KeyId": key, "KeyRotationEnabled": True, "RotationPeriodInDays": 365, "NextRotationDate": NEXT}
    return {
        "ListAliases": {"Aliases": [], "Truncated": False},
        "DescribeKey": metadata(account, key),
        "GetKeyPolicy": {"Policy": policy(account), "PolicyName": "default"},
        "GetKeyRotationStatus": on,
        "ListKeyRotations": {"Rotations": [one], "Truncated": False},
        "ListGrants": {"Grants": [], "Truncated": False},
        "GetKeyLastUsage": {
            "KeyId": key,
            "KeyLastUsage": last,
            "TrackingStartDate": CREATED,
            "KeyCreationDate": CREATED,
        },
        "ListResourceTags": {"Tags": [{"TagKey": "owner", "TagValue": "payments"}], "Truncated": False},
        "DescribeTrails": {"trailList": []},
    }


def answer(operation: str, account: str, key: str, keys: int, asked: dict) -> dict | None:
    """The reply, or None for an operation that is not known here."""
    if operation == "ListKeys":
        return listing(account, keys, asked)
    if operation == "GetResources":
        return tagging(account, keys, asked)
    return of_key(account, key).get(operation)


def form(action: str, account: str, body: bytes) -> str | None:
    if action == "GetCallerIdentity":
        inside = f"<Arn>arn:aws:iam::{account}:user/bench</Arn><UserId>AIDABENCH</UserId><Account>{account}</Account>"
    elif action == "AssumeRole":
        other = parse_qs(body.decode())["RoleArn"][0].split(":")[4]
        inside = (
            f"<Credentials><AccessKeyId>ASIA{other}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t"
            "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>"
            f"A:b</AssumedRoleId><Arn>arn:aws:sts::{other}:assumed-role/bench/b</Arn></AssumedRoleUser>"
        )
    else:
        return None
    space = "https://sts.amazonaws.com/doc/2011-06-15/"
    return f'<{action}Response xmlns="{space}"><{action}Result>{inside}</{action}Result></{action}Response>'


class Connection(asyncio.Protocol):
    """One client; requests are answered in order."""

    def __init__(self, keys: int, latency: float, calls: Counter) -> None:
        self.keys, self.latency, self.calls = keys, latency, calls
        self.buffer = b""

    def connection_made(self, transport) -> None:  # noqa: ANN001
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[: end + 2]
            length = int(found[1]) if (found := _LENGTH.search(head)) else 0
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            reply = self.reply(head, body)
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self.transport.write, reply)
            else:
                self.transport.write(reply)

    def reply(self, head: bytes, body: bytes) -> bytes:
        account = found[1].decode() if (found := _CREDENTIAL.search(head)) else HUB
        if target := _TARGET.search(head):
            operation = target[1].decode()
            self.calls[operation] += 1
            asked = json.loads(body) if operation in {"ListKeys", "GetResources"} else {}
            key = found[1].decode() if (found := _KEY.search(body)) else ""
            given = answer(operation, account, key, self.keys, asked)
            if given is None:
                return refuse(operation)
            return http("200 OK", "application/x-amz-json-1.1", json.dumps(given))
        if head.startswith(b"POST / ") and b"Action=" in body:
            action = parse_qs(body.decode())["Action"][0]
            self.calls[action] += 1
            text = form(action, account, body)
            return http("200 OK", "text/xml", text) if text else refuse_xml()
        path = head.split(b" ", 2)[1].split(b"?")[0].decode()
        self.calls[path] += 1
        if path == "/listRegions":
            region = {"RegionName": REGION, "RegionOptStatus": "ENABLED_BY_DEFAULT"}
            return http("200 OK", "application/json", json.dumps({"Regions": [region]}))
        return refuse(path)


def refuse(operation: str) -> bytes:
    text = json.dumps({"__type": "UnknownOperationException", "message": f"{operation} is not known here"})
    return http(
        "400 Bad Request", "application/x-amz-json-1.1", text, "x-amzn-errortype: UnknownOperationException\r\n"
    )


def refuse_xml() -> bytes:
    error = "<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>not known here</Message></Error>"
    return http("400 Bad Request", "text/xml", f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>")


def http(status: str, media: str, text: str, more: str = "") -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nx-amzn-RequestId: 1\r\n{more}"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def serve(keys: int, latency: float) -> None:
    calls: Counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(keys, latency, calls), "127.0.0.1", 0, backlog=512)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    ended = asyncio.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    await ended.wait()
    print(json.dumps(dict(calls.most_common())), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=500)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.keys, arguments.latency_ms / 1000))


if __name__ == "__main__":
    main()
