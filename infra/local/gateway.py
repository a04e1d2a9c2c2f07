"""API Gateway's and CloudFront's place in the embedded stack: one origin for the interface and the site's files."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Protocol, cast

from chalice.app import Chalice, CognitoUserPoolAuthorizer
from chalice.config import Config
from chalice.local import (
    LambdaEventConverter,
    LocalChalice,
    LocalGateway,
    LocalGatewayException,
    RouteMatcher,
)

from chalicelib.errors import Unauthenticated, code_of
from chalicelib.handlers import responder_page
from infra.local.logs import access_log
from infra.local.static import Answer, StaticFiles
from infra.local.tokens import SignInUnavailable, TokenVerifier

# A workbook of 3 MB in base64; Lambda takes 6 MB.
MAX_BODY = 4_400_000
# A database that hangs holds all that ask it: threads are left for health and the site's files, and none is held for long.
AT_ONCE = 8
WAITING = 16
THREADS = AT_ONCE + WAITING + 4
PATIENCE_S = 10.0
WHILE_BUSY = frozenset({"/api/health"})
# What is compressed, from how many bytes on, and how well: more than that costs time and saves little.
PACKED = ("application/json", "text/")
PACKED_FROM = 1024
PACKED_WELL = 5
OWN_NAMES = frozenset({"localhost", "127.0.0.1"})
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

log = logging.getLogger(__name__)
# LocalGateway says at each request that it does not verify Cognito's tokens; we do.
warnings.filterwarnings("ignore", module=r"chalice\.local")


def error(status: int, message: str, code: str = "") -> Answer:
    """Return an error in the interface's shape."""
    body = {"code": code or code_of(status), "message": message, "fields": {}}
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(body, ensure_ascii=False).encode())


def isolate_requests(app: Chalice) -> None:
    """Let every thread have a current request of its own, in an application that Lambda gives one at a time.

    chalice's `create_local_server` does the same for the request, and forgets the Lambda context.
    """
    here = threading.local()

    def own(name: str) -> property:
        return property(
            lambda self: getattr(here, name, None), lambda self, value: setattr(here, name, value)
        )

    properties = {"current_request": own("request"), "lambda_context": own("context")}
    app.__class__ = type("LocalApplication", (LocalChalice, app.__class__), properties)


