"""The HTTP edge: one wrapper around every view that authorises, reads, and turns domain errors into answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
from chalice.app import Blueprint, CognitoUserPoolAuthorizer, Request, Response
from msgspec import Struct
from msgspec.structs import replace

from .. import bootstrap
from ..bootstrap import World
from ..config import cognito_pool_arn
from ..domain.registry import Account, Role
from ..errors import (
    CODES,
    Busy,
    Forbidden,
    Invalid,
    KentonganError,
    NotFound,
    TooMany,
    Unanswered,
    Unauthenticated,
)
from ..faults import Fault
from ..models.conflicts import Passing
from ..models.connection import patience
from ..models.keys import Key
from ..models.registry import Snapshot
from ..observability import logger
from ..services.changes.writing import Actor
from .access import ACCESS, PUBLIC, bound_agency
from .bodies.fields import NoQuery
from .reading import MAX_BODY, raw_body, read_json, read_query

JSON_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}
# What a request may wait for the database in all: somebody looks at a screen meanwhile.
DATABASE_S = 5.0
INTERNAL = KentonganError("something went wrong here; it has been logged")
TAG_DIGITS = 32
NO_ANSWER = "the database does not answer; send it again"
KEY_HEADER = "idempotency-key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
PATH_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
authorizer = CognitoUserPoolAuthorizer("kentongan", provider_arns=[cognito_pool_arn()])
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(kw_only=True)
class Context:
    """What a view works with: the world, who calls, and the request's parts already checked."""

    world: World
    request: Request
    actor: Actor
    account: Account | None = None
    body: Any = None
    query: Any = None
    decides: bool = False
    _registry: Snapshot | None = field(default=None, init=False)

    @property
    def registry(self) -> Snapshot:
        """The registry, the same for the whole request.

        Not a `cached_property`: before Python 3.12 that has one lock for all instances, and while the database hung every request
        waited for the one before it, health too.
        """
        if self._registry is None:
            kept = self.world.registry
            self._registry = kept.current_with_states() if self.decides else kept.current()
        return self._registry

    @property
    def user(self) -> Account:
        if self.account is None:
            raise Unauthenticated("sign in first")
        return self.account


class Takes(Struct, frozen=True):
    """What a request brings: a `body` of at most `largest` bytes, a `query`, None for any; `creates` demands an Idempotency-Key."""

    body: Any = None
    query: Any = NoQuery
    creates: bool = False
    largest: int = MAX_BODY


class Answers(Struct, frozen=True):
    """What comes of it: a `type` (None for any object) with a `status`, or with others `also`, each with what it then means.

    `fails`: with what, besides what every route of its kind may answer.
    """

    type: Any = None
    status: int = 200
    also: Mapping[int, str] = MappingProxyType({})
    fails: tuple[int, ...] = ()


class Route(Struct, frozen=True, kw_only=True):
    """A route as it is registered, and as the OpenAPI document describes it; see `Api.on`."""

    method: str
    path: str
    summary: str
    takes: Takes
    answers: Answers
    decides: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def roles(self) -> frozenset[Role]:
        return ACCESS[self.name]


NOTHING, ANY_OBJECT = Takes(), Answers()
ROUTES: list[Route] = []


class Api(Blueprint):
    """A blueprint whose views take a Context and path parameters and return a JSON value, or a Response of their own."""

    def on(
        self,
        method: str,
        path: str,
        *,
        takes: Takes = NOTHING,
        answers: Answers = ANY_OBJECT,
        decides: bool = False,
    ) -> Callable[[View], View]:
        """Register a view; `decides`: whom to send, so that the units' states are read with the registry.

        KeyError: not in the access table.
        """

        def register(view: View) -> View:
            summary = (view.__doc__ or view.__name__).strip().splitlines()[0]
            route = Route(
                method=method, path=path, summary=summary, takes=takes, answers=answers, decides=decides
            )
            ROUTES.append(route)

            def wrapped(**path_parameters: str) -> Response:
                request = self.current_request
                try:
                    with patience(DATABASE_S):
                        context = _context(request, route)
                        answer = view(context, **path_parameters)
                    if isinstance(answer, Response):
                        return answer
                    told = json_response(answer, answers.status)
                    return _unless_known(request, answer, told) if method == "GET" else told
                except KentonganError as error:
                    return error_response(error)
                except Passing:
                    logger.exception("request failed", extra={"route": route.name})
                    # What only reads has written nothing; of all else it is not known.
                    return error_response(Busy(NO_ANSWER) if method == "GET" else Unanswered(NO_ANSWER))
                except Exception:
                    logger.exception("request failed", extra={"route": route.name})
                    return error_response(INTERNAL)

            wrapped.__name__ = view.__name__
            wrapped.__doc__ = view.__doc__
            options: dict[str, Any] = {"methods": [method], "content_types": ["*/*"]}
            if route.roles is not PUBLIC:
                options["authorizer"] = authorizer
            self.route(path, **options)(wrapped)
            return view

        return register


