"""An HTTPS proxy that stands for the internet: CloudFront as the deployed template says it, and the sign-in service.

A browser or `requests` with this as proxy reaches `https://d….cloudfront.net` and the pool's own domain by their real names,
so that addresses, callbacks and content policy are those that were deployed.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.deploy.emulator.certificates import make_certificate
from tests.deploy.emulator.lacking import recorded

HOP_BY_HOP = {"connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding", "host"}
# requests has already unpacked it.
UNPACKED = {"content-encoding"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Edge:
    """Answers for every host that the certificate names."""

    def __init__(self, aws_url: str) -> None:
        self._aws_url = aws_url

    def answer(self, host: str, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """What the host answers; 502 for a host that stands for nothing here."""
        if host.endswith(".cloudfront.net"):
            found = [
                each["DistributionConfig"]
                for physical_id, each in recorded.items()
                if host == f"{physical_id.lower()}.cloudfront.net" and "DistributionConfig" in each
            ]
            if found:
                return self._distribution(found[0], method, target, headers, body)
        if host.endswith(".amazoncognito.com") or host.startswith("cognito-idp."):
            return self._forward(method, self._aws_url + target, headers, body)
        return Answer(502, [], b"no such host")

    def _distribution(
        self, config: dict[str, Any], method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        parts = urlsplit(target)
        path = parts.path
        behaviour = next(
            (each for each in config.get("CacheBehaviors") or () if fnmatchcase(path, each["PathPattern"])),
            config["DefaultCacheBehavior"],
        )
        if method not in behaviour["AllowedMethods"]:
            return Answer(403, [], b"method not allowed")
        first, instead, statuses = _origins(config, behaviour["TargetOriginId"])
        if path == "/":
            target = f"/{config['DefaultRootObject']}"
        if "OriginRequestPolicyId" not in behaviour:
            # Without a policy nothing of a browser's goes on but this and what a cache asks with.
            target = urlsplit(target).path
            headers = {name: value for name, value in headers.items() if name.lower() == "if-none-match"}
        answer = self._origin(first, method, target, headers, body)
        if instead and answer.status in statuses:
            answer = self._origin(instead, method, target, headers, body)
        return _with_policy(answer, recorded[behaviour["ResponseHeadersPolicyId"]])

    def _origin(
        self, origin: dict[str, Any], method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        name, kind = origin["DomainName"].split(".")[:2]
        if kind == "s3":
            return self._forward(method, f"{self._aws_url}/{name}{target}", headers, body)
        own = {each["HeaderName"]: each["HeaderValue"] for each in origin.get("OriginCustomHeaders", ())}
        kept = {key: value for key, value in headers.items() if key.lower() not in map(str.lower, own)} | own
        url = f"{self._aws_url}/_aws/execute-api/{name}{origin['OriginPath']}{target}"
        return _in_the_apis_words(self._forward(method, url, kept, body), name, kept)

    def _forward(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        made = requests.request(
            method, url, headers=kept, data=body, allow_redirects=False, timeout=40, proxies={"http": ""}
        )
        return Answer(made.status_code, list(made.headers.items()), made.content)


def _origins(config: dict[str, Any], name: str) -> tuple[dict[str, Any], dict[str, Any] | None, list[int]]:
    """Where a behaviour leads, what is asked instead, and at which statuses."""
    origins = {each["Id"]: each for each in config["Origins"]}
    for group in config.get("OriginGroups", {}).get("Items", ()):
        if group["Id"] == name:
            first, instead = (origins[each["OriginId"]] for each in group["Members"]["Items"])
            return first, instead, group["FailoverCriteria"]["StatusCodes"]["Items"]
    return origins[name], None, []


def _in_the_apis_words(answer: Answer, api_id: str, headers: dict[str, str]) -> Answer:
    """What API Gateway says of a path that the API has not, as its definition says it; MiniStack says its own."""
    if answer.status != 403 or b"Missing Authentication Token" not in answer.body:
        return answer
    definition = recorded[api_id]["Body"]["x-amazon-apigateway-gateway-responses"]
    said = definition["MISSING_AUTHENTICATION_TOKEN"]
    wanted = next((value for key, value in headers.items() if key.lower() == "accept"), "").split(",")
    templates = said["responseTemplates"]
    kind = next((each for each in wanted if each in templates), "application/json")
    return Answer(int(said["statusCode"]), [("Content-Type", kind)], templates[kind].encode())


def _with_policy(answer: Answer, policy: dict[str, Any]) -> Answer:
    """The answer with the headers of a response headers policy, which override its own only where they say so."""
    config = policy["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    wanted = [
        (
            "Content-Security-Policy",
            security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
            security["ContentSecurityPolicy"]["Override"],
        ),
        ("X-Content-Type-Options", "nosniff", security["ContentTypeOptions"]["Override"]),
        (
            "X-Frame-Options",
            security["FrameOptions"]["FrameOption"],
            security["FrameOptions"]["Override"],
        ),
        (
            "Referrer-Policy",
            security["ReferrerPolicy"]["ReferrerPolicy"],
            security["ReferrerPolicy"]["Override"],
        ),
        (
            "Strict-Transport-Security",
            f"max-age={security['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
            security["StrictTransportSecurity"]["Override"],
        ),
        *(
            (each["Header"], each["Value"], each["Override"])
            for each in config.get("CustomHeadersConfig", {}).get("Items", ())
        ),
    ]
    headers = answer.headers
    for name, value, override in wanted:
        standing = [each for each in headers if each[0].lower() == name.lower()]
        if override or not standing:
            headers = [each for each in headers if each not in standing] + [(name, value)]
    return Answer(answer.status, headers, answer.body)


class _Tunnel(BaseHTTPRequestHandler):
    """One client's connection: CONNECT, then requests inside TLS."""

    protocol_version = "HTTP/1.1"
    edge: Edge
    tls: ssl.SSLContext
    host = ""

    def do_CONNECT(self) -> None:
        self.host = self.path.partition(":")[0].lower()
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        try:
            self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        answer = self.edge.answer(self.host, self.command, self.path, dict(self.headers.items()), body)
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in HOP_BY_HOP | UNPACKED:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: paths hold the codes of links."""


def make_server(port: int, aws_url: str, folder: Path, hosts: list[str]) -> ThreadingHTTPServer:
    """The proxy on 127.0.0.1; its authority's certificate is written to `ca.pem` of the folder."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(make_certificate(folder, hosts))
    handler = type("Tunnel", (_Tunnel,), {"edge": Edge(aws_url), "tls": tls})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server
