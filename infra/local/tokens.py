"""Verifies id tokens as API Gateway's Cognito authorizer does, which `chalice.local` leaves out."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import jwt

from chalicelib.errors import Unauthenticated

REFETCH_AFTER_S = 5.0


class SignInUnavailable(Exception):
    """The sign-in service does not hand out its keys; no token can be checked now."""


def fetch_keys(uri: str) -> list[dict[str, Any]]:
    """Return the keys of a JWKS address; OSError or ValueError when it gives none."""
    with urllib.request.urlopen(uri, timeout=5) as response:
        keys: list[dict[str, Any]] = json.load(response)["keys"]
    return keys


class TokenVerifier:
    """Checks signature, issuer, audience, expiry and use of an id token; safe for many threads."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        jwks_uri: str,
        fetch: Callable[[str], list[dict[str, Any]]] = fetch_keys,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._jwks_uri = jwks_uri
        self._fetch = fetch
        self._lock = threading.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")

    def verify(self, authorization: str) -> dict[str, Any]:
        """Return the claims behind an `Authorization: Bearer <id token>` header; Unauthenticated otherwise."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("sign in first")
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                audience=self._client_id,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("the sign-in has expired") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated("the token is not ours") from error
        if claims.get("token_use") != "id":
            raise Unauthenticated("this is not an id token")
        return claims

    def _key(self, kid: str) -> jwt.PyJWK:
        key = self._keys.get(kid)
        if key is None:
            with self._lock:
                # Unknown ids come from forged tokens too: they must not make us ask without end.
                if kid not in self._keys and time.monotonic() - self._fetched_at > REFETCH_AFTER_S:
                    self._keys = self._fetch_signing_keys()
                    self._fetched_at = time.monotonic()
                key = self._keys.get(kid)
        if key is None:
            raise Unauthenticated("the token is not ours")
        return key

    def _fetch_signing_keys(self) -> dict[str, jwt.PyJWK]:
        try:
            found = self._fetch(self._jwks_uri)
        except (OSError, ValueError, KeyError) as error:
            raise SignInUnavailable("the sign-in service does not answer") from error
        return {
            key["kid"]: jwt.PyJWK(key, "RS256") for key in found if key.get("kty") == "RSA" and "kid" in key
        }
