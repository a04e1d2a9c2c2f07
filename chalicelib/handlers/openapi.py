"""The OpenAPI document, made from the routes as they are registered and the types that check their bodies."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from ..domain.registry import NOUNS
from .access import ACCESS, PUBLIC
from .http import ROUTES, Route


class Failure(Struct, frozen=True, kw_only=True):
    """Every answer that is not a success."""

    code: str
    message: str
    fields: dict[str, str]


@cache
def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    types: list[Any] = [Failure, *NOUNS.values()]
    types += [type_ for route in ROUTES for type_ in (route.body,) if type_ is not None]
    _, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kentongan",
            "version": "1",
            "description": "Dispatch for the emergency number 112.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    roles = ACCESS[f"{route.method} {route.path}"]
    failure = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}}
    responses: dict[str, Any] = {str(route.status): {"description": "Done."}}
    if not route.path.startswith("/r/"):
        responses[str(route.status)]["content"] = {"application/json": {"schema": {"type": "object"}}}
    else:
        responses[str(route.status)]["content"] = {"text/html": {"schema": {"type": "string"}}}
        responses["404"] = {"description": "A page that says so.", "content": {"text/html": {}}}
    responses["default"] = {"description": "Not done; `fields` names what was wrong.", **failure}
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_"),
        "parameters": [*_path_parameters(route.path), *_query_parameters(route.query), *_headers(route)],
        "responses": responses,
        "security": [] if roles is PUBLIC else [{"token": []}],
    }
    if roles is not PUBLIC:
        operation["description"] = f"For {', '.join(sorted(roles))}."
    if route.body is not None:
        schema: Any = {"$ref": f"#/components/schemas/{route.body.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    elif route.path.startswith("/api/registry/") and route.method in ("POST", "PUT"):
        schema = {"anyOf": [{"$ref": f"#/components/schemas/{type_.__name__}"} for type_ in NOUNS.values()]}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(type_: Any) -> list[dict[str, Any]]:
    if type_ is None:
        return []
    schema = msgspec.json.schema(type_)["$defs"][type_.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": each}
        for name, each in schema["properties"].items()
    ]


def _headers(route: Route) -> list[dict[str, Any]]:
    if not route.creates:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema}]
