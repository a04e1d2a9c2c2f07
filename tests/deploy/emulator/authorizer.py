"""API Gateway's Cognito authorizer, which MiniStack lets everybody through: guards the routes that the deployed API says.

As on AWS the pool is checked and not which of its clients a token is for; the function sees the claims as texts.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import jwt

Verdict = tuple[tuple[int, dict[str, str], bytes] | None, dict[str, Any] | None]


def guard(gateway: Any, api_id: str, body: dict[str, Any]) -> None:
    """Mark each method whose operation names a Cognito authorizer with that authorizer's pools."""
    pools = {
        name: definition["x-amazon-apigateway-authorizer"]["providerARNs"]
        for name, definition in (body.get("securityDefinitions") or {}).items()
        if definition.get("x-amazon-apigateway-authtype") == "cognito_user_pools"
    }
    for resource in gateway._resources[api_id].values():
        operations = body["paths"].get(resource["path"], {})
        for method, made in resource["resourceMethods"].items():
            for asked in operations.get(method.lower(), {}).get("security") or ():
                (name,) = asked
                made["authorizationType"] = "COGNITO_USER_POOLS"
                made["pools"] = pools[name]


def instead_of(others: Callable[..., Awaitable[Verdict]]) -> Callable[..., Awaitable[Verdict]]:
    """Judge Cognito's routes here and leave the others to MiniStack."""

    async def authorize(*arguments: Any) -> Verdict:
        method, headers = arguments[2], arguments[6]
        if method.get("authorizationType") != "COGNITO_USER_POOLS":
            return await others(*arguments)
        try:
            claims = _claims(headers.get("authorization", ""), method["pools"])
        except jwt.ExpiredSignatureError:
            return _refusal("The incoming token has expired"), None
        except (jwt.PyJWTError, ValueError, KeyError):
            return _refusal("Unauthorized"), None
        return None, {"claims": {name: str(value) for name, value in claims.items()}}

    return authorize


def _claims(authorization: str, pool_arns: list[str]) -> dict[str, Any]:
    from ministack.services import cognito

    token = authorization.removeprefix("Bearer ").strip()
    (key,) = json.loads(cognito.well_known_jwks("")[2])["keys"]
    issuers = []
    for arn in pool_arns:
        region, pool_id = arn.split(":")[3], arn.rpartition("/")[2]
        issuers.append(f"https://cognito-idp.{region}.amazonaws.com/{pool_id}")
    options: Any = {"verify_aud": False, "require": ["exp", "iss", "sub"]}
    found: dict[str, Any] = jwt.decode(
        token, jwt.PyJWK(key, "RS256"), algorithms=["RS256"], issuer=issuers, options=options
    )
    if found["token_use"] != "id":
        raise ValueError("an access token needs a scope")
    return found


def _refusal(message: str) -> tuple[int, dict[str, str], bytes]:
    return 401, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()
