"""A small application behind the real gateway, and the tokens that it takes."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any, cast

import jwt
from chalice.app import Chalice, CognitoUserPoolAuthorizer, NotFoundError, Request, Response
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://cognito-idp.ap-southeast-3.amazonaws.com/ap-southeast-3_here"
CLIENT = "desk"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


# A request that hangs says that it has come, and goes on when it may.
arrived = threading.Semaphore(0)
over = threading.Event()


def jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**found, "kid": kid, "use": "sig", "alg": "RS256"}


def make_app() -> Chalice:
    app = Chalice(app_name="kentongan-gateway-test")
    users = CognitoUserPoolAuthorizer(
        "users", provider_arns=["arn:aws:cognito-idp:ap-southeast-3:0:userpool/x"]
    )

    def here() -> Request:
        request = app.current_request
        assert request
        return request

    @app.route("/api/echo/{marker}", methods=["POST"])
    def echo(marker: str) -> dict[str, Any]:
        before = app.current_request, app.lambda_context
        time.sleep(0.001)
        request = here()
        return {
            "path": marker,
            "query": request.query_params.get("marker") if request.query_params else "",
            "queries": request.query_params.getlist("many") if request.query_params else [],
            "header": request.headers.get("X-Marker"),
            "body": request.json_body,
            "same": before == (app.current_request, app.lambda_context),
        }

    @app.route("/api/r/{code}", methods=["POST"], content_types=["application/x-www-form-urlencoded"])
    def lost(code: str) -> None:
        raise RuntimeError("secret inside")

    @app.route("/api/me", authorizer=users)
    def me() -> dict[str, Any]:
        claims: dict[str, Any] = here().context["authorizer"]["claims"]
        return claims

    @app.route(
        "/api/raw", methods=["POST"], content_types=["application/x-www-form-urlencoded", "application/json"]
    )
    def raw() -> Response:
        headers: dict[str, Any] = {"Content-Type": "text/plain; charset=utf-8", "Set-Cookie": ["a=1", "b=2"]}
        return Response(cast(bytes, here().raw_body).decode(), headers=headers)

    @app.route("/api/bytes")
    def binary() -> Response:
        return Response(bytes(range(256)), headers={"Content-Type": "application/octet-stream"})

    @app.route("/api/hanging")
    def hanging() -> dict[str, Any]:
        arrived.release()
        over.wait(60)
        return {}

    @app.route("/api/health")
    def health() -> dict[str, Any]:
        return {"status": "ok"}

    @app.route("/api/gone")
    def gone() -> None:
        raise NotFoundError("tidak ada di sini")

    @app.route("/api/broken")
    def broken() -> None:
        raise RuntimeError("secret inside")

    @app.route("/r/{code}")
    def responder(code: str) -> Response:
        policy = "default-src 'none'"
        return Response(code, headers={"Content-Type": "text/html", "Content-Security-Policy": policy})

    return app


def token(key: Any = KEY, algorithm: str = "RS256", kid: str = "one", **changes: Any) -> str:
    now = int(time.time())
    claims = {"sub": "abc", "iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 60, "token_use": "id"}
    claims["cognito:username"] = "operator"
    claims |= changes
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm, headers={"kid": kid})


def raw_request(url: str, head: bytes, body: bytes = b"") -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received
