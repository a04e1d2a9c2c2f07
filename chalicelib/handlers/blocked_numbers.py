"""Blocked numbers, and what is known of a number that calls."""

from __future__ import annotations

from chalice.app import Response

from ..domain.blocking import Block
from ..services.abuse import blocking
from ..services.registry.phone_numbers import must_number, read_number
from .answers.blocked_numbers import BlockAnswer, Blocks, Caller
from .bodies.blocked_numbers import BlockBody, CallerBody
from .http import Answers, Api, Context, Takes, json_response

api = Api(__name__)


@api.on("POST", "/api/callers", takes=Takes(CallerBody), answers=Answers(Caller))
def look_up(context: Context) -> Caller:
    """How a number is read, how often it has called today and whether it is blocked; a POST, as no address may hold it."""
    number = read_number(context.body.number, context.registry.regency)
    block = blocking.find(context.world, context.registry, number.known)
    return Caller(
        number=number.known,
        kind=number.kind,
        calls_today=blocking.calls_today(context.world, number.known) if number.known else 0,
        block=_shown(context, block) if block else None,
    )


@api.on("GET", "/api/blocked-numbers", answers=Answers(Blocks))
def list_blocked(context: Context) -> Blocks:
    """Blocked numbers and those whose block ended in the last 30 days, with what came from them since."""
    now = context.world.clock.now()
    found = blocking.listed(context.world, context.registry)
    shown = [BlockAnswer.of(block, counts, context.registry, context.user, now) for block, counts in found]
    return Blocks(blocked_numbers=shown)


@api.on(
    "POST",
    "/api/blocked-numbers",
    takes=Takes(BlockBody),
    answers=Answers(BlockAnswer, status=201, also={200: "It was blocked already."}),
)
def block(context: Context) -> Response:
    """Block a number for 24 hours; 200 with the block that stands already."""
    body: BlockBody = context.body
    number = must_number(body.number, "number", context.registry.regency)
    blocked, new = blocking.block(context.world, context.registry, context.user.id, number, body.reason)
    return json_response(_shown(context, blocked), 201 if new else 200)


@api.on("DELETE", "/api/blocked-numbers/{block_id}", answers=Answers(BlockAnswer))
def unblock(context: Context, block_id: str) -> BlockAnswer:
    """Unblock a number at once; one whose block has ended stays as it is."""
    return _shown(context, blocking.unblock(context.world, context.registry, context.user.id, block_id))


def _shown(context: Context, block: Block) -> BlockAnswer:
    (counts,) = blocking.counts_of([block])
    return BlockAnswer.of(block, counts, context.registry, context.user, context.world.clock.now())