def json_response(value: Any, status: int = 200) -> Response:
    """A JSON answer that no cache keeps."""
    return Response(msgspec.json.encode(value).decode(), status_code=status, headers={**JSON_HEADERS})


def _unless_known(request: Request, answer: Any, told: Response) -> Response:
    """The answer with its tag, or 304 without it for who names that tag (RFC 9110, 8.8.3): most looks find nothing new."""
    # Over the answer and not over versions: some of it follows from the clock, such as an alarm a minute after a call.
    # When it was looked is no news: the header Date says it too.
    timed = isinstance(answer, Struct) and "now" in answer.__struct_fields__
    content = msgspec.json.encode(replace(answer, now="")) if timed else told.body.encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:TAG_DIGITS]}"'
    told.headers["ETag"] = tag
    # A proxy that compresses makes a strong tag a weak one.
    named = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag not in named:
        return told
    return Response("", status_code=304, headers={**JSON_HEADERS, "ETag": tag})


def error_response(error: KentonganError) -> Response:
    """The interface's error shape; anything unexpected is a 500 that says nothing of its cause."""
    status = status_of(error)
    body = {"code": error.code, "message": error.message, "fields": error.fields}
    if error.faults:
        body["faults"] = [msgspec.to_builtins(fault) for fault in error.faults]
    response = json_response(body, status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def status_of(error: KentonganError) -> int:
    """The HTTP status of an error."""
    return CODES[error.code].statuses[0]


def _context(request: Request, route: Route) -> Context:
    takes, actor = route.takes, Actor(id="public")
    context = Context(world=bootstrap.world(), request=request, actor=actor, decides=route.decides)
    if route.roles is not PUBLIC:
        context.account = _account(context, route.roles)
        context.actor = Actor(id=context.account.id)
        _check_path(request)
    if takes.query is not None:
        context.query = read_query(request.query_params, takes.query)
    if takes.body is not None:
        raw = raw_body(request, takes.largest)
        context.body = read_json(request, raw, takes.body)
        if takes.creates or KEY_HEADER in request.headers:
            path = request.context.get("path") or request.path
            context.actor = Actor(id=context.actor.id, key=_key(request, context.actor.id, path, raw))
    return context


def _account(context: Context, roles: frozenset[Any]) -> Account:
    claims = (context.request.context.get("authorizer") or {}).get("claims") or {}
    sub = claims.get("sub")
    if not sub:
        raise Unauthenticated("sign in first")
    account = context.registry.accounts.get(sub)
    if account is None or account.disabled:
        raise Forbidden("this sign-in has no account here")
    if account.role not in roles:
        raise Forbidden(f"a {account.role} may not do this")
    own = bound_agency(account)
    if own is not None and (own not in context.registry.agencies or context.registry.agencies[own].retired):
        raise Forbidden("this account's agency is retired", Fault("agency_id", "agency_retired"))
    return account


def _check_path(request: Request) -> None:
    """No id of ours looks otherwise, and none so long may become a key of the database."""
    for name, value in (request.uri_params or {}).items():
        if not PATH_ID.fullmatch(value):
            raise NotFound("there is nothing here", Fault(name.rstrip("_"), "not_found"))


def _key(request: Request, caller: str, path: str, raw: bytes) -> Key:
    value = request.headers.get(KEY_HEADER, "")
    if not KEY.fullmatch(value):
        raise Invalid("an Idempotency-Key is needed", Fault("Idempotency-Key", "key_form"))
    return Key(caller=caller, route=f"{request.method} {path}", key=value, body=raw)