class Events(LambdaEventConverter):
    """API Gateway's events with the address that each thread's request came from."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.here = threading.local()

    @property
    def LOCAL_SOURCE_IP(self) -> str:  # type: ignore[override]
        return str(self.here.source)


class Api:
    """A chalice application behind LocalGateway, with the checks that API Gateway makes before it calls Lambda."""

    def __init__(self, app: Chalice, tokens: TokenVerifier) -> None:
        isolate_requests(app)
        self._routes = app.routes
        self._tokens = tokens
        # It keeps nothing of a request, so that all threads share one.
        self._gateway = LocalGateway(
            app, Config(chalice_stage="local", config_from_disk={"lambda_timeout": 29})
        )
        self._matcher = RouteMatcher(list(app.routes))
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._places = threading.BoundedSemaphore(AT_ONCE + WAITING)
        self._events = Events(self._matcher, app.api.binary_types)
        self._gateway.event_converter = self._events

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes, source: str = "127.0.0.1"
    ) -> tuple[Answer, str]:
        """Answer one request; return also the path as the log may hold it. Header names are lower-case."""
        self._events.here.source = source
        try:
            route = self._matcher.match_route(target).route
        except ValueError:
            return error(404, "there is nothing here"), "(unknown)"
        entry = self._routes[route].get(method)
        if entry is None:
            allowed = ", ".join(sorted(self._routes[route]))
            refused = error(405, f"this address takes {allowed}")
            return Answer(405, {**refused.headers, "Allow": allowed}, refused.body), route
        path = route if "{code}" in route else target.partition("?")[0]
        if entry.authorizer is not None:
            if not isinstance(entry.authorizer, CognitoUserPoolAuthorizer):
                raise TypeError(f"{route} has an authorizer that this gateway does not know")
            try:
                self._tokens.verify(headers.get("authorization", ""))
            except Unauthenticated as problem:
                refused = error(401, problem.message)
                return Answer(401, {**refused.headers, "WWW-Authenticate": "Bearer"}, refused.body), path
            except SignInUnavailable as problem:
                return error(503, f"{problem}; send it again", "busy"), path
        if path in WHILE_BUSY:
            return self._call(method, target, headers, body), path
        answer = self._in_turn(method, target, headers, body)
        if "{code}" in route:
            return as_a_page(answer, headers, target.partition("?")[0].rpartition("/")[2]), path
        return answer, path

    def _in_turn(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """One of those at work, or waiting for one of them; what finds no place is refused before anything is done."""
        if not self._places.acquire(blocking=False):
            return error(503, "too many requests at once; send it again", "busy")
        try:
            if not self._at_once.acquire(timeout=PATIENCE_S):
                return error(503, "too many requests at once; send it again", "busy")
            try:
                return self._call(method, target, headers, body)
            finally:
                self._at_once.release()
        finally:
            self._places.release()

    def _call(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        try:
            response = self._gateway.handle_request(method, target, headers, body or None)
        except LocalGatewayException as problem:
            return error(problem.CODE, HTTPStatus(problem.CODE).phrase)
        content = response["body"] or ""
        raw = base64.b64decode(content) if response.get("isBase64Encoded") else _bytes(content)
        found = {"content-type": "application/json"}
        found |= {name.lower(): str(value) for name, value in response["headers"].items()}
        found |= {name.lower(): ", ".join(values) for name, values in response["multiValueHeaders"].items()}
        return in_our_words(Answer(response["statusCode"], found, raw))


def as_a_page(answer: Answer, headers: dict[str, str], code: str) -> Answer:
    """What a crew's browser is told where no answer of the application's is to be had: a page, as it takes no other part."""
    if answer.status < 500 or "text/html" not in headers.get("accept", ""):
        return answer
    language = responder_page.choose_language(headers.get("accept-language", ""))
    view = responder_page.ResponderView(language=language, state="failed", code=code)
    return Answer(answer.status, responder_page.headers(), responder_page.render(view).encode())


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def in_our_words(answer: Answer) -> Answer:
    """Turn chalice's own `{"Code", "Message"}` into the interface's error."""
    if answer.status < 400 or not answer.body.startswith(b'{"Code"'):
        return answer
    said = json.loads(answer.body)
    return Answer(answer.status, answer.headers, error(answer.status, said.get("Message", "")).body)


def security_headers(signin_origin: str) -> dict[str, str]:
    """Return what CloudFront's response headers policy will add to every answer that does not say it itself."""
    policy = {
        "default-src": "'self'",
        "connect-src": f"'self' {signin_origin}",
        "img-src": "'self' data:",
        "style-src": "'self'",
        "script-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": f"'self' {signin_origin}",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class Simulated(Protocol):
    """The phones' page: what it shows, and what is typed into a phone."""

    def __call__(self, raw_path: str, query: str) -> Answer | None: ...

    def reply(self, content_type: str, body: bytes) -> Answer: ...


class Gateway:
    """The WSGI application: `/api` and `/r` to chalice, `/simulator` to the phones, all else to the site's files."""

    def __init__(self, api: Api, site: StaticFiles, simulator: Simulated, signin_origin: str):
        self._api = api
        self._site = site
        self._simulator = simulator
        self._security = security_headers(signin_origin)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started = time.monotonic()
        method = environ["REQUEST_METHOD"]
        try:
            answer, path = self._answer(method, environ)
        except Exception:
            log.exception("no answer to a %s", method)
            answer, path = error(500, "an error inside the server; it is in the log"), "(error)"
        took_ms = (time.monotonic() - started) * 1000
        # An open simulator asks every second.
        if not path.startswith("/simulator/"):
            access_log.info(
                "%s %s %d %.0f ms %d bytes", method, path, answer.status, took_ms, len(answer.body)
            )
        headers = {name.lower(): (name, value) for name, value in self._security.items()}
        headers |= {name.lower(): (name, value) for name, value in answer.headers.items()}
        body, empty = answer.body, answer.status in (204, 304)
        if is_worth_packing(answer, headers_of(environ)):
            body = gzip.compress(body, PACKED_WELL)
            headers |= {"content-encoding": ("Content-Encoding", "gzip"), "vary": ("Vary", "Accept-Encoding")}
        if empty:
            headers.pop("content-type", None)
        else:
            headers["content-length"] = ("Content-Length", str(len(body)))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(headers.values()))
        return [] if empty or method == "HEAD" else [body]

    def _answer(self, method: str, environ: Environ) -> tuple[Answer, str]:
        target: str = environ["REQUEST_URI"]
        raw_path, _, query = target.partition("?")
        if not is_ours(environ, raw_path):
            return error(403, "this is for this machine's own pages"), "(foreign)"
        # `//host/api/x` and `http://host/api/x` would be one path to us and another to the route matcher.
        if not target.startswith("/") or target.startswith("//") or "#" in target:
            return error(404, "there is nothing here"), "(unknown)"
        if raw_path.startswith(("/api/", "/r/")):
            body = environ["wsgi.input"].read(MAX_BODY + 1)
            if len(body) > MAX_BODY:
                return error(413, f"a body has at most {MAX_BODY} bytes"), "(too large)"
            return self._api.answer(method, target, headers_of(environ), body, environ["REMOTE_ADDR"])
        if (method, raw_path) == ("POST", "/simulator/api/replies"):
            body = environ["wsgi.input"].read(MAX_BODY)
            return self._simulator.reply(environ.get("CONTENT_TYPE", ""), body), raw_path
        if method not in ("GET", "HEAD"):
            refused = error(405, "this address takes GET, HEAD")
            return Answer(405, {**refused.headers, "Allow": "GET, HEAD"}, refused.body), "(file)"
        if raw_path == "/simulator" or raw_path.startswith("/simulator/"):
            found = self._simulator(raw_path, query)
        else:
            found = self._site.answer(raw_path, environ.get("HTTP_IF_NONE_MATCH", ""))
            # A person gets a page, a program an error like all others.
            if found is None and "text/html" in environ.get("HTTP_ACCEPT", ""):
                found = self._site.missing(raw_path)
        if found is None:
            return error(404, "there is nothing here"), "(unknown)"
        return found, raw_path


