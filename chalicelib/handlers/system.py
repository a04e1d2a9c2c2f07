"""What is not about incidents: health, the site's configuration, who is signed in, the OpenAPI document."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from ..models import registry as store
from ..observability import logger
from . import openapi
from .http import Api, Context, json_response

api = Api(__name__)


@api.on("GET", "/api/health")
def health(context: Context) -> Response:
    """What works and what does not; 503 when calls could not be taken."""
    needed = {"database": _database(), "seed": _seed(context)}
    well, detail = context.world.wakeups.health()
    checks = {**needed, "wakeups": {"ok": well, "detail": detail}}
    status = "ok" if all(check["ok"] for check in checks.values()) else "degraded"
    # Without wake-ups the sweep still sends every page, only later.
    return json_response(
        {"status": status, "checks": checks}, 200 if all(check["ok"] for check in needed.values()) else 503
    )


def _database() -> dict[str, Any]:
    try:
        return {"ok": True, "detail": f"registry version {store.counter()}"}
    except Exception:
        logger.exception("health: database")
        return {"ok": False, "detail": "the database does not answer"}


def _seed(context: Context) -> dict[str, Any]:
    try:
        plans = len(context.registry.plans)
    except Exception:
        logger.exception("health: registry")
        return {"ok": False, "detail": "the registry cannot be read"}
    return {"ok": plans > 0, "detail": f"{plans} response plans"}


@api.on("GET", "/api/config")
def config(context: Context) -> dict[str, Any]:
    """What the site must know before anybody is signed in."""
    settings = context.world.settings
    return {
        "stage": settings.stage,
        "utc_offset_hours": settings.utc_offset_hours,
        "oidc": {
            "authority": settings.oidc_issuer,
            "client_id": settings.oidc_client_id,
            "authorization_endpoint": settings.oidc_authorization_endpoint,
            "token_endpoint": settings.oidc_token_endpoint,
            "end_session_endpoint": settings.oidc_end_session_endpoint,
            "jwks_uri": settings.oidc_jwks_uri,
        },
    }


@api.on("GET", "/api/me")
def me(context: Context) -> dict[str, Any]:
    """Who is signed in."""
    user = context.user
    return {
        "sub": user.id,
        "name": user.name,
        "role": user.role,
        "agency_id": user.agency_id,
        "language": user.language,
    }


@api.on("GET", "/api/openapi.json")
def document(context: Context) -> dict[str, Any]:
    """This interface as an OpenAPI document."""
    return openapi.document()
