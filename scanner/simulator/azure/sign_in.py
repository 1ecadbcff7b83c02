"""Signing in: Microsoft Entra's endpoints as the SDK uses them, and simulated tokens. Checks no secret."""

import base64
import json
import re
from datetime import datetime
from urllib.parse import parse_qs

from scanner.simulator.azure.answers import error, success
from scanner.simulator.azure.records import Document, Request, Response
from scanner.simulator.azure.world import CLIENT_ID, OBJECT_ID, World

_ROUTE = re.compile(r"/(?P<tenant>[0-9a-f-]{36})/(?:v2\.0/\.well-known/openid-configuration|oauth2/v2\.0/token)")
_LIFETIME_SECONDS = 3600


def is_sign_in(path: str) -> bool:
    """Whether the path is one of the sign-in endpoint."""
    return _ROUTE.fullmatch(path) is not None


def answer_sign_in(world: World, request: Request) -> Response:
    """The discovery document, or a token for the scope that is asked for."""
    if request.method == "GET":
        base = f"https://{request.host}/{world.tenant}"
        return success(
            {
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "issuer": f"{base}/v2.0",
                "tenant_region_scope": "EU",
            }
        )
    scope = parse_qs(request.body.decode()).get("scope", [""])[0]
    if world.refuses_sign_in:
        refusal = {"error": "invalid_client", "error_description": "AADSTS7000222: The client secret is expired."}
        return Response(status=401, body=json.dumps(refusal).encode(), headers={"Content-Type": "application/json"})
    return success({"token_type": "Bearer", "expires_in": _LIFETIME_SECONDS, "access_token": _token(world, scope)})


def challenge(world: World, resource: str) -> Response:
    """What a vault answers to whoever does not say who he is."""
    response = error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
    words = f'Bearer authorization="https://login.microsoftonline.com/{world.tenant}", resource="{resource}"'
    return Response(status=401, body=response.body, headers={**response.headers, "WWW-Authenticate": words})


def is_signed(request: Request, audience: str) -> bool:
    """Whether the request carries a token of ours for the audience."""
    words = request.headers.get("authorization", "").split(" ", 1)
    try:
        claims = json.loads(_decode(words[1].split(".")[1]))
    except (IndexError, ValueError):
        return False
    return words[0] == "Bearer" and str(claims.get("aud", "")).startswith(audience)


def _token(world: World, scope: str) -> str:
    """An unsigned token; nothing but this simulator takes it."""
    issued: datetime = world.clock
    claims: Document = {
        "aud": scope.removesuffix("/.default"),
        "oid": OBJECT_ID,
        "appid": CLIENT_ID,
        "tid": world.tenant,
        "iat": int(issued.timestamp()),
    }
    parts = (json.dumps({"alg": "none"}), json.dumps(claims))
    return ".".join((*(_encode(part) for part in parts), "simulated"))


def _encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
