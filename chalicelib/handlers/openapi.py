"""The OpenAPI document, made from the routes as they are registered and the types that check their bodies."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct, field

from ..domain.events import TYPES
from ..domain.registry import NOUNS
from ..faults import Fault
from ..version import VERSION
from .access import PUBLIC
from .bodies.inbound import DeliveryBody, InboundBody
from .bodies.registry import WRITTEN, RemoveBody
from .bodies.responder import AnswerBody, CannotBody, LinkBody, TestBody, WishBody
from .http import PATH_ID, ROUTES, Route

FAILURES = {
    400: "The request cannot be understood; `fields` names what is wrong.",
    401: "Nobody is signed in.",
    403: "This account may not do it.",
    404: "There is nothing here, or nothing that this account may see.",
    409: "The thing has moved on; load it again.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Well formed, and cannot be carried out; `fields` names why.",
    428: "`If-Match` is needed: the version that was read.",
    429: "Too much in a short time; the header Retry-After says in how many seconds to come again.",
    503: "`busy`: nothing was written; any other code: it may be written or not. The same may be sent again under the same key.",
}
WRITES = ("POST", "PUT", "PATCH", "DELETE")
JSON = "application/json"
# Says why, or comes without a body.
REMOVAL = "DELETE /api/registry/{noun}/{id_}"
INBOUND = {"/api/inbound/sms": InboundBody, "/api/inbound/reports": DeliveryBody}
# Forms of pages behind a person's standing link.
OWN_DUTY = {
    "POST /api/r/{code}/duty/answer": AnswerBody,
    "POST /api/r/{code}/duty/cannot": CannotBody,
    "POST /api/r/{code}/duty/swap": WishBody,
    "POST /api/r/{code}/duty/test": TestBody,
}
SIGNATURE = "X-Kentongan-Signature"
FORM = "application/x-www-form-urlencoded"


class Failure(Struct, frozen=True, kw_only=True):
    """Every answer that is not a success; `faults` has what is wrong with each field by code (docs/fault-codes.md), `fields` in English."""

    code: str
    message: str
    fields: dict[str, str]
    faults: list[Fault] = field(default_factory=list)


@cache
def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    from .answers.timeline import EventAnswer

    bodies = {_body(route) for route in ROUTES} - {None}
    shown = {route.answers.type for route in ROUTES} - {None}
    _, components = msgspec.json.schema_components(
        [Failure, *WRITTEN.values(), *bodies, *shown, *TYPES.values()],
        ref_template="#/components/schemas/{name}",
    )
    components[EventAnswer.__name__]["oneOf"] = _contents()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    failure = {JSON: {"schema": _ref(Failure)}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kentongan",
            "version": VERSION,
            "description": "Dispatch for the emergency number 112.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {
                str(status): {"description": why, "content": failure} for status, why in FAILURES.items()
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _contents() -> list[dict[str, Any]]:
    """What an event's data are, by its type: those of a later release's type are not described here."""
    known = [{"properties": {"type": {"const": name}, "data": _ref(type_)}} for name, type_ in TYPES.items()]
    return [*known, {"properties": {"type": {"not": {"enum": list(TYPES)}}}}]


def _ref(type_: type[Struct]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{type_.__name__}"}


def _body(route: Route) -> Any:
    # Read by themselves: a form or JSON, and what is signed.
    read_apart = {"POST /api/r/{code}": LinkBody, REMOVAL: RemoveBody, **OWN_DUTY}
    read_apart |= {f"POST {path}": body for path, body in INBOUND.items()}
    return read_apart.get(route.name, route.takes.body)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_"),
        "parameters": [
            *_path_parameters(route.path),
            *_query_parameters(route.takes.query),
            *_headers(route),
        ],
        "responses": _responses(route),
        "security": [] if route.roles is PUBLIC else [{"token": []}],
    }
    if route.roles is not PUBLIC:
        operation["description"] = f"For {', '.join(sorted(route.roles))}."
    body = _body(route)
    of_noun = route.path.startswith("/api/registry/") and route.method in ("POST", "PUT")
    if of_noun:
        schema: dict[str, Any] = {"anyOf": [_ref(type_) for type_ in WRITTEN.values()]}
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    elif body is not None:
        content = {} if route.name in OWN_DUTY else {JSON: {"schema": _ref(body)}}
        content |= {FORM: {"schema": _ref(body)}} if body is LinkBody or route.name in OWN_DUTY else {}
        operation["requestBody"] = {"required": route.name != REMOVAL, "content": content}
    return operation


def _responses(route: Route) -> dict[str, Any]:
    answer = route.answers.type
    page = {"text/html": {"schema": {"type": "string"}}}
    if route.path == "/r/{code}":
        return {
            "200": {"description": "The responder's page.", "content": page},
            "404": {"description": "A page that says that the link leads nowhere.", "content": page},
            "429": {"description": "The same, after many wrong links from one address.", "content": page},
        }
    if route.path.startswith(("/r/{code}/", "/api/r/{code}/")):
        return _own_duty(route, page)
    schema = _ref(answer) if answer else {"type": "object"}
    done: dict[str, Any] = {"description": "Done.", "content": {JSON: {"schema": schema}}}
    responses: dict[str, Any] = {str(route.answers.status): done}
    if _body(route) is LinkBody:
        responses["303"] = {"description": "Back to the page, for a form."}
    if route.method == "GET" and answer:
        responses["304"] = {
            "description": "Nothing has changed since the answer whose ETag If-None-Match names."
        }
    responses |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in _failures(route)}
    responses |= {str(status): {**done, "description": why} for status, why in route.answers.also.items()}
    return responses


def _own_duty(route: Route, page: dict[str, Any]) -> dict[str, Any]:
    """The pages of a person's own duty answer a person, also when something is wrong; the calendar a calendar's program."""
    if route.path.endswith(".ics"):
        calendar = {"text/calendar": {"schema": {"type": "string"}}}
        found = {"200": {"description": "A calendar (RFC 5545).", "content": calendar}}
        return found | {
            str(status): {"$ref": f"#/components/responses/{status}"} for status in (400, 404, 429)
        }
    done = {"200": {"description": "The page.", "content": page}}
    if route.method == "POST":
        done = {"303": {"description": "Back to the page, which says what became of it."}}
    return {
        **done,
        "404": {"description": "A page that says that the link leads nowhere.", "content": page},
        "429": {"description": "The same, after many wrong links from one address.", "content": page},
        "503": {"description": "A page that says that nothing is known now.", "content": page},
    }


def _failures(route: Route) -> list[int]:
    """Which failures a route may answer; a 500 would be a fault of ours, and is not part of the interface."""
    found = {400, *route.answers.fails}
    if route.roles is not PUBLIC:
        found |= {401, 403}
    if "{" in route.path:
        found.add(404)
    if route.path in INBOUND:
        found |= {403, 404}
    if _query_parameters(route.takes.query):
        found.add(422)
    if route.method in WRITES:
        found |= {409, 422, 503}
    if route.method in ("POST", "PUT", "PATCH") or route.name == REMOVAL:
        found |= {413, 415}
    if route.method == "PUT":
        found.add(428)
    return sorted(found)


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _path_schema(name: str) -> dict[str, Any]:
    if name == "noun":
        return {"type": "string", "enum": list(NOUNS)}
    return {"type": "string", "pattern": f"^{PATH_ID.pattern}$"}


def _query_parameters(type_: Any) -> list[dict[str, Any]]:
    if type_ is None:
        return []
    schema = msgspec.json.schema(type_)["$defs"][type_.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": each}
        for name, each in schema["properties"].items()
    ]


def _headers(route: Route) -> list[dict[str, Any]]:
    if route.takes.creates or (route.method == "POST" and route.takes.body is not None):
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        return [
            {"name": "Idempotency-Key", "in": "header", "required": route.takes.creates, "schema": schema}
        ]
    if route.path in INBOUND:
        about = "`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the deployment's secret."
        schema = {"type": "string"}
        return [{"name": SIGNATURE, "in": "header", "required": True, "schema": schema, "description": about}]
    if route.method == "PUT":
        about = "The version that was read; another one is answered by 409."
        schema = {"type": "string", "pattern": '^"?[0-9]+"?$'}
        return [
            {"name": "If-Match", "in": "header", "required": True, "schema": schema, "description": about}
        ]
    return []
