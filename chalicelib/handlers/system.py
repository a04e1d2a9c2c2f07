"""What is not about incidents: health, the site's configuration, who is signed in, the OpenAPI document."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from ..domain import times
from ..domain.audit import silent
from ..domain.registry import Language, Role
from ..gateways.sms import Unusable
from ..models import counters, heartbeats
from ..models.connection import patience
from ..models.heartbeats import Heartbeat
from ..observability import logger
from ..services.evidence import retention, sealing
from ..services.notices import sending as telling
from ..services.watch import looking_ahead
from ..version import VERSION
from . import openapi
from .answers.shown import Shown, taken_from
from .http import Answers, Api, Context, json_response

DATABASE_S = 1.0

api = Api(__name__)


class Check(Shown, frozen=True, kw_only=True):
    """One thing that must work."""

    ok: bool
    detail: str


class Health(Shown, frozen=True, kw_only=True):
    """What works and what does not."""

    status: str
    version: str
    checks: dict[str, Check]


class Me(Shown, frozen=True, kw_only=True):
    """Who is signed in; `agency` is the short name of the one agency that they are bound to, '' for none."""

    sub: str
    name: str
    role: Role
    agency_id: str | None
    agency: str
    language: Language


@api.on("GET", "/api/health", answers=Answers(Health, also={503: "Calls could not be taken."}))
def health(context: Context) -> Response:
    """What works and what does not, within 2 s; 503 when calls could not be taken."""
    with patience(DATABASE_S):
        beats = _read_beats(context)
        needed = {"database": _database(context, beats.get("sweep")), "seed": _seed(context)}
    well, detail = context.world.wakeups.health()
    checks = {
        **needed,
        "wakeups": {"ok": well, "detail": detail},
        **_sms(context),
        **_supervisor(context),
        **_heartbeats(context, beats),
    }
    status = "ok" if all(check["ok"] for check in checks.values()) else "degraded"
    # Without wake-ups the sweep still sends every page, only later; without both calls are still taken.
    return json_response(
        {"status": status, "version": VERSION, "checks": checks},
        200 if all(check["ok"] for check in needed.values()) else 503,
    )


def _every_s(context: Context) -> dict[str, int]:
    settings = context.world.settings
    every = {
        "sweep": settings.sweep_every_s,
        "audit": settings.audit_every_s,
        telling.NAME: settings.sweep_every_s,
        looking_ahead.NAME: settings.sweep_every_s,
        retention.NAME: retention.EVERY_S,
    }
    return every | ({sealing.NAME: sealing.EVERY_S} if context.world.seals else {})


def _read_beats(context: Context) -> dict[str, Heartbeat]:
    try:
        return heartbeats.heartbeats(_every_s(context))
    except Exception:
        logger.exception("health: heartbeats")
        return {}


def _database(context: Context, swept: Heartbeat | None) -> dict[str, Any]:
    try:
        version = counters.read().total
    except Exception:
        logger.exception("health: database")
        return {"ok": False, "detail": "the database does not answer"}
    age = times.between(swept.at if swept else None, context.world.clock.now())
    try:
        # A full disk can still be read. The sweep's heartbeat is a write; only when it is late does this route write itself.
        if age is None or abs(age) > 2 * context.world.settings.sweep_every_s:
            heartbeats.probe()
    except Exception:
        logger.exception("health: database takes no writes")
        return {"ok": False, "detail": "the database takes no writes; is its disk full?"}
    return {"ok": True, "detail": f"registry version {version}"}


def _seed(context: Context) -> dict[str, Any]:
    try:
        plans = len(context.registry.plans)
    except Exception:
        logger.exception("health: registry")
        return {"ok": False, "detail": "the registry cannot be read"}
    return {"ok": plans > 0, "detail": f"{plans} response plans"}


def _sms(context: Context) -> dict[str, dict[str, Any]]:
    """Only when it is known that no SMS can leave; whether one does the pages alone say."""
    sms = context.world.sms
    return {"sms": {"ok": False, "detail": sms.why}} if isinstance(sms, Unusable) else {}


def _supervisor(context: Context) -> dict[str, dict[str, Any]]:
    """Only when nobody replaces what hangs."""
    since = context.world.unsupervised_since()
    detail = f"silent since {since}: what hangs is replaced by nobody; end it and start it again"
    return {"supervisor": {"ok": False, "detail": detail}} if since else {}


def _heartbeats(context: Context, beats: dict[str, Heartbeat]) -> dict[str, dict[str, Any]]:
    """Whether each scheduled function came to its end lately, could check everything, and had its queue."""
    checks = {}
    for name, every in _every_s(context).items():
        now, last = context.world.clock.now(), beats.get(name)
        if last is None:
            # A new deployment's first day or hour passes before what runs daily or hourly; what is no page harms nobody by its absence.
            early = name in (retention.NAME, sealing.NAME, telling.NAME, looking_ahead.NAME) and bool(beats)
            checks[name] = {"ok": early, "detail": "has not run yet, or its heartbeat cannot be read"}
            continue
        counts = ", ".join(f"{number} {what}" for what, number in last.counts.items())
        trouble = last.counts.get("failed") or last.counts.get("by_hand")
        well = not silent(last.at, every, now) and not trouble
        checks[name] = {"ok": well, "detail": f"{round(times.between(last.at, now) or 0)} s ago: {counts}"}
    return checks


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


@api.on("GET", "/api/me", answers=Answers(Me))
def me(context: Context) -> Me:
    """Who is signed in."""
    user = context.user
    own = context.registry.agencies.get(user.agency_id or "")
    return taken_from(Me, user, sub=user.id, agency=own.short_name if own else "")


@api.on("GET", "/api/openapi.json")
def document(context: Context) -> dict[str, Any]:
    """This interface as an OpenAPI document."""
    return openapi.document()
