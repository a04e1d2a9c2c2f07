"""Blocked numbers, and what is known of a number that calls."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from ..domain.blocking import Block
from ..services.abuse import blocking
from ..services.registry.phone_numbers import must_number, read_number
from . import views
from .bodies import BlockBody, CallerBody
from .http import Api, Context, json_response

api = Api(__name__)


@api.on("POST", "/api/callers", body=CallerBody)
def look_up(context: Context) -> dict[str, Any]:
    """How a number is read, how often it has called today and whether it is blocked; a POST, as no address may hold it."""
    number = read_number(context.body.number, context.registry.regency)
    block = blocking.find(context.world, context.registry, number.known)
    return {
        "number": number.known,
        "kind": number.kind,
        "calls_today": blocking.calls_today(context.world, number.known) if number.known else 0,
        "block": _shown(context, block) if block else None,
    }


@api.on("GET", "/api/blocked-numbers")
def list_blocked(context: Context) -> dict[str, Any]:
    """Blocked numbers and those whose block ended in the last 30 days, with what came from them since."""
    now = context.world.clock.now()
    found = blocking.listed(context.world, context.registry)
    return {
        "blocked_numbers": [
            views.blocked(block, counts, context.registry, context.user, now) for block, counts in found
        ]
    }


@api.on("POST", "/api/blocked-numbers", body=BlockBody, status=201)
def block(context: Context) -> Response:
    """Block a number for 24 hours; 200 with the block that stands already."""
    body: BlockBody = context.body
    number = must_number(body.number, "number", context.registry.regency)
    blocked, new = blocking.block(context.world, context.registry, context.user.id, number, body.reason)
    return json_response(_shown(context, blocked), 201 if new else 200)


@api.on("DELETE", "/api/blocked-numbers/{block_id}")
def unblock(context: Context, block_id: str) -> dict[str, Any]:
    """Unblock a number at once; one whose block has ended stays as it is."""
    return _shown(context, blocking.unblock(context.world, context.registry, context.user.id, block_id))


def _shown(context: Context, block: Block) -> dict[str, Any]:
    (counts,) = blocking.counts_of([block])
    return views.blocked(block, counts, context.registry, context.user, context.world.clock.now())