def is_worth_packing(answer: Answer, headers: dict[str, str]) -> bool:
    """Whether an answer goes out compressed, as API Gateway and CloudFront do it: text of a kilobyte or more, to who takes gzip."""
    kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    return (
        answer.status == 200
        and len(answer.body) >= PACKED_FROM
        and kind.startswith(PACKED)
        and "gzip" in headers.get("accept-encoding", "")
    )


def is_ours(environ: Environ, path: str) -> bool:
    """Whether a request comes from this stack's own pages, from no page at all, or from the page behind a link.

    A foreign site whose name was made to point at this machine bears that name as its Host (DNS rebinding).
    """
    host = environ.get("HTTP_HOST", "")
    if host.rpartition(":")[0] not in OWN_NAMES and host not in OWN_NAMES:
        return False
    origin = environ.get("HTTP_ORIGIN")
    # The page behind a link tells nobody where it is, not even itself: its forms come from nowhere.
    return origin in (None, f"http://{host}") or (origin == "null" and path.startswith("/api/r/"))


def headers_of(environ: Environ) -> dict[str, str]:
    """Return a request's headers with lower-case names."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    return headers


def waitress_errors_in_our_words() -> None:
    """Let what waitress refuses before it calls us (a broken request, a giant) have the interface's shape too."""
    from waitress.utilities import Error

    def to_response(self: Error, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        answer = error(self.code, self.reason)
        return f"{self.code} {self.reason}", list(answer.headers.items()), answer.body

    cast(Any, Error).to_response = to_response
